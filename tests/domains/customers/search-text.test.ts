import { describe, expect, test } from 'vitest';
import { InvalidInput } from '../../../src/database/errors.ts';
import {
  escapeLike,
  foldName,
  hashGrams,
  searchIndex,
  searchTerms,
} from '../../../src/domains/customers/search-text.ts';
import { fc } from '../../support/properties.ts';

/** What the store asks PostgreSQL. */
function finds(search: string, names: string[], phones: string[] = []): boolean {
  const { grams, text } = searchIndex({ names, phones });
  return searchTerms(search).every(
    (term) =>
      term.grams.every((gram) => grams.includes(gram)) &&
      term.texts.some((part) => text.includes(part)),
  );
}

describe('names', () => {
  test.each([
    ['华信', '上海华信科技有限公司'],
    ['司', '上海华信科技有限公司'],
    ['海华信科', '上海华信科技有限公司'],
    ['ＡＣＭＥ', 'Acme Corporation'],
    ['acme', 'ＡＣＭＥ　集团'],
    ['orp', 'Acme Corporation'],
    ['corp acme', 'Acme Corporation'],
    ['张三', '张 三'],
    ['𠮷野', '株式会社𠮷野家'],
    ['a', 'Acme'],
    ['3', '3M 中国'],
    ['360', '奇虎360科技'],
    ['gtx500', 'GTX500 显卡'],
    ['50%', '让利50%商行'],
    ['  ', 'Anything'],
  ])('%s finds %s', (search, name) => {
    expect(finds(search, [name])).toBe(true);
  });

  test.each([
    ['信海', '上海华信科技有限公司'],
    ['华科', '上海华信科技有限公司'],
    // Each two neighbours are there, but not all three next to each other.
    ['abc', 'ab-bc'],
    ['海上海', '上海海上'],
    ['acme gtx', 'Acme Corporation'],
    ['5_%', '让利50%商行'],
  ])('%s does not find %s', (search, name) => {
    expect(finds(search, [name])).toBe(false);
  });

  test('a term does not reach from one name into the next', () => {
    expect(finds('司张', ['华信公司', '张三'])).toBe(false);
    expect(finds('公司 张三', ['华信公司', '张三'])).toBe(true);
  });

  test('any neighbouring characters of a name find it, and nothing else does that it does not contain', () => {
    const name = fc.string({ unit: fc.constantFrom(...'华信上海科技Ab1 9'), minLength: 1 });
    fc.assert(
      fc.property(name, name, (text, search) => {
        // Digits alone, however divided, are one number; other words are looked for one by one.
        const digits = search.replaceAll(' ', '');
        const words = /^\d{3,}$/.test(digits) ? [digits] : search.toLowerCase().split(' ');
        const isThere = words.every((word) => foldName(text).includes(word));
        expect(finds(search, [text])).toBe(isThere);
      }),
      { numRuns: 500 },
    );
  });
});

describe('phones', () => {
  const phones = ['+86 138-0013-8000', '021 6888 1234'];

  test.each([
    '1380',
    '0013',
    '8000',
    '13800138000',
    '138 0013 8000',
    '+86 13800138000',
    '6888',
    '216',
  ])('%s is found', (search) => {
    expect(finds(search, ['华信'], phones)).toBe(true);
  });

  test.each(['0014', '80001', '13', '8', '80000216'])('%s is not', (search) => {
    expect(finds(search, ['华信'], phones)).toBe(false);
  });

  test('without the country code, a number that was kept without it is found with it', () => {
    expect(finds('+86 13800138000', ['华信'], ['13800138000'])).toBe(true);
  });
});

test('a search has at most 100 characters and 8 words', () => {
  expect(searchTerms('长'.repeat(100))).toHaveLength(1);
  expect(() => searchTerms('长'.repeat(101))).toThrow(InvalidInput);
  expect(searchTerms('a b c d e f g h')).toHaveLength(8);
  expect(() => searchTerms('a b c d e f g h i')).toThrow(InvalidInput);
});

test('grams of two organizations have nothing in common, those of one do not clash', () => {
  const grams = Array.from({ length: 5_000 }, (_, index) => String.fromCodePoint(0x4e00 + index));
  const here = new Set(hashGrams('00000000-0000-7000-8000-000000000001', grams));
  const there = hashGrams('00000000-0000-7000-8000-000000000002', grams);
  expect(here.size).toBe(grams.length);
  expect(there.filter((gram) => here.has(gram)).length).toBeLessThan(5);
});

test('what LIKE would read as a sign stands for itself', () => {
  expect(escapeLike('50%_\\')).toBe('50\\%\\_\\\\');
});
