import { describe, expect, it } from 'vitest';
import {
  ALL_TIME,
  ALL_TIME_BUCKET,
  between,
  bucketOf,
  periodContaining,
} from '../../src/calendar/periods.ts';
import { DEFAULT_CALENDAR_SETTINGS } from '../../src/calendar/settings.ts';
import { isPeriodUnit, PERIOD_UNITS, type PeriodUnit } from '../../src/calendar/units.ts';

const shanghai = { ...DEFAULT_CALENDAR_SETTINGS, timeZone: 'Asia/Shanghai' };
const closingOn = (fiscalMonthEnd: number, fiscalYearStartMonth = 1) => ({
  ...shanghai,
  fiscalMonthEnd,
  fiscalYearStartMonth,
});

describe('the period of a unit that contains a day', () => {
  it.each<[PeriodUnit, string, string, string, string]>([
    ['DAY', '2017-11-03', '2017-11-03', '2017-11-03', '2017-11-03'],
    ['WEEK', '2017-11-03', '2017-10-30', '2017-11-05', '2017-W44'],
    ['WEEK', '2017-01-01', '2016-12-26', '2017-01-01', '2016-W52'],
    ['WEEK', '2021-01-03', '2020-12-28', '2021-01-03', '2020-W53'],
    ['WEEK', '2018-12-31', '2018-12-31', '2019-01-06', '2019-W01'],
    ['TEN_DAYS', '2017-11-03', '2017-11-01', '2017-11-10', '2017-11 T1'],
    ['TEN_DAYS', '2017-11-11', '2017-11-11', '2017-11-20', '2017-11 T2'],
    ['TEN_DAYS', '2017-11-20', '2017-11-11', '2017-11-20', '2017-11 T2'],
    ['TEN_DAYS', '2017-12-31', '2017-12-21', '2017-12-31', '2017-12 T3'],
    ['TEN_DAYS', '2016-02-29', '2016-02-21', '2016-02-29', '2016-02 T3'],
    ['MONTH', '2016-02-10', '2016-02-01', '2016-02-29', '2016-02'],
    ['MONTH', '2100-02-10', '2100-02-01', '2100-02-28', '2100-02'],
    ['QUARTER', '2017-11-03', '2017-10-01', '2017-12-31', '2017-Q4'],
    ['QUARTER', '2017-01-01', '2017-01-01', '2017-03-31', '2017-Q1'],
    ['HALF_YEAR', '2017-06-30', '2017-01-01', '2017-06-30', '2017-H1'],
    ['HALF_YEAR', '2017-07-01', '2017-07-01', '2017-12-31', '2017-H2'],
    ['YEAR', '2017-11-03', '2017-01-01', '2017-12-31', '2017'],
    ['FISCAL_MONTH', '2017-11-03', '2017-11-01', '2017-11-30', 'FM 2017-11'],
    ['FISCAL_QUARTER', '2017-11-03', '2017-10-01', '2017-12-31', 'FQ 2017-Q4'],
    ['FISCAL_YEAR', '2017-11-03', '2017-01-01', '2017-12-31', 'FY 2017'],
  ])('%s around %s is %s to %s, %s', (unit, day, from, through, label) => {
    expect(periodContaining(shanghai, unit, day)).toMatchObject({ unit, from, through, label });
  });

  it.each([
    [1, '2017-10-30', '2017-11-05', '2017-W44'],
    [6, '2017-10-28', '2017-11-03', '2017-10-28..2017-11-03'],
    [7, '2017-10-29', '2017-11-04', '2017-10-29..2017-11-04'],
    [5, '2017-11-03', '2017-11-09', '2017-11-03..2017-11-09'],
  ])('is a week that begins on weekday %d', (firstDayOfWeek, from, through, label) => {
    const period = periodContaining({ ...shanghai, firstDayOfWeek }, 'WEEK', '2017-11-03');
    expect(period).toMatchObject({ from, through, label });
  });

  it.each([
    [25, '2017-02-25', '2017-01-26', '2017-02-25', 'FM 2017-02'],
    [25, '2017-02-26', '2017-02-26', '2017-03-25', 'FM 2017-03'],
    [25, '2017-12-26', '2017-12-26', '2018-01-25', 'FM 2018-01'],
    [28, '2017-02-28', '2017-01-29', '2017-02-28', 'FM 2017-02'],
    [28, '2016-02-29', '2016-02-29', '2016-03-28', 'FM 2016-03'],
    [28, '2017-03-01', '2017-03-01', '2017-03-28', 'FM 2017-03'],
    [29, '2016-02-29', '2016-01-30', '2016-02-29', 'FM 2016-02'],
    [30, '2017-02-28', '2017-01-31', '2017-02-28', 'FM 2017-02'],
    [30, '2017-03-31', '2017-03-31', '2017-04-30', 'FM 2017-04'],
    [31, '2016-02-29', '2016-02-01', '2016-02-29', 'FM 2016-02'],
    [31, '2017-04-30', '2017-04-01', '2017-04-30', 'FM 2017-04'],
    [1, '2017-11-01', '2017-10-02', '2017-11-01', 'FM 2017-11'],
  ])('is a fiscal month closing on the %d., around %s', (end, day, from, through, label) => {
    const period = periodContaining(closingOn(end), 'FISCAL_MONTH', day);
    expect(period).toMatchObject({ from, through, label });
  });

  it.each<[number, number, PeriodUnit, string, string, string, string]>([
    [25, 1, 'FISCAL_YEAR', '2017-12-26', '2017-12-26', '2018-12-25', 'FY 2018'],
    [25, 1, 'FISCAL_QUARTER', '2017-12-25', '2017-09-26', '2017-12-25', 'FQ 2017-Q4'],
    [31, 4, 'FISCAL_YEAR', '2017-04-01', '2017-04-01', '2018-03-31', 'FY 2018'],
    [31, 4, 'FISCAL_YEAR', '2017-03-31', '2016-04-01', '2017-03-31', 'FY 2017'],
    [31, 4, 'FISCAL_QUARTER', '2018-02-10', '2018-01-01', '2018-03-31', 'FQ 2018-Q4'],
    [31, 2, 'FISCAL_QUARTER', '2018-01-31', '2017-11-01', '2018-01-31', 'FQ 2018-Q4'],
    [25, 10, 'FISCAL_YEAR', '2017-09-26', '2017-09-26', '2018-09-25', 'FY 2018'],
    [25, 10, 'FISCAL_QUARTER', '2017-12-26', '2017-12-26', '2018-03-25', 'FQ 2018-Q2'],
    [28, 3, 'FISCAL_YEAR', '2016-02-29', '2016-02-29', '2017-02-28', 'FY 2017'],
  ])(
    'closes on the %d. and begins its year with month %d: %s around %s',
    (end, start, unit, day, from, through, label) => {
      expect(periodContaining(closingOn(end, start), unit, day)).toMatchObject({
        unit,
        from,
        through,
        label,
      });
    },
  );

  it('has its bounds as instants in the zone', () => {
    expect(periodContaining(shanghai, 'MONTH', '2017-11-03')).toMatchObject({
      start: new Date('2017-10-31T16:00:00Z'),
      end: new Date('2017-11-30T16:00:00Z'),
    });
    const saoPaulo = { ...shanghai, timeZone: 'America/Sao_Paulo', firstDayOfWeek: 7 };
    expect(periodContaining(saoPaulo, 'WEEK', '2018-11-06')).toMatchObject({
      start: new Date('2018-11-04T03:00:00Z'),
      end: new Date('2018-11-11T02:00:00Z'),
    });
  });

  it('is all of time whatever the day', () => {
    expect(periodContaining(shanghai, 'ALL_TIME', ALL_TIME_BUCKET)).toBe(ALL_TIME);
    expect(ALL_TIME).toMatchObject({ from: null, through: null, start: null, end: null });
  });

  it('may reach over the edge of the range but not start from beyond it', () => {
    const sundays = { ...shanghai, firstDayOfWeek: 7 };
    expect(periodContaining(sundays, 'WEEK', '1900-01-01')).toMatchObject({ from: '1899-12-31' });
    expect(() => periodContaining(shanghai, 'YEAR', '0000-05-05')).toThrow(/1900 to 2200/);
  });

  it('refuses a unit that there is not', () => {
    for (const unit of ['HOUR', 'toString', '__proto__', '']) {
      expect(isPeriodUnit(unit)).toBe(false);
      expect(() => periodContaining(shanghai, unit as PeriodUnit, '2017-11-03')).toThrow(
        expect.objectContaining({ name: 'InvalidPeriod' }),
      );
    }
  });
});

describe('a period between two days', () => {
  it('includes both', () => {
    expect(between(shanghai, '2017-10-01', '2017-12-31')).toEqual({
      unit: null,
      toDateOf: null,
      from: '2017-10-01',
      through: '2017-12-31',
      start: new Date('2017-09-30T16:00:00Z'),
      end: new Date('2017-12-31T16:00:00Z'),
      label: '2017-10-01..2017-12-31',
    });
    expect(between(shanghai, '2017-10-01', '2017-10-01').label).toBe('2017-10-01');
  });

  it('cannot end before it begins', () => {
    expect(() => between(shanghai, '2017-10-02', '2017-10-01')).toThrow(
      expect.objectContaining({ name: 'InvalidPeriod' }),
    );
  });
});

describe('the bucket of an instant', () => {
  const justAfterMidnight = new Date('2017-12-31T16:00:00Z');
  const justBefore = new Date('2017-12-31T15:59:59.999Z');
  const settings = closingOn(25, 4);

  it.each<[PeriodUnit, string, string]>([
    ['DAY', '2017-12-31', '2018-01-01'],
    ['WEEK', '2017-12-25', '2018-01-01'],
    ['TEN_DAYS', '2017-12-21', '2018-01-01'],
    ['MONTH', '2017-12-01', '2018-01-01'],
    ['QUARTER', '2017-10-01', '2018-01-01'],
    ['HALF_YEAR', '2017-07-01', '2018-01-01'],
    ['YEAR', '2017-01-01', '2018-01-01'],
    ['FISCAL_MONTH', '2017-12-26', '2017-12-26'],
    ['FISCAL_QUARTER', '2017-12-26', '2017-12-26'],
    ['FISCAL_YEAR', '2017-03-26', '2017-03-26'],
    ['ALL_TIME', '0001-01-01', '0001-01-01'],
  ])('%s', (unit, before, after) => {
    expect(bucketOf(settings, unit, justBefore)).toBe(before);
    expect(bucketOf(settings, unit, justAfterMidnight)).toBe(after);
  });

  it('is found fast enough for imports', () => {
    const units: PeriodUnit[] = ['DAY', 'WEEK', 'MONTH', 'FISCAL_MONTH', 'ALL_TIME'];
    const twoYears = 730 * 86_400_000;
    const instants = Array.from(
      { length: 100_000 },
      (_, i) => new Date(Date.UTC(2016, 0, 1) + ((i * 7919 * 60_013) % twoYears)),
    );
    const begun = process.cpuUsage();
    for (const instant of instants) for (const unit of units) bucketOf(settings, unit, instant);
    const { user, system } = process.cpuUsage(begun);
    // Some 250 ms of CPU on the slow machine this was written on; the start of one day costs 13 us unremembered.
    expect((user + system) / 1000).toBeLessThan(2_500);
  });

  it('describes every unit for the API', () => {
    for (const description of Object.values(PERIOD_UNITS))
      expect(description).toMatch(/^[A-Z].+\.$/);
  });
});
