import { Decimal } from 'decimal.js';
import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '../../database/transaction.ts';
import { batchTable } from './batch-store.ts';
import type { Customer } from './model.ts';
import { hashGrams, type Searchable, searchIndex } from './search-text.ts';

const customers = batchTable<Customer & { searchGrams: number[] }>('customer', {
  id: 'uuid',
  version: 'integer',
  externalId: 'text',
  kind: '"CustomerKind"',
  name: 'text',
  industry: 'text',
  region: 'text',
  source: 'text',
  grade: '"Grade"',
  lifecycle: '"LifecycleStage"',
  tags: 'text[]',
  phones: 'text[]',
  emails: 'text[]',
  address: 'text',
  foundedYear: 'integer',
  employees: 'integer',
  annualRevenue: 'numeric',
  parentId: 'uuid',
  ownerId: 'uuid',
  createdAt: 'timestamptz',
  updatedAt: 'timestamptz',
  lastActivityAt: 'timestamptz',
  archivedAt: 'timestamptz',
  archivedAsMistake: 'boolean',
  searchText: 'text',
  searchGrams: 'integer[]',
});

export interface Wanted {
  ids?: readonly string[];
  externalIds?: readonly string[];
}

export const wantsNothing = ({ ids = [], externalIds = [] }: Wanted): boolean =>
  ids.length + externalIds.length === 0;

/** One condition where one will do: an OR is looked up in two indexes, or in none. */
export function isWanted({ ids = [], externalIds = [] }: Wanted): RawBuilder<boolean> {
  const byId = sql<boolean>`id = any(${ids}::uuid[])`;
  const byExternalId = sql<boolean>`external_id = any(${externalIds}::text[])`;
  if (externalIds.length === 0) return byId;
  return ids.length === 0 ? byExternalId : sql`(${byId} or ${byExternalId})`;
}

/** Those with these ids or external ids, locked in the order of their ids. */
export async function lockCustomers(tx: Tx, wanted: Wanted): Promise<Customer[]> {
  if (wantsNothing(wanted)) return [];
  const rows = await tx.run(
    tx
      .selectFrom('customer')
      .select(['id', 'version', 'externalId', 'kind', 'name', 'industry', 'region', 'source'])
      .select(['grade', 'lifecycle', 'tags', 'phones', 'emails', 'address', 'foundedYear'])
      .select(['employees', 'annualRevenue', 'parentId', 'ownerId', 'createdAt', 'updatedAt'])
      .select(['lastActivityAt', 'archivedAt', 'archivedAsMistake', 'searchText'])
      .where(isWanted(wanted))
      .orderBy('id')
      .forNoKeyUpdate(),
  );
  return rows.map((row) => ({
    ...row,
    annualRevenue: row.annualRevenue === null ? null : new Decimal(row.annualRevenue).toFixed(),
  }));
}

/** How many went in: fewer where an external id was taken. */
export const insertCustomers = (tx: Tx, rows: readonly Customer[]): Promise<number> =>
  customers.insert(
    tx,
    rows.map((row) => ({ ...row, ...indexed(tx, row, NOTHING) })),
  );

/** Fails on customer_organization_id_external_id_key where an external id is taken. */
export async function updateCustomers(tx: Tx, rows: readonly Customer[]): Promise<void> {
  const ids = rows.map(({ id }) => id);
  const contacts = await searchedContacts(tx, ids);
  await customers.update(
    tx,
    rows.map((row) => ({ ...row, ...indexed(tx, row, contacts.get(row.id) ?? NOTHING) })),
  );
}

const NOTHING: Searchable = { names: [], phones: [] };

function indexed(tx: Tx, customer: Customer, contacts: Searchable) {
  const { grams, text } = searchIndex({
    names: [customer.name, ...contacts.names],
    phones: [...customer.phones, ...contacts.phones],
  });
  return { searchText: text, searchGrams: hashGrams(tx.organizationId, grams) };
}

async function searchedContacts(
  tx: Tx,
  customerIds: readonly string[],
): Promise<Map<string, { names: string[]; phones: string[] }>> {
  const rows = await tx.run(
    tx
      .selectFrom('contact')
      .select(['customerId', 'name', 'phones'])
      .where(sql<boolean>`customer_id = any(${customerIds}::uuid[])`)
      .where('archivedAt', 'is', null),
  );
  const found = new Map<string, { names: string[]; phones: string[] }>();
  for (const { customerId, name, phones } of rows) {
    const own = found.get(customerId) ?? { names: [], phones: [] };
    own.names.push(name);
    own.phones.push(...phones);
    found.set(customerId, own);
  }
  return found;
}

const INDEX = `UPDATE customer c SET search_text = n."searchText", search_grams = n."searchGrams"
  FROM jsonb_to_recordset($2::jsonb) AS n(id uuid, "searchText" text, "searchGrams" integer[])
  WHERE c.id = n.id AND c.organization_id = $1`;

/** After a change of their contacts. Their rows must be locked; their versions stay, as nothing else changes. */
export async function reindexCustomers(tx: Tx, rows: readonly Customer[]): Promise<void> {
  const contacts = await searchedContacts(
    tx,
    rows.map(({ id }) => id),
  );
  const changed = rows
    .map((row) => ({ row, index: indexed(tx, row, contacts.get(row.id) ?? NOTHING) }))
    .filter(({ row, index }) => index.searchText !== row.searchText)
    .map(({ row, index }) => ({ id: row.id, ...index }));
  if (changed.length > 0) await tx.text(INDEX, [tx.organizationId, JSON.stringify(changed)]);
}

const LAST_ACTIVITY = `UPDATE customer c SET last_activity_at = (
    SELECT max(a.happened_at) FROM activity a
    WHERE a.organization_id = c.organization_id AND a.customer_id = c.id AND a.retracted_at IS NULL)
  WHERE c.organization_id = $1 AND c.id = $2`;

/** Works the time of the last activity out anew. */
export async function refreshLastActivity(tx: Tx, customerId: string): Promise<void> {
  await tx.text(LAST_ACTIVITY, [tx.organizationId, customerId]);
}

/** Of a new activity; the customer must be locked. */
export function noteActivity(tx: Tx, customer: Customer, happenedAt: Date): void {
  if (customer.lastActivityAt && customer.lastActivityAt >= happenedAt) return;
  tx.send(
    tx.updateTable('customer').set({ lastActivityAt: happenedAt }).where('id', '=', customer.id),
  );
}

/** Whether any customer's revenue is known. */
export async function hasRevenues(tx: Tx): Promise<boolean> {
  const [row] = await tx.text<{ found: boolean }>(
    'SELECT EXISTS (SELECT FROM customer WHERE organization_id = $1 AND annual_revenue IS NOT NULL) AS found',
    [tx.organizationId],
  );
  return row?.found === true;
}
