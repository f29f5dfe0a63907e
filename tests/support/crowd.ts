import type { Pool } from 'pg';

/**
 * So many callers who read a table over and over: while somebody else has it locked they take all connections of a
 * pool, whatever times out meanwhile. Gives what ends it, once the lock has gone.
 */
export function crowd(pool: Pool, size: number, table: string): () => Promise<void> {
  let isOver = false;
  const caller = async () => {
    while (!isOver) {
      await pool.query(`SELECT FROM ${table} LIMIT 1`).catch(() => {});
      // While there is no lock: leaves the others their turn.
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const callers = Array.from({ length: size }, caller);
  return async () => {
    isOver = true;
    await Promise.all(callers);
  };
}
