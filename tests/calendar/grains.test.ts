import { describe, expect, it } from 'vitest';
import { cutIntoGrains } from '../../src/calendar/grains.ts';
import { namedPeriod } from '../../src/calendar/named-periods.ts';
import { ALL_TIME, between, periodContaining } from '../../src/calendar/periods.ts';
import { DEFAULT_CALENDAR_SETTINGS } from '../../src/calendar/settings.ts';
import type { PeriodUnit } from '../../src/calendar/units.ts';

const settings = { ...DEFAULT_CALENDAR_SETTINGS, timeZone: 'Asia/Shanghai', fiscalMonthEnd: 25 };
const GRAINS: PeriodUnit[] = ['DAY', 'MONTH', 'QUARTER', 'YEAR', 'ALL_TIME'];

describe('cutting a period into grains', () => {
  it('takes the largest buckets that fit', () => {
    const period = between(settings, '2016-10-30', '2018-05-02');
    expect(cutIntoGrains(settings, period, GRAINS)).toEqual([
      { unit: 'DAY', keys: ['2016-10-30', '2016-10-31', '2018-05-01', '2018-05-02'] },
      { unit: 'MONTH', keys: ['2016-11-01', '2016-12-01', '2018-04-01'] },
      { unit: 'QUARTER', keys: ['2018-01-01'] },
      { unit: 'YEAR', keys: ['2017-01-01'] },
    ]);
  });

  it('is one bucket for a period of one of the grains, and for all time', () => {
    const year = periodContaining(settings, 'YEAR', '2017-11-03');
    expect(cutIntoGrains(settings, year, GRAINS)).toEqual([{ unit: 'YEAR', keys: ['2017-01-01'] }]);
    const allTime = [{ unit: 'ALL_TIME', keys: ['0001-01-01'] }];
    expect(cutIntoGrains(settings, ALL_TIME, GRAINS)).toEqual(allTime);
    expect(cutIntoGrains(settings, ALL_TIME, ['DAY'])).toEqual(allTime);
  });

  it('finds the fewest where grains do not nest', () => {
    // Ten days first would leave four single days: five buckets.
    const period = between(settings, '2017-05-01', '2017-05-14');
    expect(cutIntoGrains(settings, period, ['DAY', 'WEEK', 'TEN_DAYS'])).toEqual([
      { unit: 'WEEK', keys: ['2017-05-01', '2017-05-08'] },
    ]);
  });

  it('cuts the year so far into months and days', () => {
    const period = namedPeriod(settings, 'YEAR_TO_DATE', new Date('2017-04-02T12:00:00+08:00'));
    expect(cutIntoGrains(settings, period, ['DAY', 'MONTH'])).toEqual([
      { unit: 'DAY', keys: ['2017-04-01', '2017-04-02'] },
      { unit: 'MONTH', keys: ['2017-01-01', '2017-02-01', '2017-03-01'] },
    ]);
  });

  it('answers a fiscal quarter from fiscal months without days', () => {
    const quarter = periodContaining(settings, 'FISCAL_QUARTER', '2017-11-03');
    expect(cutIntoGrains(settings, quarter, ['FISCAL_MONTH', 'MONTH'])).toEqual([
      { unit: 'FISCAL_MONTH', keys: ['2017-09-26', '2017-10-26', '2017-11-26'] },
    ]);
  });

  it('refuses grains that cannot make it up', () => {
    const refusal = expect.objectContaining({ name: 'GrainsDoNotFit' });
    const period = between(settings, '2017-10-02', '2017-10-31');
    expect(() => cutIntoGrains(settings, period, ['MONTH', 'YEAR'])).toThrow(refusal);
    expect(() => cutIntoGrains(settings, period, [])).toThrow(refusal);
  });

  it('cuts the widest period there is without keeping anyone waiting', () => {
    const period = between(settings, '1900-01-02', '2200-12-30');
    const begun = process.cpuUsage();
    const cut = cutIntoGrains(settings, period, GRAINS);
    const { user, system } = process.cpuUsage(begun);
    expect((user + system) / 1000).toBeLessThan(1_000);
    expect(cut.map(({ unit, keys }) => [unit, keys.length])).toEqual([
      ['DAY', 60],
      ['MONTH', 4],
      ['QUARTER', 6],
      ['YEAR', 299],
    ]);
  });
});
