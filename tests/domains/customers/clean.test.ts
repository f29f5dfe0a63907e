import { describe, expect, test } from 'vitest';
import { InvalidInput } from '../../../src/database/errors.ts';
import { cleanContact, cleanCustomer } from '../../../src/domains/customers/clean.ts';
import { sourceOf } from '../../../src/domains/customers/events.ts';
import type { CustomerPatch } from '../../../src/domains/customers/model.ts';

const NOW = new Date('2026-03-02T00:00:00Z');
const clean = (patch: CustomerPatch) => cleanCustomer(patch, NOW);

test('what is not given stays open, what is null is cleared', () => {
  expect(clean({})).toEqual(clean({ name: undefined }));
  expect(Object.values(clean({})).every((value) => value === undefined)).toBe(true);
  expect(clean({ industry: null, annualRevenue: null, address: '  ' })).toMatchObject({
    industry: null,
    annualRevenue: null,
    address: null,
  });
});

test('tags are folded, once each, sorted', () => {
  expect(clean({ tags: ['#ＶＩＰ', 'vip', ' 重点  客户', 'a'] }).tags).toEqual([
    'a',
    'vip',
    '重点 客户',
  ]);
});

test('phones and addresses are kept as they were typed, once each', () => {
  expect(clean({ phones: ['138-0013-8000', '13800138000', '０２１ 6888'] }).phones).toEqual([
    '138-0013-8000',
    '021 6888',
  ]);
  expect(clean({ emails: ['Li@Example.cn', 'li@example.cn'] }).emails).toEqual(['Li@Example.cn']);
  expect(cleanContact({ phones: ['021-68881234转802'] }).phones).toEqual(['021-68881234转802']);
});

test('amounts are written one way', () => {
  expect(clean({ annualRevenue: '0012.5000' }).annualRevenue).toBe('12.5');
});

describe('is refused, with its path', () => {
  test.each<[string, CustomerPatch]>([
    ['name', { name: ' ' }],
    ['name', { name: '长'.repeat(201) }],
    ['name', { name: 'a\nb' }],
    ['industry', { industry: '长'.repeat(201) }],
    ['tags', { tags: Array.from({ length: 51 }, (_, index) => `t${index}`) }],
    ['tags', { tags: ['长'.repeat(51)] }],
    ['tags', { tags: ['#'] }],
    ['phones', { phones: Array.from({ length: 21 }, (_, index) => `1380013${8000 + index}`) }],
    ['phones', { phones: ['call me'] }],
    ['phones', { phones: ['12'] }],
    ['emails', { emails: ['li at example.cn'] }],
    ['address', { address: '长'.repeat(10_001) }],
    ['foundedYear', { foundedYear: 999 }],
    ['foundedYear', { foundedYear: 2028 }],
    ['employees', { employees: -1 }],
    ['annualRevenue', { annualRevenue: '-1' }],
    ['annualRevenue', { annualRevenue: '12345678901234567' }],
  ])('%s %#', (field, patch) => {
    try {
      clean(patch);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidInput);
      expect((error as InvalidInput).inputPath).toEqual(['input', field]);
    }
  });
});

test('events tell customary sources, and no others', () => {
  expect(sourceOf({ source: null })).toBeNull();
  expect(sourceOf({ source: 'cold CALL' })).toBe('Cold call');
  expect(sourceOf({ source: '王先生介绍' })).toBe('OTHER');
});
