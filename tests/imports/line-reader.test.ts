import { describe, expect, it } from 'vitest';
import { LineReader } from '../../src/imports/line-reader.ts';
import type { Format } from '../../src/imports/model.ts';

const SHANGHAI = {
  timeZone: 'Asia/Shanghai',
  firstDayOfWeek: 1,
  fiscalMonthEnd: 31,
  fiscalYearStartMonth: 1,
};

const reader = (fields: Record<string, string>, format: Format = {}, timeZone = 'Asia/Shanghai') =>
  new LineReader(fields, format, { ...SHANGHAI, timeZone }, () => null);

const reasons = (line: LineReader) => line.problems.map(({ column, reason }) => [column, reason]);

describe('texts', () => {
  it('are trimmed, composed, and unknown when empty or said to be', () => {
    const line = reader({ a: ' Cafe\u0301 ', b: ' ', c: 'n/a', d: '0' }, { unknown: ['n/a'] });
    expect(line.text('a')).toBe('Café');
    expect(line.text('b')).toBeNull();
    expect(line.text('c')).toBeNull();
    expect(line.text({ column: 'd', unknown: ['0'] })).toBeNull();
    expect(line.text(undefined)).toBeUndefined();
    expect(line.problems).toEqual([]);
  });

  it('are read by aliases and filled by defaults, and both are noted', () => {
    const line = reader({ product: 'GTXPro', date: '' });
    expect(line.text({ column: 'product', aliases: { GTXPro: 'GTX Pro' } })).toBe('GTX Pro');
    expect(line.day({ column: 'date', default: '2017-12-31' })).toBe('2017-12-31');
    expect(line.notes).toEqual([
      { column: 'product', value: 'GTXPro', reason: '"GTXPro" was read as "GTX Pro"' },
      { column: 'date', value: '', reason: 'unknown: "2017-12-31" was taken' },
    ]);
  });

  it('are made of several columns, as long as all are known', () => {
    const name = { firstOf: [{ template: '{product} for {account}' }, { template: '{product}' }] };
    expect(reader({ product: 'MG', account: 'Isdom' }).text(name)).toBe('MG for Isdom');
    expect(reader({ product: 'MG', account: '' }).text(name)).toBe('MG');
    expect(reader({ product: '', account: 'Isdom' }).text(name)).toBeNull();
  });

  it('are refused when missing, too long, not in the encoding, or with control characters', () => {
    const line = reader({ a: '', b: 'xxxx', c: 'a\uFFFDb', d: 'a\u0000b' });
    expect(line.required('a', 3)).toBe('');
    line.required('b', 3);
    line.text('c');
    line.text('d');
    expect(reasons(line)).toEqual([
      ['a', 'is missing'],
      ['b', 'is longer than 3 characters'],
      ['c', 'is not written in the encoding that the mapping says'],
      ['d', 'holds control characters'],
    ]);
  });
});

describe('numbers', () => {
  it('stay exact', () => {
    const line = reader({ a: '1100.04', b: '0.1', c: '9999999999999999.9999', d: '007.50' });
    expect(line.amount({ column: 'a', scale: '1000000' })).toBe('1100040000');
    expect(line.amount('b')).toBe('0.1');
    expect(line.amount('c')).toBe('9999999999999999.9999');
    expect(line.amount('d')).toBe('7.5');
  });

  it('may be written with a decimal comma and groups', () => {
    const line = reader({ a: '1.234.567,5' }, { decimalMark: ',', groupMark: '.' });
    expect(line.amount('a')).toBe('1234567.5');
    const chinese = reader({ a: '1,234.5' }, { groupMark: ',' });
    expect(chinese.amount('a')).toBe('1234.5');
  });

  it.each([
    ['12abc', 'is not a number'],
    ['1,5', 'is not a number'],
    ['1e5', 'is not a number'],
    ['-1', 'is negative'],
    ['0.12345', 'has more than four digits after the point'],
    ['10000000000000000', 'has more than 16 digits'],
  ])('such as %s are refused: %s', (text, reason) => {
    const line = reader({ n: text });
    expect(line.amount('n')).toBeNull();
    expect(reasons(line)).toEqual([['n', reason]]);
  });

  it('that count must be whole and within bounds', () => {
    const line = reader({ a: '2822', b: '1.5', c: '11' });
    expect(line.integer('a', 10_000)).toBe(2822);
    expect(line.integer('b', 10)).toBeNull();
    expect(line.integer('c', 10)).toBeNull();
    expect(reasons(line)).toEqual([
      ['b', 'is not a whole number'],
      ['c', 'is more than 10'],
    ]);
  });
});

describe('days', () => {
  it.each([
    ['Asia/Shanghai', '2017-03-01T04:00:00.000Z'],
    ['America/Los_Angeles', '2017-03-01T20:00:00.000Z'],
    ['UTC', '2017-03-01T12:00:00.000Z'],
  ])('without a time are noon in %s', (zone, moment) => {
    const line = reader({ at: '2017-03-01' }, {}, zone);
    expect(line.moment('at')?.toISOString()).toBe(moment);
  });

  it('are read by the first format that fits', () => {
    const dates = ['YYYY-MM-DD', 'D.M.YYYY', 'YYYY年M月D日', 'M/D/YYYY HH:mm'];
    const line = reader({ a: '2017-3-1', b: '1.3.2017', c: '2017年3月1日', d: '3/1/2017 08:30' });
    const read = (column: string) => line.moment({ column, dates })?.toISOString();
    expect(read('b')).toBe('2017-03-01T04:00:00.000Z');
    expect(read('c')).toBe('2017-03-01T04:00:00.000Z');
    expect(read('d')).toBe('2017-03-01T00:30:00.000Z');
    expect(read('a')).toBeUndefined();
    expect(reasons(line)).toEqual([['a', `is not a day written ${dates.join(' or ')}`]]);
  });

  it.each(['2017-02-29', '2017-13-01', '0017-01-01', '2017-01-01x', 'x2017-01-01'])(
    'such as %s do not exist',
    (text) => {
      const line = reader({ at: text });
      expect(line.day('at')).toBeNull();
      expect(reasons(line)).toEqual([['at', 'is not a day written YYYY-MM-DD']]);
    },
  );
});

it('lists and choices are read', () => {
  const line = reader({ tags: 'a; b;;a', grade: 'B', odd: 'E' });
  expect(line.list('tags')).toEqual(['a', 'b']);
  expect(line.list({ column: 'tags', split: 'b' })).toEqual(['a;', ';;a']);
  expect(line.choice('grade', ['A', 'B'])).toBe('B');
  expect(line.choice('odd', ['A', 'B'])).toBeNull();
  expect(reasons(line)).toEqual([['odd', 'is not one of A, B']]);
});
