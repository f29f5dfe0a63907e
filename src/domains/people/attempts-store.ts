import type { Database } from '../../database/database.ts';
import { runText } from '../../database/statements.ts';
import type { SignInSettings } from './sign-in-settings.ts';

const NOW = `date_trunc('milliseconds', clock_timestamp() + make_interval(secs => $2::float8 / 1000))`;

// Counts the attempt as failed before the password is looked at, and the lock that this failure brings is set at
// once: however many try at the same time, on however many nodes, no more than the allowed number are let through.
// $3 failures before the lock, $4 seconds of the first, $5 of the longest, $6 hours until failures are forgotten.
const ATTEMPT = `/* people.attempt */
INSERT INTO sign_in_failure AS f (name_hash, failures, last_failure_at, locked_until)
SELECT $1, 1, t.now, CASE WHEN 1 >= $3::int THEN t.now + make_interval(secs => $4::float8) END FROM (SELECT ${NOW} AS now) t
ON CONFLICT (name_hash) DO UPDATE SET (failures, last_failure_at, locked_until) = (
  SELECT n.count, excluded.last_failure_at, CASE WHEN n.count >= $3::int THEN excluded.last_failure_at
    + make_interval(secs => least($5::float8, $4::float8 * 2 ^ least(n.count - $3::int, 20))) END
  FROM (SELECT CASE WHEN f.last_failure_at < excluded.last_failure_at - make_interval(hours => $6::int)
    THEN 1 ELSE f.failures + 1 END AS count) n
)
WHERE f.locked_until IS NULL OR f.locked_until <= excluded.last_failure_at
RETURNING failures`;

/** Counts an attempt as failed; false, and not counted, while the name is locked. */
export async function countAttempt(
  db: Database,
  name: Buffer,
  settings: SignInSettings,
): Promise<boolean> {
  const rows = await runText(db.pool, ATTEMPT, [
    name,
    db.clock.shiftMs,
    settings.failuresBeforeLock,
    settings.lockSeconds,
    settings.lockSecondsMost,
    settings.forgetFailuresHours,
  ]);
  return rows.length > 0;
}

export async function lockedUntil(db: Database, name: Buffer): Promise<Date | null> {
  const [row] = await runText<{ lockedUntil: Date | null }>(
    db.pool,
    'SELECT locked_until FROM sign_in_failure WHERE name_hash = $1',
    [name],
  );
  return row?.lockedUntil ?? null;
}

export async function deleteFailures(db: Database, name: Buffer): Promise<void> {
  await runText(db.pool, 'DELETE FROM sign_in_failure WHERE name_hash = $1', [name]);
}

export async function deleteFailuresOlderThan(db: Database, hours: number): Promise<void> {
  await runText(
    db.pool,
    `DELETE FROM sign_in_failure WHERE last_failure_at < clock_timestamp()
       + make_interval(secs => $1::float8 / 1000) - make_interval(hours => $2::int)`,
    [db.clock.shiftMs, hours],
  );
}
