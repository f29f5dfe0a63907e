import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ExecutionArgs, GraphQLError } from 'graphql';
import { CloseCode, type ServerOptions } from 'graphql-ws';
import { type Extra, useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { Database } from '../database/database.ts';
import type { Authenticate } from './authenticate.ts';
import { maskError, type ReportError } from './masking.ts';
import type { Pipeline } from './pipeline.ts';
import { bearerToken, type Session } from './session.ts';

export interface WebSocketOptions {
  pipeline: Pipeline;
  db: Database;
  authenticate: Authenticate;
  report: ReportError;
  /** A client broke the WebSocket protocol or a size limit; its socket is being closed. */
  onClientError(error: Error): void;
  isAllowedOrigin(request: IncomingMessage): boolean;
  addressOf(request: IncomingMessage): string | null;
  /** Of one message from a client. */
  messageBytes: number;
  /** Operations under way at a time on one socket. */
  subscriptionsPerSocket: number;
  /** How long a socket may stay without connection_init; nothing that a client sends extends it. */
  initTimeoutMs?: number;
  keepAliveMs?: number;
}

type Enveloped = ReturnType<Pipeline['getEnveloped']>;
type Extras = Extra & { live?: Set<string>; session?: Session };
type Options = ServerOptions<Record<string, unknown>, Extras>;

const ID_LENGTH = 100;
/** How long a client may take to answer our goodbye. */
const GOODBYE_MS = 1_000;

/** graphql-ws on the path of the HTTP endpoint. Returns what ends every socket. */
export function attachWebSocket(server: Server, options: WebSocketOptions) {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: options.messageBytes,
    perMessageDeflate: false,
    handleProtocols: (offered) =>
      offered.has('graphql-transport-ws') ? 'graphql-transport-ws' : false,
  });
  const graphql = useServer(serverOptions(options), sockets, options.keepAliveMs ?? 12_000);

  sockets.on('connection', (client) => {
    // graphql-ws writes what a client does wrong on the console; ws has already closed with the right code.
    client.removeAllListeners('error');
    client.on('error', (error) => options.onClientError(error));
  });

  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    if (request.url?.split('?')[0] !== '/graphql') return refuse(socket, '404 Not Found');
    if (!options.isAllowedOrigin(request)) return refuse(socket, '403 Forbidden');
    return sockets.handleUpgrade(request, socket, head, (client) => {
      sockets.emit('connection', client, request);
    });
  };
  server.on('upgrade', onUpgrade);

  return {
    sockets,
    /** Says "going away" to every client, which then resumes elsewhere, and waits until all are gone. */
    async stop(): Promise<void> {
      server.off('upgrade', onUpgrade);
      const clients = [...sockets.clients];
      const timer = setTimeout(() => {
        for (const client of clients) client.terminate();
      }, GOODBYE_MS);
      await graphql.dispose();
      clearTimeout(timer);
    },
  };
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function serverOptions(options: WebSocketOptions): Options {
  const { pipeline, db, authenticate, report } = options;
  const pipelines = new WeakMap<ExecutionArgs, Enveloped>();
  const pipelineOf = (args: ExecutionArgs): Enveloped => {
    const enveloped = pipelines.get(args);
    if (!enveloped) throw new Error('These arguments were not made by onSubscribe.');
    return enveloped;
  };

  return {
    connectionInitWaitTimeout: options.initTimeoutMs ?? 3_000,

    /** Fails with 4403 when a token came that is not valid; without one, only public operations will do. */
    async onConnect(ctx) {
      const { extra, connectionParams } = ctx;
      extra.live = new Set();
      extra.session = {
        token: bearerToken(connectionParams?.authorization ?? connectionParams?.Authorization),
        origin: extra.request.headers.origin ?? null,
        address: options.addressOf(extra.request),
      };
      if (extra.session.token === null) return true;
      try {
        return (await authenticate(db, extra.session)) !== null;
      } catch (error) {
        report(error, null);
        extra.socket.close(CloseCode.InternalServerError, 'Unexpected error.');
        return false;
      }
    },

    async onSubscribe(ctx, id, payload) {
      const { extra } = ctx;
      const live = extra.live ?? new Set<string>();
      // graphql-ws forgets an id on complete, before its stream has ended: the same id again at once would send the
      // new stream the end of the old one, and leave the new one running after the socket has gone.
      if (live.has(id) || id.length > ID_LENGTH) {
        extra.socket.close(CloseCode.SubscriberAlreadyExists, 'Subscriber already exists');
        return [new GraphQLError('This id is in use.')];
      }
      if (live.size >= options.subscriptionsPerSocket)
        return [tooMany(options.subscriptionsPerSocket)];
      live.add(id);
      const requestId = randomUUID();
      const fail = (errors: readonly unknown[]) => {
        live.delete(id);
        return errors.map((error) => maskError(error, requestId, report));
      };
      try {
        const enveloped = pipeline.getEnveloped({
          requestId,
          session: extra.session,
          transport: 'websocket',
          socket: { client: extra.socket, bytes: extra.request.socket, id },
          params: payload,
        } as never);
        const document = enveloped.parse(payload.query);
        const errors = enveloped.validate(enveloped.schema, document);
        if (errors.length > 0) return fail(errors);
        const args: ExecutionArgs = {
          schema: enveloped.schema,
          document,
          operationName: payload.operationName,
          variableValues: payload.variables,
          contextValue: await enveloped.contextFactory(),
        };
        pipelines.set(args, enveloped);
        return args;
      } catch (error) {
        return fail([error]);
      }
    },
    execute: (args) => pipelineOf(args).execute(args),
    subscribe: (args) => pipelineOf(args).subscribe(args),
    onComplete: (ctx, id) => {
      ctx.extra.live?.delete(id);
    },
    onError: (ctx, id) => {
      ctx.extra.live?.delete(id);
    },
  };
}

function tooMany(limit: number): GraphQLError {
  return new GraphQLError(
    `This socket has ${limit} operations under way, which is the limit: complete one, or open another socket.`,
    { extensions: { code: 'TOO_MANY_SUBSCRIPTIONS', limit } },
  );
}
