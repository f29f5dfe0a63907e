import pg from 'pg';
import type { Database } from './database.ts';
import { deriveNothing } from './derived.ts';

/**
 * The same database, where nothing stays: transactions become savepoints inside one transaction that is rolled back
 * at the end, and their events are not entered into the log, so that the organization's head is not taken and its
 * other writers do not wait. Services run as they are. Only one transaction at a time.
 */
export async function rehearse<T>(
  db: Database,
  work: (rehearsal: Database) => Promise<T>,
): Promise<T> {
  const client = await db.pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const pool = new RehearsalPool(client);
    return await work({ ...db, pool, derive: deriveNothing, commitListeners: new Set() });
  } catch (error) {
    broken = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    await client.query('ROLLBACK').catch((error: Error) => {
      broken = error;
    });
    client.release(broken);
  }
}

/** Hands out one client again and again. */
class RehearsalPool extends pg.Pool {
  readonly #client: pg.PoolClient;

  constructor(client: pg.PoolClient) {
    super({ max: 1 });
    this.#client = rehearsing(client);
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Parameters<pg.Pool['connect']>[0]): void;
  override connect(
    callback?: Parameters<pg.Pool['connect']>[0],
  ): Promise<pg.PoolClient> | undefined {
    if (!callback) return Promise.resolve(this.#client);
    callback(undefined, this.#client, () => {});
    return undefined;
  }
}

const STANDS_FOR: Record<string, string> = {
  BEGIN: 'SAVEPOINT rehearsal',
  COMMIT: 'RELEASE SAVEPOINT rehearsal',
  ROLLBACK: 'ROLLBACK TO SAVEPOINT rehearsal',
};

function rehearsing(client: pg.PoolClient): pg.PoolClient {
  const query = async (asked: string | pg.QueryConfig, ...rest: unknown[]) => {
    const text = typeof asked === 'string' ? asked : asked.text;
    const instead = STANDS_FOR[text];
    if (instead) return { ...(await client.query(instead)), command: text };
    // The end of a transaction writes its events, scores and roll-ups, and takes the log's head.
    if (text.includes('finish_v2(')) {
      return { command: 'SELECT', rows: [{ last_position: 0, waited_ms: 0 }] };
    }
    return Reflect.apply(client.query, client, [asked, ...rest]);
  };
  return new Proxy(client, {
    get(target, name) {
      if (name === 'query') return query;
      if (name === 'release') return () => {};
      const value = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
