import type { GraphQLResolveInfo } from 'graphql';
import { builder } from '../../../api/builder.ts';
import { type KeysetOptions, keysetConnection } from '../../../api/connections.ts';
import { type Context, memberOf } from '../../../api/context.ts';
import { listBelow } from '../../../api/list-below.ts';
import type { PageArgs } from '../../../api/page.ts';
import { InvalidInput } from '../../../database/errors.ts';
import type { Prisma } from '../../../generated/prisma/client.ts';
import {
  checkFilter,
  conditionsOf,
  NO_FACTS,
  type OpportunityFilter,
  prismaWhere,
  refersToFacts,
} from '../filter.ts';
import { filterFacts } from '../filter-store.ts';
import { OpportunityFilterInput, OpportunityOrder } from './inputs.ts';

const SEARCH_LIMIT = 100;

export const SEARCH = `Those whose name has this anywhere, or whose external id is this; at most ${SEARCH_LIMIT} characters, capitals do not matter.`;

const COLUMNS = {
  NAME: 'name',
  AMOUNT: 'amount',
  WON_AMOUNT: 'wonAmount',
  EXPECTED_CLOSE_ON: 'expectedCloseOn',
  OPENED_AT: 'openedAt',
  STAGE_ENTERED_AT: 'stageEnteredAt',
  CLOSED_AT: 'closedAt',
  CREATED_AT: 'createdAt',
  UPDATED_AT: 'updatedAt',
} as const;

type Order = typeof OpportunityOrder.$inferInput;
type OrderBy = NonNullable<KeysetOptions<'Opportunity'>['orderBy']>;

const orderBy = (steps: readonly Order[] | null | undefined): OrderBy =>
  steps?.length
    ? steps.map(({ field, direction }) => ({ field: COLUMNS[field], direction }))
    : [{ field: 'createdAt', direction: 'DESC' }];

export function searchWhere(search: string | null | undefined): Prisma.OpportunityWhereInput {
  const text = (search ?? '').normalize('NFC').trim();
  if (text === '') return {};
  if ([...text].length > SEARCH_LIMIT) {
    throw new InvalidInput(`A search has at most ${SEARCH_LIMIT} characters.`, {
      path: ['search'],
    });
  }
  // Prisma hands the pattern's signs on to LIKE.
  const contains = text.replace(/[\\%_]/g, '\\$&');
  return { OR: [{ name: { contains, mode: 'insensitive' } }, { externalId: text }] };
}

/** What a filter means now, to whoever asks; for lists, reports and aggregates. */
export async function resolveFilter(
  ctx: Context,
  filter: OpportunityFilter | null | undefined,
  archived: 'HIDDEN' | 'COUNTED',
) {
  const given = checkFilter(filter ?? {}, archived === 'HIDDEN' ? 'filter' : 'where');
  if (!refersToFacts(given)) return conditionsOf(given, NO_FACTS, archived);
  const [now, calendar] = await Promise.all([ctx.now(), ctx.calendar()]);
  const { organizationId } = memberOf(ctx);
  const at = { connection: ctx.db.pool, organizationId, now, calendar };
  return conditionsOf(given, await filterFacts(given, at), archived);
}

/** The arguments of every list of opportunities, beside those of its page. */
export const listArgs = builder.args((t) => ({
  filter: t.field({
    type: OpportunityFilterInput,
    description: 'Default: all that are not archived.',
  }),
  search: t.string({
    description: SEARCH,
  }),
  orderBy: t.field({
    type: [OpportunityOrder],
    description: 'Default: by when they were entered here, the newest first.',
  }),
}));

interface ListArgs extends PageArgs {
  filter?: OpportunityFilter | null | undefined;
  search?: string | null | undefined;
  orderBy?: readonly Order[] | null | undefined;
}

/** A page of opportunities. */
export async function listOpportunities(ctx: Context, info: GraphQLResolveInfo, args: ListArgs) {
  return keysetConnection(ctx, info, {
    model: 'Opportunity',
    args,
    where: await whereOf(args, ctx),
    orderBy: orderBy(args.orderBy),
  });
}

/** The options of a list of the opportunities of one record. */
export const opportunitiesBelow = (of: 'Customer' | 'Member') =>
  listBelow<'Opportunity', ListArgs>({
    ...{ model: 'Opportunity', of, relation: 'opportunities' },
    plain: ({ filter, search }) => (filter || search ? null : LIVE),
    where: whereOf,
    orderBy: ({ orderBy: steps }) => orderBy(steps),
  });

/** What a list shows that asks for nothing in particular. */
const LIVE = prismaWhere(conditionsOf({}, NO_FACTS, 'HIDDEN'));

async function whereOf({ filter, search }: ListArgs, ctx: Context) {
  const conditions = await resolveFilter(ctx, filter, 'HIDDEN');
  return { AND: [prismaWhere(conditions), searchWhere(search)] };
}
