import { describe, expect, it } from 'vitest';
import { elapsedCut, previousPeriod } from '../../src/calendar/comparisons.ts';
import { cutIntoGrains } from '../../src/calendar/grains.ts';
import {
  between,
  bucketOf,
  dayOf,
  endOfDay,
  noonOf,
  periodContaining,
  startOfDay,
} from '../../src/calendar/periods.ts';
import type { CalendarSettings } from '../../src/calendar/settings.ts';
import { PERIOD_UNITS, type PeriodUnit } from '../../src/calendar/units.ts';
import { fc } from '../support/properties.ts';

/** What the calendar is checked against: the runtime's own formatter, and plain counting of days. */
const MS_PER_DAY = 86_400_000;
const ZONES = [
  'Asia/Shanghai',
  'America/Los_Angeles',
  'America/Sao_Paulo',
  'America/Havana',
  'Pacific/Apia',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'UTC',
];
const UNITS = Object.keys(PERIOD_UNITS).filter((unit) => unit !== 'ALL_TIME') as PeriodUnit[];

const formatters = new Map(
  ZONES.map((timeZone) => [
    timeZone,
    new Intl.DateTimeFormat('sv-SE', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    }),
  ]),
);
const intlDay = (timeZone: string, instant: Date) => formatters.get(timeZone)?.format(instant);
const plus = (date: string, days: number) =>
  new Date(
    Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1, Number(date.slice(8))) +
      days * MS_PER_DAY,
  )
    .toISOString()
    .slice(0, 10);
const month = (date: string) => Number(date.slice(5, 7));
const dayOfMonth = (date: string) => Number(date.slice(8));
const isLastOfMonth = (date: string) => month(plus(date, 1)) !== month(date);

/** Whether a new fiscal month begins on a day, told from the day before alone. */
const closed = (settings: CalendarSettings, date: string) => {
  const before = plus(date, -1);
  return (
    dayOfMonth(before) === settings.fiscalMonthEnd ||
    (isLastOfMonth(before) && dayOfMonth(before) < settings.fiscalMonthEnd)
  );
};
/** Which month of the fiscal year begins on a day that a fiscal month begins on, from 0. */
const fiscalMonth = (settings: CalendarSettings, date: string) => {
  const closing = dayOfMonth(date) === 1 ? month(date) : (month(date) % 12) + 1;
  return (closing - settings.fiscalYearStartMonth + 12) % 12;
};

/** Whether a period of a unit begins on a day: the definition of each unit, without any span arithmetic. */
const BEGINS: Record<string, (settings: CalendarSettings, date: string) => boolean> = {
  DAY: () => true,
  WEEK: (settings, date) =>
    new Date(`${date}T00:00:00Z`).getUTCDay() === settings.firstDayOfWeek % 7,
  TEN_DAYS: (_, date) => [1, 11, 21].includes(dayOfMonth(date)),
  MONTH: (_, date) => date.endsWith('-01'),
  QUARTER: (_, date) => /-(01|04|07|10)-01$/.test(date),
  HALF_YEAR: (_, date) => /-(01|07)-01$/.test(date),
  YEAR: (_, date) => date.endsWith('-01-01'),
  FISCAL_MONTH: closed,
  FISCAL_QUARTER: (settings, date) =>
    closed(settings, date) && fiscalMonth(settings, date) % 3 === 0,
  FISCAL_YEAR: (settings, date) => closed(settings, date) && fiscalMonth(settings, date) === 0,
};
const begins = (settings: CalendarSettings, unit: PeriodUnit, date: string) =>
  BEGINS[unit]?.(settings, date) ?? false;

const anySettings: fc.Arbitrary<CalendarSettings> = fc.record({
  timeZone: fc.constantFrom(...ZONES),
  firstDayOfWeek: fc.integer({ min: 1, max: 7 }),
  fiscalMonthEnd: fc.integer({ min: 1, max: 31 }),
  fiscalYearStartMonth: fc.integer({ min: 1, max: 12 }),
});
const anyUnit = fc.constantFrom(...UNITS);
/** From before the first summer times to beyond what anyone has rules for. */
const anyDate = fc
  .oneof(fc.integer({ min: -20_000, max: 60_000 }), fc.integer({ min: 14_000, max: 19_000 }))
  .map((day) => plus('1970-01-01', day));
const anyInstant = fc
  .oneof(
    fc.integer({ min: Date.UTC(1915, 0), max: Date.UTC(2130, 0) }),
    fc.integer({ min: Date.UTC(2008, 0), max: Date.UTC(2020, 0) }),
    // Around midnight somewhere, where mistakes are made.
    fc
      .tuple(
        fc.integer({ min: 14_000, max: 18_500 }),
        fc.integer({ min: 0, max: 95 }),
        fc.constantFrom(-1, 0, 1),
      )
      .map(([day, quarter, nudge]) => day * MS_PER_DAY + quarter * 900_000 + nudge),
  )
  .map((instant) => new Date(instant));

describe('for any settings', () => {
  it('the day of an instant is the one that the runtime prints', () => {
    fc.assert(
      fc.property(anySettings, anyInstant, (settings, instant) => {
        expect(dayOf(settings, instant)).toBe(intlDay(settings.timeZone, instant));
      }),
      { numRuns: 3_000 },
    );
  });

  it('a day begins and ends where what the runtime prints changes', () => {
    fc.assert(
      fc.property(anySettings, anyDate, (settings, date) => {
        const start = startOfDay(settings, date);
        const end = endOfDay(settings, date);
        expect(end).toEqual(startOfDay(settings, plus(date, 1)));
        if (settings.timeZone === 'Pacific/Apia' && date === '2011-12-30') return;
        const print = (instant: number) => intlDay(settings.timeZone, new Date(instant)) ?? '';
        expect(print(start.getTime())).toBe(date);
        expect(print(end.getTime() - 1)).toBe(date);
        expect(print(start.getTime() - 1) < date).toBe(true);
        expect(print(end.getTime()) > date).toBe(true);
        expect(dayOf(settings, noonOf(settings, date))).toBe(date);
      }),
      { numRuns: 2_000 },
    );
  });

  it('a period holds its day, begins where its unit begins, and nowhere else within', () => {
    fc.assert(
      fc.property(anySettings, anyUnit, anyDate, (settings, unit, date) => {
        const { from, through } = periodContaining(settings, unit, date);
        if (!from || !through) throw new Error('a bounded unit without bounds');
        expect(from <= date && date <= through).toBe(true);
        expect(begins(settings, unit, from)).toBe(true);
        expect(begins(settings, unit, plus(through, 1))).toBe(true);
        for (let day = plus(from, 1); day <= through; day = plus(day, 1)) {
          if (begins(settings, unit, day)) expect.fail(`${unit} from ${from} holds ${day}`);
        }
      }),
      { numRuns: 1_500 },
    );
  });

  it('periods of a unit tile time without gap or overlap', () => {
    fc.assert(
      fc.property(anySettings, anyUnit, anyDate, (settings, unit, date) => {
        const period = periodContaining(settings, unit, date);
        const before = previousPeriod(settings, period);
        expect(before?.end).toEqual(period.start);
        expect(before?.unit).toBe(unit);
        expect(plus(before?.through ?? '', 1)).toBe(period.from);
        for (const day of [period.from, period.through]) {
          expect(periodContaining(settings, unit, day ?? '')).toEqual(period);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('an instant lies in the period that its bucket names', () => {
    fc.assert(
      fc.property(anySettings, anyUnit, anyInstant, (settings, unit, instant) => {
        const key = bucketOf(settings, unit, instant);
        const period = periodContaining(settings, unit, dayOf(settings, instant));
        expect(key).toBe(period.from);
        expect(period.start && period.start <= instant).toBe(true);
        expect(period.end && instant < period.end).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('grains cover each day of a period exactly once, with no more buckets than going for the largest', () => {
    const anyGrains = fc
      .subarray(UNITS)
      .map((units) => [...new Set<PeriodUnit>(['DAY', ...units])]);
    fc.assert(
      fc.property(
        anySettings,
        anyDate,
        fc.integer({ min: 0, max: 900 }),
        anyGrains,
        (settings, from, length, grains) => {
          const through = plus(from, length);
          const cut = cutIntoGrains(settings, between(settings, from, through), grains);
          const covered: string[] = [];
          for (const { unit, keys } of cut) {
            expect(grains).toContain(unit);
            expect(keys.length).toBeGreaterThan(0);
            for (const key of keys) {
              covered.push(key);
              expect(begins(settings, unit, key)).toBe(true);
              for (let day = plus(key, 1); !begins(settings, unit, day); day = plus(day, 1)) {
                covered.push(day);
              }
            }
          }
          const days = Array.from({ length: length + 1 }, (_, index) => plus(from, index));
          expect(covered.sort()).toEqual(days);

          const count = cut.reduce((sum, { keys }) => sum + keys.length, 0);
          expect(count).toBeLessThanOrEqual(goingForTheLargest(settings, from, through, grains));
        },
      ),
      { numRuns: 150 },
    );
  });

  it('the elapsed cut lies in the period before and never runs back', () => {
    fc.assert(
      fc.property(
        anySettings,
        anyUnit,
        anyInstant,
        fc.integer({ min: 0, max: 40 * MS_PER_DAY }),
        (settings, unit, now, later) => {
          const period = periodContaining(settings, unit, dayOf(settings, now));
          const before = previousPeriod(settings, period);
          const cut = elapsedCut(settings, period, now);
          if (!before || !cut) throw new Error('a bounded unit without a predecessor');
          expect(before.start <= cut && cut <= before.end).toBe(true);
          // Only an hour that the clock reads twice, or one that it skips, may let the cut step back.
          const then = elapsedCut(settings, period, new Date(now.getTime() + later));
          expect(then && then.getTime() >= cut.getTime() - 3_600_000).toBe(true);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

/** Walks from the first day, each time taking the longest whole bucket that still fits. */
function goingForTheLargest(
  settings: CalendarSettings,
  from: string,
  through: string,
  grains: readonly PeriodUnit[],
): number {
  let count = 0;
  for (let day = from; day <= through; count += 1) {
    let next = plus(day, 1);
    for (const unit of grains) {
      if (!begins(settings, unit, day)) continue;
      let after = plus(day, 1);
      while (after <= through && !begins(settings, unit, after)) after = plus(after, 1);
      if (begins(settings, unit, after) && after > next) next = after;
    }
    day = next;
  }
  return count;
}
