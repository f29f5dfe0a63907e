import { sql } from 'kysely';
import type { Tx } from '../../database/transaction.ts';
import { batchTable } from './batch-store.ts';
import type { Contact } from './model.ts';
import { isWanted, type Wanted, wantsNothing } from './store.ts';

const contacts = batchTable<Contact & { createdAt: Date }>('contact', {
  id: 'uuid',
  version: 'integer',
  customerId: 'uuid',
  name: 'text',
  post: 'text',
  role: 'text',
  phones: 'text[]',
  emails: 'text[]',
  externalId: 'text',
  archivedAt: 'timestamptz',
  createdAt: 'timestamptz',
});

type Row = Contact & { createdAt: Date };

/** How many went in: fewer where an external id was taken. */
export const insertContacts = (tx: Tx, rows: readonly Contact[]): Promise<number> =>
  contacts.insert(
    tx,
    rows.map((row) => ({ ...row, createdAt: tx.now })),
  );

/** Fails on contact_organization_id_external_id_key where an external id is taken. */
export const updateContacts = (tx: Tx, rows: readonly Row[]): Promise<void> =>
  contacts.update(tx, rows);

/** Those with these ids or external ids, locked in the order of their ids; their customers must be locked before. */
export async function lockContacts(tx: Tx, wanted: Wanted): Promise<Row[]> {
  if (wantsNothing(wanted)) return [];
  return tx.run(
    tx
      .selectFrom('contact')
      .select(['id', 'version', 'customerId', 'name', 'post', 'role', 'phones', 'emails'])
      .select(['externalId', 'archivedAt', 'createdAt'])
      .where(isWanted(wanted))
      .orderBy('id')
      .forNoKeyUpdate(),
  );
}

/** Whose contact each of these is, by id and by external id. Not locked: a contact never changes its customer. */
export async function customersOfContacts(
  tx: Tx,
  wanted: Wanted,
): Promise<{ id: string; externalId: string | null; customerId: string }[]> {
  return tx.run(
    tx.selectFrom('contact').select(['id', 'externalId', 'customerId']).where(isWanted(wanted)),
  );
}

/** How many each of these customers has, archived ones not counted. */
export async function countContacts(
  tx: Tx,
  customerIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await tx.run(
    tx
      .selectFrom('contact')
      .select(['customerId', sql<number>`count(*)`.as('count')])
      .where(sql<boolean>`customer_id = any(${customerIds}::uuid[])`)
      .where('archivedAt', 'is', null)
      .groupBy('customerId'),
  );
  return new Map(rows.map(({ customerId, count }) => [customerId, count]));
}
