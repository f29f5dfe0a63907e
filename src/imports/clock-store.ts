import type { Database } from '../database/database.ts';
import { runText } from '../database/statements.ts';

/** The database's time, with the shift of tests: the clock that everything is written by. */
export async function databaseTime(db: Database): Promise<Date> {
  const [row] = await runText<{ now: Date }>(
    db.pool,
    'SELECT now() + make_interval(secs => $1::float8 / 1000) AS now',
    [db.clock.shiftMs],
  );
  if (!row) throw new Error('the database told no time');
  return row.now;
}
