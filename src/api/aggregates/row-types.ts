import type { InputRef, ObjectRef, OutputRef } from '@pothos/core';
import type { Dataset } from '../../aggregates/dataset.ts';
import { builder, type Types } from '../builder.ts';
import type { Context } from '../context.ts';
import { SortDirection } from '../sort-direction.ts';
import type { AggregateEnums } from './enums.ts';
import { keyType } from './key-type.ts';
import { derivedOf, measureOf } from './plan.ts';
import { recordsOf } from './records.ts';
import { DecimalFigures, DecimalPercents } from './shared-types.ts';
import {
  decimalView,
  differenceView,
  type FiguresView,
  percentView,
  previousView,
  type RowView,
} from './view.ts';

type AnyType = OutputRef<unknown>;

export interface RowOptions {
  dataset: Dataset;
  filter: InputRef<unknown>;
  /** The types of keys that are records, or values of an enum; the others are texts. */
  shows: Readonly<Record<string, AnyType>>;
  team: AnyType;
  /** What is behind a row, where that can be read one by one. */
  node?: ObjectRef<Types, never>;
  connection?: unknown;
  /** What stands for a record in texts: `opportunities`. */
  plural: string;
}

type Fields<View> = PothosSchemaTypes.ObjectFieldBuilder<Types, View>;

/** The types of a row of the answer and of all below it. */
export function rowTypes(options: RowOptions, enums: AggregateEnums) {
  const { dataset } = options;
  const figures = builder.objectRef<FiguresView>(`${dataset.name}Figures`).implement({
    description: `Figures of the same ${options.plural} at another time, or by how much they have changed.`,
    fields: (t) => figureFields(t, options, enums, false),
  });
  const percents = builder.objectRef<FiguresView>(`${dataset.name}Percents`).implement({
    description:
      'By how many percent the figures have changed, four decimals at most; null where there is nothing to compare with, or that is 0.',
    fields: (t) => figureFields(t, options, enums, true),
  });
  const key = keyType(options);
  return builder.objectRef<RowView>(`${dataset.name}AggregateRow`).implement({
    description: `Figures over some of the ${options.plural} that the caller may see: those of a group, a subtotal, the rest or all.`,
    fields: (t) => ({
      key: t.field({
        type: key,
        nullable: true,
        description: 'What the row stands for; null for `others` and `totals`.',
        resolve: (view) => ((view.row.level ?? 0) > 0 ? view : null),
      }),
      level: t.int({
        nullable: true,
        description: 'By how many of the keys it is grouped, from the first; null for `others`.',
        resolve: ({ row }) => row.level,
      }),
      ...figureFields(t, options, enums, false),
      ...derivedFields(t, options, enums),
      ...comparedFields(t, figures, percents),
      ...(options.node && { records: recordsField(t, options) }),
    }),
  });
}

/** Aliases with filters of their own are what these are for. */
function figureFields<View extends FiguresView>(
  t: Fields<View>,
  { dataset, filter }: RowOptions,
  { distinctFields }: AggregateEnums,
  isPercent: boolean,
) {
  const where = () => t.arg({ type: filter, description: 'Only those that also meet this.' });
  const figure = (name: string, description: string, args: object, type: 'Int' | 'Decimal') =>
    t.field({
      type: isPercent ? 'Decimal' : type,
      nullable: (isPercent || name === 'ratio') as true,
      description,
      args: args as never,
      resolve: (view: View, given: Record<string, unknown>) =>
        view.figure(measureOf(name, given) as never) as never,
    } as never);
  return {
    count: figure('count', 'How many.', { where: where() }, 'Int'),
    ratio: figure(
      'ratio',
      'How many meet `of`, for each that meets `to`: four decimals at most; null when none does.',
      {
        of: t.arg({ type: filter, required: true, description: 'What is counted above the line.' }),
        to: t.arg({ type: filter, description: 'What is counted below it. Default: all.' }),
      },
      'Decimal',
    ),
    distinct: figure(
      'distinct',
      'How many different ones there are; the unknown is none.',
      {
        field: t.arg({ type: distinctFields as never, required: true, description: 'Of what.' }),
        where: where(),
      },
      'Int',
    ),
    ...Object.fromEntries(
      Object.entries(dataset.decimals).map(([name, { field, description }]) => [
        field,
        t.field({
          type: isPercent ? DecimalPercents : DecimalFigures,
          description,
          args: { where: where() },
          resolve: (view, args) => decimalView(view, name, args.where),
        }),
      ]),
    ),
  };
}

function derivedFields(t: Fields<RowView>, { dataset, filter }: RowOptions, enums: AggregateEnums) {
  const of = () => ({
    of: t.arg({ type: enums.measures as never, required: true, description: 'Of which figure.' }),
    where: t.arg({ type: filter, description: 'The filter of the figure.' }),
  });
  const resolve = (name: string) => (view: RowView, args: Record<string, unknown>) =>
    view.derived(derivedOf(dataset, name, args) as never) as never;
  return {
    share: t.field({
      type: 'Decimal',
      nullable: true,
      description:
        'Its part of the total, 0 to 1, four decimals at most; of a count or a sum. Null but in `groups`, and when the total is 0.',
      args: of(),
      resolve: resolve('share'),
    }),
    running: t.field({
      type: 'Decimal',
      nullable: true,
      description:
        'Its sum from the first bucket through this one, for the same other keys, whatever `having` leaves out. Null but in `groups`.',
      args: {
        ...of(),
        over: t.arg({ type: enums.keys as never, required: true, description: 'Over which time.' }),
      },
      resolve: resolve('running'),
    }),
    rank: t.field({
      type: 'Int',
      nullable: true,
      description:
        'Its place among all groups, whatever `having` leaves out: equal ones share it (1, 2, 2, 4). Null but in `groups`.',
      args: {
        ...of(),
        to: t.arg({ type: filter, description: 'Of a ratio: below the line.' }),
        p: t.arg.float({ description: 'Of a percentile: which part, 0 to 1.' }),
        within: t.arg({
          type: [enums.keys as never],
          description: 'Only among the groups that have these keys in common. Default: all.',
        }),
        direction: t.arg({
          type: SortDirection,
          required: true,
          defaultValue: 'DESC',
          description: 'Which end is first.',
        }),
      } as never,
      resolve: resolve('rank'),
    }),
  };
}

function comparedFields(
  t: Fields<RowView>,
  figures: ObjectRef<Types, FiguresView>,
  percents: ObjectRef<Types, FiguresView>,
) {
  return {
    previous: t.field({
      type: figures,
      nullable: true,
      description:
        'The figures of the period compared with; null without `compareTo`, and for a bucket that period has not.',
      resolve: previousView,
    }),
    difference: t.field({
      type: figures,
      nullable: true,
      description: 'The figures less those of the period compared with; null as `previous` is.',
      resolve: differenceView,
    }),
    percent: t.field({
      type: percents,
      nullable: true,
      description: 'The differences in percent of `previous`; null as that is.',
      resolve: percentView,
    }),
  };
}

function recordsField(t: Fields<RowView>, { node, connection, plural }: RowOptions) {
  return t.connection(
    {
      type: node,
      nullable: true,
      description: `The ${plural} of the row, in the order of making; null for \`others\`.`,
      complexity: ({ first, last }: { first?: number | null; last?: number | null }) => ({
        field: 20,
        multiplier: first ?? last ?? 20,
      }),
      resolve: (view: RowView, args: object, ctx: Context, info: never) =>
        view.row.level === null ? null : recordsOf(ctx, info, view, args),
    } as never,
    connection as never,
  );
}
