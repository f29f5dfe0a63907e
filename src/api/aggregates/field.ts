import type { InputRef } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import type { Condition } from '../../aggregates/question.ts';
import { answerQuestion, type Row } from '../../aggregates/run.ts';
import { encodeLogCursor, identityOf } from '../../events/log-cursor.ts';
import { builder } from '../builder.ts';
import { type Context, viewerOf } from '../context.ts';
import { decodePageCursor, encodePageCursor, type SortOrder } from '../page-cursor.ts';
import { ComparisonEnum, PeriodInputType, PeriodType } from '../period.ts';
import { TeamBasis } from '../team-basis.ts';
import { type AggregateArgs, askedQuestion, type ResolveFilter } from './ask.ts';
import { type AggregateInputs, aggregateEnums, aggregateInputs } from './enums.ts';
import { Plan } from './plan.ts';
import { type RowOptions, rowTypes } from './row-types.ts';
import { selectedBelow } from './selected.ts';
import { type AggregateView, rowView } from './view.ts';

export interface AggregateOptions extends RowOptions {
  /** The field of the root: `opportunityAggregate`. */
  field: string;
  description: string;
  /** The time that a period is about unless said otherwise. */
  periodOf: string;
  resolveFilter: ResolveFilter;
  /** Where the list has a search. */
  search?: { description: string; resolve(ctx: Context, text: string): Condition };
  /** Where it is kept when a record was learned: then a question can be asked as of what was known. */
  recordedAt?: string;
  /** Without a filter: which records a question is about. */
  whereText: string;
}

/** Adds an aggregate to the root: all types that it needs are made from the dataset. */
export function aggregateField(options: AggregateOptions): void {
  const { dataset, plural, filter, field } = options;
  const enums = aggregateEnums(dataset, plural);
  const inputs = aggregateInputs(dataset, plural, filter, enums);
  const row = rowTypes(options, enums);
  const type = answerType(options, row);
  builder.queryField(field as never, (t) =>
    t.field({
      type,
      description: options.description,
      complexity: ({ first }: { first?: number | null }) => ({
        field: 50,
        multiplier: Math.max(first ?? 100, 1),
      }),
      args: argumentsOf(options, enums.times as never, inputs) as never,
      resolve: (_root: unknown, args: never, ctx: Context, info: GraphQLResolveInfo) =>
        resolve(options, args, ctx, info),
    } as never),
  );
}

type RowType = ReturnType<typeof rowTypes>;

function answerType({ dataset, plural }: AggregateOptions, row: RowType) {
  const rows = (pick: (view: AggregateView) => readonly Row[]) => (view: AggregateView) =>
    pick(view).map((one) => rowView(view, one));
  const maybe = (pick: (view: AggregateView) => Row | null) => (view: AggregateView) => {
    const one = pick(view);
    return one ? rowView(view, one) : null;
  };
  return builder.objectRef<AggregateView>(`${dataset.name}Aggregate`).implement({
    description: `The answer to a question about ${plural}, as far as the caller may see them. All its figures are of one moment.`,
    fields: (t) => ({
      asOf: t.field({
        type: 'DateTime',
        description: 'The moment that it is about: the one asked for, or the present.',
        resolve: ({ answer: { question } }) => question.asOf ?? question.now,
      }),
      position: t.field({
        type: 'Cursor',
        description: 'The place in the log that it was read at.',
        resolve: ({ answer }, _args, ctx) =>
          encodeLogCursor({
            epoch: ctx.feed.epoch,
            organizationId: viewerOf(ctx).organizationId,
            position: answer.position,
            identity: identityOf(viewerOf(ctx)),
          }),
      }),
      period: t.field({
        type: PeriodType,
        description: 'The period asked for.',
        resolve: ({ answer }) => answer.question.period,
      }),
      comparedWith: t.field({
        type: PeriodType,
        nullable: true,
        description: 'The period compared with; null without `compareTo`.',
        resolve: ({ answer }) => answer.question.compared,
      }),
      groups: t.field({
        type: [row],
        description: 'The groups of this page, in order; without `groupBy` one of all.',
        complexity: { field: 1, multiplier: 1 },
        resolve: rows(({ answer }) => answer.groups),
      }),
      groupCount: t.int({
        description: 'How many groups there are on all pages.',
        resolve: ({ answer }) => answer.found,
      }),
      pageInfo: t.field({
        type: builder.pageInfoRef(),
        description: 'Where this page lies among the groups.',
        resolve: pageInfoOf,
      }),
      others: t.field({
        type: row,
        nullable: true,
        description:
          'All groups after this page as one, worked out from their records anew; null without `others`, and when there are none.',
        resolve: maybe(({ answer }) => answer.others),
      }),
      subtotals: t.field({
        type: [row],
        description:
          'What the groups of this page have in common with others, by the first key, the first two and so on.',
        complexity: { field: 1, multiplier: 1 },
        resolve: rows(({ answer }) => answer.subtotals),
      }),
      totals: t.field({
        type: row,
        description: 'All records of the question, each once, whatever `having` leaves out.',
        resolve: (view) => {
          if (!view.answer.totals) throw new Error('totals were not worked out');
          return rowView(view, view.answer.totals);
        },
      }),
    }),
  });
}

function argumentsOf(
  { filter, search, periodOf, whereText, recordedAt }: AggregateOptions,
  times: InputRef<string>,
  { groupBy, having, order }: AggregateInputs,
) {
  return builder.args((t) => ({
    where: t.field({ type: filter, description: `Which records. Default: ${whereText}` }),
    ...(search && { search: t.string({ description: search.description }) }),
    period: t.field({ type: PeriodInputType, description: 'When. Default: all of time.' }),
    periodOf: t.field({
      type: times,
      required: true,
      defaultValue: periodOf,
      description: 'What the period applies to; what has no such time is in no period.',
    }),
    timeZone: t.string({
      description:
        'Exact name of an IANA zone that days begin and end in. Default: the organization’s.',
    }),
    compareTo: t.field({
      type: ComparisonEnum,
      description:
        'What with. Each bucket is compared with the one of the same place in the calendar. Default: nothing.',
    }),
    asOf: t.field({
      type: 'DateTime',
      description:
        'As things stood at this moment, for what has a dated history; NOT_DATED lists it. Default: now.',
    }),
    ...(recordedAt && {
      recordedBy: t.field({
        type: 'DateTime',
        description: 'Only what was known at this moment. Default: now.',
      }),
    }),
    groupBy: t.field({
      type: [groupBy],
      description: 'The keys, at most 6. A record without a key is in a group of its own.',
    }),
    teams: t.field({
      type: TeamBasis,
      required: true,
      defaultValue: 'AS_IT_WAS',
      description:
        'Which team a record is of: its member’s at the time that `periodOf` names, or the present one.',
    }),
    rollup: t.boolean({
      required: true,
      defaultValue: false,
      description: 'Whether a record also counts in every team above.',
    }),
    fillGaps: t.boolean({
      required: true,
      defaultValue: false,
      description:
        'Whether buckets, values, members and teams without any record are groups too; at most 10,000.',
    }),
    having: t.field({ type: [having], description: 'Only groups that meet all of these.' }),
    orderBy: t.field({ type: [order], description: 'Default: by the keys in turn.' }),
    first: t.int({
      required: true,
      defaultValue: 100,
      description: 'How many groups, 0 to 1,000.',
    }),
    after: t.string({ description: 'A page cursor: the groups after it.' }),
    others: t.boolean({
      required: true,
      defaultValue: false,
      description: 'Whether the groups after this page are folded into `others`.',
    }),
  }));
}

type Args = AggregateArgs & { after?: string | null; recordedBy?: Date | null };

/** Places are those of one order of one grouping; the list is made anew for each page. */
function orderOf(organizationId: string, { groupBy, orderBy }: AggregateArgs): SortOrder {
  const steps = orderBy?.map(({ key, measure, direction }) => [key, measure, direction]);
  return {
    list: `groups of ${organizationId} ${JSON.stringify([groupBy, steps])}`,
    columns: [{ field: 'place', direction: 'ASC', type: 'number', nullable: false }],
  };
}

async function resolve(
  { dataset, resolveFilter, search, recordedAt }: AggregateOptions,
  args: Args,
  ctx: Context,
  info: GraphQLResolveInfo,
): Promise<AggregateView> {
  const plan = new Plan(dataset);
  const selected = selectedBelow(info);
  for (const { name, below } of selected) {
    if (['groups', 'subtotals', 'totals', 'others'].includes(name)) plan.take(below());
  }
  const has = (...names: string[]) => selected.some(({ name }) => names.includes(name));
  const { organizationId } = viewerOf(ctx);
  const order = orderOf(organizationId, args);
  const [place] = args.after ? decodePageCursor(order, args.after, 'after') : [0];
  const text = args.search?.trim();
  const question = await askedQuestion({
    ctx,
    args,
    plan,
    resolveFilter,
    after: Math.max(0, Math.trunc(Number(place))),
    parts: {
      groups: has('groups', 'groupCount', 'pageInfo'),
      others: has('others') && args.others,
      subtotals: has('subtotals'),
      totals: has('totals'),
    },
    conditions: [
      await resolveFilter(ctx, args.where ?? {}, ['where']),
      ...(text && search ? [search.resolve(ctx, text)] : []),
      ...(recordedAt && args.recordedBy
        ? [{ where: { [recordedAt]: { lte: args.recordedBy } } }]
        : []),
    ],
  });
  return { plan, order, answer: await answerQuestion(ctx.db, question) };
}

function pageInfoOf({ answer, order }: AggregateView) {
  const { groups, found, question } = answer;
  const places = groups.map(({ place }) => place ?? 1);
  const cursor = (place: number | undefined) =>
    place === undefined ? null : encodePageCursor(order, { place });
  return {
    hasNextPage: question.after + groups.length < found,
    hasPreviousPage: question.after > 0 && found > 0,
    startCursor: cursor(places[0]),
    endCursor: cursor(places.at(-1)),
  };
}
