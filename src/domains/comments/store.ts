import type { Database } from '../../database/database.ts';
import { kysely, run } from '../../database/statements.ts';
import type { Tx } from '../../database/transaction.ts';
import type { Comment } from './model.ts';

export function insertComment(tx: Tx, comment: Comment): void {
  tx.send(tx.insertInto('comment', [{ ...comment, createdAt: tx.now }]));
}

/** Which record it is on. Not locked: a comment never changes its record. */
export function recordOf(
  tx: Tx,
  id: string,
): Promise<{ recordType: string; recordId: string } | null> {
  return tx.first(tx.selectFrom('comment').select(['recordType', 'recordId']).where('id', '=', id));
}

/** Its record must be locked before. */
export function lockComment(tx: Tx, id: string): Promise<Comment | null> {
  return tx.first(
    tx
      .selectFrom('comment')
      .select(['id', 'version', 'recordType', 'recordId', 'authorId', 'body'])
      .where('id', '=', id)
      .forNoKeyUpdate(),
  );
}

export function saveBody(tx: Tx, { id, version, body }: Comment): void {
  tx.send(tx.updateTable('comment').set({ version, body, editedAt: tx.now }).where('id', '=', id));
}

/** Which record a comment is on, for whoever then asks whether the viewer may see that. */
export async function readRecordOf(
  db: Database,
  organizationId: string,
  id: string,
): Promise<{ recordType: string; recordId: string } | null> {
  const [record] = await run(
    db.pool,
    kysely
      .selectFrom('comment')
      .select(['recordType', 'recordId'])
      .where('organizationId', '=', organizationId)
      .where('id', '=', id),
  );
  return record ?? null;
}
