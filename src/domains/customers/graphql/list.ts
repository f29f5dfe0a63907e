import { queryFromInfo } from '@pothos/plugin-prisma';
import type { GraphQLResolveInfo } from 'graphql';
import { type KeysetConnection, keysetConnection } from '../../../api/connections.ts';
import { type Context, memberOf } from '../../../api/context.ts';
import { orderOf } from '../../../api/model-columns.ts';
import { type PageArgs, readPage } from '../../../api/page.ts';
import { encodePageCursor, type SortOrder } from '../../../api/page-cursor.ts';
import { asked } from '../../../api/selection.ts';
import { InvalidInput } from '../../../database/errors.ts';
import type PrismaTypes from '../../../generated/pothos-prisma-types.ts';
import { prismaWhere } from '../filter-where.ts';
import {
  type CustomerFilter,
  type CustomerOrderField,
  checkFilter,
  type OrderStep,
  type Slice,
} from '../list.ts';
import { countPlaces, type Listed, listPlaces, type Place } from '../list-store.ts';
import { searchTerms } from '../search-text.ts';

type Row = PrismaTypes['Customer']['Shape'];

export interface ListArgs extends PageArgs {
  filter?: CustomerFilter | null | undefined;
  search?: string | null | undefined;
  orderBy?: readonly { field: CustomerOrderField; direction: 'ASC' | 'DESC' }[] | null | undefined;
}

const ORDER_LIMIT = 4;
const NEWEST_FIRST = [{ field: 'createdAt', direction: 'DESC' }] as const;

/**
 * A page of customers. A search, and the teams of owners, are found out in SQL, where they can be planned; the rows come
 * through the reader, which judges the viewer's rights once more. All else is one read.
 */
export async function customerConnection(
  ctx: Context,
  info: GraphQLResolveInfo,
  args: ListArgs,
): Promise<KeysetConnection<Row>> {
  const { search, orderBy, filter } = args;
  if (orderBy && orderBy.length > ORDER_LIMIT) {
    throw new InvalidInput(`An order has at most ${ORDER_LIMIT} steps.`, { path: ['orderBy'] });
  }
  const viewer = memberOf(ctx);
  const orderGiven = orderBy?.length ? orderBy : NEWEST_FIRST;
  const order = orderOf('Customer', orderGiven, viewer.organizationId);
  const page = readPage(args, order);
  const listed: Listed = {
    viewer,
    filter: checkFilter(filter ?? {}),
    terms: searchTerms(search ?? ''),
  };
  const where = listed.terms.length === 0 ? prismaWhere(listed.filter) : null;
  if (where) {
    return keysetConnection(ctx, info, { model: 'Customer', args, where, orderBy: orderGiven });
  }
  const steps = order.columns.map(({ field, direction }) => ({
    field: field as OrderStep['field'],
    direction,
  }));
  const slice: Slice = { ...page, order: steps, size: page.size + 1 };

  const wanted = asked(info);
  const rowsWanted = ['edges', 'nodes', 'pageInfo'].some((field) => wanted.has(field));
  const places = rowsWanted ? await listPlaces(ctx.db, listed, slice) : [];
  const more = places.length > page.size;
  const kept = places.slice(0, page.size);
  if (page.backward) kept.reverse();
  const edges = await readEdges(ctx, info, order, kept);

  /** Whether anything lies beyond an end of the page at which it did not stop by itself. */
  const beyond = async (forward: boolean): Promise<boolean> => {
    const field = forward ? 'hasNextPage' : 'hasPreviousPage';
    const edge = forward ? kept.at(-1) : kept[0];
    const given = forward ? page.before : page.after;
    if (!given || !edge || !wanted.has(`pageInfo.${field}`)) return false;
    const values = slice.order.map((step) => edge[step.field]);
    const side = forward ? { after: values, before: null } : { after: null, before: values };
    const next = { ...slice, ...side, size: 1, backward: !forward };
    return (await listPlaces(ctx.db, listed, next)).length > 0;
  };
  return {
    edges,
    pageInfo: {
      hasNextPage: page.backward ? await beyond(true) : more || (await beyond(true)),
      hasPreviousPage: page.backward ? more || (await beyond(false)) : await beyond(false),
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount: () => countPlaces(ctx.db, listed),
  };
}

/** What has left the viewer's sight since it was found is left out. */
async function readEdges(
  ctx: Context,
  info: GraphQLResolveInfo,
  order: SortOrder,
  places: readonly Place[],
): Promise<{ node: Row; cursor: string }[]> {
  if (places.length === 0) return [];
  const query = queryFromInfo({
    context: ctx,
    info,
    paths: [['edges', 'node'], ['nodes']] as never,
  });
  const rows: Row[] = await ctx.reader.customer.findMany({
    ...query,
    where: { id: { in: places.map(({ id }) => id) } },
  });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return places.flatMap((place) => {
    const node = byId.get(place.id);
    return node ? [{ node, cursor: encodePageCursor(order, place) }] : [];
  });
}
