import type { Page } from './page.ts';
import type { SortColumn, SortOrder } from './page-cursor.ts';

type Where = Record<string, unknown>;

/** Which side of a row: strictly after or before it, or that together with the row itself. */
export type Side = 'AFTER' | 'BEFORE' | 'FROM' | 'THROUGH';

/**
 * Rows whose value in this one column lies strictly on that side of `value`, nulls being last; null
 * when there can be none. (Not `OR: []`: below an AND, Prisma 7.10 leaves that out instead of
 * matching nothing.)
 */
function strictly(column: SortColumn, value: unknown, forward: boolean): Where | null {
  const { field, direction, nullable } = column;
  if (value === null) return forward ? null : { NOT: { [field]: null } };
  const larger = (direction === 'ASC') === forward;
  const beside = range(column, value, larger, false);
  if (!nullable || !forward) return beside;
  return beside ? { OR: [beside, { [field]: null }] } : { [field]: null };
}

function range(
  column: SortColumn,
  value: unknown,
  larger: boolean,
  inclusive: boolean,
): Where | null {
  const { field, values } = column;
  if (values) {
    // Prisma compares enums and booleans for equality only; the database sorts them as listed.
    const at = values.indexOf(value as string);
    const reach = inclusive ? 1 : 0;
    const allowed = larger ? values.slice(at + 1 - reach) : values.slice(0, at + reach);
    return allowed.length > 0 ? { OR: allowed.map((one) => ({ [field]: one })) } : null;
  }
  if (inclusive) return { [field]: larger ? { gte: value } : { lte: value } };
  return { [field]: larger ? { gt: value } : { lt: value } };
}

/** The condition "on that side of the row with these sort values", in Prisma's terms. */
export function seek(order: SortOrder, values: readonly unknown[], side: Side): Where {
  const forward = side === 'AFTER' || side === 'FROM';
  const equal = (upTo: number) =>
    order.columns.slice(0, upTo).map(({ field }, index) => ({ [field]: values[index] }));
  const branches = order.columns.flatMap((column, index): Where[] => {
    const beside = strictly(column, values[index], forward);
    return beside ? [{ AND: [...equal(index), beside] }] : [];
  });
  if (side === 'FROM' || side === 'THROUGH') branches.push({ AND: equal(order.columns.length) });
  // The last column is unique and never null, so that there is always a branch.
  const exact = { OR: branches };
  const bound = leadingBound(order.columns[0], values[0], forward);
  return bound ? { AND: [bound, exact] } : exact;
}

/** Says again, as one range on the first column, what the OR says: so that an index is entered at the right place. */
function leadingBound(
  column: SortColumn | undefined,
  value: unknown,
  forward: boolean,
): Where | null {
  if (!column || column.nullable || value === null) return null;
  const larger = (column.direction === 'ASC') === forward;
  return range(column, value, larger, true);
}

export function keysetWhere(order: SortOrder, { after, before }: Page): Where {
  const parts = [
    ...(after ? [seek(order, after, 'AFTER')] : []),
    ...(before ? [seek(order, before, 'BEFORE')] : []),
  ];
  return parts.length === 0 ? {} : { AND: parts };
}

/** Prisma's `orderBy`; read from the end, everything is turned round, nulls too. */
export function orderByClause(order: SortOrder, backward: boolean): Where[] {
  return order.columns.map(({ field, direction, nullable }) => {
    const sort = (direction === 'ASC') !== backward ? 'asc' : 'desc';
    return { [field]: nullable ? { sort, nulls: backward ? 'first' : 'last' } : sort };
  });
}
