import { describe, expect, it, vi } from 'vitest';
import { bucketsOf } from '../../src/calendar/buckets.ts';
import { between, dayOf, endOfDay, startOfDay } from '../../src/calendar/periods.ts';
import { changedFrom, inTimeZone, settingsInTurn } from '../../src/calendar/settings.ts';
import { fc } from '../support/properties.ts';
import {
  ALL_ZONES,
  anyDate,
  anySettings,
  anyUnit,
  begins,
  changingSettings,
  MS_PER_DAY,
  offsetAt,
  oracleDay,
  plus,
  printed,
  settingsAndDay,
} from './oracle.ts';

// Much counting, little waiting: a machine that is busy with other tests takes its time.
vi.setConfig({ testTimeout: 240_000 });

const MS_PER_MINUTE = 60_000;
const MS_PER_HOUR = 3_600_000;
/** Shorter than the shortest summer time, or the shortest break of one. */
const SCAN_STEP = 28 * MS_PER_DAY;
const plain = { firstDayOfWeek: 1, fiscalMonthEnd: 31, fiscalYearStartMonth: 1 };

/** The instants from 1990 to 2040 at which the runtime prints another offset than just before. */
function clockChanges(timeZone: string): number[] {
  const changes: number[] = [];
  const last = Date.UTC(2041, 0);
  let before = offsetAt(timeZone, Date.UTC(1990, 0));
  for (let end = Date.UTC(1990, 0) + SCAN_STEP; end < last; end += SCAN_STEP) {
    const offset = offsetAt(timeZone, end);
    if (offset === before) continue;
    let [low, high] = [end - SCAN_STEP, end];
    while (high - low > 1_000) {
      const middle = low + Math.floor((high - low) / 2_000) * 1_000;
      if (offsetAt(timeZone, middle) === before) low = middle;
      else high = middle;
    }
    changes.push(high);
    before = offset;
  }
  return changes;
}

/** The hours of a day as the clock shows them minute by minute: where it shows a full one, or jumps. */
function hoursShown(timeZone: string, start: number, end: number): number[] {
  const starts: number[] = [];
  for (let at = start; at < end; at += MS_PER_MINUTE) {
    const shown = printed(timeZone, at);
    const jumps = offsetAt(timeZone, at) !== offsetAt(timeZone, at - MS_PER_MINUTE);
    if (shown.endsWith(':00:00') || jumps) starts.push(at);
  }
  return starts;
}

describe('in every zone of the runtime, from 1990 to 2040', () => {
  it('days are those that its clock shows around each change of the clock', {
    timeout: 120_000,
  }, () => {
    let checked = 0;
    for (const timeZone of ALL_ZONES) {
      const settings = { ...plain, timeZone };
      for (const change of clockChanges(timeZone)) {
        const day = oracleDay(settings, change);
        for (const instant of [change - 1_000, change, change + 3 * MS_PER_HOUR]) {
          const known = oracleDay(settings, instant);
          if (dayOf(settings, new Date(instant)) !== known) {
            expect.fail(`${timeZone} ${new Date(instant).toISOString()} is not ${known}`);
          }
        }
        const start = startOfDay(settings, day).getTime();
        if (oracleDay(settings, start) !== day || oracleDay(settings, start - 1_000) >= day) {
          expect.fail(`${timeZone} ${day} does not begin at ${new Date(start).toISOString()}`);
        }
        checked += 1;
      }
    }
    // Some 250 zones change their clocks, most of them twice a year.
    expect(checked).toBeGreaterThan(10_000);
  });

  it('an hour begins where the clock shows a full one or jumps, and nowhere else', () => {
    const zoneAndChange = fc.constantFrom(...ALL_ZONES).chain((timeZone) =>
      fc.tuple(
        fc.constant(timeZone),
        fc.nat(),
        anyDate.filter((date) => date > '1975'),
      ),
    );
    fc.assert(
      fc.property(zoneAndChange, ([timeZone, index, date]) => {
        const settings = { ...plain, timeZone };
        const changes = clockChanges(timeZone);
        const change = changes[index % Math.max(changes.length, 1)];
        const day = change === undefined ? date : oracleDay(settings, change);
        const hours = bucketsOf(settings, 'HOUR', between(settings, day, day));
        const start = startOfDay(settings, day).getTime();
        const end = endOfDay(settings, day).getTime();
        expect(hours.map((hour) => hour.start.getTime())).toEqual(hoursShown(timeZone, start, end));
        expect(hours.at(-1)?.end.getTime() ?? end).toBe(end);
        expect(new Set(hours.map(({ label }) => label)).size).toBe(hours.length);
        for (const hour of hours) {
          expect(hour.label.startsWith(printed(timeZone, hour.start.getTime()).slice(0, 16))).toBe(
            true,
          );
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('the buckets of any period', () => {
  it('tile it, begin where their unit does, and name it', () => {
    fc.assert(
      fc.property(settingsAndDay, anyUnit, fc.nat(500), ([settings, from], unit, length) => {
        const period = between(settings, from, plus(from, length));
        const buckets = bucketsOf(settings, unit, period);
        expect(buckets[0]?.start).toEqual(period.start);
        expect(buckets.at(-1)?.end).toEqual(period.end);
        const firsts: string[] = [];
        for (let day = from; day <= period.through; day = plus(day, 1)) {
          if (day === from || begins(settings, unit, day)) firsts.push(day);
        }
        expect(buckets.map((bucket) => bucket.from)).toEqual(firsts);
        buckets.forEach((bucket, index) => {
          const next = buckets[index + 1];
          const isWhole =
            bucket.key === bucket.from && begins(settings, unit, plus(bucket.through, 1));
          const isRight =
            bucket.end.getTime() === (next?.start ?? period.end).getTime() &&
            plus(bucket.through, 1) === (next?.from ?? plus(period.through, 1)) &&
            begins(settings, unit, bucket.key) &&
            bucket.isWhole === isWhole;
          if (!isRight) expect.fail(`${bucket.label} of ${period.label} by ${unit}`);
        });
      }),
      { numRuns: 300 },
    );
  });
});

describe('settings that change from a day', () => {
  it('leave the days before as they were, and hold from it on', () => {
    fc.assert(
      fc.property(
        changingSettings,
        anySettings,
        anyDate,
        anyDate,
        (settings, changed, from, date) => {
          const after = changedFrom(settings, changed, from);
          const inForce = (all: typeof settings, day: string) =>
            settingsInTurn(all).find((one) => one.from === null || one.from <= day);
          const expected = date < from ? inForce(settings, date) : changed;
          expect({ ...inForce(after, date), from: null }).toEqual({ ...expected, from: null });
          const days = settingsInTurn(after).map((one) => one.from);
          expect(days).toEqual([...days].sort((a, b) => ((a ?? '') < (b ?? '') ? 1 : -1)));
          expect(days.at(-1)).toBeNull();
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('stand in a named zone on all days, with weeks and fiscal months as they are', () => {
    fc.assert(
      fc.property(changingSettings, fc.constantFrom(...ALL_ZONES), (settings, timeZone) => {
        const there = settingsInTurn(inTimeZone(settings, timeZone));
        expect(there).toEqual(settingsInTurn(settings).map((one) => ({ ...one, timeZone })));
      }),
      { numRuns: 200 },
    );
  });
});
