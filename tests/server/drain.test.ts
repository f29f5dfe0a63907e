import { describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { letGoEvenly } from '../../src/server/drain.ts';
import { testApp } from '../support/app.ts';
import { signedInSocket, subscribeMessage } from '../support/raw-socket.ts';
import { authenticate, brewed, caller, gates, open, openGates, schema, tick } from './fixture.ts';

const TICKS = 'subscription { ticks { name } }';
const token = caller({ kind: 'member' });

/** A node that takes as long as it can to let its sockets go, so that a test sees what it does meanwhile. */
const node = (environment: Record<string, string> = {}) =>
  testApp({ schema, authenticate, environment: { DRAIN_WINDOW_MS: '600000', ...environment } });

const brewing = (what: string) => `mutation { brew(input: { what: "${what}" }) { __typename } }`;
const brew = (id: string, what: string) => subscribeMessage(id, brewing(what));

/** What the upgrade to a WebSocket is refused with. */
function refusalOf(url: string): Promise<number | undefined> {
  const client = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
  client.on('error', () => {});
  return new Promise((resolve, reject) => {
    client.once('unexpected-response', (_, response) => {
      resolve(response.statusCode);
      response.destroy();
    });
    client.once('open', () => reject(new Error('It was not refused.')));
  });
}

const asStream = (query: string) => ({
  method: 'POST',
  headers: {
    'content-type': 'application/json',
    accept: 'text/event-stream',
    authorization: `Bearer ${token}`,
  },
  body: JSON.stringify({ query }),
});

describe('a node that stops', () => {
  test('says so first where somebody asks, and serves all the while', async () => {
    const muster = await node({ DRAIN_READY_MS: '3000' });
    const readiness = muster.url.replace('/graphql', '/health/ready');
    expect((await fetch(readiness)).status).toBe(200);
    const old = await signedInSocket(muster.url, token);
    const stopped = muster.app.stop();
    const told = await fetch(readiness);
    expect([told.status, await told.json()]).toEqual([503, { status: 'stopping' }]);
    expect((await fetch(readiness.replace('ready', 'live'))).status).toBe(200);
    const answer = await muster.query('{ thing { name } }', {}, { token });
    expect(answer.data).toEqual({ thing: { name: 'tea' } });
    expect(answer.headers.get('connection')).toBe('close');
    const late = await signedInSocket(muster.url, token);
    for (const socket of [old, late]) {
      socket.send(subscribeMessage('1', TICKS));
      await expect.poll(() => open.ticks).toBe(1);
      tick(1);
      expect(await socket.next()).toMatchObject({ id: '1', type: 'next' });
      await socket.leave();
      await expect.poll(() => open.ticks).toBe(0);
    }
    await stopped;
  });

  test('takes no socket, no stream and no subscription any more, but answers what is asked', async () => {
    const muster = await node();
    const [idle, asking] = [
      await signedInSocket(muster.url, token),
      await signedInSocket(muster.url, token),
    ];
    const stopped = muster.app.stop();
    expect(await refusalOf(muster.url)).toBe(503);
    const stream = await fetch(muster.url, asStream(TICKS));
    expect([stream.status, stream.headers.get('retry-after')]).toEqual([503, '1']);
    const answer = await muster.query('{ thing { name } }', {}, { token });
    expect(answer.data).toEqual({ thing: { name: 'tea' } });
    asking.send(subscribeMessage('1', '{ thing { name } }'));
    expect(await asking.next()).toMatchObject({ id: '1', type: 'next' });
    expect(await asking.next()).toMatchObject({ id: '1', type: 'complete' });
    asking.send(subscribeMessage('2', TICKS));
    expect(await asking.closed).toBe(1012);
    expect([asking.waiting(), open.ticks, idle.client.readyState]).toEqual([0, 0, WebSocket.OPEN]);
    await idle.leave();
    await stopped;
    await expect(fetch(muster.url)).rejects.toThrow();
  });

  test('answers the mutations under way before it closes their socket, and begins none after', async () => {
    const muster = await node();
    const socket = await signedInSocket(muster.url, token);
    brewed.length = 0;
    socket.send(brew('slow', 'slowly'));
    const byHttp = fetch(muster.url, {
      ...asStream(brewing('slowly')),
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    });
    await expect.poll(() => gates.size).toBe(2);
    const stopped = muster.app.stop();
    // Makes it leave before its turn.
    socket.send(subscribeMessage('none', TICKS), brew('late', 'late'));
    await expect.poll(() => refusalOf(muster.url)).toBe(503);
    expect([brewed, socket.waiting(), socket.client.readyState]).toEqual([[], 0, WebSocket.OPEN]);
    openGates();
    expect(await socket.next()).toMatchObject({ id: 'slow', type: 'next' });
    expect(await socket.next()).toMatchObject({ id: 'slow', type: 'complete' });
    expect(await socket.closed).toBe(1012);
    expect([brewed, socket.waiting()]).toEqual([['slowly', 'slowly'], 0]);
    expect(await (await byHttp).json()).toMatchObject({
      data: { brew: { __typename: 'BrewPayload' } },
    });
    await stopped;
  });

  test('lets its clients go evenly, and in another order than they came in', async () => {
    const windowMs = 1_000;
    const order: number[] = [];
    const moments: number[] = [];
    const startedAt = performance.now();
    const guests = Array.from({ length: 100 }, (_, at) => ({
      isGone: false,
      leave() {
        order.push(at);
        moments.push(performance.now() - startedAt);
      },
    }));
    await letGoEvenly(guests, windowMs);
    expect(order).not.toEqual(guests.map((_, at) => at));
    expect(order.toSorted((a, b) => a - b)).toEqual(guests.map((_, at) => at));
    // None before its share of the window has come; how long after is up to the machine.
    const early = moments.filter((moment, at) => moment < (at / guests.length) * windowMs);
    expect(early).toEqual([]);
  });

  test('closes every socket and stream within its window, with a code that clients try again on', async () => {
    const muster = await node({ DRAIN_WINDOW_MS: '500' });
    const sockets = await Promise.all(
      Array.from({ length: 20 }, () => signedInSocket(muster.url, token)),
    );
    const streams = await Promise.all(
      Array.from({ length: 5 }, () => fetch(muster.url, asStream(TICKS))),
    );
    sockets[0]?.send(subscribeMessage('1', TICKS));
    await expect.poll(() => open.ticks).toBe(6);
    const texts = streams.map((stream) => stream.text().catch(() => 'broken off'));
    await muster.app.stop();
    expect(new Set(await Promise.all(sockets.map(({ closed }) => closed)))).toEqual(
      new Set([1012]),
    );
    expect(new Set(await Promise.all(texts))).toEqual(new Set(['broken off']));
    await expect.poll(() => open.ticks).toBe(0);
  });
});
