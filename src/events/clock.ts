import type { Database } from '../database/database.ts';
import { runText } from '../database/statements.ts';

/** The database's clock, the only one that periods are reckoned from; tests shift it. */
export async function databaseNow(db: Database): Promise<Date> {
  const [row] = await runText<{ now: Date }>(
    db.pool,
    `/* log.clock */ SELECT date_trunc('milliseconds', clock_timestamp()) AS now`,
  );
  if (!row) throw new Error('the database gave no time');
  return new Date(row.now.getTime() + db.clock.shiftMs);
}
