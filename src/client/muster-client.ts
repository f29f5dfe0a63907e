import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import type { RetryOptions } from './backoff.ts';
import { Credentials, type TokenSource } from './credentials.ts';
import { planSubscription } from './document.ts';
import { MusterError } from './errors.ts';
import { OwnWrites, Requests } from './requests.ts';
import { sseTransport } from './sse-transport.ts';
import type { Status } from './status.ts';
import { ResumableSubscription, type SubscriptionHandlers } from './subscription.ts';
import { webSocketTransport } from './web-socket-transport.ts';

export type { RetryOptions } from './backoff.ts';
export type { TokenSource } from './credentials.ts';
export { MusterError, type Problem, SignInNeeded } from './errors.ts';
export type { Status } from './status.ts';
export type { SubscriptionHandlers } from './subscription.ts';

export interface MusterClientOptions {
  /** Where GraphQL is answered, `https://muster.example.com/graphql`; a WebSocket goes to the same place. */
  url: string;
  /** Of one organization: a client that signs in to another is another client. */
  token: TokenSource;
  /** What carries subscriptions; queries and mutations go by HTTP in any case. Default `websocket`. */
  transport?: 'websocket' | 'sse';
  retry?: RetryOptions;
  /**
   * A connection that has given no sign of life for so long is dead, and a request without an answer has failed; in ms,
   * default 30,000. The server gives a sign every 12 s at least.
   */
  silenceMs?: number;
  /**
   * How long a history (`taskEvents`, `boardNews`) must be quiet after connecting to count as `live`, as the server
   * does not say that it has told all; in ms, default 300.
   */
  quietMs?: number;
  /** Where there is no global WebSocket (Node 20): that of `ws`. */
  webSocketImpl?: unknown;
}

/** A subscription under way. */
export interface Subscription {
  readonly status: Status;
  /** The last update's: keep it, and give it as the variable `since` to go on after a reload. Null before the first. */
  readonly cursor: string | null;
  /** Ends it; nothing is called any more but `onStatus` with `ended`. May be called twice. */
  close(): void;
}

export interface MusterClient {
  /**
   * Follows a subscription through any number of connections: every update once, in order.
   * @throws MusterError CANNOT_RESUME for a document or handlers that it could not resume with
   */
  subscribe<Result, Variables extends Record<string, unknown>>(
    document: TypedDocumentNode<Result, Variables>,
    variables: NoInfer<Variables>,
    handlers: SubscriptionHandlers<NoInfer<Result>>,
  ): Subscription;
  /** Reads, at least as new as what this client has written. Throws MusterError. */
  query<Result, Variables extends Record<string, unknown>>(
    document: TypedDocumentNode<Result, Variables>,
    variables: NoInfer<Variables>,
  ): Promise<Result>;
  /**
   * Writes, and remembers the place of it in the log. A named error of the schema is part of the result; everything
   * else is thrown as MusterError, NETWORK when nobody knows whether it had its effect.
   */
  mutate<Result, Variables extends Record<string, unknown>>(
    document: TypedDocumentNode<Result, Variables>,
    variables: NoInfer<Variables>,
  ): Promise<Result>;
  /** Ends all subscriptions and the connection. */
  close(): Promise<void>;
}

/**
 * A client that keeps Muster's promise on the screen. The server delivers at least once and in order per organization;
 * this keeps the cursor of the last update, goes on from it after any break (a socket that closes, a node that
 * restarts, a laptop that slept), and drops what has come already.
 *
 * ```ts
 * const muster = createMusterClient({
 *   url: 'https://muster.example.com/graphql',
 *   token: async (isRefused) => (isRefused ? await signInAgain() : savedToken()),
 * });
 * const { tasks } = await muster.query(MyTasksDocument, {});
 * const following = muster.subscribe(FollowTasksDocument, { since: tasks.position }, {
 *   onUpdate: ({ taskEvents: event }) => apply(event), // drop what `taskVersion` says that the list covers
 *   onReset: (reason) => readTheListAgain(reason),
 *   onStatus: (status) => show(status), // catching up, live, stale since, ended
 * });
 * await muster.mutate(CompleteTaskDocument, { input: { id } }); // what is read from now on holds it
 * following.close();
 * ```
 *
 * Documents are those of `npm run codegen`, or any other TypedDocumentNode. A subscription's must declare
 * `$since: Cursor` and select `cursor` and what shows a reset (`__typename` of a task event, `reset` of a board). A
 * history begins at the `position` of what is shown; a board needs none.
 */
export function createMusterClient(options: MusterClientOptions): MusterClient {
  const { url, silenceMs = 30_000, quietMs = 300, retry = {}, webSocketImpl } = options;
  const credentials = new Credentials(options.token);
  const own = new OwnWrites();
  const requests = new Requests(url, credentials, own, silenceMs);
  const transport =
    options.transport === 'sse'
      ? sseTransport({ url, credentials, silenceMs })
      : webSocketTransport({ url, credentials, silenceMs, webSocketImpl });
  const open = new Set<Subscription>();

  return {
    subscribe(document, variables, handlers) {
      const plan = planSubscription(document);
      if (plan.isHistory) requireResumable(variables, handlers);
      const onEnd = () => open.delete(subscription);
      const subscription = new ResumableSubscription({
        ...{ plan, variables, handlers, transport, own, retry, quietMs, onEnd },
      });
      open.add(subscription);
      return subscription;
    },
    query: (document, variables) => requests.send(document, variables),
    mutate: (document, variables) => requests.send(document, variables),
    async close() {
      for (const subscription of [...open]) subscription.close();
      await transport.close();
    },
  };
}

/** Before its first update a history that began at no known place could not go on after a break. */
function requireResumable(
  variables: { since?: unknown },
  { onReset }: { onReset?: unknown },
): void {
  if (typeof variables.since !== 'string') {
    const lack =
      'Give `since`: the `position` of the list (or the standings) that is shown, or the last cursor.';
    throw new MusterError('CANNOT_RESUME', lack);
  }
  if (!onReset) {
    const lack = 'After a reset the list is to be read again: give `onReset`.';
    throw new MusterError('CANNOT_RESUME', lack);
  }
}
