import { DateOutOfRange, InvalidDate } from './errors.ts';

/** A day of the Gregorian calendar without a zone, always written YYYY-MM-DD: "2017-10-01". */
export type CalendarDate = string;

/** A day as a count of days since 1970-01-01: what all arithmetic inside this room is done in. */
export type DayNumber = number;

/** A month as a count of months since year 0: what month, quarter and year arithmetic is done in. */
export type MonthNumber = number;

/** The first day that callers may name. */
export const FIRST_DATE: CalendarDate = '1900-01-01';
/** The last day that callers may name. */
export const LAST_DATE: CalendarDate = '2200-12-31';

const MS_PER_DAY = 86_400_000;
const FIRST_DAY = Date.UTC(1900, 0, 1) / MS_PER_DAY;
const LAST_DAY = Date.UTC(2200, 11, 31) / MS_PER_DAY;
const SHAPE = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Whether a text is an existing day written YYYY-MM-DD, in the years 1900 to 2200. */
export function isCalendarDate(text: string): boolean {
  const day = readDay(text);
  return day !== null && isInRange(day);
}

/**
 * The number of a day that a caller has named.
 * @throws InvalidDate when the text is not an existing day
 * @throws DateOutOfRange outside the years 1900 to 2200
 */
export function parseDay(text: CalendarDate): DayNumber {
  const day = readDay(text);
  if (day === null) throw new InvalidDate(text);
  return requireInRange(day);
}

/** Hands the day back, or throws `DateOutOfRange` outside the years 1900 to 2200. */
export function requireInRange(day: DayNumber): DayNumber {
  if (!isInRange(day)) throw new DateOutOfRange(formatDay(day));
  return day;
}

/** The number of a day that this room has written itself; its edges may lie just outside the range. */
export const dayNumber = (date: CalendarDate): DayNumber => Date.parse(date) / MS_PER_DAY;

/** Writes a day as YYYY-MM-DD. By hand, because `toISOString` was most of what a bucket key cost. */
export function formatDay(day: DayNumber): CalendarDate {
  const date = new Date(day * MS_PER_DAY);
  const month = date.getUTCMonth() + 1;
  const ofMonth = date.getUTCDate();
  const year = String(date.getUTCFullYear()).padStart(4, '0');
  return `${year}-${month < 10 ? '0' : ''}${month}-${ofMonth < 10 ? '0' : ''}${ofMonth}`;
}

/** The UTC day that an instant lies in; a first guess at the day in any zone. */
export const utcDay = (instant: number): DayNumber => Math.floor(instant / MS_PER_DAY);

/** ISO day of the week: 1 is Monday, 7 is Sunday. */
export const weekday = (day: DayNumber): number => modulo(day + 3, 7) + 1;

/** The calendar month that a day lies in. */
export function monthOf(day: DayNumber): MonthNumber {
  const date = new Date(day * MS_PER_DAY);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** Day of the month, from 1. */
export const dayOfMonth = (day: DayNumber): number => new Date(day * MS_PER_DAY).getUTCDate();

/** The year of a month. */
export const yearOf = (month: MonthNumber): number => Math.floor(month / 12);

/** The first day of a month. */
export const firstOfMonth = (month: MonthNumber): DayNumber =>
  Date.UTC(yearOf(month), modulo(month, 12), 1) / MS_PER_DAY;

/** The last day of a month. */
export const lastOfMonth = (month: MonthNumber): DayNumber => firstOfMonth(month + 1) - 1;

/** The same day of another month, or that month's last day where it is shorter. */
export const addMonths = (day: DayNumber, months: number): DayNumber => {
  const month = monthOf(day) + months;
  return Math.min(firstOfMonth(month) + dayOfMonth(day) - 1, lastOfMonth(month));
};

/** The remainder that is never negative. */
export const modulo = (value: number, divisor: number): number =>
  ((value % divisor) + divisor) % divisor;

const isInRange = (day: DayNumber): boolean => day >= FIRST_DAY && day <= LAST_DAY;

/** Any existing day of a four-digit year, else null; `Date` alone would roll 02-30 over into March. */
function readDay(text: string): DayNumber | null {
  const parts = typeof text === 'string' ? SHAPE.exec(text) : null;
  if (!parts) return null;
  const instant = Date.parse(text);
  if (Number.isNaN(instant)) return null;
  const day = instant / MS_PER_DAY;
  return formatDay(day) === text ? day : null;
}
