import { pino } from 'pino';
import { afterAll, expect } from 'vitest';
import { type App, type AppParts, createApp } from '../../src/app.ts';
import { readSettings } from '../../src/settings.ts';
import {
  type Answer,
  type AskOptions,
  ask,
  explain,
  type Stream,
  type SubscribeOptions,
  subscribe,
} from './client.ts';
import { testDatabase } from './database.ts';

export interface TestApp {
  readonly url: string;
  readonly app: App;
  /** One operation over HTTP, whatever comes back. */
  query<Data = Record<string, unknown>>(
    document: string,
    variables?: Record<string, unknown>,
    options?: AskOptions,
  ): Promise<Answer<Data>>;
  /** The data of an operation; fails, with all that explains it, when there are errors. */
  expectData<Data = Record<string, unknown>>(
    document: string,
    variables?: Record<string, unknown>,
    options?: AskOptions,
  ): Promise<Data>;
  /** A subscription over WebSocket, or with `over: 'sse'`; closed at the end if the test has not. */
  subscribe<Data = Record<string, unknown>>(
    document: string,
    variables?: Record<string, unknown>,
    options?: SubscribeOptions,
  ): Stream<Data>;
  /** Stops the app and proves that no subscriber, timer or socket is left. Called after the file's tests by itself. */
  stop(): Promise<void>;
}

export interface TestAppOptions extends AppParts {
  /** Environment variables over the tests' own, such as `{ MAX_QUERY_DEPTH: '5' }`. */
  environment?: Record<string, string>;
  /** A database that another app of the test uses too. Default: a new one. */
  databaseUrl?: string;
}

/** An app of its own on a free port, with a database of its own. */
export async function testApp(options: TestAppOptions = {}): Promise<TestApp> {
  const { environment = {}, databaseUrl, ...parts } = options;
  const settings = readSettings({
    DATABASE_URL: databaseUrl ?? (await testDatabase()),
    PORT: '0',
    POOL_SIZE: '8',
    LOG_LEVEL: 'silent',
    POLL_MILLISECONDS: '100',
    DRAIN_READY_MS: '0',
    DRAIN_WINDOW_MS: '0',
    ...environment,
  });
  const said: string[] = [];
  const log = pino({ level: 'error' }, { write: (line: string) => said.push(line) });
  const app = createApp(settings, { log, ...parts });
  await app.start();
  const { url } = app;
  const streams = new Set<Stream<unknown>>();
  let stopped = false;

  const testing: TestApp = {
    url,
    app,
    query: (document, variables, asked) => ask(url, document, variables, asked),
    async expectData<Data>(
      document: string,
      variables: Record<string, unknown> = {},
      asked: AskOptions = {},
    ) {
      const answer = await ask<Data>(url, document, variables, asked);
      if (answer.errors.length > 0 || !answer.data) {
        const id = answer.headers.get('x-request-id') ?? '';
        const cause = said.find((line) => line.includes(id)) ?? '';
        throw new Error(
          `The operation failed.\n${explain(document, variables, answer)}\n${cause.replaceAll('\\n', '\n')}`,
        );
      }
      return answer.data;
    },
    subscribe(document, variables, asked) {
      const stream = subscribe(url, document, variables, asked);
      streams.add(stream);
      return stream as never;
    },
    async stop() {
      if (stopped) return;
      stopped = true;
      for (const stream of streams) await stream.close();
      await settled(() => leftovers(app));
      const left = leftovers(app);
      await app.stop();
      expect(left).toEqual({});
    },
  };
  afterAll(() => testing.stop());
  return testing;
}

/** What a test has left open, by name; empty when all is clean. */
function leftovers({ feed, server }: App): Record<string, number> {
  const { organizations, listeners, waiters } = feed.counts();
  const { groups, members } = server.sharing();
  const counts = { organizations, listeners, waiters, groups, members, ...server.connections() };
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

/** The server hears of a closed connection a moment later. */
async function settled(left: () => object, expireMs = 2_000): Promise<void> {
  const until = Date.now() + expireMs;
  while (Object.keys(left()).length > 0 && Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
