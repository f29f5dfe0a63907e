import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Pool } from 'pg';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Feed } from '../events/feed.ts';
import { liveCounts } from '../live/counts.ts';
import { bearerToken } from './session.ts';

export interface MetricsSources {
  pool: Pool;
  feed: Feed;
  connections(): { webSockets: number; requests: number };
}

export interface OperationFigures {
  type: string;
  failed: boolean;
  seconds: number;
}

/** The figures of one node in Prometheus' form. Labels hold kinds only: never an id, a name or a text of a client. */
export interface Metrics {
  observe(operation: OperationFigures): void;
  event(): void;
  text(): Promise<string>;
  readonly contentType: string;
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

export function createMetrics(sources: () => MetricsSources): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const gauge = (name: string, help: string, read: (from: MetricsSources) => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read(sources()));
      },
    });
  gauge('muster_sockets', 'Open WebSockets.', ({ connections }) => connections().webSockets);
  gauge(
    'muster_requests',
    'HTTP requests under way, server-sent events included.',
    ({ connections }) => connections().requests,
  );
  gauge('muster_mailboxes', 'Mailboxes of subscribers.', () => liveCounts().mailboxes);
  gauge(
    'muster_feed_organizations',
    'Organizations whose log this node follows.',
    ({ feed }) => feed.counts().organizations,
  );
  gauge('muster_feed_listeners', 'Listeners to the logs.', ({ feed }) => feed.counts().listeners);
  gauge(
    'muster_feed_lag_events',
    'Events known to exist and not delivered yet.',
    ({ feed }) => feed.lag().events,
  );
  gauge(
    'muster_feed_lag_seconds',
    'How long the slowest log has been behind.',
    ({ feed }) => feed.lag().milliseconds / 1_000,
  );
  gauge('muster_pool_connections', 'Connections to the database.', ({ pool }) => pool.totalCount);
  gauge(
    'muster_pool_idle',
    'Connections to the database that nobody uses.',
    ({ pool }) => pool.idleCount,
  );
  gauge(
    'muster_pool_waiting',
    'Who waits for a connection to the database.',
    ({ pool }) => pool.waitingCount,
  );

  const operations = new Histogram({
    name: 'muster_operation_seconds',
    help: 'Duration of operations; of subscriptions, until they stood.',
    labelNames: ['type', 'outcome'] as const,
    buckets: SECONDS,
    registers,
  });
  const events = new Counter({
    name: 'muster_subscription_results_total',
    help: 'Results sent to subscribers.',
    registers,
  });
  return {
    observe: ({ type, failed, seconds }) =>
      operations.observe({ type, outcome: failed ? 'errors' : 'ok' }, seconds),
    event: () => events.inc(),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

/**
 * Answers /metrics for whoever brings the token; false when the path is another, or when no token is set and there is
 * no such path.
 */
export async function answerMetrics(
  request: IncomingMessage,
  response: ServerResponse,
  metrics: Metrics,
  token: string | null,
): Promise<boolean> {
  if (token === null || request.url?.split('?')[0] !== '/metrics') return false;
  if (!isEqual(bearerToken(request.headers.authorization) ?? '', token)) {
    response.writeHead(401, { 'www-authenticate': 'Bearer' }).end();
    return true;
  }
  const text = await metrics.text();
  response
    .writeHead(200, { 'content-type': metrics.contentType, 'cache-control': 'no-store' })
    .end(text);
  return true;
}

function isEqual(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
