import { clockOf } from './clock.ts';
import { addMonths, requireInRange } from './days.ts';
import {
  type BoundedPeriod,
  daysOf,
  isBounded,
  type Period,
  periodAt,
  periodOfDays,
} from './periods.ts';
import type { CalendarSettings } from './settings.ts';
import { type BoundedUnit, type DaySpan, spanAYearBefore, spanOf } from './units.ts';

/**
 * What a period is compared with first: the one of the same unit before it; for a period to date the same
 * number of days from the beginning of the unit before (never more than that has); for any other run of
 * days as many days just before. Null for ALL_TIME.
 * @throws DateOutOfRange when that would lie before 1900
 */
export function previousPeriod(settings: CalendarSettings, period: Period): BoundedPeriod | null {
  if (!isBounded(period)) return null;
  const span = daysOf(period);
  const unit = boundedUnit(period.unit);
  if (unit) return periodAt(settings, unit, span.from - 1);
  const toDateOf = boundedUnit(period.toDateOf);
  if (toDateOf) {
    const before = spanOf(settings, toDateOf, requireInRange(span.from - 1));
    return beginningOf(settings, toDateOf, before, before.from + span.through - span.from);
  }
  requireInRange(span.from - 1 - (span.through - span.from));
  return periodOfDays(settings, {
    from: span.from - 1 - (span.through - span.from),
    through: span.from - 1,
  });
}

/**
 * The same period a year before: of a unit the one with the same number or name (week 52 where there was
 * no 53rd); any other run of days between the same dates (February 28 for the 29th); a week to date as
 * many days of the same week. Null for ALL_TIME.
 * @throws DateOutOfRange when that would lie before 1900
 */
export function samePeriodLastYear(
  settings: CalendarSettings,
  period: Period,
): BoundedPeriod | null {
  if (!isBounded(period)) return null;
  const span = daysOf(period);
  const unit = boundedUnit(period.unit);
  if (unit) {
    return periodAt(settings, unit, spanAYearBefore(settings, unit, span).through);
  }
  const toDateOf = boundedUnit(period.toDateOf);
  if (toDateOf) {
    const whole = spanOf(settings, toDateOf, span.from);
    const before = spanAYearBefore(settings, toDateOf, whole);
    requireInRange(before.from);
    const through =
      toDateOf === 'WEEK' ? before.from + span.through - span.from : addMonths(span.through, -12);
    return beginningOf(settings, toDateOf, before, through);
  }
  const from = requireInRange(addMonths(span.from, -12));
  return periodOfDays(settings, { from, through: addMonths(span.through, -12) });
}

/**
 * The instant in the previous period at which as much of it had passed as of this one now: the same number
 * of whole days after its start and the same time on the clock, never after its end. "How did we stand
 * this time last month." Before the period begins it is the start of the previous one, after it has ended
 * the end of the previous one. Null for ALL_TIME.
 * @throws DateOutOfRange when either lies outside the years 1900 to 2200
 */
export function elapsedCut(settings: CalendarSettings, period: Period, now: Date): Date | null {
  const previous = previousPeriod(settings, period);
  if (!previous || !isBounded(period)) return null;
  if (now < period.start) return previous.start;
  if (now >= period.end) return previous.end;
  const clock = clockOf(settings);
  const elapsedDays = clock.dayAt(now) - daysOf(period).from;
  const { from, through } = daysOf(previous);
  if (from + elapsedDays > through) return previous.end;
  const day = from + elapsedDays;
  // A day that the zone skipped would otherwise be cut within the next one, and the cut run back a day later.
  return new Date(Math.min(clock.at(day, clock.timeAt(now.getTime())), clock.startOf(day + 1)));
}

/** A unit's period from its beginning through a day, or its end if that is earlier. */
const beginningOf = (
  settings: CalendarSettings,
  unit: BoundedUnit,
  whole: DaySpan,
  through: number,
): BoundedPeriod =>
  periodOfDays(
    settings,
    { from: whole.from, through: Math.max(whole.from, Math.min(through, whole.through)) },
    unit,
  );

const boundedUnit = (unit: Period['unit']): BoundedUnit | null =>
  unit === 'ALL_TIME' ? null : unit;
