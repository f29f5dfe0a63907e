import { queryFromInfo } from '@pothos/plugin-prisma';
import type { GraphQLResolveInfo } from 'graphql';
import { countRecords, recordIds } from '../../aggregates/run.ts';
import type { KeysetConnection } from '../connections.ts';
import type { Context } from '../context.ts';
import { orderOf } from '../model-columns.ts';
import { type PageArgs, readPage } from '../page.ts';
import { encodePageCursor } from '../page-cursor.ts';
import { asked } from '../selection.ts';
import type { RowView } from './view.ts';

interface FindsMany {
  findMany(args: object): Promise<{ id: string }[]>;
}

/**
 * A page of the records behind a row, in the order of making. Which they are is found out as the row was; the rows
 * come through the reader, which judges the viewer's rights once more.
 */
export async function recordsOf(
  ctx: Context,
  info: GraphQLResolveInfo,
  { row, of: { answer } }: RowView,
  args: PageArgs,
): Promise<KeysetConnection<{ id: string }>> {
  const { model } = answer.question.dataset;
  const order = orderOf(model as 'Opportunity', [], answer.question.viewer.organizationId);
  const page = readPage(args, order);
  const keys = row.keys.slice(0, row.level ?? 0);
  const wanted = asked(info);
  const after = (page.after?.[0] as string | undefined) ?? null;
  const before = (page.before?.[0] as string | undefined) ?? null;
  const { backward } = page;
  const slice = { after, before, backward, limit: page.size + 1 };
  const rowsWanted = ['edges', 'nodes', 'pageInfo'].some((field) => wanted.has(field));
  const ids = rowsWanted ? await recordIds(ctx.db, answer, keys, slice) : [];
  const more = ids.length > page.size;
  const kept = ids.slice(0, page.size);
  if (backward) kept.reverse();
  const edges = (await readRows(ctx, info, model, kept)).map((node) => ({
    node,
    cursor: encodePageCursor(order, node),
  }));
  return {
    edges,
    pageInfo: {
      hasNextPage: backward ? before !== null : more,
      hasPreviousPage: backward ? more : after !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount: () => countRecords(ctx.db, answer, keys),
  };
}

async function readRows(
  ctx: Context,
  info: GraphQLResolveInfo,
  model: string,
  ids: readonly string[],
): Promise<{ id: string }[]> {
  if (ids.length === 0) return [];
  const query = queryFromInfo({
    context: ctx,
    info,
    paths: [['edges', 'node'], ['nodes']] as never,
  });
  const property = `${model.charAt(0).toLowerCase()}${model.slice(1)}`;
  const delegate = Reflect.get(ctx.reader, property) as FindsMany;
  const select = query.select && { select: { ...query.select, id: true } };
  const rows = await delegate.findMany({ ...query, ...select, where: { id: { in: [...ids] } } });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}
