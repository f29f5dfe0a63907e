import type { IncomingMessage } from 'node:http';
import type { GraphQLSchema } from 'graphql';
import { createYoga } from 'graphql-yoga';
import type { Logger } from 'pino';
import { type ContextConfig, createContext } from '../api/context.ts';
import type { QueryLimits } from '../api/limits.ts';
import type { Database } from '../database/database.ts';
import type { Feed } from '../events/feed.ts';
import type { Replica } from '../events/replica.ts';
import type { Authenticate } from './authenticate.ts';
import { maskError, type ReportError } from './masking.ts';
import type { Metrics } from './metrics.ts';
import type { InitialContext, OperationContext } from './server-context.ts';
import { bearerToken, type Session } from './session.ts';
import type { SessionWatch } from './session-watch.ts';
import type { SharedFrames } from './shared-frames.ts';
import type { Tracing } from './tracing.ts';
import { useAtLeast, type WaitForPosition } from './use-at-least.ts';
import { useEventContext } from './use-event-context.ts';
import { useNoIntrospection } from './use-introspection.ts';
import { useJsonOnly } from './use-json-only.ts';
import { useLimits } from './use-limits.ts';
import { useMasking } from './use-masking.ts';
import { useMetrics } from './use-metrics.ts';
import { useOperationLog } from './use-operation-log.ts';
import { usePositionExtension } from './use-position-extension.ts';
import { useReplica } from './use-replica.ts';
import { requestIdOf, useRequestId } from './use-request-id.ts';
import { useSessionWatch } from './use-session-watch.ts';
import { useStoredOperations } from './use-stored-operations.ts';
import { useTracing } from './use-tracing.ts';

export interface PipelineOptions {
  schema: GraphQLSchema;
  db: Database;
  feed: Feed;
  config: ContextConfig;
  log: Logger;
  authenticate: Authenticate;
  waitForPosition: WaitForPosition;
  limits: QueryLimits & { bodyBytes: number };
  metrics: Metrics;
  /** What queries are answered from where it has caught up; null: there is none. */
  replica: Replica | null;
  /** Where spans go; null: nowhere. */
  tracing: Tracing | null;
  /** For subscribers who get one answer; null: each gets its own. */
  shared: SharedFrames | null;
  sessions: SessionWatch;
  allowedOrigins: readonly string[];
  graphiql: boolean;
  introspection: boolean;
  /** The address that HTTP requests came from. */
  addressOf(request: IncomingMessage): string | null;
}

const WELCOME = `# Sign in, then put the token into the Headers below: { "Authorization": "Bearer <token>" }
# The start of the server printed the demonstration's sign-in.
`;

/** What every operation goes through, whatever brought it: HTTP, server-sent events or WebSocket. */
export function createPipeline(options: PipelineOptions) {
  const { db, feed, config, log, authenticate, allowedOrigins } = options;
  const report: ReportError = (error, requestId) => {
    log.error({ requestId, err: error }, 'unexpected error');
  };

  return createYoga<Record<string, unknown>, OperationContext>({
    schema: options.schema,
    graphqlEndpoint: '/graphql',
    landingPage: false,
    healthCheckEndpoint: '/health/pipeline',
    multipart: false,
    batching: false,
    logging: false,
    maxRequestBodySize: options.limits.bodyBytes,
    // Its subscriptions go by server-sent events: over WebSocket it would not send the token along.
    graphiql: options.graphiql && { title: 'Muster', defaultQuery: WELCOME },
    // The package holds all of GraphiQL, so that it works without the internet; some megabytes, loaded when first asked for.
    renderGraphiQL: async (page) => {
      const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
      return renderGraphiQL(page);
    },
    cors: allowedOrigins.length > 0 && {
      origin: [...allowedOrigins],
      methods: ['GET', 'POST', 'OPTIONS'],
      allowedHeaders: ['Authorization', 'Content-Type', 'Muster-At-Least', 'X-Request-Id'],
      exposedHeaders: ['X-Request-Id'],
      credentials: false,
    },
    maskedErrors: { maskError: (error) => maskError(error, null, report) },
    context: async (initial) => {
      const brought: InitialContext = initial;
      const session: Session = brought.session ?? {
        token: bearerToken(initial.request.headers.get('authorization')),
        origin: initial.request.headers.get('origin'),
        address: brought.req ? options.addressOf(brought.req) : null,
      };
      const requestId = brought.requestId ?? requestIdOf(initial.request);
      const transport = brought.transport ?? ('http' as const);
      Object.assign(initial, { requestId });
      const viewer = await authenticate(db, session);
      const caller = { address: session.address, origin: session.origin };
      const presentViewer = () => authenticate(db, session);
      const parts = { db, feed, config, caller, viewer, presentViewer, requestId };
      const context = createContext(parts);
      return { ...context, session, transport };
    },
    plugins: [
      useRequestId(),
      useJsonOnly(),
      useStoredOperations(),
      ...(options.introspection ? [] : [useNoIntrospection()]),
      useMasking(report),
      useOperationLog(log),
      useMetrics(options.metrics),
      ...(options.tracing ? [useTracing(options.tracing)] : []),
      useLimits(options.limits),
      useAtLeast(options.waitForPosition),
      ...(options.replica ? [useReplica(options.replica)] : []),
      usePositionExtension(),
      useEventContext(authenticate),
      ...(options.shared ? [options.shared.plugin()] : []),
      // Around all of it.
      useSessionWatch(options.sessions),
    ],
  });
}

export type Pipeline = ReturnType<typeof createPipeline>;
