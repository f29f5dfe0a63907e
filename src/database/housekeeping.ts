import type { Database } from './database.ts';
import { forgetKeys } from './idempotency.ts';
import { runText } from './statements.ts';

export interface HousekeepingOptions {
  /** How long idempotency keys are kept. */
  idempotencyHours: number;
  onError: (error: unknown) => void;
}

/** Months of log partitions that exist ahead of time. */
const MONTHS_AHEAD = 3;
const EVERY_MS = 3_600_000;

/** What a database needs now and then, from any node: partitions for the months to come, old keys forgotten. */
export async function keepHouse(
  db: Database,
  { idempotencyHours }: HousekeepingOptions,
): Promise<void> {
  await runText(db.pool, 'SELECT event_partitions_v1($1)', [MONTHS_AHEAD]);
  await forgetKeys(db.pool, idempotencyHours);
}

/** Keeps house now and every hour. Gives the way to stop it. */
export function startHousekeeping(db: Database, options: HousekeepingOptions): () => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  const run = () => {
    running = keepHouse(db, options).catch(options.onError);
  };
  run();
  const timer = setInterval(run, EVERY_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    return running;
  };
}
