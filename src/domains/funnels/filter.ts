import { InvalidInput } from '../../database/errors.ts';
import type { Prisma } from '../../generated/prisma/client.ts';
import type { OpportunityStatus } from './model.ts';

export interface ValueFilter<Value> {
  in?: readonly Value[] | null | undefined;
  notIn?: readonly Value[] | null | undefined;
  /** Whether there is any value; only for what may be unknown. */
  known?: boolean | null | undefined;
}

export interface RangeFilter<Value> {
  gte?: Value | null | undefined;
  lte?: Value | null | undefined;
  known?: boolean | null | undefined;
}

/** From a moment to before another. */
export interface TimeFilter {
  from?: Date | null | undefined;
  before?: Date | null | undefined;
  known?: boolean | null | undefined;
}

export interface DayFilter {
  from?: string | null | undefined;
  through?: string | null | undefined;
  known?: boolean | null | undefined;
}

export interface TeamFilter {
  in?: readonly string[] | null | undefined;
  notIn?: readonly string[] | null | undefined;
  /** Whether the teams below count too; default: they do. */
  below?: boolean | null | undefined;
}

/** Which opportunities; all that is said must hold. Ids are decoded. */
export interface OpportunityFilter {
  status?: ValueFilter<OpportunityStatus> | null | undefined;
  funnel?: ValueFilter<string> | null | undefined;
  stage?: ValueFilter<string> | null | undefined;
  owner?: ValueFilter<string> | null | undefined;
  creditedTo?: ValueFilter<string> | null | undefined;
  /** Of the owner, now. */
  ownerTeam?: TeamFilter | null | undefined;
  customer?: ValueFilter<string> | null | undefined;
  product?: ValueFilter<string> | null | undefined;
  series?: ValueFilter<string> | null | undefined;
  amount?: RangeFilter<string> | null | undefined;
  wonAmount?: RangeFilter<string> | null | undefined;
  expectedCloseOn?: DayFilter | null | undefined;
  openedAt?: TimeFilter | null | undefined;
  stageEnteredAt?: TimeFilter | null | undefined;
  closedAt?: TimeFilter | null | undefined;
  createdAt?: TimeFilter | null | undefined;
  /** Open, and longer in its stage than the stage's limit. */
  overLimit?: boolean | null | undefined;
  /** Open, and expected to close before today. */
  overdue?: boolean | null | undefined;
  archived?: boolean | null | undefined;
}

/** The columns that conditions are about, with their types in the database. */
export const FILTERED = {
  status: '"OpportunityStatus"',
  funnelId: 'uuid',
  stageId: 'uuid',
  ownerId: 'uuid',
  creditedToId: 'uuid',
  customerId: 'uuid',
  productId: 'uuid',
  amount: 'numeric',
  wonAmount: 'numeric',
  expectedCloseOn: 'date',
  openedAt: 'timestamptz',
  stageEnteredAt: 'timestamptz',
  closedAt: 'timestamptz',
  createdAt: 'timestamptz',
  archivedAt: 'timestamptz',
  archivedAsMistake: 'boolean',
} as const;

export type Column = keyof typeof FILTERED;

/** The columns among them that may be unknown. */
const OPTIONAL: ReadonlySet<Column> = new Set([
  'creditedToId',
  'customerId',
  'productId',
  'amount',
  'wonAmount',
  'expectedCloseOn',
  'closedAt',
  'archivedAt',
]);

/**
 * What a filter comes to: comparisons of the opportunity's own columns, so that the same filter means the same as
 * Prisma's `where` of a list and as SQL of a report or an aggregate.
 */
export type Condition =
  | { column: Column; in: readonly string[] }
  | { column: Column; notIn: readonly string[] }
  | { column: Column; known: boolean }
  | { column: Column; is: boolean }
  | { column: Column; at: 'gte' | 'lte' | 'lt'; value: string | Date }
  | { any: readonly (readonly Condition[])[] };

/** What a filter refers to and its columns do not say, looked up before. */
export interface FilterFacts {
  /** Members of the teams that the filter names. */
  teamIn: readonly string[];
  teamNotIn: readonly string[];
  /** Products of the series that the filter names. */
  seriesIn: readonly string[];
  seriesNotIn: readonly string[];
  /** Stages that have a limit, with the latest moment at which a stay beyond it began. */
  limits: readonly { stageId: string; before: Date }[];
  /** The present day in the organization's zone. */
  today: string;
}

/** What a filter refers to that says nothing. */
export const NO_FACTS: FilterFacts = {
  ...{ teamIn: [], teamNotIn: [], seriesIn: [], seriesNotIn: [], limits: [], today: '' },
};

/** Whether a filter asks for what its own columns do not say. */
export const refersToFacts = ({ ownerTeam, series, overLimit, overdue }: OpportunityFilter) =>
  [ownerTeam, series, overLimit, overdue].some((part) => part !== null && part !== undefined);

const VALUES_LIMIT = 100;

/** Throws InvalidInput for a condition with more than 100 values. */
export function checkFilter(filter: OpportunityFilter, argument: string): OpportunityFilter {
  for (const [field, condition] of Object.entries(filter)) {
    for (const [operator, values] of Object.entries(condition ?? {})) {
      if (Array.isArray(values) && values.length > VALUES_LIMIT) {
        throw new InvalidInput(`${field}.${operator} has at most ${VALUES_LIMIT} values.`, {
          path: [argument, field, operator],
        });
      }
    }
  }
  return filter;
}

/** `archived`: what holds when the filter says nothing of it. Mistakes are shown only by a list that asks for them. */
export function conditionsOf(
  filter: OpportunityFilter,
  facts: FilterFacts,
  archived: 'HIDDEN' | 'COUNTED',
): Condition[] {
  const { ownerTeam, series, overLimit, overdue } = filter;
  return [
    ...values('status', filter.status),
    ...values('funnelId', filter.funnel),
    ...values('stageId', filter.stage),
    ...values('ownerId', filter.owner),
    ...values('creditedToId', filter.creditedTo),
    ...values('ownerId', {
      in: ownerTeam?.in && facts.teamIn,
      notIn: ownerTeam?.notIn && facts.teamNotIn,
    }),
    ...values('customerId', filter.customer),
    ...values('productId', filter.product),
    ...values('productId', {
      in: series?.in && facts.seriesIn,
      notIn: series?.notIn && facts.seriesNotIn,
      known: series?.known,
    }),
    ...range('amount', filter.amount),
    ...range('wonAmount', filter.wonAmount),
    ...days('expectedCloseOn', filter.expectedCloseOn),
    ...times('openedAt', filter.openedAt),
    ...times('stageEnteredAt', filter.stageEnteredAt),
    ...times('closedAt', filter.closedAt),
    ...times('createdAt', filter.createdAt),
    ...flag(overLimit, overLimitBranches(facts)),
    ...flag(overdue, [[OPEN, { column: 'expectedCloseOn', at: 'lt', value: facts.today }]]),
    ...archival(filter.archived, archived),
  ];
}

const OPEN: Condition = { column: 'status', in: ['OPEN'] };

function values(column: Column, filter: ValueFilter<string> | null | undefined): Condition[] {
  const conditions: Condition[] = [];
  if (filter?.in) conditions.push({ column, in: filter.in });
  // What is unknown is not among them.
  if (filter?.notIn) conditions.push(orUnknown({ column, notIn: filter.notIn }));
  return [...conditions, ...known(column, filter?.known)];
}

const orUnknown = (condition: Condition & { column: Column }): Condition => {
  const { column } = condition;
  return OPTIONAL.has(column) ? { any: [[condition], [{ column, known: false }]] } : condition;
};

const known = (column: Column, wanted: boolean | null | undefined): Condition[] =>
  wanted === null || wanted === undefined ? [] : [{ column, known: wanted }];

const bound = (
  column: Column,
  at: 'gte' | 'lte' | 'lt',
  value: string | Date | null | undefined,
): Condition[] => (value === null || value === undefined ? [] : [{ column, at, value }]);

const range = (column: Column, filter: RangeFilter<string> | null | undefined): Condition[] => [
  ...bound(column, 'gte', filter?.gte),
  ...bound(column, 'lte', filter?.lte),
  ...known(column, filter?.known),
];

const days = (column: Column, filter: DayFilter | null | undefined): Condition[] => [
  ...bound(column, 'gte', filter?.from),
  ...bound(column, 'lte', filter?.through),
  ...known(column, filter?.known),
];

const times = (column: Column, filter: TimeFilter | null | undefined): Condition[] => [
  ...bound(column, 'gte', filter?.from),
  ...bound(column, 'lt', filter?.before),
  ...known(column, filter?.known),
];

const overLimitBranches = ({ limits }: FilterFacts): Condition[][] =>
  limits.map(({ stageId, before }) => [
    OPEN,
    { column: 'stageId', in: [stageId] },
    { column: 'stageEnteredAt', at: 'lt', value: before },
  ]);

/** True: one of the branches; false: none of them. */
function flag(wanted: boolean | null | undefined, branches: Condition[][]): Condition[] {
  if (wanted === null || wanted === undefined) return [];
  return wanted ? [{ any: branches }] : branches.map(opposite);
}

/** The opposite of conditions that all must hold, for the comparisons that flags are made of. */
const opposite = (conditions: readonly Condition[]): Condition => ({
  any: conditions.flatMap((condition): Condition[][] => {
    if ('in' in condition) return [[orUnknown({ column: condition.column, notIn: condition.in })]];
    if (!('at' in condition)) throw new Error('no flag is made of this');
    const { column, value } = condition;
    return [[orUnknown({ column, at: 'gte', value })]];
  }),
});

function archival(
  wanted: boolean | null | undefined,
  otherwise: 'HIDDEN' | 'COUNTED',
): Condition[] {
  const right: Condition = { column: 'archivedAsMistake', is: false };
  if (wanted === true) {
    const shown: Condition = { column: 'archivedAt', known: true };
    return otherwise === 'HIDDEN' ? [shown] : [shown, right];
  }
  if (wanted === false || otherwise === 'HIDDEN') return [{ column: 'archivedAt', known: false }];
  return [right];
}

/** As a `where` of Prisma's. */
export const prismaWhere = (conditions: readonly Condition[]): Prisma.OpportunityWhereInput => ({
  AND: conditions.map((condition): Prisma.OpportunityWhereInput => {
    if ('any' in condition) return { OR: condition.any.map(prismaWhere) };
    const { column } = condition;
    if ('in' in condition) return { [column]: { in: [...condition.in] } };
    if ('notIn' in condition) return { [column]: { notIn: [...condition.notIn] } };
    if ('is' in condition) return { [column]: condition.is };
    if ('known' in condition)
      return condition.known ? { NOT: { [column]: null } } : { [column]: null };
    const { at, value } = condition;
    const isDay = FILTERED[column] === 'date' && typeof value === 'string';
    return { [column]: { [at]: isDay ? new Date(value) : value } };
  }),
});
