import { describe, expect, it } from 'vitest';
import {
  isNamedPeriod,
  NAMED_PERIODS,
  type NamedPeriod,
  namedPeriod,
  nextBoundary,
  PRESENT_PERIOD,
  resolvePeriod,
} from '../../src/calendar/named-periods.ts';
import { ALL_TIME, dayOf, periodContaining } from '../../src/calendar/periods.ts';
import { PERIOD_UNITS, type PeriodUnit } from '../../src/calendar/units.ts';

/** Friday, November 3, 2017, 07:30 in Shanghai; still the day before in UTC. */
const now = new Date('2017-11-02T23:30:00Z');
const settings = {
  timeZone: 'Asia/Shanghai',
  firstDayOfWeek: 1,
  fiscalMonthEnd: 25,
  fiscalYearStartMonth: 4,
};

const TABLE: Record<
  Exclude<NamedPeriod, 'ALL_TIME'>,
  [from: string, through: string, label: string, boundary: string]
> = {
  TODAY: ['2017-11-03', '2017-11-03', '2017-11-03', '2017-11-04'],
  YESTERDAY: ['2017-11-02', '2017-11-02', '2017-11-02', '2017-11-04'],
  TOMORROW: ['2017-11-04', '2017-11-04', '2017-11-04', '2017-11-04'],
  THIS_WEEK: ['2017-10-30', '2017-11-05', '2017-W44', '2017-11-06'],
  LAST_WEEK: ['2017-10-23', '2017-10-29', '2017-W43', '2017-11-06'],
  NEXT_WEEK: ['2017-11-06', '2017-11-12', '2017-W45', '2017-11-06'],
  THIS_TEN_DAYS: ['2017-11-01', '2017-11-10', '2017-11 T1', '2017-11-11'],
  LAST_TEN_DAYS: ['2017-10-21', '2017-10-31', '2017-10 T3', '2017-11-11'],
  NEXT_TEN_DAYS: ['2017-11-11', '2017-11-20', '2017-11 T2', '2017-11-11'],
  THIS_MONTH: ['2017-11-01', '2017-11-30', '2017-11', '2017-12-01'],
  LAST_MONTH: ['2017-10-01', '2017-10-31', '2017-10', '2017-12-01'],
  NEXT_MONTH: ['2017-12-01', '2017-12-31', '2017-12', '2017-12-01'],
  THIS_QUARTER: ['2017-10-01', '2017-12-31', '2017-Q4', '2018-01-01'],
  LAST_QUARTER: ['2017-07-01', '2017-09-30', '2017-Q3', '2018-01-01'],
  NEXT_QUARTER: ['2018-01-01', '2018-03-31', '2018-Q1', '2018-01-01'],
  THIS_HALF_YEAR: ['2017-07-01', '2017-12-31', '2017-H2', '2018-01-01'],
  LAST_HALF_YEAR: ['2017-01-01', '2017-06-30', '2017-H1', '2018-01-01'],
  NEXT_HALF_YEAR: ['2018-01-01', '2018-06-30', '2018-H1', '2018-01-01'],
  THIS_YEAR: ['2017-01-01', '2017-12-31', '2017', '2018-01-01'],
  LAST_YEAR: ['2016-01-01', '2016-12-31', '2016', '2018-01-01'],
  NEXT_YEAR: ['2018-01-01', '2018-12-31', '2018', '2018-01-01'],
  THIS_FISCAL_MONTH: ['2017-10-26', '2017-11-25', 'FM 2017-11', '2017-11-26'],
  LAST_FISCAL_MONTH: ['2017-09-26', '2017-10-25', 'FM 2017-10', '2017-11-26'],
  NEXT_FISCAL_MONTH: ['2017-11-26', '2017-12-25', 'FM 2017-12', '2017-11-26'],
  THIS_FISCAL_QUARTER: ['2017-09-26', '2017-12-25', 'FQ 2018-Q3', '2017-12-26'],
  LAST_FISCAL_QUARTER: ['2017-06-26', '2017-09-25', 'FQ 2018-Q2', '2017-12-26'],
  NEXT_FISCAL_QUARTER: ['2017-12-26', '2018-03-25', 'FQ 2018-Q4', '2017-12-26'],
  THIS_FISCAL_YEAR: ['2017-03-26', '2018-03-25', 'FY 2018', '2018-03-26'],
  LAST_FISCAL_YEAR: ['2016-03-26', '2017-03-25', 'FY 2017', '2018-03-26'],
  NEXT_FISCAL_YEAR: ['2018-03-26', '2019-03-25', 'FY 2019', '2018-03-26'],
  WEEK_TO_DATE: ['2017-10-30', '2017-11-03', '2017-10-30..2017-11-03', '2017-11-04'],
  MONTH_TO_DATE: ['2017-11-01', '2017-11-03', '2017-11-01..2017-11-03', '2017-11-04'],
  QUARTER_TO_DATE: ['2017-10-01', '2017-11-03', '2017-10-01..2017-11-03', '2017-11-04'],
  YEAR_TO_DATE: ['2017-01-01', '2017-11-03', '2017-01-01..2017-11-03', '2017-11-04'],
  FISCAL_MONTH_TO_DATE: ['2017-10-26', '2017-11-03', '2017-10-26..2017-11-03', '2017-11-04'],
  FISCAL_YEAR_TO_DATE: ['2017-03-26', '2017-11-03', '2017-03-26..2017-11-03', '2017-11-04'],
  LAST_7_DAYS: ['2017-10-28', '2017-11-03', '2017-10-28..2017-11-03', '2017-11-04'],
  LAST_30_DAYS: ['2017-10-05', '2017-11-03', '2017-10-05..2017-11-03', '2017-11-04'],
  LAST_90_DAYS: ['2017-08-06', '2017-11-03', '2017-08-06..2017-11-03', '2017-11-04'],
  LAST_365_DAYS: ['2016-11-04', '2017-11-03', '2016-11-04..2017-11-03', '2017-11-04'],
};

describe('a named period', () => {
  it.each(Object.entries(TABLE))('%s', (name, [from, through, label, boundary]) => {
    const period = namedPeriod(settings, name as NamedPeriod, now);
    expect(period).toMatchObject({ from, through, label });
    const turnsOver = nextBoundary(settings, name as NamedPeriod, now) as Date;
    expect(turnsOver).toEqual(new Date(`${boundary}T00:00:00+08:00`));

    // At the boundary, and not a millisecond before, the name stands for something else.
    const justBefore = new Date(turnsOver.getTime() - 1);
    expect(namedPeriod(settings, name as NamedPeriod, justBefore)).toEqual(period);
    expect(namedPeriod(settings, name as NamedPeriod, turnsOver)).not.toEqual(period);
  });

  it('covers every name and describes it for the API', () => {
    expect(Object.keys(NAMED_PERIODS).sort()).toEqual([...Object.keys(TABLE), 'ALL_TIME'].sort());
    for (const description of Object.values(NAMED_PERIODS)) {
      expect(description).toMatch(/^[A-Z\d].+\.$/);
    }
  });

  it('is all of time, which never turns over', () => {
    expect(namedPeriod(settings, 'ALL_TIME', now)).toBe(ALL_TIME);
    expect(nextBoundary(settings, 'ALL_TIME', now)).toBeNull();
  });

  it('is the period of its unit around now where it is the present one', () => {
    for (const unit of Object.keys(PERIOD_UNITS) as PeriodUnit[]) {
      const present = namedPeriod(settings, PRESENT_PERIOD[unit], now);
      expect(present).toEqual(periodContaining(settings, unit, dayOf(settings, now)));
    }
  });

  it('says what it is the beginning of when it runs to date', () => {
    expect(namedPeriod(settings, 'FISCAL_MONTH_TO_DATE', now)).toMatchObject({
      unit: null,
      toDateOf: 'FISCAL_MONTH',
    });
    expect(namedPeriod(settings, 'LAST_7_DAYS', now)).toMatchObject({ unit: null, toDateOf: null });
  });

  it('turns over when the day does, also on days without a midnight', () => {
    const saoPaulo = { ...settings, timeZone: 'America/Sao_Paulo' };
    expect(nextBoundary(saoPaulo, 'TODAY', new Date('2018-11-03T15:00:00Z'))).toEqual(
      new Date('2018-11-04T03:00:00Z'),
    );
    const apia = { ...settings, timeZone: 'Pacific/Apia' };
    const lastEvening = new Date('2011-12-30T09:00:00Z');
    expect(nextBoundary(apia, 'TODAY', lastEvening)).toEqual(new Date('2011-12-30T10:00:00Z'));
    expect(namedPeriod(apia, 'TODAY', lastEvening).from).toBe('2011-12-29');
    expect(namedPeriod(apia, 'TODAY', new Date('2011-12-30T10:00:00Z')).from).toBe('2011-12-31');
  });

  it('is refused by name when there is none of it', () => {
    for (const name of ['THIS_HOUR', 'LAST_8_DAYS', 'constructor', '']) {
      expect(isNamedPeriod(name)).toBe(false);
      const refusal = expect.objectContaining({ name: 'InvalidPeriod' });
      expect(() => namedPeriod(settings, name as NamedPeriod, now)).toThrow(refusal);
    }
  });

  it('is refused where now, or the period, is out of range', () => {
    const refusal = expect.objectContaining({ name: 'DateOutOfRange' });
    expect(() => namedPeriod(settings, 'TODAY', new Date('9999-01-01T00:00:00Z'))).toThrow(refusal);
    expect(() => namedPeriod(settings, 'TODAY', new Date('nonsense'))).toThrow(refusal);
    const veryLate = new Date('2200-06-01T00:00:00Z');
    expect(namedPeriod(settings, 'THIS_YEAR', veryLate).label).toBe('2200');
    expect(() => namedPeriod(settings, 'NEXT_YEAR', veryLate)).toThrow(refusal);
  });
});

describe('a period that a client asks for', () => {
  it('is named, of a unit around a day, or between days', () => {
    expect(resolvePeriod(settings, { named: 'LAST_MONTH' }, now).label).toBe('2017-10');
    const quarter = { unit: { unit: 'QUARTER', containing: '2017-11-03' } } as const;
    expect(resolvePeriod(settings, quarter, now).label).toBe('2017-Q4');
    const days = { named: null, between: { from: '2017-10-01', through: '2017-12-31' } };
    expect(resolvePeriod(settings, days, now).label).toBe('2017-10-01..2017-12-31');
  });

  it('is exactly one of the three', () => {
    const refusal = expect.objectContaining({ name: 'InvalidPeriod' });
    expect(() => resolvePeriod(settings, {}, now)).toThrow(refusal);
    const two = { named: 'TODAY', unit: { unit: 'DAY', containing: '2017-11-03' } } as const;
    expect(() => resolvePeriod(settings, two, now)).toThrow(refusal);
  });

  it('turns over only if it is named', () => {
    expect(nextBoundary(settings, { named: 'THIS_MONTH' }, now)).toEqual(
      new Date('2017-11-30T16:00:00Z'),
    );
    const month = { unit: { unit: 'MONTH', containing: '2017-11-03' } } as const;
    expect(nextBoundary(settings, month, now)).toBeNull();
    expect(nextBoundary(settings, resolvePeriod(settings, month, now), now)).toBeNull();
  });
});
