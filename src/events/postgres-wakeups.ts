import pg from 'pg';
import { Backoff } from './backoff.ts';
import { readWakeups, WakeupBatch } from './wakeup-batch.ts';
import type { WakeupListener, Wakeups } from './wakeups.ts';

const CHANNEL = 'muster_wakeups';
/** A notification that is not through by then never will be: the connection is dead, and is made anew. */
const ANSWER_MS = 5_000;
const KEEP_ALIVE_MS = 10_000;

/**
 * Wake-ups by NOTIFY, on one connection of their own, at most every few milliseconds whatever is committed: a
 * notification takes a lock of the whole server, so the transactions themselves send none. While the connection is
 * away, hints are lost and the poll finds what they would have told.
 */
export function postgresWakeups(url: string, onError: (error: unknown) => void): Wakeups {
  const listeners = new Set<WakeupListener>();
  const backoff = new Backoff();
  let client: pg.Client | null = null;
  let stopped = false;

  const batch = new WakeupBatch((payload) => {
    client?.query({ text: 'SELECT pg_notify($1, $2)', values: [CHANNEL, payload] }).catch(onError);
  });

  async function connect(): Promise<void> {
    const config: pg.ClientConfig & { pipeline: boolean } = {
      connectionString: url,
      application_name: 'muster wake-ups',
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
      connectionTimeoutMillis: ANSWER_MS,
      // Without a pipeline, a query that has timed out would hold up those behind it for ever.
      pipeline: true,
      query_timeout: ANSWER_MS,
    };
    const connecting = new pg.Client(config);
    connecting.on('notification', ({ payload }) => {
      for (const [organizationId, position] of readWakeups(payload ?? '')) {
        for (const listener of listeners) listener(organizationId, position);
      }
    });
    connecting.on('error', onError);
    connecting.on('end', () => {
      if (client === connecting) client = null;
      if (!stopped) backoff.retry(tryToConnect);
    });
    await connecting.connect();
    await connecting.query(`LISTEN ${CHANNEL}`);
    if (stopped) return connecting.end();
    client = connecting;
    backoff.succeeded();
  }

  // A connection that never stood ends without saying so.
  const tryToConnect = () => {
    connect().catch((error) => {
      onError(error);
      if (!stopped && !backoff.pending) backoff.retry(tryToConnect);
    });
  };

  return {
    async start() {
      tryToConnect();
    },
    async stop() {
      stopped = true;
      backoff.cancel();
      batch.close();
      await client?.end();
    },
    isConnected: () => client !== null,
    publish: (organizationId, position) => batch.add(organizationId, position),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
