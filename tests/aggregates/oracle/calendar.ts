// Days, units and hours of a zone, worked out from dates alone: shares nothing with src/calendar.
import { Temporal } from 'temporal-polyfill';

export interface Rules {
  zone: string;
  firstDayOfWeek: number;
  fiscalMonthEnd: number;
  fiscalYearStartMonth: number;
}

/** Days, both included, as YYYY-MM-DD. */
export interface Days {
  from: string;
  through: string;
}

const date = (text: string) => Temporal.PlainDate.from(text);
const clock = (rules: Rules, moment: string) =>
  Temporal.Instant.from(moment).toZonedDateTimeISO(rules.zone);

export const dayOf = (rules: Rules, moment: string): string =>
  clock(rules, moment).toPlainDate().toString();

export const startOf = (rules: Rules, day: string): number =>
  date(day).toZonedDateTime(rules.zone).epochMilliseconds;

export const nextDay = (day: string): string => date(day).add({ days: 1 }).toString();
export const dayBefore = (day: string): string => date(day).subtract({ days: 1 }).toString();

export const hourOfDay = (rules: Rules, moment: string): number => clock(rules, moment).hour;
export const dayOfWeek = (day: string): number => date(day).dayOfWeek;

/** The first moment of the hour that the clock shows. */
export const hourStart = (rules: Rules, moment: string): string =>
  new Date(
    clock(rules, moment).round({ smallestUnit: 'hour', roundingMode: 'floor' }).epochMilliseconds,
  ).toISOString();

/** The first day of the unit that a day lies in. */
export function unitStart(rules: Rules, unit: string, day: string): string {
  const d = date(day);
  const month = d.with({ day: 1 });
  switch (unit) {
    case 'DAY':
      return day;
    case 'WEEK':
      return d.subtract({ days: (d.dayOfWeek - rules.firstDayOfWeek + 7) % 7 }).toString();
    case 'TEN_DAYS':
      return d.with({ day: d.day > 20 ? 21 : d.day > 10 ? 11 : 1 }).toString();
    case 'MONTH':
      return month.toString();
    case 'QUARTER':
      return month.with({ month: d.month - ((d.month - 1) % 3) }).toString();
    case 'HALF_YEAR':
      return month.with({ month: d.month > 6 ? 7 : 1 }).toString();
    case 'YEAR':
      return month.with({ month: 1 }).toString();
    case 'FISCAL_MONTH':
      return afterClosing(rules, fiscalMonth(rules, day).subtract({ months: 1 }));
    case 'FISCAL_QUARTER':
    case 'FISCAL_YEAR': {
      const closing = fiscalMonth(rules, day);
      const length = unit === 'FISCAL_YEAR' ? 12 : 3;
      const within = (closing.month - rules.fiscalYearStartMonth + 12) % length;
      return afterClosing(rules, closing.subtract({ months: within + 1 }));
    }
    default:
      throw new Error(`the oracle knows no ${unit}`);
  }
}

/** The first of the calendar month that a fiscal month is named by. */
function fiscalMonth(rules: Rules, day: string): Temporal.PlainDate {
  const d = date(day);
  const month = d.with({ day: 1 });
  return d.day <= Math.min(rules.fiscalMonthEnd, d.daysInMonth) ? month : month.add({ months: 1 });
}

const afterClosing = (rules: Rules, month: Temporal.PlainDate): string =>
  month
    .with({ day: Math.min(rules.fiscalMonthEnd, month.daysInMonth) })
    .add({ days: 1 })
    .toString();

export function unitAround(rules: Rules, unit: string, day: string): Days {
  const from = unitStart(rules, unit, day);
  let through = day;
  while (unitStart(rules, unit, nextDay(through)) === from) through = nextDay(through);
  return { from, through };
}

/** Where each unit begins inside of days, in order; the first perhaps later than the unit. */
export function unitsWithin(rules: Rules, unit: string, { from, through }: Days): string[] {
  const starts: string[] = [];
  let last = '';
  for (let day = from; day <= through; day = nextDay(day)) {
    const start = unitStart(rules, unit, day);
    if (start !== last) starts.push(day);
    last = start;
  }
  return starts;
}

export function hoursWithin(rules: Rules, { from, through }: Days): string[] {
  const hours = new Set<string>();
  const end = startOf(rules, nextDay(through));
  for (let at = startOf(rules, from); at < end; at += 900_000) {
    hours.add(hourStart(rules, new Date(at).toISOString()));
  }
  return [...hours];
}

const daysBetween = (a: string, b: string): number => date(a).until(date(b)).days;

/** The days that others are compared with. `unit`: what they are one whole of, or null. */
export function comparedDays(rules: Rules, days: Days, unit: string | null, how: string): Days {
  switch (how) {
    case 'PREVIOUS_PERIOD':
      return unit ? unitAround(rules, unit, dayBefore(days.from)) : daysBefore(days);
    case 'PREVIOUS_SAME_LENGTH':
      return daysBefore(days);
    case 'SAME_PERIOD_LAST_YEAR':
      return lastYear(rules, days, unit);
    default: {
      const { from } = lastYear(rules, days, unit);
      const length = daysBetween(days.from, days.through);
      return { from, through: date(from).add({ days: length }).toString() };
    }
  }
}

function daysBefore(days: Days): Days {
  const length = daysBetween(days.from, days.through) + 1;
  const through = dayBefore(days.from);
  return { from: date(days.from).subtract({ days: length }).toString(), through };
}

function lastYear(rules: Rules, days: Days, unit: string | null): Days {
  const back = (day: string) => date(day).subtract({ years: 1 }).toString();
  if (unit) return unitAround(rules, unit, back(days.through));
  return { from: back(days.from), through: back(days.through) };
}
