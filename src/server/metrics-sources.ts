import { statfs } from 'node:fs/promises';
import { type Activity, readActivity } from '../database/activity.ts';
import type { Database } from '../database/database.ts';
import type { Feed } from '../events/feed.ts';
import type { Replica } from '../events/replica.ts';
import { liveCounts } from '../live/counts.ts';
import type { HubCounts } from '../live/groups/counts.ts';
import { mailboxFigures } from '../live/mailbox.ts';
import type { MetricKinds } from './metric-kinds.ts';
import type { SentBytes } from './sent-bytes.ts';

/** Where figures are kept that cost nothing until somebody asks. */
export interface MetricsSources {
  db: Database;
  feed: Feed;
  replica: Replica | null;
  /** How nodes wake each other: WAKEUP. */
  wakeup: string;
  /** Where the embedded database has its files; null without one. */
  dataDirectory: string | null;
  connections(): { webSockets: number; requests: number };
  /** The WebSockets, by what they have not been able to send. */
  clients(): Iterable<{ readonly bufferedAmount: number }>;
  sentBytes(): SentBytes;
  groups(): HubCounts;
  /** How many subscribers each group has. */
  groupSizes(): readonly number[];
}

const SUBSCRIBERS = [1, 2, 5, 10, 50, 100, 500, 1_000, 5_000, 10_000];

/**
 * Shows what the sources hold. What has to be asked for is read by the function that this gives, once before the
 * others are read.
 */
export function sourceMetrics(
  kinds: MetricKinds,
  sources: () => MetricsSources,
  own: { readonly frames: number },
): () => Promise<void> {
  connectionMetrics(kinds, sources);
  updateMetrics(kinds, sources, own);
  feedMetrics(kinds, sources);
  return databaseMetrics(kinds, sources);
}

function connectionMetrics({ gauge, totals }: MetricKinds, sources: () => MetricsSources): void {
  gauge('muster_sockets', 'Open WebSockets.', () => sources().connections().webSockets);
  gauge(
    'muster_requests',
    'HTTP requests under way, server-sent events included.',
    () => sources().connections().requests,
  );
  gauge('muster_sockets_behind', 'WebSockets with bytes that their client has not taken.', () => {
    return unsent(sources).length;
  });
  gauge('muster_unsent_bytes', 'Bytes that wait for clients of WebSockets.', () =>
    unsent(sources).reduce((sum, bytes) => sum + bytes, 0),
  );
  totals('muster_sent_bytes_total', 'Bytes written to clients.', 'transport', () => ({
    ...sources().sentBytes(),
  }));
}

function unsent(sources: () => MetricsSources): number[] {
  const waiting: number[] = [];
  for (const { bufferedAmount } of sources().clients()) {
    if (bufferedAmount > 0) waiting.push(bufferedAmount);
  }
  return waiting;
}

function updateMetrics(
  { gauge, spread, totals }: MetricKinds,
  sources: () => MetricsSources,
  own: { readonly frames: number },
): void {
  const groups = () => sources().groups();
  gauge('muster_groups', 'Groups of subscribers who share their answers.', () => groups().groups);
  gauge('muster_group_members', 'Subscribers in groups.', () => groups().members);
  spread('muster_group_subscribers', 'Subscribers of each group, now.', SUBSCRIBERS, () =>
    sources().groupSizes(),
  );
  totals(
    'muster_executions_total',
    'Executions of subscriptions: for a group, or for one subscriber alone.',
    'for',
    () => ({ group: groups().executions, subscriber: own.frames }),
  );
  totals('muster_frames_total', 'Answers handed to subscribers.', 'from', () => ({
    group: groups().frames,
    subscriber: own.frames,
  }));
  gauge('muster_mailboxes', 'Mailboxes of subscribers and groups.', () => liveCounts().mailboxes);
  gauge('muster_mailbox_waiting', 'What waits in all mailboxes.', () => mailboxFigures().waiting);
  gauge('muster_mailbox_deepest', 'What waits in the fullest.', () => mailboxFigures().deepest);
  totals(
    'muster_updates_conflated_total',
    'Updates that were merged into a newer one because their reader was busy.',
    'at',
    () => ({ group: groups().conflated, mailbox: mailboxFigures().conflated }),
  );
  totals(
    'muster_updates_reset_total',
    'Times that a subscriber was told to start afresh.',
    'reason',
    () => ({
      mailbox_full: mailboxFigures().resets,
      skipped: groups().skipped,
      rights_changed: groups().rightsChanged,
    }),
  );
}

function feedMetrics({ gauge, gauges, total }: MetricKinds, sources: () => MetricsSources): void {
  const feed = () => sources().feed;
  gauge('muster_feed_organizations', 'Organizations whose log this node follows.', () => {
    return feed().counts().organizations;
  });
  gauge('muster_feed_listeners', 'Listeners to the logs.', () => feed().counts().listeners);
  gauge('muster_feed_lag_events', 'Events known to exist and not delivered yet.', () => {
    return feed().lag().events;
  });
  gauge('muster_feed_lag_seconds', 'How long the slowest log has been behind.', () => {
    return feed().lag().milliseconds / 1_000;
  });
  gauges('muster_wakeups_connected', '1 while hints of other nodes can arrive.', 'kind', () => ({
    [sources().wakeup]: feed().wakeups().connected ? 1 : 0,
  }));
  total('muster_wakeups_heard_total', 'Hints that arrived.', () => feed().wakeups().heard);
}

function databaseMetrics({ gauge, totals }: MetricKinds, sources: () => MetricsSources) {
  let activity: Activity | null = null;
  let freeBytes: number | null = null;
  const pool = () => sources().db.pool;
  gauge('muster_pool_size', 'Most connections of this node.', () => pool().options.max ?? null);
  gauge('muster_pool_connections', 'Its connections to the database.', () => pool().totalCount);
  gauge('muster_pool_idle', 'Those that nobody uses.', () => pool().idleCount);
  gauge('muster_pool_waiting', 'Who waits for one.', () => pool().waitingCount);
  gauge('muster_database_up', '1 when the database answered.', () => (activity ? 1 : 0));
  for (const [name, help, key] of ACTIVITY) gauge(name, help, () => activity?.[key] ?? null);
  totals(
    'muster_replica_queries_total',
    'Queries by where they were answered: the replica, or the primary because it was behind or away.',
    'where',
    () => ({ ...sources().replica?.figures }),
  );
  gauge(
    'muster_data_directory_free_bytes',
    'Free space where the embedded database has its files.',
    () => freeBytes,
  );
  return async () => {
    const { db, dataDirectory } = sources();
    [activity, freeBytes] = await Promise.all([
      readActivity(db.url),
      dataDirectory === null ? null : readFreeBytes(dataDirectory),
    ]);
  };
}

const ACTIVITY: [name: string, help: string, key: keyof Activity][] = [
  [
    'muster_database_oldest_transaction_seconds',
    'How long the oldest transaction in this database has been open.',
    'oldestTransactionSeconds',
  ],
  [
    'muster_database_oldest_idle_transaction_seconds',
    'The same, of those that are open and do nothing.',
    'oldestIdleTransactionSeconds',
  ],
  [
    'muster_database_waiting_for_locks',
    'Statements in this database that wait for a lock.',
    'waitingForLocks',
  ],
  ['muster_database_connections', 'Connections to the whole server.', 'connections'],
  ['muster_database_connection_limit', 'Its max_connections.', 'connectionLimit'],
];

async function readFreeBytes(directory: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(directory);
    return bavail * bsize;
  } catch {
    return null;
  }
}
