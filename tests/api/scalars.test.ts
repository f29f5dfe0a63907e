import { describe, expect, test } from 'vitest';
import {
  canonicalDecimal,
  parseCursor,
  parseDate,
  parseDateTime,
  parseDecimal,
  printDate,
  printDateTime,
  printDecimal,
} from '../../src/api/scalars.ts';
import { fc } from '../support/properties.ts';

describe('Decimal', () => {
  test.each([
    ['1153214.00', '1153214'],
    ['0001.5000', '1.5'],
    ['-0.0', '0'],
    ['+7', '7'],
    [42, '42'],
    [-3, '-3'],
    ['9999999999999999.9999', '9999999999999999.9999'],
  ])('%s is %s', (given, canonical) => {
    expect(parseDecimal(given)).toBe(canonical);
  });

  test.each([
    1.5,
    1e21,
    Number.NaN,
    '1e3',
    '1,5',
    '',
    ' 1',
    '.5',
    '1.',
    '0x10',
    'Infinity',
    true,
    null,
    {},
    '10000000000000000',
    '0.00001',
  ])('%s is refused', (given) => {
    expect(() => parseDecimal(given)).toThrow('is not a Decimal');
  });

  test('what leaves is exact and without exponent, whatever it came as', () => {
    expect(printDecimal({ toFixed: () => '0.0000001000' })).toBe('0.0000001');
    fc.assert(
      fc.property(fc.bigInt(), fc.nat(9999), (whole, fraction) => {
        const text = `${whole}.${String(fraction).padStart(4, '0')}`;
        const canonical = canonicalDecimal(text) ?? '';
        const [left = '', right = ''] = canonical.split('.');
        expect(BigInt(left.replace('-', '') || '0')).toBe(whole < 0n ? -whole : whole);
        expect(Number(right.padEnd(4, '0') || '0')).toBe(fraction);
        expect(canonical).not.toMatch(/^-?0\d|\.\d*0$|^-0$/);
      }),
    );
  });
});

describe('DateTime', () => {
  test.each([
    ['2026-03-01T09:30:00Z', '2026-03-01T09:30:00.000Z'],
    ['2026-03-01T17:30:00+08:00', '2026-03-01T09:30:00.000Z'],
    ['2026-03-01t09:30:00.123456z', '2026-03-01T09:30:00.123Z'],
    ['2024-02-29T00:00:00-00:00', '2024-02-29T00:00:00.000Z'],
  ])('%s is %s', (given, moment) => {
    expect(printDateTime(parseDateTime(given))).toBe(moment);
  });

  test.each([
    '2026-03-01T09:30:00',
    '2026-03-01',
    '2026-02-30T00:00:00Z',
    '2026-03-01T24:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-03-01T09:60:00Z',
    '2026-03-01 09:30:00Z',
    '1772357400000',
    1772357400000,
    null,
  ])('%s is refused', (given) => {
    expect(() => parseDateTime(given)).toThrow('RFC 3339');
  });
});

describe('Date', () => {
  test('is a day that exists', () => {
    expect(parseDate('2024-02-29')).toBe('2024-02-29');
    for (const given of ['2023-02-29', '2026-3-1', '2026-03-01T00:00:00Z', '20260301', 5]) {
      expect(() => parseDate(given)).toThrow('is not a Date');
    }
  });

  test('leaves as the day that the database keeps', () => {
    expect(printDate(new Date('2026-03-01T00:00:00Z'))).toBe('2026-03-01');
  });
});

test('a Cursor is opaque text of bounded length', () => {
  expect(parseCursor('AbC-_9')).toBe('AbC-_9');
  for (const given of ['', 'a b', 'x'.repeat(401), 5, null]) {
    expect(() => parseCursor(given)).toThrow('is not a Cursor');
  }
});
