import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { ContextConfig } from '../api/context.ts';
import type { QueryLimits } from '../api/limits.ts';
import type { Database } from '../database/database.ts';
import type { Feed } from '../events/feed.ts';
import { Hub, type HubCounts } from '../live/groups/hub.ts';
import type { Authenticate } from './authenticate.ts';
import { addressOf, isAllowedOrigin } from './caller.ts';
import { answerHealth, type HealthChecks } from './health.ts';
import { type Address, listen } from './listen.ts';
import { answerMetrics, createMetrics, tellWaits } from './metrics.ts';
import type { GroupCounts } from './metrics-sources.ts';
import { createPipeline } from './pipeline.ts';
import { countSentBytes } from './sent-bytes.ts';
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
    subscriptionsPerSocket: number;
  };
  allowedOrigins: readonly string[];
  trustedProxies: number;
  graphiql: boolean;
  introspection: boolean;
  /** Subscribers who ask and may see the same get one answer, computed once. */
  sharedFrames: boolean;
  /** What opens /metrics; null: there is no such path. */
  metricsToken: string | null;
  /** How nodes wake each other, for the figures. */
  wakeup: string;
  /** Where the embedded database has its files; null without one. */
  dataDirectory: string | null;
  /** How long a socket may stay without connection_init; default 3 s. */
  initTimeoutMs?: number;
}

/** Server-sent events break off without "complete", so that the client goes on elsewhere; answers are let finish. */
function breakOff(response: ServerResponse): void {
  const isStream = response.req.headers.accept?.includes('text/event-stream') ?? false;
  if (isStream && response.headersSent) response.destroy();
}

export interface RunningServer {
  port: number;
  /** Open WebSockets, and HTTP requests under way, server-sent events included. */
  connections(): { webSockets: number; requests: number };
  /** Groups of subscribers and who is in them. */
  sharing(): HubCounts;
  /** Takes nothing new, ends streams and sockets so that clients go elsewhere, lets requests finish for a while. */
  stop(graceMs?: number): Promise<void>;
}

const GRACE_MS = 5_000;
const NO_GROUPS: GroupCounts = {
  ...{ groups: 0, members: 0, executions: 0, frames: 0 },
  ...{ conflated: 0, skipped: 0, rightsChanged: 0 },
};

/** HTTP, server-sent events and WebSocket on one port and one path, /graphql; health beside it. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { log, trustedProxies } = options;
  const metrics = createMetrics(() => ({
    ...options,
    connections,
    sentBytes,
    clients: () => webSocket.sockets.clients,
    groups: () => ({ ...NO_GROUPS, ...hub?.counts() }),
  }));
  const unlisten = tellWaits(options.db, metrics);
  const hub = options.sharedFrames ? new Hub<unknown>(options.feed) : null;
  const pipeline = createPipeline({
    ...options,
    metrics,
    hub,
    addressOf: (request) => addressOf(request, trustedProxies),
  });
  const answering = new Set<ServerResponse>();

  const onRequest = async (request: IncomingMessage, response: ServerResponse) => {
    if (await answerHealth(request, response, options.health)) return;
    if (await answerMetrics(request, response, metrics, options.metricsToken)) return;
    if (request.url === '/' && options.graphiql) {
      response.writeHead(302, { location: '/graphql' }).end();
      return;
    }
    answering.add(response);
    response.once('close', () => answering.delete(response));
    await pipeline(request, response);
  };
  const server = createServer(
    { requestTimeout: 30_000, headersTimeout: 10_000 },
    (request, response) => {
      onRequest(request, response).catch((error: unknown) => {
        log.error({ err: error }, 'a request could not be answered');
        if (!response.headersSent) response.writeHead(500);
        response.end();
      });
    },
  );
  const sentBytes = countSentBytes(server);
  const webSocket = attachWebSocket(server, {
    pipeline,
    db: options.db,
    authenticate: options.authenticate,
    report: (error, requestId) => log.error({ requestId, err: error }, 'unexpected error'),
    onClientError: (error) => log.debug({ err: error }, 'a socket was closed for what it sent'),
    isAllowedOrigin: (request) => isAllowedOrigin(request, options.allowedOrigins),
    addressOf: (request) => addressOf(request, trustedProxies),
    messageBytes: options.limits.messageBytes,
    subscriptionsPerSocket: options.limits.subscriptionsPerSocket,
    ...(options.initTimeoutMs !== undefined && { initTimeoutMs: options.initTimeoutMs }),
  });
  webSocket.sockets.on('connection', (client) => client.once('close', metrics.closed));
  const connections = () => ({
    webSockets: webSocket.sockets.clients.size,
    requests: answering.size,
  });
  const port = await listen(server, options.address);

  return {
    port,
    connections,
    sharing: () => hub?.counts() ?? { groups: 0, members: 0 },
    async stop(graceMs = GRACE_MS) {
      unlisten();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await webSocket.stop();
      for (const response of answering) breakOff(response);
      // A connection becomes idle when its answer is through.
      const idle = setInterval(() => server.closeIdleConnections(), 20);
      const grace = setTimeout(() => server.closeAllConnections(), graceMs);
      await closed;
      clearInterval(idle);
      clearTimeout(grace);
    },
  };
}
