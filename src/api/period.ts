import { CalendarError } from '../calendar/errors.ts';
import { NAMED_PERIODS, type NamedPeriod, type PeriodInput } from '../calendar/named-periods.ts';
import type { Period } from '../calendar/periods.ts';
import { PERIOD_UNITS, type PeriodUnit } from '../calendar/units.ts';
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

export const PeriodType = builder.objectRef<Period>('Period').implement({
  description: 'A run of whole days in the time zone of the organization, or all of time.',
  fieldsDependOn: { organization: ['unit', 'from', 'through', 'label'] },
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
