import { COMPARISONS, type Comparison } from '../calendar/counterparts.ts';
import { CalendarError } from '../calendar/errors.ts';
import { NAMED_PERIODS, type NamedPeriod, type PeriodInput } from '../calendar/named-periods.ts';
import { daysOf, isBounded, type Period } from '../calendar/periods.ts';
import {
  isoWeekOf,
  PERIOD_UNITS,
  type PeriodUnit,
  type WeekNumber,
  weekOf,
} from '../calendar/units.ts';
import { InvalidInput } from '../database/errors.ts';
import { builder } from './builder.ts';
import { described } from './described.ts';

export const PeriodUnitEnum = builder.enumType('PeriodUnit', {
  description: 'What a period is one whole of, in the calendar of the organization.',
  values: described<PeriodUnit>(PERIOD_UNITS),
});

export const NamedPeriodEnum = builder.enumType('NamedPeriod', {
  description: 'A period relative to the present day in the time zone of the organization.',
  values: described<NamedPeriod>(NAMED_PERIODS),
});

export const ComparisonEnum = builder.enumType('Comparison', {
  description: 'What a period is compared with.',
  values: described<Comparison>(COMPARISONS),
});

const PeriodUnitInput = builder.inputType('PeriodUnitInput', {
  description: 'The whole period of a unit that a day lies in.',
  fields: (t) => ({
    unit: t.field({ type: PeriodUnitEnum, required: true, description: 'Of which length.' }),
    containing: t.field({ type: 'Date', required: true, description: 'Any day of it.' }),
  }),
});

const DateRangeInput = builder.inputType('DateRangeInput', {
  description: 'A run of whole days, from the year 1900 to 2200.',
  fields: (t) => ({
    from: t.field({ type: 'Date', required: true, description: 'The first day.' }),
    through: t.field({
      type: 'Date',
      required: true,
      description: 'The last day, itself included.',
    }),
  }),
});

export const PeriodInputType = builder.inputType('PeriodInput', {
  description: 'A period: by name, by unit, or from day to day. Exactly one of the three.',
  isOneOf: true,
  fields: (t) => ({
    named: t.field({ type: NamedPeriodEnum, description: 'Relative to the present day.' }),
    unit: t.field({ type: PeriodUnitInput, description: 'The whole unit around a day.' }),
    between: t.field({ type: DateRangeInput, description: 'From one day through another.' }),
  }),
});

const WeekNumberType = builder.objectRef<WeekNumber>('WeekNumber').implement({
  description:
    'The number of a week in its year: the year that most of its days lie in, counted from 1.',
  fieldsDependOn: { organization: ['year', 'week'] },
  fields: (t) => ({
    year: t.exposeInt('year', { description: 'The year that the week belongs to.' }),
    week: t.exposeInt('week', { description: '1 to 53.' }),
  }),
});

export const PeriodType = builder.objectRef<Period>('Period').implement({
  description: 'A run of whole days in the time zone of the organization, or all of time.',
  fieldsDependOn: {
    organization: ['unit', 'from', 'through', 'start', 'end', 'label', 'isoWeek', 'week'],
  },
  fields: (t) => ({
    unit: t.field({
      type: PeriodUnitEnum,
      nullable: true,
      description: 'The unit that it is one whole of; null for any other run of days.',
      resolve: (period) => period.unit,
    }),
    from: t.field({
      type: 'Date',
      nullable: true,
      description: 'The first day; null for all of time.',
      resolve: (period) => period.from,
    }),
    through: t.field({
      type: 'Date',
      nullable: true,
      description: 'The last day, itself included; null for all of time.',
      resolve: (period) => period.through,
    }),
    start: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'The first moment; null for all of time.',
      resolve: (period) => period.start,
    }),
    end: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'The first moment after it; null for all of time.',
      resolve: (period) => period.end,
    }),
    isoWeek: t.field({
      type: WeekNumberType,
      nullable: true,
      description: 'The week from Monday (ISO 8601) that all of it lies in; null for longer ones.',
      resolve: (period) => (isBounded(period) ? isoWeekOf(daysOf(period)) : null),
    }),
    week: t.field({
      type: WeekNumberType,
      nullable: true,
      description:
        "The week that all of it lies in, from the organization's own first day of the week; null for longer ones.",
      resolve: async (period, _args, ctx) =>
        isBounded(period) ? weekOf(await ctx.calendar(), daysOf(period)) : null,
    }),
    label: t.exposeString('label', {
      description:
        'A short name: 2017-11-03, 2017-W44, 2017-11, 2017-Q4, FM 2017-11, 2017-10-01..2017-10-09.',
    }),
  }),
});

/** Runs what reads a client's period; what the calendar refuses becomes InvalidInput with the argument's path. */
export function readPeriod<Result>(
  read: () => Result,
  path: readonly string[] = ['period'],
): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof CalendarError) throw new InvalidInput(error.message, { path });
    throw error;
  }
}

export type { PeriodInput };
