import pg from 'pg';

export interface PoolSettings {
  url: string;
  /** Most connections at a time. */
  size: number;
  /** Sends statements without waiting for the answers before them. */
  pipeline: boolean;
  /** A statement that runs longer is cancelled by the server. */
  statementTimeoutMs?: number;
  /** For a server that may go away without a word: how long to wait for a connection, and for an answer. */
  timeouts?: { connectMs: number; answerMs: number };
  onError?: (error: Error) => void;
}

/**
 * The one pool, which Prisma shares. Timeouts are the server's own, so that a statement that is given up is also
 * cancelled.
 */
export function createPool(settings: PoolSettings): pg.Pool {
  const statement = settings.statementTimeoutMs ?? 5_000;
  const config: pg.PoolConfig & { pipeline: boolean } = {
    connectionString: settings.url,
    max: settings.size,
    pipeline: settings.pipeline,
    // Compiling a statement for seconds is never worth it here: it reads little, however dear the planner thinks it.
    options: `-c jit=off -c statement_timeout=${statement} -c lock_timeout=${Math.min(statement, 3_000)} -c idle_in_transaction_session_timeout=${statement + 1_000}`,
    application_name: 'muster',
    keepAlive: true,
    ...(settings.timeouts && {
      connectionTimeoutMillis: settings.timeouts.connectMs,
      query_timeout: settings.timeouts.answerMs,
    }),
  };
  const pool = new pg.Pool(config);
  const report = settings.onError ?? (() => {});
  pool.on('error', report);
  // A client that dies while it is checked out emits here; without a listener the process would end.
  pool.on('connect', (client) => client.on('error', report));
  return pool;
}
