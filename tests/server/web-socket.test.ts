import { describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { testApp } from '../support/app.ts';
import {
  type RawSocket,
  type RawSocketOptions,
  rawSocket,
  signedInSocket,
  subscribeMessage,
} from '../support/raw-socket.ts';
import { authenticate, caller, change, open, revoke, schema, tick } from './fixture.ts';

const muster = await testApp({
  schema,
  authenticate,
  environment: {
    MAX_SUBSCRIPTIONS_PER_SOCKET: '3',
    MAX_MESSAGE_BYTES: '2048',
    ALLOWED_ORIGINS: 'https://screens.example.com',
  },
});
const token = caller({ kind: 'member' });

const socket = ({ path = '/graphql', ...options }: RawSocketOptions & { path?: string } = {}) =>
  rawSocket(muster.url.replace('/graphql', path), options);
const signedIn = (bearer: string | null = token) => signedInSocket(muster.url, bearer);
const ticks = (id: string) => subscribeMessage(id, 'subscription { ticks { name } }');

async function gone(connection: RawSocket) {
  await connection.leave();
  await expect.poll(() => open.ticks).toBe(0);
}

describe('the upgrade', () => {
  test('is for our own origin, allowed ones, and clients that are no browsers', async () => {
    for (const origin of [undefined, 'https://screens.example.com', new URL(muster.url).origin]) {
      const connection = await socket(origin ? { origin } : {});
      expect(connection.client.readyState).toBe(WebSocket.OPEN);
      await gone(connection);
    }
    for (const origin of ['https://evil.example.com', 'null', 'not a url']) {
      const connection = await socket({ origin });
      expect(await connection.closed).toBe(1006);
    }
  });

  test('is on one path and for one protocol', async () => {
    expect(await (await socket({ path: '/other' })).closed).toBe(1006);
    const other = await socket({ protocol: 'graphql-ws' });
    expect(await other.closed).toBeGreaterThan(1000);
  });
});

describe('the beginning', () => {
  test('a token that is not valid is forbidden, a check that fails may be tried again', async () => {
    const wrong = await socket();
    wrong.send({ type: 'connection_init', payload: { authorization: 'Bearer wrong' } });
    expect(await wrong.closed).toBe(4403);
    const broken = await socket();
    broken.send({
      type: 'connection_init',
      payload: { authorization: 'Bearer token-that-breaks-the-database' },
    });
    expect(await broken.closed).toBe(1013);
  });

  test('without a token public operations only', async () => {
    const connection = await signedIn(null);
    connection.send({ id: '1', type: 'subscribe', payload: { query: '{ echo(text: "x") }' } });
    expect(await connection.next()).toMatchObject({
      type: 'next',
      payload: { data: { echo: 'x' } },
    });
    expect(await connection.next()).toMatchObject({ type: 'complete' });
    connection.send(ticks('2'));
    expect(await connection.next()).toMatchObject({
      type: 'next',
      payload: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
    });
    await gone(connection);
  });

  test('without connection_init the socket is closed in time, whatever else it sends', async () => {
    const startedAt = performance.now();
    const connection = await socket();
    const noise = setInterval(() => connection.send({ type: 'ping' }), 200);
    expect(await connection.closed).toBe(4408);
    clearInterval(noise);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  test('an operation before the acknowledgement is refused', async () => {
    const connection = await socket();
    connection.send(ticks('1'));
    expect(await connection.closed).toBe(4401);
  });
});

describe('limits of one socket', () => {
  test('a message that is too large closes it', async () => {
    const connection = await signedIn();
    connection.send({ id: '1', type: 'subscribe', payload: { query: `{ ${'x'.repeat(4_000)} }` } });
    expect(await connection.closed).toBe(1009);
  });

  test('one operation too many is refused, the others go on', async () => {
    const connection = await signedIn();
    connection.send(ticks('1'), ticks('2'), ticks('3'));
    await expect.poll(() => open.ticks).toBe(3);
    connection.send(ticks('4'));
    expect(await connection.next()).toMatchObject({
      id: '4',
      type: 'error',
      payload: [{ extensions: { code: 'TOO_MANY_SUBSCRIPTIONS', limit: 3 } }],
    });
    connection.send({ id: '1', type: 'complete' });
    await expect.poll(() => open.ticks).toBe(2);
    connection.send(ticks('5'));
    await expect.poll(() => open.ticks).toBe(3);
    await gone(connection);
  });

  test('a refused operation gives its place and its id back', async () => {
    const connection = await signedIn();
    for (let round = 0; round < 5; round += 1) {
      connection.send({ id: 'same', type: 'subscribe', payload: { query: '{ unknown }' } });
      expect(await connection.next()).toMatchObject({ id: 'same', type: 'error' });
    }
    await gone(connection);
  });

  test('an id that is in use closes the socket, and nothing is left running', async () => {
    const connection = await signedIn();
    connection.send(ticks('1'));
    await expect.poll(() => open.ticks).toBe(1);
    connection.send(ticks('1'));
    expect(await connection.closed).toBe(4409);
    await expect.poll(() => open.ticks).toBe(0);
  });

  test('an id that is used again at once after complete leaves nothing running', async () => {
    for (let round = 0; round < 5; round += 1) {
      const connection = await signedIn();
      connection.send(ticks('1'));
      await expect.poll(() => open.ticks).toBe(1);
      connection.send({ id: '1', type: 'complete' }, ticks('1'));
      await gone(connection);
    }
  });
});

describe.each(['websocket', 'sse'] as const)('every event of a subscription over %s', (over) => {
  test('has a context of its own', async () => {
    const stream = muster.subscribe(
      'subscription { ticks { contexts self { contexts } } }',
      {},
      { token, over },
    );
    await expect.poll(() => open.ticks).toBe(1);
    for (const value of [1, 2, 3]) {
      tick(value);
      expect((await stream.next()).data).toEqual({
        ticks: { contexts: 1, self: { contexts: 2 } },
      });
    }
    await stream.close();
    await expect.poll(() => open.ticks).toBe(0);
  });

  test('is the last one when the token has ended', async () => {
    const passing = caller({ kind: 'member' });
    const stream = muster.subscribe(
      'subscription { ticks { name } }',
      {},
      { token: passing, over },
    );
    await expect.poll(() => open.ticks).toBe(1);
    tick(1);
    expect((await stream.next()).data).toEqual({ ticks: { name: '1' } });
    revoke(passing);
    tick(2);
    const last = await stream.next();
    expect(last.data).toBeUndefined();
    expect(last.errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED');
    await stream.ended;
    await expect.poll(() => open.ticks).toBe(0);
  });

  test('is the last one when a right that the field asks for is gone', async () => {
    const demoted = caller({ kind: 'member' });
    const stream = muster.subscribe(
      'subscription { ...S } fragment S on Subscription { ... { ticks { name } } }',
      {},
      { token: demoted, over },
    );
    await expect.poll(() => open.ticks).toBe(1);
    tick(1);
    expect((await stream.next()).data).toEqual({ ticks: { name: '1' } });
    change(demoted, { grants: new Set(['WRITE']) });
    tick(2);
    const last = await stream.next();
    expect(last.data).toBeUndefined();
    expect(last.errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', requires: 'READ' });
    await stream.ended;
    await expect.poll(() => open.ticks).toBe(0);
  });

  test('ends with the source', async () => {
    const stream = muster.subscribe('subscription { ticks { name } }', {}, { token, over });
    await expect.poll(() => open.ticks).toBe(1);
    tick(null);
    await stream.ended;
    expect(open.ticks).toBe(0);
  });
});
