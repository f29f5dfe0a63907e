import type { Database } from './database.ts';
import { runText } from './statements.ts';

/** The time outside of transactions, as the database and the tests' shift of it say. Also tells that it answers. */
export async function readClock(db: Database): Promise<Date> {
  const [row] = await runText<{ now: Date }>(
    db.pool,
    `/* database.clock */ SELECT date_trunc('milliseconds', clock_timestamp()) AS now`,
    [],
  );
  if (!row) throw new Error('a SELECT without FROM has a row');
  return new Date(row.now.getTime() + db.clock.shiftMs);
}
