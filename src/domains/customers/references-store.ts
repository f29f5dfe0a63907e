import { sql } from 'kysely';
import type { Json } from '../../database/event-draft.ts';
import type { Tx } from '../../database/transaction.ts';

/** Whether these members are active; unknown ids are missing. */
export async function membersById(
  tx: Tx,
  ids: readonly string[],
): Promise<ReadonlyMap<string, boolean>> {
  const rows = await tx.run(
    tx
      .selectFrom('member')
      .select(['id', 'active'])
      .where(sql<boolean>`id = any(${[...new Set(ids)]}::uuid[])`),
  );
  return new Map(rows.map(({ id, active }) => [id, active]));
}

/** The owner of each of these customers, archived ones included; unknown ids are missing. */
export async function ownersById(
  tx: Tx,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await tx.run(
    tx
      .selectFrom('customer')
      .select(['id', 'ownerId'])
      .where(sql<boolean>`id = any(${[...new Set(ids)]}::uuid[])`),
  );
  return new Map(rows.map(({ id, ownerId }) => [id, ownerId]));
}

/** Nobody else of the organization changes what stands above what until this transaction ends. */
export async function lockParentage(tx: Tx): Promise<void> {
  await tx.text('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `customer.parents:${tx.organizationId}`,
  ]);
}

/** Those that come back to themselves when one goes from parent to parent. */
export async function idsAboveThemselves(
  tx: Tx,
  customers: readonly { id: string }[],
): Promise<string[]> {
  const rows = await tx.text<{ start: string }>(
    `WITH RECURSIVE line AS (
       SELECT id AS start, parent_id FROM customer WHERE organization_id = $1 AND id = ANY ($2::uuid[])
       UNION
       SELECT l.start, c.parent_id FROM customer c JOIN line l ON c.id = l.parent_id
       WHERE c.organization_id = $1
     ) SELECT DISTINCT start FROM line WHERE parent_id = start`,
    [tx.organizationId, customers.map(({ id }) => id)],
  );
  return rows.map((row) => row.start);
}

/** The payload that the customer's creation has in the log. */
export async function createdPayload(tx: Tx, id: string): Promise<{ [key: string]: Json }> {
  const [row] = await tx.text<{ payload: { [key: string]: Json } }>(
    `SELECT payload FROM event WHERE organization_id = $1 AND record_id = $2 AND type = 'customer.created'
     ORDER BY position LIMIT 1`,
    [tx.organizationId, id],
  );
  if (!row) throw new Error(`customer ${id} has no creation in the log`);
  return row.payload;
}
