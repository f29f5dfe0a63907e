import pg from 'pg';

export interface PoolSettings {
  url: string;
  /** Most connections at a time. */
  size: number;
  /** Sends statements without waiting for the answers before them. */
  pipeline: boolean;
  /** A statement that runs longer is cancelled by the server. */
  statementTimeoutMs?: number;
  /**
   * How long to wait for a connection, and for an answer, of a server that has perhaps gone without a word. Default: 15 s,
   * and three times as long as a statement may run.
   */
  timeouts?: { connectMs: number; answerMs: number };
  onError?: (error: Error) => void;
}

const CONNECT_MS = 15_000;
/** How long a connection may be silent before the system asks whether the other side is still there. */
const KEEP_ALIVE_MS = 10_000;

/**
 * The one pool, which Prisma shares. Timeouts are the server's own, so that a statement that is given up is also
 * cancelled.
 */
export function createPool(settings: PoolSettings): pg.Pool {
  const statement = settings.statementTimeoutMs ?? 5_000;
  const { connectMs, answerMs } = settings.timeouts ?? {
    connectMs: CONNECT_MS,
    answerMs: 3 * statement,
  };
  const config: pg.PoolConfig & { pipeline: boolean } = {
    connectionString: settings.url,
    max: settings.size,
    pipeline: settings.pipeline,
    // Compiling a statement for seconds is never worth it here: it reads little, however dear the planner thinks it.
    options: `-c jit=off -c statement_timeout=${statement} -c lock_timeout=${Math.min(statement, 3_000)} -c idle_in_transaction_session_timeout=${statement + 1_000}`,
    application_name: 'muster',
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    connectionTimeoutMillis: connectMs,
    // The server's own timeouts do not help where its answers do not arrive: one query that waits for ever stops the feed.
    query_timeout: answerMs,
  };
  const pool = new pg.Pool(config);
  const report = settings.onError ?? (() => {});
  pool.on('error', report);
  // A client that dies while it is checked out emits here; without a listener the process would end.
  pool.on('connect', (client) => client.on('error', report));
  return pool;
}
