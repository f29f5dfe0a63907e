import { queryFromInfo } from '@pothos/plugin-prisma';
import type { GraphQLResolveInfo } from 'graphql';
import { readLogCursor } from '../events/log-cursor.ts';
import type PrismaTypes from '../generated/pothos-prisma-types.ts';
import { childCount, childRows, type Parent } from './children.ts';
import { type Context, viewerOf } from './context.ts';
import { keysetWhere, orderByClause, seek } from './keyset.ts';
import { type OrderBy, orderOf } from './model-columns.ts';
import { type Page, type PageArgs, readPage } from './page.ts';
import {
  decodePageCursor,
  encodePageCursor,
  type SortOrder,
  type SortValue,
} from './page-cursor.ts';
import { asked } from './selection.ts';

type ModelName = keyof PrismaTypes;
export type Row = Record<string, unknown>;
export type Where = Record<string, unknown>;

interface Delegate {
  findMany(args: object): Promise<Row[]>;
  count(args: object): Promise<number>;
}

interface List {
  findMany(args: Record<string, unknown>): Promise<Row[]>;
  count(where: Where): Promise<number>;
}

function listOf(ctx: Context, model: ModelName, parent: Parent | undefined): List {
  if (parent) {
    return {
      findMany: (args) => childRows(ctx, parent, args),
      count: (where) => childCount(ctx, parent, where),
    };
  }
  const property = `${model.charAt(0).toLowerCase()}${model.slice(1)}`;
  const delegate = Reflect.get(ctx.reader, property) as Delegate;
  return {
    findMany: (args) => delegate.findMany(args),
    count: (where) => delegate.count({ where }),
  };
}

export interface KeysetOptions<Model extends ModelName> {
  model: Model;
  /** The record that the list hangs below, so that lists of many records come in one statement. Default: none. */
  of?: Parent;
  args: PageArgs;
  /** Which records; the viewer's organization and data scope are added by the reader. No `undefined` in it. */
  where?: PrismaTypes[Model]['Where'];
  /** Columns of the model itself; the id is added as the last. Default: the id, which is the order of making. */
  orderBy?: readonly OrderBy<Model>[];
  /** Read the log cursor before the rows, for a list that a subscription goes on from. */
  position?: boolean;
  /** The rows of the page, and one more if there is one and `pageInfo` is asked for, when they were read already. */
  loaded?: readonly Row[];
}

export interface KeysetConnection<Node> {
  edges: { node: Node; cursor: string }[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
  totalCount: () => Promise<number>;
  position?: string;
}

/**
 * A page of one model's records by keyset: the cursor carries the sort values and the id, so a
 * deleted row neither ends nor shifts the list. At most 100 records, 20 unless said otherwise.
 *
 * Throws InvalidInput for page arguments out of range and BadCursor for a cursor of another order.
 */
export async function keysetConnection<Model extends ModelName>(
  ctx: Context,
  info: GraphQLResolveInfo,
  options: KeysetOptions<Model>,
): Promise<KeysetConnection<PrismaTypes[Model]['Shape']>> {
  const { organizationId } = viewerOf(ctx);
  const order = orderOf(options.model, options.orderBy ?? [], organizationId);
  const page = readPage(options.args, order);
  const list = listOf(ctx, options.model, options.of);
  const base: Where = options.where ?? {};

  const wanted = asked(info);
  const position =
    options.position && wanted.has('position')
      ? await readLogCursor(ctx.db, viewerOf(ctx))
      : undefined;
  const rowsWanted = ['edges', 'nodes', 'pageInfo'].some((field) => wanted.has(field));
  const rows =
    options.loaded ?? (rowsWanted ? await readRows(ctx, info, list, base, order, page) : []);
  const connection = await cutPage(rows, page, order, {
    isAsked: (field) => wanted.has(`pageInfo.${field}`),
    exists: async (beyond) =>
      (await list.findMany({ where: both(base, beyond), select: { id: true }, take: 1 })).length >
      0,
  });
  return {
    ...(connection as KeysetConnection<PrismaTypes[Model]['Shape']>),
    totalCount: () => list.count(base),
    ...(position !== undefined && { position }),
  };
}

function both(...parts: Where[]): Where {
  const conditions = parts.filter((part) => Object.keys(part).length > 0);
  return conditions.length === 1 ? (conditions[0] ?? {}) : { AND: conditions };
}

async function readRows(
  ctx: Context,
  info: GraphQLResolveInfo,
  list: List,
  base: Where,
  order: SortOrder,
  page: Page,
): Promise<Row[]> {
  const query = queryFromInfo({
    context: ctx,
    info,
    paths: [['edges', 'node'], ['nodes']] as never,
  });
  const sortColumns = Object.fromEntries(order.columns.map((column) => [column.field, true]));
  const rows = await list.findMany({
    ...query,
    ...(query.select && { select: { ...query.select, ...sortColumns } }),
    where: both(base, keysetWhere(order, page)),
    orderBy: orderByClause(order, page.backward),
    take: page.size + 1,
  });
  return rows;
}

interface Beyond {
  isAsked(field: 'hasNextPage' | 'hasPreviousPage'): boolean;
  /** Whether the list has any row that also meets this condition. */
  exists(condition: Where): Promise<boolean>;
}

/** Rows come in reading order, one more than the page if there are more. */
async function cutPage(
  rows: readonly Row[],
  page: Page,
  order: SortOrder,
  beyond: Beyond,
): Promise<Omit<KeysetConnection<Row>, 'totalCount'>> {
  const more = rows.length > page.size;
  const kept = rows.slice(0, page.size);
  if (page.backward) kept.reverse();
  const edges = kept.map((node) => ({ node, cursor: encodePageCursor(order, node) }));
  const first = kept[0];
  const last = kept.at(-1);

  const hasNextPage = async () => {
    if (!page.backward && (more || !page.before)) return more;
    if (!page.before || !beyond.isAsked('hasNextPage')) return false;
    return beyond.exists(
      last ? seek(order, valuesOf(last, order), 'AFTER') : seek(order, page.before, 'FROM'),
    );
  };
  const hasPreviousPage = async () => {
    if (page.backward && (more || !page.after)) return more;
    if (!page.after || !beyond.isAsked('hasPreviousPage')) return false;
    return beyond.exists(
      first ? seek(order, valuesOf(first, order), 'BEFORE') : seek(order, page.after, 'THROUGH'),
    );
  };
  return {
    edges,
    pageInfo: {
      hasNextPage: await hasNextPage(),
      hasPreviousPage: await hasPreviousPage(),
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

/** As a cursor would carry them: plain values, decimals as text. */
function valuesOf(row: Row, order: SortOrder): SortValue[] {
  return decodePageCursor(order, encodePageCursor(order, row), 'after');
}
