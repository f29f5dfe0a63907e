import { describe, expect, it } from 'vitest';
import { InvalidWeekend } from '../../src/calendar/errors.ts';
import { officialDays, officialYears } from '../../src/calendar/official-days.ts';
import { ALL_TIME, periodContaining } from '../../src/calendar/periods.ts';
import { DEFAULT_CALENDAR_SETTINGS } from '../../src/calendar/settings.ts';
import {
  checkWeekend,
  DEFAULT_WEEKEND,
  type WorkingDayRules,
  WorkingDays,
} from '../../src/calendar/working-days.ts';
import { fc } from '../support/properties.ts';
import { anyDate, plus } from './oracle.ts';

const rules: WorkingDayRules = {
  weekend: DEFAULT_WEEKEND,
  holidayCalendar: 'CHINA',
  exceptions: [],
};
const china = new WorkingDays(rules);
const isoDay = (date: string) => new Date(`${date}T00:00:00Z`).getUTCDay() || 7;

describe("China's official days", () => {
  // 全国年节及纪念日放假办法: 11 days a year off for all citizens, 13 since 2025. All else is moved, never given.
  it.each<[number, number]>([
    [2024, 11],
    [2025, 13],
    [2026, 13],
  ])('of %i take %i days from those of the weeks, and no more', (year, days) => {
    const plain = new WorkingDays({ ...rules, holidayCalendar: 'NONE' });
    const [from, through] = [`${year}-01-01`, `${year}-12-31`];
    expect(china.count(from, through)).toBe(plain.count(from, through) - days);
  });

  it('name each day once, and are worked on weekends only', () => {
    const days = officialDays('CHINA');
    expect(new Set(days.map(({ day }) => day)).size).toBe(days.length);
    for (const { day, isWorkingDay } of days) {
      if (isWorkingDay) expect(isoDay(day), day).toBeGreaterThan(5);
    }
    expect(officialYears('CHINA')).toEqual({ from: 2024, through: 2026 });
    expect(officialYears('NONE')).toBeNull();
  });

  it.each<[string, boolean, string]>([
    ['2024-02-04', true, '春节'],
    ['2024-02-09', true, 'not a holiday: the notice only encourages leave'],
    ['2024-02-17', false, '春节'],
    ['2024-02-18', true, '春节'],
    ['2024-10-12', true, '国庆节'],
    ['2025-01-27', true, 'a plain Monday before the holiday'],
    ['2025-02-04', false, '春节'],
    ['2025-10-08', false, '国庆节、中秋节'],
    ['2025-10-11', true, '国庆节、中秋节'],
    ['2026-01-04', true, '元旦'],
    ['2026-02-14', true, '春节'],
    ['2026-02-23', false, '春节'],
    ['2026-09-20', true, '国庆节'],
    ['2026-10-10', true, '国庆节'],
  ])('%s is worked: %s (%s)', (day, isWorkingDay) => {
    expect(china.isWorkingDay(day)).toBe(isWorkingDay);
  });

  it('say why a day is off', () => {
    expect(china.describe('2026-10-01')).toEqual({
      day: '2026-10-01',
      isWorkingDay: false,
      name: '国庆节',
      reason: 'OFFICIAL',
    });
    expect(china.describe('2027-10-01')).toMatchObject({ isWorkingDay: true, reason: 'WEEK' });
  });
});

describe('working days', () => {
  it('are counted over a period', () => {
    const settings = { ...DEFAULT_CALENDAR_SETTINGS, fiscalMonthEnd: 25 };
    expect(china.countIn(periodContaining(settings, 'MONTH', '2026-02-10'))).toBe(16);
    expect(china.countIn(periodContaining(settings, 'FISCAL_MONTH', '2026-10-10'))).toBe(16);
    expect(china.countIn(ALL_TIME)).toBeNull();
    expect(china.count('2026-02-10', '2026-02-09')).toBe(0);
  });

  it('are stepped over', () => {
    expect(china.next('2026-09-30')).toBe('2026-10-08');
    expect(china.previous('2026-10-08')).toBe('2026-09-30');
    expect(china.add('2026-02-13', 2)).toBe('2026-02-24');
    expect(china.add('2026-02-24', -2)).toBe('2026-02-13');
    expect(china.add('2026-02-15', 0)).toBe('2026-02-15');
    expect(() => china.add('2200-12-30', 5)).toThrow(/1900 to 2200/);
  });

  it("are the organization's own before the official ones", () => {
    const own = new WorkingDays({
      ...rules,
      exceptions: [
        { day: '2024-02-09', isWorkingDay: false, name: '除夕' },
        { day: '2024-02-18', isWorkingDay: false, name: null },
      ],
    });
    expect(own.next('2024-02-08')).toBe('2024-02-19');
    expect(own.describe('2024-02-09')).toMatchObject({ name: '除夕', reason: 'EXCEPTION' });
  });

  it('refuse a weekend that cannot be', () => {
    expect(checkWeekend([7, 5, 5])).toEqual([5, 7]);
    expect(checkWeekend([])).toEqual([]);
    for (const weekend of [[0], [8], [1.5], [1, 2, 3, 4, 5, 6, 7]]) {
      expect(() => checkWeekend(weekend)).toThrow(InvalidWeekend);
    }
  });

  it('agree with a count day by day, whatever the weekend and the exceptions', () => {
    const anyRules: fc.Arbitrary<WorkingDayRules> = fc.record({
      weekend: fc.subarray([1, 2, 3, 4, 5, 6, 7], { maxLength: 6 }),
      holidayCalendar: fc.constantFrom('NONE', 'CHINA'),
      exceptions: fc.uniqueArray(
        fc.record({
          day: fc.nat(900).map((days) => plus('2024-06-01', days)),
          isWorkingDay: fc.boolean(),
          name: fc.constant(null),
        }),
        { selector: ({ day }) => day, maxLength: 60 },
      ),
    });
    const anyStart = fc.oneof(
      anyDate,
      fc.nat(1_100).map((days) => plus('2023-12-01', days)),
    );
    fc.assert(
      fc.property(
        anyRules,
        anyStart,
        fc.nat(400),
        fc.integer({ min: 1, max: 60 }),
        (of, from, length, count) => {
          const days = new WorkingDays(of);
          const official = new Map(officialDays(of.holidayCalendar).map((one) => [one.day, one]));
          const own = new Map(of.exceptions.map((one) => [one.day, one]));
          const isWorked = (day: string) =>
            (own.get(day) ?? official.get(day))?.isWorkingDay ?? !of.weekend.includes(isoDay(day));
          let worked = 0;
          for (let day = from; day <= plus(from, length); day = plus(day, 1)) {
            worked += Number(isWorked(day));
            expect(days.isWorkingDay(day)).toBe(isWorked(day));
          }
          expect(days.count(from, plus(from, length))).toBe(worked);

          const later = days.add(from, count);
          expect(isWorked(later)).toBe(true);
          expect(days.count(plus(from, 1), later)).toBe(count);
          const back = days.add(later, -count);
          expect(isWorked(from) ? back === from : back < from).toBe(true);
          expect(days.next(from)).toBe(days.add(from, 1));
        },
      ),
      { numRuns: 300 },
    );
  });
});
