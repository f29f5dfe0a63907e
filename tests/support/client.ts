import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createWsClient } from 'graphql-ws';
import WebSocket from 'ws';

export interface Answer<Data = Record<string, unknown>> {
  status: number;
  headers: Headers;
  data: Data | null | undefined;
  errors: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[];
  extensions: Record<string, unknown>;
  body: string;
}

export interface AskOptions {
  token?: string | null | undefined;
  headers?: Record<string, string>;
  operationName?: string;
}

type Variables = Record<string, unknown>;

/** One operation over HTTP, as any client would send it. */
export async function ask<Data = Record<string, unknown>>(
  url: string,
  query: string,
  variables: Variables = {},
  { token, headers = {}, operationName }: AskOptions = {},
): Promise<Answer<Data>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: JSON.stringify({ query, variables, operationName }),
  });
  const body = await response.text();
  const parsed = parseJson(body) as Partial<Answer<Data>>;
  return {
    status: response.status,
    headers: response.headers,
    data: parsed.data,
    errors: (parsed.errors ?? []).map((error) => ({
      ...error,
      extensions: error.extensions ?? {},
    })),
    extensions: parsed.extensions ?? {},
    body,
  };
}

function parseJson(text: string): object {
  try {
    return JSON.parse(text) as object;
  } catch {
    return {};
  }
}

/** Everything that a failure needs to be understood: the question, the answer, the request id. */
export function explain(query: string, variables: Variables, answer: Answer<unknown>): string {
  return [
    query.trim(),
    `variables: ${JSON.stringify(variables)}`,
    `status ${answer.status}, request id ${answer.headers.get('x-request-id')}`,
    answer.body,
  ].join('\n');
}

export interface StreamResult<Data = Record<string, unknown>> {
  data?: Data | null;
  errors?: readonly { message: string; extensions?: Record<string, unknown> }[];
}

/** What a subscription has delivered, to be waited for by event. */
export interface Stream<Data = Record<string, unknown>> {
  /** The next result; fails after `expireMs` (5 s) and when the stream has ended. */
  next(expireMs?: number): Promise<StreamResult<Data>>;
  /** Results that came and were not asked for yet. */
  waiting(): number;
  /** Resolves when the server has ended the stream; fails with the error that ended it. */
  ended: Promise<void>;
  /** Completes it from the client's side and closes the connection. */
  close(): Promise<void>;
}

export type Transport = 'websocket' | 'sse';

export interface SubscribeOptions {
  token?: string | null | undefined;
  over?: Transport;
  headers?: Record<string, string>;
}

export function subscribe<Data = Record<string, unknown>>(
  url: string,
  query: string,
  variables: Variables = {},
  options: SubscribeOptions = {},
): Stream<Data> {
  const { token, over = 'websocket', headers = {} } = options;
  const authorization: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
  const results: StreamResult<Data>[] = [];
  const waiters: ((result: StreamResult<Data>) => void)[] = [];
  const end = Promise.withResolvers<void>();
  end.promise.catch(() => {});
  const sink = {
    next: (result: StreamResult<Data>) => {
      const waiter = waiters.shift();
      if (waiter) waiter(result);
      else results.push(result);
    },
    error: (error: unknown) => end.reject(asError(error)),
    complete: () => end.resolve(),
  };
  const client =
    over === 'websocket'
      ? createWsClient({
          url: url.replace(/^http/, 'ws'),
          webSocketImpl: WebSocket,
          connectionParams: authorization,
          retryAttempts: 0,
        })
      : createSseClient({ url, headers: { ...authorization, ...headers }, retryAttempts: 0 });
  const stop = client.subscribe({ query, variables }, sink as never);

  return {
    ended: end.promise,
    waiting: () => results.length,
    next(expireMs = 5_000) {
      const ready = results.shift();
      if (ready) return Promise.resolve(ready);
      return new Promise((resolve, reject) => {
        const fail = (message: string) => {
          const at = waiters.indexOf(waiter);
          if (at !== -1) waiters.splice(at, 1);
          clearTimeout(timer);
          reject(new Error(`${message}\n${query.trim()}\nvariables: ${JSON.stringify(variables)}`));
        };
        const waiter = (result: StreamResult<Data>) => {
          clearTimeout(timer);
          resolve(result);
        };
        const timer = setTimeout(() => fail(`Nothing came in ${expireMs} ms.`), expireMs);
        waiters.push(waiter);
        end.promise.then(
          () => fail('The stream has ended.'),
          (error: unknown) => fail(`The stream has failed: ${asError(error).message}`),
        );
      });
    },
    async close() {
      stop();
      await client.dispose();
    },
  };
}

function asError(error: unknown): Error {
  if (error instanceof Error) return error;
  if (error && typeof error === 'object' && 'reason' in error && 'code' in error) {
    return new Error(`closed with ${String(error.code)} ${String(error.reason)}`);
  }
  return new Error(JSON.stringify(error));
}
