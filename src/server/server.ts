import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { ContextConfig } from '../api/context.ts';
import type { QueryLimits } from '../api/limits.ts';
import type { Database } from '../database/database.ts';
import type { Feed } from '../events/feed.ts';
import type { Replica } from '../events/replica.ts';
import { type HubCounts, noFigures } from '../live/groups/counts.ts';
import { Hub } from '../live/groups/hub.ts';
import type { Authenticate } from './authenticate.ts';
import { addressOf, isAllowedOrigin } from './caller.ts';
import { type Guest, letGoEvenly } from './drain.ts';
import type { HealthChecks, Readiness } from './health.ts';
import { type Address, listen } from './listen.ts';
import type { ReportError } from './masking.ts';
import { createMetrics, tellWaits } from './metrics.ts';
import { createPipeline } from './pipeline.ts';
import { Pulse } from './pulse.ts';
import { Requests } from './requests.ts';
import { countSentBytes } from './sent-bytes.ts';
import { SessionWatch } from './session-watch.ts';
import { SharedFrames } from './shared-frames.ts';
import type { Tracing } from './tracing.ts';
import type { WaitForPosition } from './use-at-least.ts';
import { attachWebSocket } from './web-socket.ts';

export interface ServerOptions {
  schema: GraphQLSchema;
  db: Database;
  feed: Feed;
  config: ContextConfig;
  log: Logger;
  authenticate: Authenticate;
  waitForPosition: WaitForPosition;
  health: HealthChecks;
  address: Address;
  limits: QueryLimits & {
    bodyBytes: number;
    messageBytes: number;
    messagesPerSecond: number;
    subscriptionsPerSocket: number;
  };
  /** Between two pings of a socket, and how long the answer to one may take. */
  keepAliveMs: number;
  /** How long a client may take nothing of what waits for it. */
  slowSocketMs: number;
  /** How long this node says that it stops before it does anything about it. */
  drainReadyMs: number;
  /** Over how long the sockets and streams are then closed. */
  drainWindowMs: number;
  allowedOrigins: readonly string[];
  trustedProxies: number;
  graphiql: boolean;
  introspection: boolean;
  /** Subscribers who ask and may see the same get one answer, computed once. */
  sharedFrames: boolean;
  /** Offers clients of WebSockets to compress. */
  compressSockets: boolean;
  /** What opens /metrics; null: there is no such path. */
  metricsToken: string | null;
  /** What queries are answered from where it has caught up; null: there is none. */
  replica: Replica | null;
  /** Where spans go; null: nowhere. */
  tracing: Tracing | null;
  /** How nodes wake each other, for the figures. */
  wakeup: string;
  /** Where the embedded database has its files; null without one. */
  dataDirectory: string | null;
  /** How long a socket may stay without connection_init; default 3 s. */
  initTimeoutMs?: number;
}

export interface RunningServer {
  port: number;
  /** Open WebSockets, and HTTP requests under way, server-sent events included. */
  connections(): { webSockets: number; requests: number };
  /** Sessions that have something open. */
  sessions(): number;
  /** Groups of subscribers and who is in them. */
  sharing(): HubCounts;
  /**
   * Says at /health/ready that it stops, waits for that to be noticed, then takes no more sockets and streams, sends
   * those that are open elsewhere, evenly, lets answers finish, and is gone.
   */
  stop(): Promise<void>;
}

/** How long answers may take once nothing new comes. */
const GRACE_MS = 5_000;
const NO_GROUPS: HubCounts = { groups: 0, sources: 0, members: 0, largest: 0, ...noFigures() };
/** Whoever has not asked for longer than this does not send traffic by what it hears. */
const ASKS_EVERY_MS = 60_000;

/** HTTP, server-sent events and WebSocket on one port and one path, /graphql; health beside it. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { log, trustedProxies, keepAliveMs } = options;
  const metrics = createMetrics(() => ({
    ...options,
    connections,
    sentBytes,
    clients: () => webSocket.sockets.clients,
    groups: () => hub?.counts() ?? NO_GROUPS,
    groupSizes: () => hub?.sizes() ?? [],
  }));
  const unlisten = tellWaits(options.db, metrics);
  const report: ReportError = (error, requestId) => {
    log.error({ requestId, err: error }, 'unexpected error');
  };
  const hub = options.sharedFrames ? new Hub<unknown>(options.feed) : null;
  const shared = hub && new SharedFrames({ ...options, hub, metrics, report });
  const sessions = new SessionWatch({
    ...options,
    onError: (error) => log.warn({ err: error }, 'a session could not be looked up'),
  });
  const pipeline = createPipeline({
    ...options,
    ...{ metrics, shared, sessions },
    addressOf: (request) => addressOf(request, trustedProxies),
  });
  const readiness: Readiness = { isDraining: false, askedAt: null };
  let stopping = false;
  const isStopping = () => stopping;
  const pulse = new Pulse({ keepAliveMs, stalledMs: options.slowSocketMs });
  const requests = new Requests({
    ...options,
    ...{ pipeline, pulse, readiness, metrics, isStopping },
  });
  const server = createServer(
    { requestTimeout: 30_000, headersTimeout: 10_000, connectionsCheckingInterval: 5_000 },
    (request, response) => requests.answer(request, response),
  );
  const sentBytes = countSentBytes(server);
  const webSocket = attachWebSocket(server, {
    ...{ pipeline, pulse, sessions, isStopping },
    ...options.limits,
    compressSockets: options.compressSockets,
    report,
    share: async (asked) => shared?.overSocket(asked) ?? null,
    onClose: metrics.closed,
    onClientError: (error) => log.debug({ err: error }, 'a socket was closed for what it sent'),
    isAllowedOrigin: (request) => isAllowedOrigin(request, options.allowedOrigins),
    addressOf: (request) => addressOf(request, trustedProxies),
    initTimeoutMs: options.initTimeoutMs ?? 3_000,
  });
  const connections = () => ({
    webSockets: webSocket.connections().size,
    requests: requests.size,
  });
  const port = await listen(server, options.address);

  const guests = (): Guest[] => [
    ...[...webSocket.connections()].map((connection) => ({
      get isGone() {
        return !connection.isOpen;
      },
      leave: () => connection.leave(),
    })),
    // Broken off without "complete", so that the client goes on elsewhere.
    ...requests.streams().map((response) => ({
      get isGone() {
        return response.destroyed;
      },
      leave: () => response.destroy(),
    })),
  ];

  return {
    port,
    connections,
    sessions: () => sessions.size,
    sharing: () => hub?.counts() ?? NO_GROUPS,
    async stop() {
      unlisten();
      readiness.isDraining = true;
      const { askedAt } = readiness;
      const isAsked = askedAt !== null && performance.now() - askedAt < ASKS_EVERY_MS;
      if (isAsked) await pause(options.drainReadyMs);
      stopping = true;
      await letGoEvenly(guests(), options.drainWindowMs);
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const rest = setInterval(() => {
        // A connection becomes idle when its answer is through; a stream may have been about to begin.
        server.closeIdleConnections();
        for (const stream of requests.streams()) stream.destroy();
      }, 20);
      const grace = setTimeout(() => server.closeAllConnections(), GRACE_MS);
      await Promise.all([closed, webSocket.stop(GRACE_MS)]);
      clearInterval(rest);
      clearTimeout(grace);
    },
  };
}
