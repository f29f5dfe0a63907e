// What the importer needs of the domains, in their own words where they have them.
import type { Tx } from '../database/transaction.ts';
import type { Session } from './session.ts';

/** What became of a row, in the order of the rows. A refused row leaves nothing behind; the others go in. */
export type RowOutcome =
  | { outcome: 'CREATED' | 'UPDATED' | 'UNCHANGED'; id: string }
  | { outcome: 'REFUSED'; error: Error };

/** Writes at most BATCH_ROWS rows in the transaction that it is given. */
export type BatchWriter<Row> = (tx: Tx, rows: readonly Row[]) => Promise<readonly RowOutcome[]>;

/** Writes one row in transactions of its own. */
export type RowWriter<Row> = (session: Session, row: Row) => Promise<RowOutcome>;
