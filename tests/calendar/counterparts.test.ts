import { describe, expect, it, vi } from 'vitest';
import { type BucketUnit, bucketsOf } from '../../src/calendar/buckets.ts';
import {
  bucketPairs,
  COMPARISONS,
  type Comparison,
  comparedPeriod,
} from '../../src/calendar/counterparts.ts';
import { type NamedPeriod, namedPeriod } from '../../src/calendar/named-periods.ts';
import { type BoundedPeriod, between, periodContaining } from '../../src/calendar/periods.ts';
import type { CalendarSettings } from '../../src/calendar/settings.ts';
import type { BoundedUnit } from '../../src/calendar/units.ts';
import { fc } from '../support/properties.ts';
import { plus, settingsAndDay, UNITS } from './oracle.ts';

// Much counting, little waiting: a machine that is busy with other tests takes its time.
vi.setConfig({ testTimeout: 240_000 });

const settings: CalendarSettings = {
  timeZone: 'Asia/Shanghai',
  firstDayOfWeek: 1,
  fiscalMonthEnd: 25,
  fiscalYearStartMonth: 4,
};
const whole = (unit: BoundedUnit, day: string, of = settings) =>
  periodContaining(of, unit, day) as BoundedPeriod;

/** The counterparts of buckets by the first day of each; null where there is none. */
const pairs = (
  unit: BucketUnit,
  period: BoundedPeriod,
  comparison: Comparison,
  of = settings,
): Record<string, string | null> =>
  Object.fromEntries(
    bucketPairs(of, unit, period, comparison).map(({ bucket, counterpart }) => [
      bucket.from,
      counterpart?.from ?? null,
    ]),
  );

describe('what a period is compared with', () => {
  it.each<[Comparison, BoundedUnit, string, string]>([
    ['PREVIOUS_PERIOD', 'MONTH', '2017-03-10', '2017-02-01..2017-02-28'],
    ['PREVIOUS_SAME_LENGTH', 'MONTH', '2017-03-10', '2017-01-29..2017-02-28'],
    ['SAME_PERIOD_LAST_YEAR', 'MONTH', '2016-02-10', '2015-02-01..2015-02-28'],
    ['SAME_LENGTH_LAST_YEAR', 'MONTH', '2016-02-10', '2015-02-01..2015-03-01'],
    ['SAME_LENGTH_LAST_YEAR', 'WEEK', '2021-12-28', '2020-12-21..2020-12-27'],
    ['PREVIOUS_PERIOD', 'FISCAL_MONTH', '2017-03-10', '2017-01-26..2017-02-25'],
    ['PREVIOUS_SAME_LENGTH', 'FISCAL_MONTH', '2017-03-10', '2017-01-29..2017-02-25'],
    ['SAME_LENGTH_LAST_YEAR', 'FISCAL_MONTH', '2017-03-10', '2016-02-26..2016-03-24'],
  ])('%s of the %s around %s', (comparison, unit, day, days) => {
    const { from, through } = comparedPeriod(settings, whole(unit, day), comparison);
    expect(`${from}..${through}`).toBe(days);
  });

  it.each<[Comparison, NamedPeriod, string]>([
    ['PREVIOUS_PERIOD', 'MONTH_TO_DATE', '2017-10-01..2017-10-17'],
    ['PREVIOUS_SAME_LENGTH', 'MONTH_TO_DATE', '2017-10-15..2017-10-31'],
    ['SAME_PERIOD_LAST_YEAR', 'WEEK_TO_DATE', '2016-11-14..2016-11-18'],
    ['SAME_LENGTH_LAST_YEAR', 'YEAR_TO_DATE', '2016-01-01..2016-11-16'],
  ])('%s of %s', (comparison, name, label) => {
    const period = namedPeriod(settings, name, new Date('2017-11-17T04:00:00Z')) as BoundedPeriod;
    expect(comparedPeriod(settings, period, comparison).label).toBe(label);
  });
});

describe('the counterpart of a bucket', () => {
  it('is the same day of the month before, and none where that is shorter', () => {
    const days = pairs('DAY', whole('MONTH', '2017-03-10'), 'PREVIOUS_PERIOD');
    expect(days['2017-03-01']).toBe('2017-02-01');
    expect(days['2017-03-28']).toBe('2017-02-28');
    expect([days['2017-03-29'], days['2017-03-30'], days['2017-03-31']]).toEqual([
      null,
      null,
      null,
    ]);
  });

  it('is by date within fiscal months of 31 and 28 days', () => {
    const days = pairs('DAY', whole('FISCAL_MONTH', '2017-03-10'), 'PREVIOUS_PERIOD');
    expect(Object.keys(days)).toHaveLength(28);
    expect(days['2017-02-26']).toBe('2017-01-26');
    expect(days['2017-02-28']).toBe('2017-01-28');
    // January 29 to 31 are in the compared total only.
    expect(days['2017-03-01']).toBe('2017-02-01');
    expect(days['2017-03-25']).toBe('2017-02-25');
  });

  it('is none for February 29, and March 1 for March 1', () => {
    const days = pairs('DAY', whole('YEAR', '2016-06-01'), 'SAME_PERIOD_LAST_YEAR');
    expect(days['2016-02-28']).toBe('2015-02-28');
    expect(days['2016-02-29']).toBeNull();
    expect(days['2016-03-01']).toBe('2015-03-01');
    const nextYear = pairs('DAY', whole('YEAR', '2017-06-01'), 'SAME_PERIOD_LAST_YEAR');
    expect(Object.values(nextYear)).not.toContain('2016-02-29');
    expect(nextYear['2017-03-01']).toBe('2016-03-01');
  });

  it('is February 28 for a period that is nothing but February 29', () => {
    const period = whole('DAY', '2016-02-29');
    expect(pairs('DAY', period, 'SAME_PERIOD_LAST_YEAR')).toEqual({ '2016-02-29': '2015-02-28' });
    const hours = bucketPairs(settings, 'HOUR', period, 'SAME_PERIOD_LAST_YEAR');
    expect(hours.map(({ counterpart }) => counterpart?.label.slice(0, 10))).toEqual(
      Array(24).fill('2015-02-28'),
    );
  });

  it('is the n-th day by length', () => {
    const days = pairs('DAY', whole('YEAR', '2016-06-01'), 'SAME_LENGTH_LAST_YEAR');
    expect(days['2016-02-29']).toBe('2015-03-01');
    expect(days['2016-12-31']).toBe('2016-01-01');
  });

  it('is the week of the same number, and none for the 53rd', () => {
    const weeks = bucketPairs(
      settings,
      'WEEK',
      whole('YEAR', '2020-06-01'),
      'SAME_PERIOD_LAST_YEAR',
    );
    const labels = weeks.map(({ bucket, counterpart }) => [
      bucket.label,
      counterpart?.label ?? null,
    ]);
    expect(labels[0]).toEqual(['2020-W01', '2019-W01']);
    expect(labels[51]).toEqual(['2020-W52', '2019-W52']);
    expect(labels[52]).toEqual(['2020-W53', null]);
    // The one day of W53 in 2021 has nothing in 2020 to stand beside: 2020-W53 is of the same year's end.
    const next = bucketPairs(
      settings,
      'WEEK',
      whole('YEAR', '2021-06-01'),
      'SAME_PERIOD_LAST_YEAR',
    );
    expect(
      next.slice(0, 2).map(({ bucket, counterpart }) => [bucket.label, counterpart?.label ?? null]),
    ).toEqual([
      ['2020-W53', null],
      ['2021-W01', '2020-W01'],
    ]);
  });

  it('is the n-th week of a quarter', () => {
    const weeks = pairs('WEEK', whole('QUARTER', '2017-05-01'), 'PREVIOUS_PERIOD');
    expect(weeks['2017-04-01']).toBe('2017-01-01');
    expect(weeks['2017-04-03']).toBe('2017-01-02');
  });

  it('is the month, third of a month and fiscal month of the same place', () => {
    expect(pairs('MONTH', whole('QUARTER', '2017-02-01'), 'PREVIOUS_PERIOD')).toEqual({
      '2017-01-01': '2016-10-01',
      '2017-02-01': '2016-11-01',
      '2017-03-01': '2016-12-01',
    });
    expect(pairs('TEN_DAYS', whole('MONTH', '2017-03-01'), 'SAME_PERIOD_LAST_YEAR')).toEqual({
      '2017-03-01': '2016-03-01',
      '2017-03-11': '2016-03-11',
      '2017-03-21': '2016-03-21',
    });
    const closing31 = { ...settings, fiscalMonthEnd: 31 };
    const year = whole('FISCAL_YEAR', '2017-06-01', closing31);
    expect(pairs('FISCAL_MONTH', year, 'PREVIOUS_PERIOD', closing31)).toMatchObject({
      '2018-02-01': '2017-02-01',
      '2018-03-01': '2017-03-01',
    });
  });

  it('is the same reading of the clock, the first of two for the first of two', () => {
    const la = { ...settings, timeZone: 'America/Los_Angeles' };
    const labels = (day: string) =>
      bucketPairs(la, 'HOUR', whole('DAY', day, la), 'PREVIOUS_PERIOD').map(
        ({ bucket, counterpart }) => [bucket.label.slice(11), counterpart?.label.slice(11) ?? null],
      );
    expect(labels('2017-11-05').slice(0, 4)).toEqual([
      ['00:00', '00:00'],
      ['01:00 -07:00', '01:00'],
      ['01:00 -08:00', null],
      ['02:00', '02:00'],
    ]);
    expect(labels('2017-11-06').slice(0, 3)).toEqual([
      ['00:00', '00:00'],
      ['01:00', '01:00 -07:00'],
      ['02:00', '02:00'],
    ]);
  });

  it('is counted at most once, in order, and of the compared period', () => {
    const anyComparison = fc.constantFrom(...(Object.keys(COMPARISONS) as Comparison[]));
    const anyUnit = fc.constantFrom<BucketUnit>('HOUR', ...UNITS);
    const anyPeriod = settingsAndDay
      .filter(([, date]) => date > '1950' && date < '2100')
      .chain(([of, date]) =>
        fc.tuple(
          fc.constant(of),
          fc.oneof(
            fc.constantFrom(...UNITS).map((unit) => whole(unit, date, of)),
            fc.nat(400).map((days) => between(of, date, plus(date, days))),
          ),
        ),
      );
    fc.assert(
      fc.property(anyPeriod, anyUnit, anyComparison, ([of, period], unit, comparison) => {
        const compared = comparedPeriod(of, period, comparison);
        const others = bucketsOf(of, unit, compared);
        const found = bucketPairs(of, unit, period, comparison);
        const keys = bucketsOf(of, unit, period).map(({ key, from }) => `${key} ${from}`);
        expect(found.map(({ bucket: { key, from } }) => `${key} ${from}`)).toEqual(keys);
        const starts = new Set(others.map(({ key, from }) => `${key} ${from}`));
        let last = Number.NEGATIVE_INFINITY;
        for (const { counterpart } of found) {
          if (!counterpart) continue;
          if (!starts.delete(`${counterpart.key} ${counterpart.from}`)) expect.fail('taken twice');
          // The second reading of an hour comes after the first, but a skipped one may leave them out of step.
          const slack = unit === 'HOUR' ? 3_600_000 : 0;
          if (counterpart.start.getTime() < last - slack) expect.fail('out of order');
          last = counterpart.start.getTime();
        }
      }),
      { numRuns: 200 },
    );
  });
});
