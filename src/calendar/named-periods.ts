import { clockOf } from './clock.ts';
import { dayNumber } from './days.ts';
import { InvalidPeriod } from './errors.ts';
import {
  ALL_TIME,
  between,
  dayOf,
  type Period,
  periodAt,
  periodContaining,
  periodOfDays,
} from './periods.ts';
import type { CalendarSettings } from './settings.ts';
import { type BoundedUnit, type PeriodUnit, spanOf } from './units.ts';

/** Every period that has a name relative to the present, with what it means. */
export const NAMED_PERIODS = {
  TODAY: 'The present day.',
  YESTERDAY: 'The day before the present one.',
  TOMORROW: 'The day after the present one.',
  THIS_WEEK: 'The present week, whole.',
  LAST_WEEK: 'The week before the present one.',
  NEXT_WEEK: 'The week after the present one.',
  THIS_TEN_DAYS: 'The present third of a month: days 1 to 10, 11 to 20, or 21 to its end.',
  LAST_TEN_DAYS: 'The third of a month before the present one.',
  NEXT_TEN_DAYS: 'The third of a month after the present one.',
  THIS_MONTH: 'The present calendar month, whole.',
  LAST_MONTH: 'The calendar month before the present one.',
  NEXT_MONTH: 'The calendar month after the present one.',
  THIS_QUARTER: 'The present calendar quarter, whole.',
  LAST_QUARTER: 'The calendar quarter before the present one.',
  NEXT_QUARTER: 'The calendar quarter after the present one.',
  THIS_HALF_YEAR: 'The present half of a calendar year, whole.',
  LAST_HALF_YEAR: 'The half of a calendar year before the present one.',
  NEXT_HALF_YEAR: 'The half of a calendar year after the present one.',
  THIS_YEAR: 'The present calendar year, whole.',
  LAST_YEAR: 'The calendar year before the present one.',
  NEXT_YEAR: 'The calendar year after the present one.',
  THIS_FISCAL_MONTH: 'The present fiscal month, whole.',
  LAST_FISCAL_MONTH: 'The fiscal month before the present one.',
  NEXT_FISCAL_MONTH: 'The fiscal month after the present one.',
  THIS_FISCAL_QUARTER: 'The present fiscal quarter, whole.',
  LAST_FISCAL_QUARTER: 'The fiscal quarter before the present one.',
  NEXT_FISCAL_QUARTER: 'The fiscal quarter after the present one.',
  THIS_FISCAL_YEAR: 'The present fiscal year, whole.',
  LAST_FISCAL_YEAR: 'The fiscal year before the present one.',
  NEXT_FISCAL_YEAR: 'The fiscal year after the present one.',
  WEEK_TO_DATE: 'From the first day of the present week through today.',
  MONTH_TO_DATE: 'From the first day of the present calendar month through today.',
  QUARTER_TO_DATE: 'From the first day of the present calendar quarter through today.',
  YEAR_TO_DATE: 'From January 1 through today.',
  FISCAL_MONTH_TO_DATE: 'From the first day of the present fiscal month through today.',
  FISCAL_YEAR_TO_DATE: 'From the first day of the present fiscal year through today.',
  LAST_7_DAYS: 'Seven whole days, today the last of them.',
  LAST_30_DAYS: 'Thirty whole days, today the last of them.',
  LAST_90_DAYS: 'Ninety whole days, today the last of them.',
  LAST_365_DAYS: '365 whole days, today the last of them.',
  ALL_TIME: 'All of time, without beginning or end.',
} as const;

/** The name of a period relative to the present. */
export type NamedPeriod = keyof typeof NAMED_PERIODS;

/** The name of the present period of each unit: what a board of that unit shows unless asked otherwise. */
export const PRESENT_PERIOD = {
  DAY: 'TODAY',
  WEEK: 'THIS_WEEK',
  TEN_DAYS: 'THIS_TEN_DAYS',
  MONTH: 'THIS_MONTH',
  QUARTER: 'THIS_QUARTER',
  HALF_YEAR: 'THIS_HALF_YEAR',
  YEAR: 'THIS_YEAR',
  FISCAL_MONTH: 'THIS_FISCAL_MONTH',
  FISCAL_QUARTER: 'THIS_FISCAL_QUARTER',
  FISCAL_YEAR: 'THIS_FISCAL_YEAR',
  ALL_TIME: 'ALL_TIME',
} as const satisfies Record<PeriodUnit, NamedPeriod>;

/** A period as clients ask for it: exactly one of the three is given. Days are written YYYY-MM-DD. */
export interface PeriodInput {
  readonly named?: NamedPeriod | null;
  readonly unit?: { readonly unit: PeriodUnit; readonly containing: string } | null;
  readonly between?: { readonly from: string; readonly through: string } | null;
}

type Rule =
  | { readonly kind: 'whole'; readonly unit: BoundedUnit; readonly step: -1 | 0 | 1 }
  | { readonly kind: 'toDate'; readonly unit: BoundedUnit }
  | { readonly kind: 'lastDays'; readonly days: number }
  | { readonly kind: 'allTime' };

/** Whether a text is the name of a period. */
export const isNamedPeriod = (text: string): text is NamedPeriod =>
  Object.hasOwn(NAMED_PERIODS, text);

/**
 * The period that a name stands for at a moment.
 * @throws InvalidPeriod for an unknown name
 * @throws DateOutOfRange when `now` or the period lies outside the years 1900 to 2200
 */
export function namedPeriod(settings: CalendarSettings, name: NamedPeriod, now: Date): Period {
  const rule = ruleOf(name);
  if (rule.kind === 'allTime') return ALL_TIME;
  const today = dayNumber(dayOf(settings, now));
  switch (rule.kind) {
    case 'whole': {
      const { from, through } = spanOf(settings, rule.unit, today);
      return periodAt(settings, rule.unit, [from - 1, today, through + 1][rule.step + 1] as number);
    }
    case 'toDate': {
      const { from } = spanOf(settings, rule.unit, today);
      return periodOfDays(settings, { from, through: today }, rule.unit);
    }
    case 'lastDays':
      return periodOfDays(settings, { from: today - rule.days + 1, through: today });
  }
}

/**
 * The period that a client asked for.
 * @throws InvalidPeriod unless exactly one of the three is given, and for unknown names and units
 * @throws InvalidDate, DateOutOfRange
 */
export function resolvePeriod(settings: CalendarSettings, input: PeriodInput, now: Date): Period {
  requireOne(input);
  if (input.named) return namedPeriod(settings, input.named, now);
  if (input.unit) return periodContaining(settings, input.unit.unit, input.unit.containing);
  return between(settings, input.between?.from ?? '', input.between?.through ?? '');
}

/**
 * The first instant after `now` at which a name comes to stand for another period: the end of the present
 * day, week, ... in the organization's zone. Null for what does not move with time: ALL_TIME, a unit around
 * a given day, days from and through, a period already resolved.
 * @throws InvalidPeriod for an unknown name
 * @throws DateOutOfRange when `now` lies outside the years 1900 to 2200
 */
export function nextBoundary(
  settings: CalendarSettings,
  asked: NamedPeriod | PeriodInput | Period,
  now: Date,
): Date | null {
  const name = typeof asked === 'string' ? asked : 'named' in asked ? asked.named : null;
  if (!name) return null;
  const rule = ruleOf(name);
  if (rule.kind === 'allTime') return null;
  const today = dayNumber(dayOf(settings, now));
  const { through } = spanOf(settings, rule.kind === 'whole' ? rule.unit : 'DAY', today);
  return new Date(clockOf(settings).startOf(through + 1));
}

const STEPS = { LAST: -1, THIS: 0, NEXT: 1, YESTERDAY: -1, TODAY: 0, TOMORROW: 1 } as const;

/** The names follow a grammar, so what they mean is read from them rather than listed once more. */
function ruleOf(name: NamedPeriod): Rule {
  if (!isNamedPeriod(name)) throw new InvalidPeriod('There is no period of that name.');
  if (name === 'ALL_TIME') return { kind: 'allTime' };
  if (name === 'TODAY' || name === 'YESTERDAY' || name === 'TOMORROW') {
    return { kind: 'whole', unit: 'DAY', step: STEPS[name] };
  }
  const days = /^LAST_(\d+)_DAYS$/.exec(name)?.[1];
  if (days) return { kind: 'lastDays', days: Number(days) };
  const toDate = /^(.+)_TO_DATE$/.exec(name)?.[1];
  if (toDate) return { kind: 'toDate', unit: toDate as BoundedUnit };
  const [, step, unit] = /^(LAST|THIS|NEXT)_(.+)$/.exec(name) ?? [];
  return {
    kind: 'whole',
    unit: unit as BoundedUnit,
    step: STEPS[step as 'LAST' | 'THIS' | 'NEXT'],
  };
}

function requireOne(input: PeriodInput): void {
  const given = [input.named, input.unit, input.between].filter((part) => part != null).length;
  if (given !== 1) {
    throw new InvalidPeriod(
      `Give exactly one of named, unit and between for a period, not ${given} of them.`,
    );
  }
}
