import { describe, expect, it, vi } from 'vitest';
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
import type { BoundedUnit } from '../../src/calendar/units.ts';
import { fc } from '../support/properties.ts';
import {
  anySettings,
  anyUnit,
  begins,
  MS_PER_DAY,
  oracleDay,
  plus,
  settingsAndDay,
  settingsAndInstant,
  UNITS,
} from './oracle.ts';

// Much counting, little waiting: a machine that is busy with other tests takes its time.
vi.setConfig({ testTimeout: 240_000 });

describe('for any settings', () => {
  it('the day of an instant is the one that the runtime prints', () => {
    fc.assert(
      fc.property(settingsAndInstant, ([settings, instant]) => {
        expect(dayOf(settings, instant)).toBe(oracleDay(settings, instant.getTime()));
      }),
      { numRuns: 3_000 },
    );
  });

  it('a day begins where the one before ends, and ends where another is printed', () => {
    fc.assert(
      fc.property(settingsAndDay, ([settings, date]) => {
        const start = startOfDay(settings, date);
        const end = endOfDay(settings, date);
        expect(end).toEqual(startOfDay(settings, plus(date, 1)));
        const before = oracleDay(settings, start.getTime() - 1);
        expect(before < date).toBe(true);
        expect(oracleDay(settings, end.getTime()) > date).toBe(true);
        if (start.getTime() === end.getTime()) return;
        expect(oracleDay(settings, start.getTime())).toBe(date);
        expect(oracleDay(settings, end.getTime() - 1)).toBe(date);
        expect(dayOf(settings, noonOf(settings, date))).toBe(date);
      }),
      { numRuns: 1_500 },
    );
  });

  it('a period holds its day, begins where its unit begins, and nowhere else within', () => {
    fc.assert(
      fc.property(settingsAndDay, anyUnit, ([settings, date], unit) => {
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
      fc.property(settingsAndDay, anyUnit, ([settings, date], unit) => {
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
      fc.property(settingsAndInstant, anyUnit, ([settings, instant], unit) => {
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
      .map((units) => [...new Set<BoundedUnit>(['DAY', ...units])]);
    fc.assert(
      fc.property(
        settingsAndDay,
        fc.integer({ min: 0, max: 900 }),
        anyGrains,
        ([settings, from], length, grains) => {
          const through = plus(from, length);
          const cut = cutIntoGrains(settings, between(settings, from, through), grains);
          const covered: string[] = [];
          for (const { unit, keys } of cut as readonly { unit: BoundedUnit; keys: string[] }[]) {
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
        settingsAndInstant,
        anyUnit,
        fc.integer({ min: 0, max: 40 * MS_PER_DAY }),
        (settings, [, now], unit, later) => {
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
  grains: readonly BoundedUnit[],
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
