import {
  addMonths,
  type DayNumber,
  dayNumber,
  dayOfMonth,
  firstOfMonth,
  formatDay,
  lastOfMonth,
  type MonthNumber,
  modulo,
  monthOf,
  weekday,
  yearOf,
} from './days.ts';
import { type CalendarSettings, type PlainSettings, settingsOn } from './settings.ts';

/** Every unit that time is cut into, with what it means. */
export const PERIOD_UNITS = {
  DAY: 'A calendar day in the time zone of the organization.',
  WEEK: 'Seven days from the first day of the week of the organization.',
  TEN_DAYS: 'A third of a month: the days 1 to 10, 11 to 20, and 21 to its end.',
  MONTH: 'A calendar month.',
  QUARTER: 'Three calendar months from January, April, July or October.',
  HALF_YEAR: 'Six calendar months from January or July.',
  YEAR: 'A calendar year.',
  FISCAL_MONTH:
    'From the day after one closing day to the next, named by the month that it closes in: closing on the 25th, fiscal February is January 26 to February 25.',
  FISCAL_QUARTER: 'Three fiscal months, counted from the beginning of the fiscal year.',
  FISCAL_YEAR:
    'Twelve fiscal months from the first month of the fiscal year, named by the year that it closes in.',
  ALL_TIME: 'All of time, without beginning or end.',
} as const;

/** A unit that time is cut into. */
export type PeriodUnit = keyof typeof PERIOD_UNITS;

/** A unit that begins and ends: all of them but ALL_TIME. */
export type BoundedUnit = Exclude<PeriodUnit, 'ALL_TIME'>;

/** Whether a text is the name of a unit. */
export const isPeriodUnit = (text: string): text is PeriodUnit => Object.hasOwn(PERIOD_UNITS, text);

/** A run of days, both ends included. */
export interface DaySpan {
  readonly from: DayNumber;
  readonly through: DayNumber;
}

/** How many calendar months a unit has. */
export const MONTHS = { MONTH: 1, QUARTER: 3, HALF_YEAR: 6, YEAR: 12 } as const;
/** How many fiscal months a unit has. */
export const FISCAL_MONTHS = { FISCAL_MONTH: 1, FISCAL_QUARTER: 3, FISCAL_YEAR: 12 } as const;

/**
 * The days of the period of a unit that a day lies in. Where settings change on a day, periods that end before it are
 * cut by what held before, those that begin on it or after by what holds then; one that would do neither begins as the
 * former say and ends as the latter do.
 */
export function spanOf(settings: CalendarSettings, unit: BoundedUnit, day: DayNumber): DaySpan {
  const { earlier } = settings;
  if (!earlier) return plainSpanOf(settings, unit, day);
  const change = dayNumber(earlier.before);
  if (day < change) {
    const span = spanOf(earlier, unit, day);
    if (span.through < change) return span;
    const next = plainSpanOf(settings, unit, change);
    return { from: span.from, through: next.from === change ? change - 1 : next.through };
  }
  const span = plainSpanOf(settings, unit, day);
  return span.from >= change ? span : { ...span, from: spanOf(earlier, unit, change).from };
}

function plainSpanOf(settings: PlainSettings, unit: BoundedUnit, day: DayNumber): DaySpan {
  switch (unit) {
    case 'DAY':
      return { from: day, through: day };
    case 'WEEK': {
      const from = day - modulo(weekday(day) - settings.firstDayOfWeek, 7);
      return { from, through: from + 6 };
    }
    case 'TEN_DAYS': {
      const month = monthOf(day);
      const from = firstOfMonth(month) + 10 * (thirdOfMonth(day) - 1);
      return { from, through: thirdOfMonth(day) === 3 ? lastOfMonth(month) : from + 9 };
    }
    case 'MONTH':
    case 'QUARTER':
    case 'HALF_YEAR':
    case 'YEAR': {
      const month = monthOf(day);
      const first = month - modulo(month, MONTHS[unit]);
      return { from: firstOfMonth(first), through: lastOfMonth(first + MONTHS[unit] - 1) };
    }
    case 'FISCAL_MONTH':
    case 'FISCAL_QUARTER':
    case 'FISCAL_YEAR': {
      const month = fiscalMonthOf(settings, day);
      const length = FISCAL_MONTHS[unit];
      const first = month - modulo(monthOfFiscalYear(settings, month), length);
      return {
        from: closingDay(settings, first - 1) + 1,
        through: closingDay(settings, first + length - 1),
      };
    }
  }
}

/**
 * The period of the same place in the year before: same date (February 28 for the 29th), same number of
 * week (week 52 for a 53rd that there was not), same month, quarter and so on.
 */
export function spanAYearBefore(
  settings: CalendarSettings,
  unit: BoundedUnit,
  span: DaySpan,
): DaySpan {
  if (unit !== 'WEEK') return spanOf(settings, unit, addMonths(span.through, -12));
  const { year, week } = numberOfWeek(span);
  const sevenDays = firstOfMonth((year - 1) * 12) + 7 * (week - 1);
  // The week of that number is the one whose middle lies in the year's n-th seven days.
  const middle = sevenDays + modulo(weekday(span.from + 3) - weekday(sevenDays), 7);
  return spanOf(settings, unit, yearOf(monthOf(middle)) === year - 1 ? middle : middle - 7);
}

/**
 * How a period of a unit is called: "2017-11-03", "2017-W44", "2017-11 T1", "2017-Q4", "FM 2017-11". One that a change
 * of settings made shorter or longer is called by its days.
 */
export function labelOf(settings: CalendarSettings, unit: BoundedUnit, span: DaySpan): string {
  const then = settingsOn(settings, span.through);
  const regular = plainSpanOf(then, unit, span.through);
  if (regular.from !== span.from || regular.through !== span.through) return labelOfDays(span);
  return plainLabelOf(then, unit, span);
}

function plainLabelOf(settings: PlainSettings, unit: BoundedUnit, span: DaySpan): string {
  const month = monthOf(span.from);
  switch (unit) {
    case 'DAY':
      return formatDay(span.from);
    case 'WEEK': {
      // Only weeks from Monday have numbers that others agree with (ISO 8601).
      if (settings.firstDayOfWeek !== 1) return labelOfDays(span);
      const { year, week } = numberOfWeek(span);
      return `${year}-W${twoDigits(week)}`;
    }
    case 'TEN_DAYS':
      return `${yearAndMonth(month)} T${thirdOfMonth(span.from)}`;
    case 'MONTH':
      return yearAndMonth(month);
    case 'QUARTER':
      return `${yearOf(month)}-Q${modulo(month, 12) / 3 + 1}`;
    case 'HALF_YEAR':
      return `${yearOf(month)}-H${modulo(month, 12) / 6 + 1}`;
    case 'YEAR':
      return String(yearOf(month));
    case 'FISCAL_MONTH':
      return `FM ${yearAndMonth(monthOf(span.through))}`;
    case 'FISCAL_QUARTER': {
      const closing = monthOf(span.through);
      const quarter = Math.floor(monthOfFiscalYear(settings, closing) / 3) + 1;
      return `FQ ${fiscalYearOf(settings, closing)}-Q${quarter}`;
    }
    case 'FISCAL_YEAR':
      return `FY ${yearOf(monthOf(span.through))}`;
  }
}

/** How a run of days is called: "2017-10-01..2017-12-31", or the day alone. */
export const labelOfDays = ({ from, through }: DaySpan): string =>
  from === through ? formatDay(from) : `${formatDay(from)}..${formatDay(through)}`;

/** The day that a fiscal month closes on. */
const closingDay = (settings: PlainSettings, month: MonthNumber): DayNumber =>
  Math.min(firstOfMonth(month) + settings.fiscalMonthEnd - 1, lastOfMonth(month));

/** The month that names the fiscal month which a day lies in. */
function fiscalMonthOf(settings: PlainSettings, day: DayNumber): MonthNumber {
  const month = monthOf(day);
  return day <= closingDay(settings, month) ? month : month + 1;
}

/** Which month of its fiscal year a fiscal month is, from 0. */
const monthOfFiscalYear = (settings: PlainSettings, month: MonthNumber): number =>
  modulo(month - (settings.fiscalYearStartMonth - 1), 12);

/** The year that names a fiscal year: the one that its twelfth month closes in. */
const fiscalYearOf = (settings: PlainSettings, month: MonthNumber): number =>
  yearOf(month - monthOfFiscalYear(settings, month) + 11);

/** Which third of its month a day lies in: 1, 2 or 3; the 31st belongs to the third. */
const thirdOfMonth = (day: DayNumber): number => Math.min(Math.ceil(dayOfMonth(day) / 10), 3);

/** The number of a week in its year: the one that most of its days lie in (its fourth day), as in ISO 8601. */
export interface WeekNumber {
  readonly year: number;
  /** 1 to 53. */
  readonly week: number;
}

/** The ISO week that a run of days lies in; null where it lies in several. */
export const isoWeekOf = (span: DaySpan): WeekNumber | null => weekFrom(span, 1);

/** The week of the organization that a run of days lies in; null where it lies in several. */
export function weekOf(settings: CalendarSettings, span: DaySpan): WeekNumber | null {
  const { firstDayOfWeek } = settingsOn(settings, span.through);
  return weekFrom(span, firstDayOfWeek);
}

function weekFrom({ from, through }: DaySpan, firstDayOfWeek: number): WeekNumber | null {
  const first = from - modulo(weekday(from) - firstDayOfWeek, 7);
  return through > first + 6 ? null : numberOfWeek({ from: first, through: first + 6 });
}

/** The number of a week that begins on any day; of one from Monday its ISO number. */
export function numberOfWeek(span: DaySpan): WeekNumber {
  const middle = span.from + 3;
  const year = yearOf(monthOf(middle));
  return { year, week: Math.floor((middle - firstOfMonth(year * 12)) / 7) + 1 };
}

const twoDigits = (value: number): string => String(value).padStart(2, '0');
const yearAndMonth = (month: MonthNumber): string =>
  `${yearOf(month)}-${twoDigits(modulo(month, 12) + 1)}`;
