import { randomUUID } from 'node:crypto';
import { type ExecutionArgs, GraphQLError, getOperationAST } from 'graphql';
import { CloseCode, type ServerOptions } from 'graphql-ws';
import { Close, type Connection } from './connection.ts';
import { maskError, type ReportError } from './masking.ts';
import type { Pipeline } from './pipeline.ts';
import { bearerToken, type Session } from './session.ts';
import type { SessionWatch } from './session-watch.ts';
import type { AskedOperation } from './shared-operation.ts';
import type { Stream } from './shared-screens.ts';

export interface SocketOperationsOptions {
  pipeline: Pipeline;
  sessions: SessionWatch;
  /** What stands for a subscription that others have the answers of too; null: it has its own. */
  share(asked: AskedOperation): Promise<Stream | null>;
  report: ReportError;
  addressOf(request: Connection['request']): string | null;
  /** Operations under way at a time on one socket. */
  subscriptionsPerSocket: number;
  /** How long a socket may stay without connection_init; nothing that a client sends extends it. */
  initTimeoutMs: number;
  /** This node stops: subscriptions go elsewhere. */
  isStopping(): boolean;
}

type Enveloped = ReturnType<Pipeline['getEnveloped']>;
type Hooks = ServerOptions<Record<string, unknown>, Connection>;
type Payload = Parameters<NonNullable<Hooks['onSubscribe']>>[2];

const ID_LENGTH = 100;
/** How long a database that does not answer may keep a client waiting before it is told to try again. */
const ADMIT_MS = 10_000;

/** What graphql-ws asks at every turn of a socket's life, answered by the pipeline that HTTP requests go through. */
export function socketOperations(options: SocketOperationsOptions): Hooks {
  const { pipeline, report, subscriptionsPerSocket } = options;
  const pipelines = new WeakMap<ExecutionArgs, Enveloped>();
  const pipelineOf = (args: ExecutionArgs): Enveloped => {
    const enveloped = pipelines.get(args);
    if (!enveloped) throw new Error('These arguments were not made by onSubscribe.');
    return enveloped;
  };

  async function prepare(connection: Connection, id: string, payload: Payload, requestId: string) {
    const enveloped = pipeline.getEnveloped({
      requestId,
      session: connection.session,
      transport: 'websocket',
      socket: { client: connection.socket, bytes: connection.request.socket, id },
      params: payload,
    } as never);
    const document = parse(enveloped, payload.query);
    const errors = enveloped.validate(enveloped.schema, document);
    if (errors.length > 0) return errors;
    const isSubscription =
      getOperationAST(document, payload.operationName)?.operation === 'subscription';
    if (connection.isLeaving || (isSubscription && options.isStopping())) {
      connection.leave();
      // No answer at all, so that the client sends it again to another node.
      await connection.closed();
      return [new GraphQLError('This node stops.')];
    }
    if (!isSubscription) connection.awaitAnswer(id);
    const args: ExecutionArgs = {
      schema: enveloped.schema,
      document,
      operationName: payload.operationName,
      variableValues: payload.variables,
      contextValue: await enveloped.contextFactory(),
    };
    pipelines.set(args, enveloped);
    return args;
  }

  return {
    connectionInitWaitTimeout: options.initTimeoutMs,

    /**
     * Closes with 4403 when a token came that is not valid, and later on when it has ended: clients try that again, with
     * a new token. Without one, only public operations will do.
     */
    async onConnect({ extra: connection, connectionParams }) {
      const session: Session = {
        token: bearerToken(connectionParams?.authorization ?? connectionParams?.Authorization),
        origin: connection.request.headers.origin ?? null,
        address: options.addressOf(connection.request),
      };
      connection.session = session;
      if (session.token === null) return true;
      const tryAgainLater = () => connection.close(Close.tryAgainLater, 'Try again later');
      const waiting = setTimeout(tryAgainLater, ADMIT_MS);
      try {
        const end = () => connection.close(CloseCode.Forbidden, 'Forbidden');
        const unwatch = await options.sessions.admit(session, end);
        if (connection.isOpen) connection.unwatch = unwatch;
        else unwatch?.();
        return unwatch !== null;
      } catch (error) {
        // The database is away, most likely, and will be back: clients try again.
        report(error, null);
        tryAgainLater();
        return false;
      } finally {
        clearTimeout(waiting);
      }
    },

    async onSubscribe({ extra: connection }, id, payload) {
      const refuse = (code: number, reason: string) => {
        connection.close(code, reason);
        return [new GraphQLError(reason)];
      };
      if (id.length > ID_LENGTH)
        return refuse(CloseCode.BadRequest, `An id has ${ID_LENGTH} characters at most`);
      // graphql-ws forgets an id on complete, before its stream has ended: the same id again at once would send the
      // new stream the end of the old one, and leave the new one running after the socket has gone.
      if (connection.isLive(id))
        return refuse(CloseCode.SubscriberAlreadyExists, 'Subscriber already exists');
      if (connection.size >= subscriptionsPerSocket) return [tooMany(subscriptionsPerSocket)];
      connection.begin(id);
      const requestId = randomUUID();
      const fail = (errors: readonly unknown[]) => {
        connection.over(id);
        return errors.map((error) => maskError(error, requestId, report));
      };
      try {
        const prepared = await prepare(connection, id, payload, requestId);
        return Array.isArray(prepared) ? fail(prepared) : (prepared as ExecutionArgs);
      } catch (error) {
        return fail([error]);
      }
    },
    execute: (args) => pipelineOf(args).execute(args),
    async subscribe(args) {
      const shared = await options.share(args as AskedOperation);
      if (!shared) return pipelineOf(args).subscribe(args);
      // graphql-ws keeps its arguments as long as the subscription lives.
      pipelines.delete(args);
      args.contextValue = null;
      return shared;
    },
    onComplete: ({ extra: connection }, id) => connection.over(id),
    onError: ({ extra: connection }, id) => connection.over(id),
    onClose: ({ extra: connection }) => connection.unwatch?.(),
  };
}

/** What is no GraphQL has the code that it has over HTTP. */
function parse(enveloped: Enveloped, query: string): ReturnType<Enveloped['parse']> {
  try {
    return enveloped.parse(query);
  } catch (error) {
    if (error instanceof GraphQLError) error.extensions.code ??= 'GRAPHQL_PARSE_FAILED';
    throw error;
  }
}

function tooMany(limit: number): GraphQLError {
  return new GraphQLError(
    `This socket has ${limit} operations under way, which is the limit: complete one, or open another socket.`,
    { extensions: { code: 'TOO_MANY_SUBSCRIPTIONS', limit } },
  );
}
