import { type CalendarDate, formatDay } from './days.ts';
import { GrainsDoNotFit } from './errors.ts';
import { ALL_TIME_BUCKET, daysOf, isBounded, type Period } from './periods.ts';
import type { CalendarSettings } from './settings.ts';
import { type BoundedUnit, PERIOD_UNITS, type PeriodUnit, spanOf } from './units.ts';

/** The buckets of one unit that are part of a period, by their keys, in order. */
export interface GrainBuckets {
  readonly unit: PeriodUnit;
  /** First days of the buckets: the roll-up keys that `bucketOf` gives. Never empty. */
  readonly keys: readonly CalendarDate[];
}

/**
 * Cuts a period into the fewest whole buckets of the grains given; together they cover each of its days
 * exactly once. One entry per unit that is used, smaller units first. Grains need not nest (WEEK beside MONTH).
 * ALL_TIME is its one bucket, whatever the grains. A period of one of the grains is one bucket.
 * Costs some tenths of a microsecond per day of the period and grain.
 * @throws GrainsDoNotFit when the period cannot be put together from them; with DAY it always can
 */
export function cutIntoGrains(
  settings: CalendarSettings,
  period: Period,
  grains: readonly PeriodUnit[],
): readonly GrainBuckets[] {
  if (!isBounded(period)) return [{ unit: 'ALL_TIME', keys: [ALL_TIME_BUCKET] }];
  const { from, through } = daysOf(period);
  const units = largestFirst(grains);
  const buckets = fewestBuckets(settings, from, through, units);
  if (!buckets) throw new GrainsDoNotFit(period.label, grains);

  const keys = units.map((): CalendarDate[] => []);
  for (const [day, grain] of buckets) keys[grain]?.push(formatDay(day));
  return units
    .map((unit, grain) => ({ unit, keys: keys[grain] ?? [] }))
    .filter((entry) => entry.keys.length > 0)
    .reverse();
}

/**
 * The shortest path from the first day to the day after the last, where each bucket that begins on a day
 * and ends within the period is a step. Taking the largest bucket each time would do for grains that nest,
 * but not for weeks beside months.
 */
function fewestBuckets(
  settings: CalendarSettings,
  from: number,
  through: number,
  units: readonly BoundedUnit[],
): [day: number, grain: number][] | null {
  const length = through - from + 1;
  const steps = new Int32Array(length + 1).fill(-1);
  const cameFrom = new Int32Array(length + 1);
  const cameBy = new Int8Array(length + 1);
  steps[0] = 0;
  for (let at = 0; at < length; at += 1) {
    const taken = steps[at] as number;
    if (taken < 0) continue;
    units.forEach((unit, grain) => {
      const span = spanOf(settings, unit, from + at);
      const next = span.through - from + 1;
      if (span.from !== from + at || next > length) return;
      const known = steps[next] as number;
      if (known >= 0 && known <= taken + 1) return;
      steps[next] = taken + 1;
      cameFrom[next] = at;
      cameBy[next] = grain;
    });
  }
  if ((steps[length] as number) < 0) return null;

  const buckets: [number, number][] = [];
  for (let at = length; at > 0; at = cameFrom[at] as number) {
    buckets.push([from + (cameFrom[at] as number), cameBy[at] as number]);
  }
  return buckets.reverse();
}

/** Each unit that begins and ends, once; the larger first. */
const largestFirst = (grains: readonly PeriodUnit[]): BoundedUnit[] =>
  (Object.keys(PERIOD_UNITS) as PeriodUnit[])
    .filter((unit): unit is BoundedUnit => unit !== 'ALL_TIME' && grains.includes(unit))
    .reverse();
