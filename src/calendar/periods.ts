import { Temporal } from 'temporal-polyfill';
import { clockOf, noonOn } from './clock.ts';
import {
  type CalendarDate,
  type DayNumber,
  dayNumber,
  formatDay,
  parseDay,
  requireInRange,
} from './days.ts';
import { InvalidPeriod } from './errors.ts';
import type { CalendarSettings } from './settings.ts';
import {
  type DaySpan,
  isPeriodUnit,
  labelOf,
  labelOfDays,
  type PeriodUnit,
  spanOf,
} from './units.ts';

/** The key of the one bucket of ALL_TIME; no other bucket begins on this day. */
export const ALL_TIME_BUCKET: CalendarDate = '0001-01-01';

/** A run of whole days in an organization's zone, or all of time. */
export interface Period {
  /** The unit that this is one whole period of; null for any other run of days. */
  readonly unit: PeriodUnit | null;
  /** For a period "to date", the unit whose beginning it is; else null. */
  readonly toDateOf: PeriodUnit | null;
  /** First day; null for ALL_TIME. */
  readonly from: CalendarDate | null;
  /** Last day, itself included; null for ALL_TIME. */
  readonly through: CalendarDate | null;
  /** First instant; null for ALL_TIME. */
  readonly start: Date | null;
  /** First instant after the period; null for ALL_TIME. */
  readonly end: Date | null;
  /** A short name in ASCII: "2017-11-03", "2017-W44", "2017-Q4", "FM 2017-11", "2017-10-01..2017-10-09". */
  readonly label: string;
}

/** A period that begins and ends. */
export interface BoundedPeriod extends Period {
  readonly from: CalendarDate;
  readonly through: CalendarDate;
  readonly start: Date;
  readonly end: Date;
}

/** All of time. */
export const ALL_TIME: Period = Object.freeze({
  unit: 'ALL_TIME',
  toDateOf: null,
  from: null,
  through: null,
  start: null,
  end: null,
  label: 'all time',
});

/** Whether a period begins and ends. */
export const isBounded = (period: Period): period is BoundedPeriod => period.from !== null;

/**
 * The day that an instant lies in, in the organization's zone.
 * @throws DateOutOfRange outside the years 1900 to 2200
 */
export const dayOf = (settings: CalendarSettings, instant: Date): CalendarDate =>
  formatDay(clockOf(settings).dayAt(instant));

/**
 * The first instant of a day: 01:00 where the clock skips midnight. A day that the zone skipped altogether
 * is empty and begins where the next one does.
 * @throws InvalidDate, DateOutOfRange
 */
export const startOfDay = (settings: CalendarSettings, day: CalendarDate): Date =>
  new Date(clockOf(settings).startOf(parseDay(day)));

/**
 * The first instant after a day, which is the start of the next one.
 * @throws InvalidDate, DateOutOfRange
 */
export const endOfDay = (settings: CalendarSettings, day: CalendarDate): Date =>
  new Date(clockOf(settings).startOf(parseDay(day) + 1));

/**
 * Noon of a day: the moment given to what was imported with a day and no time. For a day that the zone
 * skipped this is noon of the next one.
 * @throws InvalidDate, DateOutOfRange
 */
export const noonOf = (settings: CalendarSettings, day: CalendarDate): Date =>
  new Date(noonOn(clockOf(settings), parseDay(day)));

/**
 * The instant at which the clock reads a time on a day, "09:30:00"; the first of two, and where the clock skips it as much
 * later as it skips.
 * @throws InvalidDate, DateOutOfRange
 */
export const instantOn = (settings: CalendarSettings, day: CalendarDate, time: string): Date =>
  new Date(clockOf(settings).at(parseDay(day), Temporal.PlainTime.from(time)));

/**
 * The whole period of a unit that a day lies in. For ALL_TIME the day is not looked at.
 * @throws InvalidPeriod for an unknown unit
 * @throws InvalidDate, DateOutOfRange
 */
export function periodContaining(
  settings: CalendarSettings,
  unit: PeriodUnit,
  day: CalendarDate,
): Period {
  requireUnit(unit);
  return unit === 'ALL_TIME' ? ALL_TIME : periodAt(settings, unit, parseDay(day));
}

/**
 * The days from one to another, both included.
 * @throws InvalidPeriod when it ends before it begins
 * @throws InvalidDate, DateOutOfRange
 */
export function between(
  settings: CalendarSettings,
  from: CalendarDate,
  through: CalendarDate,
): BoundedPeriod {
  const span = { from: parseDay(from), through: parseDay(through) };
  if (span.through < span.from) {
    throw new InvalidPeriod(`A period cannot end (${through}) before it begins (${from}).`);
  }
  return periodOfDays(settings, span);
}

/**
 * The key of the roll-up row that an instant counts in: the first day of its period of the unit, or
 * `ALL_TIME_BUCKET`. Made for imports: some tenths of a microsecond once a day's bounds are known.
 * @throws DateOutOfRange outside the years 1900 to 2200
 */
export function bucketOf(
  settings: CalendarSettings,
  unit: PeriodUnit,
  instant: Date,
): CalendarDate {
  const day = clockOf(settings).dayAt(instant);
  return unit === 'ALL_TIME' ? ALL_TIME_BUCKET : formatDay(spanOf(settings, unit, day).from);
}

/** Throws `InvalidPeriod` unless the text names a unit. */
export function requireUnit(unit: string): asserts unit is PeriodUnit {
  if (!isPeriodUnit(unit)) throw new InvalidPeriod('There is no such unit of time.');
}

/** The whole period of a unit around a day, which is refused outside the years 1900 to 2200. */
export function periodAt(
  settings: CalendarSettings,
  unit: Exclude<PeriodUnit, 'ALL_TIME'>,
  day: DayNumber,
): BoundedPeriod {
  const span = spanOf(settings, unit, requireInRange(day));
  return {
    ...boundsOf(settings, span),
    unit,
    toDateOf: null,
    label: labelOf(settings, unit, span),
  };
}

/** Any run of days; `toDateOf` names the unit that it is the beginning of. */
export function periodOfDays(
  settings: CalendarSettings,
  span: DaySpan,
  toDateOf: Exclude<PeriodUnit, 'ALL_TIME'> | null = null,
): BoundedPeriod {
  requireInRange(span.through);
  return { ...boundsOf(settings, span), unit: null, toDateOf, label: labelOfDays(span) };
}

/** The days of a period that was made in this room. */
export const daysOf = (period: BoundedPeriod): DaySpan => ({
  from: dayNumber(period.from),
  through: dayNumber(period.through),
});

function boundsOf(settings: CalendarSettings, { from, through }: DaySpan) {
  const clock = clockOf(settings);
  return {
    from: formatDay(from),
    through: formatDay(through),
    start: new Date(clock.startOf(from)),
    end: new Date(clock.startOf(through + 1)),
  };
}
