import { clockOf } from './clock.ts';
import { type CalendarDate, formatDay, modulo } from './days.ts';
import { TooManyBuckets } from './errors.ts';
import { type BoundedPeriod, between, dayOf, daysOf } from './periods.ts';
import type { CalendarSettings } from './settings.ts';
import { type BoundedUnit, labelOf, spanOf } from './units.ts';
import type { ClockOffset } from './zones.ts';

/** What a time column can be cut by: an hour of the clock, or a unit that begins and ends. */
export type BucketUnit = 'HOUR' | BoundedUnit;

/** Most buckets that a period is cut into unless the caller says otherwise: 27 years of days, 59 weeks of hours. */
export const MAX_BUCKETS = 10_000;

const MS_PER_HOUR = 3_600_000;

/**
 * The part of a unit's period that lies inside the period asked for. SQL needs nothing else to put a moment into its
 * bucket exactly as this room does: with the starts as a sorted array, `width_bucket(at, starts)` is its number,
 * from 1, and 0 before the first.
 */
export interface Bucket {
  /** First day of the whole unit, as `bucketOf` gives it; of an hour its first instant in ISO 8601. */
  readonly key: string;
  /** First and last day of the part inside the period; of an hour the day that it lies in. */
  readonly from: CalendarDate;
  readonly through: CalendarDate;
  /** First instant of that part. */
  readonly start: Date;
  /** First instant after it, which is the start of the next. */
  readonly end: Date;
  /** How the whole unit is called; of an hour what the clock reads: "2017-11-05 01:00", twice with its offset. */
  readonly label: string;
  /** Whether all of the unit lies inside the period. */
  readonly isWhole: boolean;
}

/**
 * The buckets of a unit that a period is cut into, in time order, without gap or overlap, the first and the last
 * perhaps in part. An hour is one of the clock: where the clock is put back, the hour that it reads twice is two
 * buckets, and one that it skips is none.
 * @throws TooManyBuckets when there would be more than `most`
 */
export function bucketsOf(
  settings: CalendarSettings,
  unit: BucketUnit,
  period: BoundedPeriod,
  most: number = MAX_BUCKETS,
): readonly Bucket[] {
  const buckets =
    unit === 'HOUR' ? hoursOf(settings, period, most) : unitsOf(settings, unit, period, most);
  if (buckets.length > most) throw new TooManyBuckets(period.label, unit, most);
  return buckets;
}

/**
 * The days from the one that an instant lies in through that of another: what ALL_TIME is once the first and the last
 * moment of the data are known.
 * @throws DateOutOfRange
 */
export const periodCovering = (
  settings: CalendarSettings,
  first: Date,
  last: Date,
): BoundedPeriod => between(settings, dayOf(settings, first), dayOf(settings, last));

/**
 * What the clock is ahead of UTC during a period, in time order, some two parts a year: what it reads at a moment, and
 * so the hour of the day, is the moment plus the offset of its part. None for a day that the zone skipped.
 */
export const offsetsOf = (
  settings: CalendarSettings,
  { start, end }: BoundedPeriod,
): readonly ClockOffset[] => clockOf(settings).offsetsBetween(start.getTime(), end.getTime());

/** Stops one beyond the limit, so that a question of centuries costs no more than one of years. */
function unitsOf(
  settings: CalendarSettings,
  unit: BoundedUnit,
  period: BoundedPeriod,
  most: number,
): Bucket[] {
  const { from, through } = daysOf(period);
  const buckets: Bucket[] = [];
  for (let day = from; day <= through && buckets.length <= most; ) {
    const whole = spanOf(settings, unit, day);
    const last = Math.min(whole.through, through);
    const isWhole = whole.from === day && whole.through === last;
    buckets.push({
      key: formatDay(whole.from),
      from: formatDay(day),
      through: formatDay(last),
      start: buckets.at(-1)?.end ?? period.start,
      end: new Date(clockOf(settings).startOf(last + 1)),
      label: labelOf(settings, unit, whole),
      isWhole,
    });
    day = last + 1;
  }
  return buckets;
}

function hoursOf(settings: CalendarSettings, period: BoundedPeriod, most: number): Bucket[] {
  // No hour of the clock is longer than one that passes, so that there are at least this many.
  const least = (period.end.getTime() - period.start.getTime()) / MS_PER_HOUR;
  if (least > most) throw new TooManyBuckets(period.label, 'HOUR', most);
  const clock = clockOf(settings);
  const hours = hoursBetween(offsetsOf(settings, period), period.end.getTime());
  const readings = hours.map(readingOf);
  return hours.map((hour, index) => {
    const start = new Date(hour.start);
    const end = hours[index + 1]?.start ?? period.end.getTime();
    const day = formatDay(clock.dayAt(start));
    const reading = readings[index] as string;
    // A clock that is put back reads again what it read at most three hours before.
    const near = readings.slice(Math.max(0, index - 4), index + 5);
    const isTwice = near.filter((other) => other === reading).length > 1;
    return {
      key: start.toISOString(),
      from: day,
      through: day,
      start,
      end: new Date(end),
      label: isTwice ? `${reading} ${writeOffset(hour)}` : reading,
      isWhole: true,
    };
  });
}

/** The hours of a clock that is also cut where it is put forward or back. */
function hoursBetween(offsets: readonly ClockOffset[], end: number): ClockOffset[] {
  const hours: ClockOffset[] = [];
  offsets.forEach(({ start, offset }, index) => {
    const until = offsets[index + 1]?.start ?? end;
    for (let from = start; from < until; ) {
      hours.push({ start: from, offset });
      from += MS_PER_HOUR - modulo(from + offset, MS_PER_HOUR);
    }
  });
  return hours;
}

/** What the clock reads when the hour begins: "2017-11-05 01:00". */
const readingOf = ({ start, offset }: ClockOffset): string =>
  new Date(start + offset).toISOString().slice(0, 16).replace('T', ' ');

/** "+08:00" */
function writeOffset({ offset }: ClockOffset): string {
  const clock = new Date(Math.abs(offset)).toISOString().slice(11, 16);
  return `${offset < 0 ? '-' : '+'}${clock}`;
}
