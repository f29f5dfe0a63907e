import { GRAINS, type Grain } from '../../aggregates/dataset.ts';
import type { DecimalMeasure } from '../../aggregates/question.ts';
import type { Figure } from '../../aggregates/run.ts';
import { builder, type Types } from '../builder.ts';
import { described } from '../described.ts';

/** The figures of one decimal, in the period or as a change. */
export interface DecimalView {
  figure(kind: DecimalMeasure, p?: number): Figure;
}

export const TimeGrain = builder.enumType('TimeGrain', {
  description: 'What a time is grouped by, in the calendar of the organization.',
  values: described<Grain>(GRAINS),
});

export interface BucketView {
  number: number;
  label: string;
  from: string | null;
  through: string | null;
  start: Date | null;
  end: Date | null;
}

export const TimeBucket = builder.objectRef<BucketView>('TimeBucket').implement({
  description: 'A run of time that groups are made by, or a day of the week or hour of the day.',
  fields: (t) => ({
    number: t.exposeInt('number', {
      description:
        'Its place in the period, from 1; of DAY_OF_WEEK 1 (Monday) to 7, of HOUR_OF_DAY 0 to 23.',
    }),
    label: t.exposeString('label', {
      description: 'A short name: 2017-11-03, 2017-W44, 2017-11, 2017-Q4, FM 2017-11, Mon, 09:00.',
    }),
    from: t.expose('from', {
      type: 'Date',
      nullable: true,
      description: 'The first day inside the period; null for DAY_OF_WEEK and HOUR_OF_DAY.',
    }),
    through: t.expose('through', {
      type: 'Date',
      nullable: true,
      description: 'The last day inside the period, itself included; null as `from` is.',
    }),
    start: t.expose('start', {
      type: 'DateTime',
      nullable: true,
      description: 'The first moment inside the period; null as `from` is.',
    }),
    end: t.expose('end', {
      type: 'DateTime',
      nullable: true,
      description: 'The first moment after it; null as `from` is.',
    }),
  }),
});

export interface BandView {
  from: string | null;
  below: string | null;
}

export const NumberBand = builder.objectRef<BandView>('NumberBand').implement({
  description: 'A range of numbers that groups are made by.',
  fields: (t) => ({
    from: t.expose('from', {
      type: 'Decimal',
      nullable: true,
      description: 'The least number in it; null without bound.',
    }),
    below: t.expose('below', {
      type: 'Decimal',
      nullable: true,
      description: 'The first number above it; null without bound.',
    }),
  }),
});

type Fields = PothosSchemaTypes.ObjectFieldBuilder<Types, DecimalView>;

const DESCRIPTIONS = {
  sum: 'All of them added up; 0 when there are none.',
  avg: 'The mean, with at most four decimals; null without any.',
  min: 'The least; null without any.',
  max: 'The greatest; null without any.',
  median:
    'Half of them are no greater; between two the mean; four decimals at most; null without any.',
  stddev: 'The standard deviation of a sample, four decimals at most; null for fewer than two.',
} as const;

const names = Object.keys(DESCRIPTIONS) as (keyof typeof DESCRIPTIONS)[];

const decimalFields = (t: Fields, isNullable: (name: string) => boolean) => ({
  ...Object.fromEntries(
    names.map((name) => [
      name,
      t.field({
        type: 'Decimal',
        nullable: isNullable(name) as true,
        description: DESCRIPTIONS[name],
        resolve: (view) => view.figure(name.toUpperCase() as DecimalMeasure) as string | null,
      }),
    ]),
  ),
  percentile: t.field({
    type: 'Decimal',
    nullable: true,
    description:
      'That part of them is no greater; interpolated between two; four decimals at most; null without any.',
    args: {
      p: t.arg.float({ required: true, description: 'Which part, 0 to 1: 0.9 is nine in ten.' }),
    },
    resolve: (view, { p }) => view.figure('PERCENTILE', p) as string | null,
  }),
});

export const DecimalFigures = builder.objectRef<DecimalView>('DecimalFigures').implement({
  description: 'Figures of one decimal over the records of a row; unknown values are left out.',
  fields: (t) => decimalFields(t, (name) => name !== 'sum'),
});

export const DecimalPercents = builder.objectRef<DecimalView>('DecimalPercents').implement({
  description:
    'By how many percent the figures of one decimal have changed, four decimals at most; null where there is nothing to compare with, or that is 0.',
  fields: (t) => decimalFields(t, () => true),
});
