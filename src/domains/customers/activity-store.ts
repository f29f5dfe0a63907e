import type { Tx } from '../../database/transaction.ts';
import type { Activity } from './model.ts';

export function insertActivity(tx: Tx, activity: Activity): void {
  tx.send(tx.insertInto('activity', [{ ...activity, createdAt: tx.now }]));
}

/** Whose activity it is; null when it is unknown. Not locked: an activity never changes its customer. */
export async function customerOfActivity(tx: Tx, id: string): Promise<string | null> {
  const row = await tx.first(tx.selectFrom('activity').select('customerId').where('id', '=', id));
  return row?.customerId ?? null;
}

/** The customer must be locked before. */
export function lockActivity(tx: Tx, id: string): Promise<Activity | null> {
  return tx.first(
    tx
      .selectFrom('activity')
      .select(['id', 'customerId', 'contactId', 'authorId', 'kind', 'method', 'result', 'body'])
      .select(['happenedAt', 'nextFollowUpAt', 'retractedAt'])
      .where('id', '=', id)
      .forNoKeyUpdate(),
  );
}

export async function saveRetracted(tx: Tx, { id, retractedAt }: Activity): Promise<void> {
  await tx.run(
    tx
      .updateTable('activity')
      .set({ retractedAt, retractedById: tx.viewer.memberId })
      .where('id', '=', id),
  );
}
