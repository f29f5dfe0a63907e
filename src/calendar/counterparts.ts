import { type Bucket, type BucketUnit, bucketsOf } from './buckets.ts';
import { previousPeriod, samePeriodLastYear } from './comparisons.ts';
import {
  addMonths,
  type DayNumber,
  dayNumber,
  dayOfMonth,
  formatDay,
  requireInRange,
} from './days.ts';
import { type BoundedPeriod, daysOf, periodOfDays } from './periods.ts';
import type { CalendarSettings } from './settings.ts';
import { FISCAL_MONTHS, MONTHS, numberOfWeek, spanAYearBefore, spanOf } from './units.ts';

/** What a period can be compared with. */
export const COMPARISONS = {
  PREVIOUS_PERIOD:
    'The period of the same unit before it; of one to date as many days from the beginning of the unit before; of other days as many just before.',
  PREVIOUS_SAME_LENGTH:
    'As many days just before it, also where the unit before has more or fewer.',
  SAME_PERIOD_LAST_YEAR:
    'The same place in the calendar a year before: the same month, the week of the same number, days of the same dates.',
  SAME_LENGTH_LAST_YEAR: 'As many days, from where the same period began a year before.',
} as const;

/** What a period is compared with. */
export type Comparison = keyof typeof COMPARISONS;

/**
 * The period that another is compared with.
 * @throws DateOutOfRange when that would lie outside the years 1900 to 2200
 */
export function comparedPeriod(
  settings: CalendarSettings,
  period: BoundedPeriod,
  comparison: Comparison,
): BoundedPeriod {
  const { from, through } = daysOf(period);
  switch (comparison) {
    case 'PREVIOUS_PERIOD':
      return bounded(previousPeriod(settings, period));
    case 'SAME_PERIOD_LAST_YEAR':
      return bounded(samePeriodLastYear(settings, period));
    case 'PREVIOUS_SAME_LENGTH': {
      const first = requireInRange(from - 1 - (through - from));
      return periodOfDays(settings, { from: first, through: from - 1 });
    }
    case 'SAME_LENGTH_LAST_YEAR': {
      const first = dayNumber(bounded(samePeriodLastYear(settings, period)).from);
      return periodOfDays(settings, { from: first, through: first + through - from });
    }
  }
}

/** A bucket and the one that it is compared with; null where that has none. */
export interface BucketPair {
  readonly bucket: Bucket;
  readonly counterpart: Bucket | null;
}

/**
 * Each bucket of a period with its counterpart in the period that it is compared with. By place in the calendar that is
 * the same day of the month, third of a month, month and so on, or the week of the same number; by length, and where
 * the calendar gives no such place, the one as many buckets from the beginning. An hour's is the same reading of the
 * clock on the day's counterpart, the first of two with the first of two. None is counted twice: February 29, week 53,
 * the 31st beside a month of 30 days and the second reading of an hour have none where there is none, rather than the
 * nearest; a counterpart that no bucket has is in the compared total only.
 * @throws TooManyBuckets, DateOutOfRange
 */
export function bucketPairs(
  settings: CalendarSettings,
  unit: BucketUnit,
  period: BoundedPeriod,
  comparison: Comparison,
  most?: number,
): readonly BucketPair[] {
  const compared = comparedPeriod(settings, period, comparison);
  const buckets = bucketsOf(settings, unit, period, most);
  const others = bucketsOf(settings, unit, compared, most);
  const months = monthsBetween(period, comparison);
  const place = placeOf(settings, unit, months);
  if (unit === 'HOUR' || unit === 'DAY') {
    const shift = dayNumber(compared.from) - dayNumber(period.from);
    const dayBefore = (day: DayNumber) => (months === null ? day + shift : sameDate(day, months));
    return pair(
      buckets,
      readingsOf(buckets, dayBefore),
      others,
      readingsOf(others, (day) => day),
    );
  }
  if (!place) {
    return buckets.map((bucket, index) => ({ bucket, counterpart: others[index] ?? null }));
  }
  return pair(
    buckets,
    buckets.map(place),
    others,
    others.map(({ key }) => key),
  );
}

/** How many months lie between a period and what it is compared with; null where they are not compared by months. */
function monthsBetween(period: BoundedPeriod, comparison: Comparison): number | null {
  const unit = period.unit ?? period.toDateOf;
  // A day is compared with a day, also February 29 with the 28th.
  if (unit === 'DAY') return null;
  if (comparison === 'SAME_PERIOD_LAST_YEAR') return unit === 'WEEK' ? null : 12;
  if (comparison !== 'PREVIOUS_PERIOD' || unit === null) return null;
  const lengths: { readonly [unit: string]: number } = { ...MONTHS, ...FISCAL_MONTHS };
  return lengths[unit] ?? null;
}

/** The key of a bucket's counterpart, null for none; no function where buckets have no common place in the calendar. */
function placeOf(
  settings: CalendarSettings,
  unit: BucketUnit,
  months: number | null,
): ((bucket: Bucket) => string | null) | null {
  if (months === null || unit === 'HOUR' || unit === 'DAY') return null;
  if (unit === 'WEEK') return months === 12 ? (bucket) => sameWeek(settings, bucket) : null;
  const isFiscal = unit in FISCAL_MONTHS;
  const lengths: { readonly [unit: string]: number } = { TEN_DAYS: 1, ...MONTHS, ...FISCAL_MONTHS };
  if (months % (lengths[unit] ?? 1) !== 0) return null;
  return ({ key }) => {
    const { from, through } = spanOf(settings, unit, dayNumber(key));
    // A fiscal month is known by the day that it closes on: its first day may lie in either of two months.
    return formatDay(spanOf(settings, unit, addMonths(isFiscal ? through : from, -months)).from);
  };
}

function sameWeek(settings: CalendarSettings, { key }: Bucket): string | null {
  const week = spanOf(settings, 'WEEK', dayNumber(key));
  const before = spanAYearBefore(settings, 'WEEK', week);
  return numberOfWeek(before).week === numberOfWeek(week).week ? formatDay(before.from) : null;
}

/** The same date some months before; null where that month is too short. */
function sameDate(day: DayNumber, months: number): DayNumber | null {
  const before = addMonths(day, -months);
  return dayOfMonth(before) === dayOfMonth(day) ? before : null;
}

/** Days and hours by the day that they stand for, what the clock reads, and how often it has read that before. */
function readingsOf(
  buckets: readonly Bucket[],
  standsFor: (day: DayNumber) => DayNumber | null,
): (string | null)[] {
  const times = new Map<string, number>();
  return buckets.map(({ from, label }) => {
    const day = standsFor(dayNumber(from));
    if (day === null) return null;
    const reading = `${formatDay(day)} ${label.slice(11, 16)}`;
    const before = times.get(reading) ?? 0;
    times.set(reading, before + 1);
    return `${reading} ${before}`;
  });
}

/** Pairs what has the same key; where a change of settings gives two the same, the first takes it. */
function pair(
  buckets: readonly Bucket[],
  keys: readonly (string | null)[],
  others: readonly Bucket[],
  otherKeys: readonly (string | null)[],
): BucketPair[] {
  const free = new Map(others.map((other, index) => [otherKeys[index] ?? '', other]));
  return buckets.map((bucket, index) => {
    const key = keys[index] ?? null;
    const counterpart = key === null ? undefined : free.get(key);
    if (key !== null) free.delete(key);
    return { bucket, counterpart: counterpart ?? null };
  });
}

/** Only all of time has nothing before it. */
function bounded(period: BoundedPeriod | null): BoundedPeriod {
  if (!period) throw new Error('a period that begins and ends has one before it');
  return period;
}
