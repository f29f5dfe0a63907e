import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../../database/database.ts';
import { kysely } from '../../database/statements.ts';
import type { MemberViewer } from '../../database/viewer.ts';
import {
  allOf,
  anyOf,
  type Condition,
  filterConditions,
  searchConditions,
  visibleCustomers,
} from './condition-store.ts';
import type { CustomerFilter, OrderStep, Slice } from './list.ts';
import type { SearchTerm } from './search-text.ts';

/** Which customers a list is of, before it is cut into pages. */
export interface Listed {
  viewer: MemberViewer;
  filter: CustomerFilter;
  terms: readonly SearchTerm[];
}

/** A customer's id with the values of the order's fields. */
export type Place = Record<string, unknown> & { id: string };

const COLUMNS: Record<OrderStep['field'], { column: string; nullable: boolean }> = {
  id: { column: 'id', nullable: false },
  name: { column: 'name', nullable: false },
  createdAt: { column: 'created_at', nullable: false },
  lastActivityAt: { column: 'last_activity_at', nullable: true },
  grade: { column: 'grade', nullable: true },
};

/**
 * How many rows a search looks through in the list's order before it asks the index of grams. What is frequent is found
 * on the way, and sorting all that has it would take longer; what is not costs this walk, a few milliseconds. In the
 * order of making neighbours lie together on disk, so a longer walk costs no more. See docs/decisions/0030.
 */
const WALK: Partial<Record<OrderStep['field'], number>> = {
  createdAt: 8_000,
  name: 1_500,
  lastActivityAt: 1_500,
};

/** What is more frequent than this is looked for in the list's order after all, however far that is. */
const FOUND = 50_000;

/** The slice's rows in reading order; of a backward slice in reverse. */
export async function listPlaces(db: Database, listed: Listed, slice: Slice): Promise<Place[]> {
  const walk = WALK[slice.order[0]?.field ?? 'id'];
  if (listed.terms.length === 0 || walk === undefined) {
    return read(db, pageStatement(listed, slice));
  }
  const near = await read(db, walkStatement(listed, slice, walk));
  if (near.length === slice.size) return near;
  const found = await read<Place & { found: number }>(db, foundStatement(listed, slice, FOUND));
  if ((found[0]?.found ?? 0) > FOUND) return read(db, pageStatement(listed, slice));
  return found;
}

/** Counts all of them. */
export async function countPlaces(db: Database, listed: Listed): Promise<number> {
  const counted = sql<{ count: string }>`select count(*) as count from customer where ${allOf(
    conditionsOf(listed),
  )}`;
  const [row] = await read<{ count: string }>(db, counted);
  return Number(row?.count ?? 0);
}

const conditionsOf = ({ viewer, filter, terms }: Listed): Condition[] => [
  ...visibleCustomers(viewer),
  ...filterConditions(viewer, filter),
  ...searchConditions(viewer.organizationId, terms),
];

/** Rows in the list's order, as far as needed: PostgreSQL walks the order's index or sorts, whichever is less. */
function pageStatement(listed: Listed, slice: Slice) {
  return sql`select ${fields(slice)} from customer
    where ${allOf([...conditionsOf(listed), ...between(slice)])}
    order by ${ordered(slice)} limit ${slice.size}`;
}

/** The same, but giving up after so many rows of the organization. */
export function walkStatement(listed: Listed, slice: Slice, rows: number) {
  const mine = sql<boolean>`customer.organization_id = ${listed.viewer.organizationId}`;
  return sql`select ${fields(slice)} from (
      select * from customer where ${allOf([mine, ...between(slice)])}
      order by ${ordered(slice)} limit ${rows}
    ) customer where ${allOf(conditionsOf(listed))}
    order by ${ordered(slice)} limit ${slice.size}`;
}

/**
 * All that is found, if it is no more than so many, then sorted: what is materialized has no order that could tempt
 * into walking an index.
 */
export function foundStatement(listed: Listed, slice: Slice, most: number) {
  return sql`with found as materialized (
      select ${columns(slice)} from customer where ${allOf([...conditionsOf(listed), ...between(slice)])}
      limit ${most + 1}
    ) select ${fields(slice)}, (select count(*)::integer from found) as found
    from found customer order by ${ordered(slice)} limit ${slice.size}`;
}

const fields = ({ order }: Slice) =>
  sql.join(
    order.map(({ field }) => sql`${column(field)} as ${sql.raw(`"${field}"`)}`),
    sql`, `,
  );

const columns = ({ order }: Slice) =>
  sql.join(
    order.map(({ field }) => column(field)),
    sql`, `,
  );

const column = (field: OrderStep['field']) => sql.ref(`customer.${COLUMNS[field].column}`);

/** Nulls come last in reading order. */
function ordered({ order, backward }: Slice) {
  const steps = order.map(({ field, direction }) => {
    const up = (direction === 'ASC') !== backward;
    const nulls = COLUMNS[field].nullable ? ` nulls ${backward ? 'first' : 'last'}` : '';
    return sql`${column(field)} ${sql.raw(`${up ? 'asc' : 'desc'}${nulls}`)}`;
  });
  return sql.join(steps, sql`, `);
}

const between = ({ order, after, before }: Slice): Condition[] => [
  ...(after ? beyond(order, after, true) : []),
  ...(before ? beyond(order, before, false) : []),
];

/** Rows strictly on that side of the one with these values. */
function beyond(
  order: readonly OrderStep[],
  values: readonly unknown[],
  forward: boolean,
): Condition[] {
  const branches = order.map((step, index) =>
    allOf([
      ...order.slice(0, index).map((earlier, at) => equals(earlier, values[at])),
      strictly(step, values[index], forward),
    ]),
  );
  const [first] = order;
  // Says again, as one range on the first column, what the branches say: an index is entered at the right place.
  const bound =
    first && !COLUMNS[first.field].nullable
      ? [sql<boolean>`${column(first.field)} ${comparison(first, forward)}= ${values[0]}`]
      : [];
  return [...bound, anyOf(branches)];
}

const comparison = ({ direction }: OrderStep, forward: boolean) =>
  sql.raw((direction === 'ASC') === forward ? '>' : '<');

const equals = ({ field }: OrderStep, value: unknown): Condition =>
  value === null ? sql`${column(field)} is null` : sql`${column(field)} = ${value}`;

function strictly(step: OrderStep, value: unknown, forward: boolean): Condition {
  const ref = column(step.field);
  if (value === null) return forward ? sql`false` : sql`${ref} is not null`;
  const beside = sql<boolean>`${ref} ${comparison(step, forward)} ${value}`;
  return COLUMNS[step.field].nullable && forward
    ? sql<boolean>`(${beside} or ${ref} is null)`
    : beside;
}

/**
 * Without a name, so that PostgreSQL plans for the values at hand: whether one member's customers are looked at one by
 * one or the whole organization's in order makes all the difference.
 */
async function read<Row extends object = Place>(
  db: Database,
  statement: RawBuilder<unknown>,
): Promise<Row[]> {
  const { sql: text, parameters } = statement.compile(kysely);
  return (await db.pool.query<Row>({ text, values: [...parameters] })).rows;
}
