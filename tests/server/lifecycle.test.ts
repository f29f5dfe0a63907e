import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { createApp } from '../../src/app.ts';
import { MigrationError } from '../../src/database/migrate.ts';
import { listen } from '../../src/server/listen.ts';
import { readSettings } from '../../src/settings.ts';
import { testApp } from '../support/app.ts';
import { emptyDatabase, testDatabase } from '../support/database.ts';
import { authenticate, caller, open, schema, tick } from './fixture.ts';

const muster = await testApp({ schema, authenticate });
const token = caller({ kind: 'member' });
const healthOf = (path: string) => fetch(muster.url.replace('/graphql', `/health/${path}`));

describe('health', () => {
  test('live and ready', async () => {
    const live = await healthOf('live');
    expect([live.status, await live.json()]).toEqual([200, { status: 'live' }]);
    const ready = await healthOf('ready');
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({
      status: 'ready',
      checks: {
        database: { ok: true },
        migrations: { ok: true, pending: 0 },
        feed: { ok: true },
      },
    });
  });

  test('not ready, and says what fails but not why, when the database is gone', async () => {
    const { pool } = muster.app.db;
    const { query } = pool;
    pool.query = () => Promise.reject(new Error('secret: 10.0.0.7 refused')) as never;
    try {
      const ready = await healthOf('ready');
      expect(ready.status).toBe(503);
      const body = await ready.text();
      expect(JSON.parse(body)).toMatchObject({ checks: { database: { ok: false } } });
      expect(body).not.toContain('secret');
    } finally {
      pool.query = query;
    }
  });

  test('other paths are not found', async () => {
    expect((await healthOf('other')).status).toBe(404);
  });
});

describe('ports', () => {
  const taken = createServer();

  test('one that is taken is passed over, or refused by name when it was set', async () => {
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    const next = createServer();
    const chosen = await listen(next, { host: '127.0.0.1', port, portIsSet: false });
    expect(chosen).toBeGreaterThan(port);
    await expect(
      listen(createServer(), { host: '127.0.0.1', port, portIsSet: true }),
    ).rejects.toThrow(`Port ${port} on 127.0.0.1 is taken`);
    next.close();
    taken.close();
  });

  test('an address of another machine is refused by name', async () => {
    await expect(
      listen(createServer(), { host: '192.0.2.1', port: 0, portIsSet: false }),
    ).rejects.toThrow('HOST is 192.0.2.1, which is no address of this machine.');
  });

  test('an app that cannot listen leaves nothing open', async () => {
    const settings = readSettings({
      DATABASE_URL: await testDatabase(),
      HOST: '192.0.2.1',
      PORT: '0',
      LOG_LEVEL: 'silent',
    });
    const app = createApp(settings, { schema, authenticate });
    await expect(app.start()).rejects.toThrow('192.0.2.1');
    await app.stop();
  });
});

describe('a start that cannot be', () => {
  const startWith = async (environment: Record<string, string>) => {
    const said: string[] = [];
    const log = pino({ level: 'trace' }, { write: (line: string) => said.push(line) });
    let prepared = 0;
    const prepare = async () => {
      prepared += 1;
    };
    const app = createApp(readSettings(environment), { schema, authenticate, log, prepare });
    const failure = await app.start().then(
      () => null,
      (error: unknown) => error,
    );
    await app.stop();
    return { failure, said, prepared };
  };

  test('for a port that was asked for and is taken ends before any database is opened', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    const { failure } = await startWith({
      PORT: String(port),
      DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/nothing',
    });
    expect(String(failure)).toContain(`Port ${port} on 127.0.0.1 is taken`);
    taken.close();
  });

  test.for([
    [
      'without our tables',
      (): Promise<string> => emptyDatabase(),
      /lacks the migration \S+ and \d+ more: run "npm run migrate"/,
    ],
    [
      'that nobody answers at',
      async (): Promise<string> => 'postgresql://nobody:s3cret@127.0.0.1:1/nothing',
      /^MigrationError: PostgreSQL at 127.0.0.1:1\/nothing does not answer: .+\.$/,
    ],
  ] as const)('for a database %s says one sentence and no more', async ([_, urlOf, sentence]) => {
    const { failure, said, prepared } = await startWith({
      PORT: '0',
      DEMO: '1',
      DATABASE_URL: await urlOf(),
    });
    expect(failure).toBeInstanceOf(MigrationError);
    expect(String(failure)).toMatch(sentence);
    expect([said, prepared]).toEqual([[], 0]);
  });
});

describe('stopping', () => {
  test('ends every stream, lets a request finish, and may be asked for twice', async () => {
    const other = await testApp({ schema, authenticate });
    const streams = (['websocket', 'sse'] as const).map((over) =>
      other.subscribe('subscription { ticks { name } }', {}, { token, over }),
    );
    await expect.poll(() => open.ticks).toBe(2);
    tick(1);
    for (const stream of streams) expect((await stream.next()).data).toBeTruthy();
    const ends = streams.map((stream) =>
      stream.ended.then(
        () => 'completed',
        () => 'interrupted',
      ),
    );
    const startedAt = performance.now();
    await Promise.all([other.app.stop(), other.app.stop()]);
    expect(performance.now() - startedAt).toBeLessThan(3_000);
    expect(await Promise.all(ends)).toEqual(['interrupted', 'interrupted']);
    await expect.poll(() => open.ticks).toBe(0);
    await expect(fetch(other.url)).rejects.toThrow();
  });
});
