import { Decimal } from 'decimal.js';
import type { KeysetConnection } from './connections.ts';
import { type PageArgs, readPage } from './page.ts';
import { encodePageCursor, type SortColumn, type SortOrder } from './page-cursor.ts';

function compareValues(column: SortColumn, left: unknown, right: unknown): number {
  if (left === right) return 0;
  if (left === null || left === undefined) return 1;
  if (right === null || right === undefined) return -1;
  const sign = column.direction === 'ASC' ? 1 : -1;
  if (column.type === 'decimal') return sign * new Decimal(`${left}`).cmp(`${right}`);
  if (column.type === 'dateTime') return sign * (Number(left) - Number(right));
  return left < right ? -sign : left > right ? sign : 0;
}

/**
 * A page of a list that is already in memory, whole and sorted as `order` says (strings by code
 * unit). The cursor carries the sort values, so rows may come and go between pages.
 *
 * Throws InvalidInput and BadCursor as `keysetConnection` does.
 */
export function connectionFromRows<Row extends object>(
  args: PageArgs,
  rows: readonly Row[],
  order: SortOrder,
): KeysetConnection<Row> {
  const page = readPage(args, order);
  const value = (row: Row, column: SortColumn): unknown => Reflect.get(row, column.field);
  const side = (row: Row, values: readonly unknown[]): number => {
    for (const [index, column] of order.columns.entries()) {
      const compared = compareValues(column, value(row, column), values[index]);
      if (compared !== 0) return compared;
    }
    return 0;
  };
  const { after, before } = page;
  const startAt = after ? rows.findIndex((row) => side(row, after) > 0) : 0;
  const start = startAt === -1 ? rows.length : startAt;
  const endAt = before ? rows.findIndex((row) => side(row, before) >= 0) : rows.length;
  const end = Math.max(start, endAt === -1 ? rows.length : endAt);

  const from = page.backward ? Math.max(start, end - page.size) : start;
  const until = page.backward ? end : Math.min(end, start + page.size);
  const edges = rows.slice(from, until).map((node) => ({
    node,
    cursor: encodePageCursor(
      order,
      Object.fromEntries(order.columns.map((column) => [column.field, value(node, column)])),
    ),
  }));
  return {
    edges,
    pageInfo: {
      hasNextPage: until < rows.length,
      hasPreviousPage: from > 0,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount: () => Promise.resolve(rows.length),
  };
}
