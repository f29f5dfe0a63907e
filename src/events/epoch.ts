import { type Connection, runText } from '../database/statements.ts';

/**
 * Gives the log another epoch: for a database that was restored from a backup, where positions come again that clients
 * have already seen with other events. Every cursor of before is answered by a reset from then on.
 */
export async function changeEpoch(connection: Connection): Promise<string> {
  const [row] = await runText<{ epoch: string }>(
    connection,
    'UPDATE log_epoch SET epoch = gen_random_uuid() RETURNING epoch',
  );
  if (!row) throw new Error('log_epoch is empty: the migrations have not run');
  return row.epoch;
}
