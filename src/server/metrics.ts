import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { CommitListener, Database } from '../database/database.ts';
import { metricKinds } from './metric-kinds.ts';
import { type MetricsSources, sourceMetrics } from './metrics-sources.ts';
import { bearerToken } from './session.ts';

export interface OperationFigures {
  type: string;
  failed: boolean;
  seconds: number;
}

/** The figures of one node in Prometheus' form. Labels hold kinds only: never an id, a name or a text of a client. */
export interface Metrics {
  observe(operation: OperationFigures): void;
  /** An answer of a subscription was made for one subscriber alone. */
  frame(): void;
  /** A WebSocket has closed. */
  closed(code: number): void;
  /** A transaction has waited for the head of its organization's log. */
  waitedForHead(milliseconds: number): void;
  text(): Promise<string>;
  readonly contentType: string;
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const WAIT_SECONDS = [
  0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3,
];

export function createMetrics(sources: () => MetricsSources): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const kinds = metricKinds(registry);
  const own = { frames: 0 };
  const closes: Record<string, number> = {};
  const { durations, totals } = kinds;
  const read = sourceMetrics(kinds, sources, own);

  const operations = durations(
    'muster_operation_seconds',
    'Duration of operations; of subscriptions, until they stood.',
    SECONDS,
    ['type', 'outcome'],
  );
  const headWaits = durations(
    'muster_log_head_wait_seconds',
    "How long transactions waited for the head of their organization's log.",
    WAIT_SECONDS,
  );
  totals('muster_socket_closes_total', 'WebSockets that closed, by code.', 'code', () => closes);

  return {
    observe: ({ type, failed, seconds }) =>
      operations.observe({ type, outcome: failed ? 'errors' : 'ok' }, seconds),
    frame: () => {
      own.frames += 1;
    },
    closed: (code) => {
      const label = closeLabel(code);
      closes[label] = (closes[label] ?? 0) + 1;
    },
    waitedForHead: (milliseconds) => headWaits.observe(milliseconds / 1_000),
    text: async () => {
      await read();
      return registry.metrics();
    },
    contentType: registry.contentType,
  };
}

/** Counts how long commits wait for the log's head. Gives the way to end it. */
export function tellWaits(db: Database, metrics: Metrics): () => void {
  const onCommit: CommitListener = (_organization, _position, waitedMs) => {
    if (waitedMs !== null) metrics.waitedForHead(waitedMs);
  };
  db.commitListeners.add(onCommit);
  return () => db.commitListeners.delete(onCommit);
}

/** A client may close with any number up to 4999: only those that we or the protocols give a meaning have a series. */
function closeLabel(code: number): string {
  const isKnown = (code >= 1000 && code <= 1015) || (code >= 4400 && code <= 4510);
  return isKnown ? String(code) : 'other';
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
