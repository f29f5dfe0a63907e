import { describe, expect, it } from 'vitest';
import { elapsedCut, previousPeriod, samePeriodLastYear } from '../../src/calendar/comparisons.ts';
import { type NamedPeriod, namedPeriod } from '../../src/calendar/named-periods.ts';
import { ALL_TIME, between, periodContaining } from '../../src/calendar/periods.ts';
import type { PeriodUnit } from '../../src/calendar/units.ts';

const settings = {
  timeZone: 'Asia/Shanghai',
  firstDayOfWeek: 1,
  fiscalMonthEnd: 25,
  fiscalYearStartMonth: 4,
};
const around = (unit: PeriodUnit, day: string) => periodContaining(settings, unit, day);

describe('the period before', () => {
  it.each<[PeriodUnit, string, string]>([
    ['DAY', '2016-03-01', '2016-02-29'],
    ['WEEK', '2021-01-05', '2020-W53'],
    ['TEN_DAYS', '2017-03-05', '2017-02 T3'],
    ['MONTH', '2017-01-31', '2016-12'],
    ['QUARTER', '2017-01-31', '2016-Q4'],
    ['HALF_YEAR', '2017-01-31', '2016-H2'],
    ['YEAR', '2017-01-31', '2016'],
    ['FISCAL_MONTH', '2017-12-26', 'FM 2017-12'],
    ['FISCAL_QUARTER', '2017-03-26', 'FQ 2017-Q4'],
    ['FISCAL_YEAR', '2017-03-26', 'FY 2017'],
  ])('%s of %s is %s', (unit, day, label) => {
    expect(previousPeriod(settings, around(unit, day))).toMatchObject({ unit, label });
  });

  it('has as many days for days from and through', () => {
    const days = between(settings, '2017-03-01', '2017-03-10');
    expect(previousPeriod(settings, days)?.label).toBe('2017-02-19..2017-02-28');
  });

  it.each<[NamedPeriod, string, string]>([
    ['MONTH_TO_DATE', '2017-11-17', '2017-10-01..2017-10-17'],
    ['MONTH_TO_DATE', '2017-03-31', '2017-02-01..2017-02-28'],
    ['WEEK_TO_DATE', '2017-11-01', '2017-10-23..2017-10-25'],
    ['QUARTER_TO_DATE', '2017-11-03', '2017-07-01..2017-08-03'],
    ['FISCAL_MONTH_TO_DATE', '2017-11-01', '2017-09-26..2017-10-02'],
    ['LAST_7_DAYS', '2017-11-14', '2017-11-01..2017-11-07'],
  ])('%s on %s is compared with %s', (name, day, label) => {
    const period = namedPeriod(settings, name, new Date(`${day}T12:00:00+08:00`));
    expect(previousPeriod(settings, period)?.label).toBe(label);
  });

  it('is null for all time and refused before 1900', () => {
    expect(previousPeriod(settings, ALL_TIME)).toBeNull();
    expect(() => previousPeriod(settings, around('YEAR', '1900-05-05'))).toThrow(/1900 to 2200/);
    const days = between(settings, '1900-01-01', '2200-12-31');
    expect(() => previousPeriod(settings, days)).toThrow(/1900 to 2200/);
  });
});

describe('the same period last year', () => {
  it.each<[PeriodUnit, string, string]>([
    ['DAY', '2017-11-03', '2016-11-03'],
    ['DAY', '2016-02-29', '2015-02-28'],
    ['WEEK', '2017-11-03', '2016-W44'],
    ['WEEK', '2021-01-05', '2020-W01'],
    ['WEEK', '2020-12-30', '2019-W52'],
    ['WEEK', '2021-12-28', '2020-W52'],
    ['TEN_DAYS', '2016-02-29', '2015-02 T3'],
    ['TEN_DAYS', '2017-02-28', '2016-02 T3'],
    ['MONTH', '2017-02-10', '2016-02'],
    ['QUARTER', '2017-02-10', '2016-Q1'],
    ['HALF_YEAR', '2017-02-10', '2016-H1'],
    ['YEAR', '2017-02-10', '2016'],
    ['FISCAL_MONTH', '2017-12-26', 'FM 2017-01'],
    ['FISCAL_QUARTER', '2017-11-03', 'FQ 2017-Q3'],
    ['FISCAL_YEAR', '2017-11-03', 'FY 2017'],
  ])('%s of %s is %s', (unit, day, label) => {
    expect(samePeriodLastYear(settings, around(unit, day))).toMatchObject({ unit, label });
  });

  it('is the whole leap February for the short one', () => {
    expect(samePeriodLastYear(settings, around('MONTH', '2017-02-10'))?.through).toBe('2016-02-29');
  });

  it('numbers weeks from Sunday in the same way', () => {
    const sundays = { ...settings, firstDayOfWeek: 7 };
    const week = periodContaining(sundays, 'WEEK', '2017-01-03');
    expect(samePeriodLastYear(sundays, week)?.label).toBe('2016-01-03..2016-01-09');
  });

  it('lies between the same dates for days from and through', () => {
    const days = between(settings, '2016-01-15', '2016-02-29');
    expect(samePeriodLastYear(settings, days)?.label).toBe('2015-01-15..2015-02-28');
  });

  it.each<[NamedPeriod, string, string]>([
    ['YEAR_TO_DATE', '2017-03-05', '2016-01-01..2016-03-05'],
    ['MONTH_TO_DATE', '2016-02-29', '2015-02-01..2015-02-28'],
    ['WEEK_TO_DATE', '2017-11-01', '2016-10-31..2016-11-02'],
    ['FISCAL_MONTH_TO_DATE', '2017-11-03', '2016-10-26..2016-11-03'],
  ])('%s on %s is compared with %s', (name, day, label) => {
    const period = namedPeriod(settings, name, new Date(`${day}T12:00:00+08:00`));
    expect(samePeriodLastYear(settings, period)?.label).toBe(label);
  });

  it('begins a fiscal month to date where that month began, leap day or not', () => {
    const closing28 = { ...settings, fiscalMonthEnd: 28 };
    const period = namedPeriod(closing28, 'FISCAL_MONTH_TO_DATE', new Date('2017-03-10T04:00:00Z'));
    expect(period.label).toBe('2017-03-01..2017-03-10');
    expect(samePeriodLastYear(closing28, period)?.label).toBe('2016-02-29..2016-03-10');
  });

  it('is null for all time and refused before 1900', () => {
    expect(samePeriodLastYear(settings, ALL_TIME)).toBeNull();
    expect(() => samePeriodLastYear(settings, around('DAY', '1900-05-05'))).toThrow(/1900 to 2200/);
    const days = between(settings, '1900-05-05', '1901-05-05');
    expect(() => samePeriodLastYear(settings, days)).toThrow(/1900 to 2200/);
  });
});

describe('the cut after the same elapsed part', () => {
  const at = (text: string) => new Date(text);

  it.each<[PeriodUnit, string, string]>([
    ['DAY', '2017-11-03T07:30:00+08:00', '2017-11-02T07:30:00+08:00'],
    ['WEEK', '2017-11-01T10:00:00+08:00', '2017-10-25T10:00:00+08:00'],
    ['MONTH', '2017-11-17T10:00:00.123+08:00', '2017-10-17T10:00:00.123+08:00'],
    ['MONTH', '2017-11-01T00:00:00+08:00', '2017-10-01T00:00:00+08:00'],
    ['MONTH', '2017-03-28T23:59:59+08:00', '2017-02-28T23:59:59+08:00'],
    ['MONTH', '2017-03-29T00:00:00+08:00', '2017-03-01T00:00:00+08:00'],
    ['MONTH', '2017-03-31T12:00:00+08:00', '2017-03-01T00:00:00+08:00'],
    ['QUARTER', '2017-11-03T10:00:00+08:00', '2017-08-03T10:00:00+08:00'],
    ['FISCAL_MONTH', '2017-11-03T10:00:00+08:00', '2017-10-04T10:00:00+08:00'],
    ['YEAR', '2017-03-01T10:00:00+08:00', '2016-02-29T10:00:00+08:00'],
  ])('%s at %s is %s', (unit, now, cut) => {
    const period = periodContaining(settings, unit, now.slice(0, 10));
    expect(elapsedCut(settings, period, at(now))).toEqual(at(cut));
  });

  it('follows the clock over a change of it', () => {
    const la = { ...settings, timeZone: 'America/Los_Angeles' };
    const cutOf = (day: string, now: string) =>
      elapsedCut(la, periodContaining(la, 'DAY', day), at(now));
    expect(cutOf('2017-11-05', '2017-11-05T20:00:00-08:00')).toEqual(
      at('2017-11-04T20:00:00-07:00'),
    );
    expect(cutOf('2017-11-06', '2017-11-06T00:30:00-08:00')).toEqual(
      at('2017-11-05T00:30:00-07:00'),
    );
    // 02:30 was skipped on the 12th, so there it is 03:30.
    expect(cutOf('2017-03-13', '2017-03-13T02:30:00-07:00')).toEqual(
      at('2017-03-12T03:30:00-07:00'),
    );
  });

  it('never leaves the period before', () => {
    const apia = { ...settings, timeZone: 'Pacific/Apia' };
    const day = periodContaining(apia, 'DAY', '2011-12-31');
    expect(elapsedCut(apia, day, at('2011-12-31T10:00:00+14:00'))).toEqual(
      at('2011-12-31T00:00:00+14:00'),
    );
    const january = periodContaining(apia, 'MONTH', '2012-01-30');
    expect(elapsedCut(apia, january, at('2012-01-30T20:00:00+14:00'))).toEqual(
      at('2011-12-31T00:00:00+14:00'),
    );
    const november = around('MONTH', '2017-11-03');
    expect(elapsedCut(settings, november, at('2018-06-01T00:00:00Z'))).toEqual(
      at('2017-11-01T00:00:00+08:00'),
    );
    expect(elapsedCut(settings, november, at('2017-06-01T00:00:00Z'))).toEqual(
      at('2017-10-01T00:00:00+08:00'),
    );
  });

  it('cuts a period to date where its predecessor stood', () => {
    const now = at('2017-11-17T15:00:00+08:00');
    const period = namedPeriod(settings, 'MONTH_TO_DATE', now);
    expect(elapsedCut(settings, period, now)).toEqual(at('2017-10-17T15:00:00+08:00'));
  });

  it('is null for all time', () => {
    expect(elapsedCut(settings, ALL_TIME, at('2017-11-17T15:00:00Z'))).toBeNull();
  });
});
