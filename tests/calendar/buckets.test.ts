import { describe, expect, it } from 'vitest';
import { bucketsOf, offsetsOf, periodCovering } from '../../src/calendar/buckets.ts';
import { TooManyBuckets } from '../../src/calendar/errors.ts';
import { between, periodContaining } from '../../src/calendar/periods.ts';
import type { CalendarSettings } from '../../src/calendar/settings.ts';

const shanghai: CalendarSettings = {
  timeZone: 'Asia/Shanghai',
  firstDayOfWeek: 1,
  fiscalMonthEnd: 25,
  fiscalYearStartMonth: 1,
};
const inZone = (timeZone: string) => ({ ...shanghai, timeZone });

describe('the buckets of a period', () => {
  it('are its months', () => {
    const period = between(shanghai, '2017-10-01', '2017-12-31');
    expect(bucketsOf(shanghai, 'MONTH', period)).toEqual([
      {
        key: '2017-10-01',
        from: '2017-10-01',
        through: '2017-10-31',
        start: new Date('2017-09-30T16:00:00Z'),
        end: new Date('2017-10-31T16:00:00Z'),
        label: '2017-10',
        isWhole: true,
      },
      expect.objectContaining({ label: '2017-11' }),
      expect.objectContaining({ label: '2017-12', end: period.end }),
    ]);
  });

  it('are cut at its ends, and keep the name and key of the whole', () => {
    const period = between(shanghai, '2017-10-03', '2017-10-10');
    const weeks = bucketsOf(shanghai, 'WEEK', period);
    expect(
      weeks.map(({ key, from, through, label, isWhole }) => [key, from, through, label, isWhole]),
    ).toEqual([
      ['2017-10-02', '2017-10-03', '2017-10-08', '2017-W40', false],
      ['2017-10-09', '2017-10-09', '2017-10-10', '2017-W41', false],
    ]);
    expect(weeks[0]?.start).toEqual(period.start);
    expect(weeks[1]?.end).toEqual(period.end);
  });

  it('are fiscal months of 28 to 31 days', () => {
    const months = bucketsOf(
      shanghai,
      'FISCAL_MONTH',
      periodContaining(shanghai, 'FISCAL_QUARTER', '2017-02-01') as never,
    );
    expect(months.map(({ from, through, label }) => [from, through, label])).toEqual([
      ['2016-12-26', '2017-01-25', 'FM 2017-01'],
      ['2017-01-26', '2017-02-25', 'FM 2017-02'],
      ['2017-02-26', '2017-03-25', 'FM 2017-03'],
    ]);
  });

  it('have no more than the limit', () => {
    const century = between(shanghai, '1950-01-01', '2049-12-31');
    expect(() => bucketsOf(shanghai, 'DAY', century)).toThrow(TooManyBuckets);
    expect(() => bucketsOf(shanghai, 'HOUR', century)).toThrow(/more than 10000 buckets of HOUR/);
    expect(bucketsOf(shanghai, 'YEAR', century, 100)).toHaveLength(100);
    expect(() => bucketsOf(shanghai, 'YEAR', century, 99)).toThrow(TooManyBuckets);
  });

  it('cover what was first and last', () => {
    const period = periodCovering(
      shanghai,
      new Date('2017-01-01T15:59:59.999Z'),
      new Date('2017-01-01T16:00:00Z'),
    );
    expect([period.from, period.through]).toEqual(['2017-01-01', '2017-01-02']);
  });
});

describe('hours', () => {
  const labels = (timeZone: string, day: string) => {
    const settings = inZone(timeZone);
    return bucketsOf(settings, 'HOUR', between(settings, day, day)).map(({ label }) => label);
  };

  it('are 24 on a plain day, from full hour to full hour of the clock', () => {
    const settings = inZone('Asia/Kathmandu');
    const hours = bucketsOf(settings, 'HOUR', between(settings, '2017-11-05', '2017-11-05'));
    expect(hours).toHaveLength(24);
    expect(hours[9]).toMatchObject({
      key: '2017-11-05T03:15:00.000Z',
      start: new Date('2017-11-05T03:15:00Z'),
      end: new Date('2017-11-05T04:15:00Z'),
      label: '2017-11-05 09:00',
      from: '2017-11-05',
    });
  });

  it('are 25 where the clock reads one twice', () => {
    const day = labels('America/New_York', '2017-11-05');
    expect(day).toHaveLength(25);
    expect(day.slice(0, 4)).toEqual([
      '2017-11-05 00:00',
      '2017-11-05 01:00 -04:00',
      '2017-11-05 01:00 -05:00',
      '2017-11-05 02:00',
    ]);
  });

  it('are 23 where it skips one', () => {
    expect(labels('America/New_York', '2017-03-12').slice(0, 3)).toEqual([
      '2017-03-12 00:00',
      '2017-03-12 01:00',
      '2017-03-12 03:00',
    ]);
    expect(labels('America/Sao_Paulo', '2017-10-15')[0]).toBe('2017-10-15 01:00');
  });

  it('are cut where the clock moves by half of one', () => {
    expect(labels('Australia/Lord_Howe', '2017-04-02').slice(0, 4)).toEqual([
      '2017-04-02 00:00',
      '2017-04-02 01:00',
      '2017-04-02 01:30',
      '2017-04-02 02:00',
    ]);
  });

  it('are none on a day that the zone skipped', () => {
    expect(labels('Pacific/Apia', '2011-12-30')).toEqual([]);
  });

  it('can be told from the offsets of the clock', () => {
    const settings = inZone('America/New_York');
    expect(offsetsOf(settings, between(settings, '2017-03-01', '2017-11-30'))).toEqual([
      { start: Date.parse('2017-03-01T05:00:00Z'), offset: -18_000_000 },
      { start: Date.parse('2017-03-12T07:00:00Z'), offset: -14_400_000 },
      { start: Date.parse('2017-11-05T06:00:00Z'), offset: -18_000_000 },
    ]);
  });
});
