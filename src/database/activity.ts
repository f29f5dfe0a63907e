import pg from 'pg';

/** What goes on in the database server, as far as our role may see it (`pg_read_all_stats` sees all). */
export interface Activity {
  /** How long the oldest open transaction in this database has been open; 0: none is. */
  oldestTransactionSeconds: number;
  /** The same, of those that are open and do nothing: somebody forgot them. */
  oldestIdleTransactionSeconds: number;
  /** Statements in this database that wait for a lock. */
  waitingForLocks: number;
  /** Of the whole server, all databases. */
  connections: number;
  connectionLimit: number;
}

const TIMEOUT_MS = 2_000;

const ACTIVITY = `/* database.activity */ SELECT
  coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)) FILTER (WHERE ours), 0)::float8 AS oldest,
  coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)) FILTER (WHERE ours AND state LIKE 'idle%'), 0)::float8
    AS "oldestIdle",
  count(*) FILTER (WHERE ours AND wait_event_type = 'Lock')::int AS waiting,
  count(*)::int AS connections,
  current_setting('max_connections')::int AS "limit"
FROM (
  SELECT *, datname = current_database() AND pid <> pg_backend_pid() AS ours
  FROM pg_stat_activity WHERE backend_type = 'client backend'
) backend`;

interface Row {
  oldest: number;
  oldestIdle: number;
  waiting: number;
  connections: number;
  limit: number;
}

/**
 * Reads it over a connection of its own: the moment to look is when the pool has none left. Null when the server does
 * not answer within two seconds.
 */
export async function readActivity(url: string): Promise<Activity | null> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'muster metrics',
    connectionTimeoutMillis: TIMEOUT_MS,
    query_timeout: TIMEOUT_MS,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<Row>(ACTIVITY);
    const [row] = rows;
    if (!row) return null;
    return {
      oldestTransactionSeconds: row.oldest,
      oldestIdleTransactionSeconds: row.oldestIdle,
      waitingForLocks: row.waiting,
      connections: row.connections,
      connectionLimit: row.limit,
    };
  } catch {
    return null;
  } finally {
    // Not awaited: a server that hangs would keep the figures of everything else waiting.
    client.end().catch(() => {});
  }
}
