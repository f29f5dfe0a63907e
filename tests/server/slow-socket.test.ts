import { describe, expect, test } from 'vitest';
import { testApp } from '../support/app.ts';
import { subscribe } from '../support/client.ts';
import { figuresOf, METRICS_TOKEN } from '../support/figures.ts';
import { signedInSocket, subscribeMessage } from '../support/raw-socket.ts';
import { type TcpSocket, tcpSocket } from '../support/tcp-socket.ts';
import { authenticate, caller, open, schema, tick } from './fixture.ts';

const TICKS = 'subscription { ticks { name } }';
const HEAVY = 'x'.repeat(1_000_000);
const LATER = { timeout: 15_000 };

const token = caller({ kind: 'member' });
const node = (environment: Record<string, string>) =>
  testApp({ schema, authenticate, environment: { METRICS_TOKEN, ...environment } });

async function signedInTcp(url: string): Promise<TcpSocket> {
  const socket = await tcpSocket(url);
  socket.say({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
  await expect.poll(() => socket.texts.length).toBe(1);
  return socket;
}

const closes = async (url: string, code: number) =>
  (await figuresOf(url)).get(`muster_socket_closes_total{code="${code}"}`) ?? 0;

describe('a client that reads nothing', () => {
  test('of what waits for it is told to try again, and its neighbour gets everything', async () => {
    const muster = await node({ SLOW_SOCKET_MS: '700' });
    const stalled = await signedInTcp(muster.url);
    stalled.say(subscribeMessage('1', TICKS));
    const neighbour = muster.subscribe(TICKS, {}, { token });
    await expect.poll(() => open.ticks).toBe(2);
    stalled.tcp.pause();
    // Until the kernel takes no more, which is what the client has not read.
    for (let n = 0; n < 30; n += 1) tick(`${n} ${HEAVY}`);
    for (let n = 0; n < 30; n += 1) {
      const { data } = await neighbour.next();
      expect((data as { ticks: { name: string } }).ticks.name.split(' ')[0]).toBe(String(n));
    }
    await expect.poll(() => open.ticks, LATER).toBe(1);
    expect(await closes(muster.url, 1013)).toBe(1);
    stalled.tcp.resume();
    await stalled.closed;
    await neighbour.close();
  });

  test('over server-sent events is cut off', async () => {
    const muster = await node({ SLOW_SOCKET_MS: '700' });
    const stalled = subscribe(muster.url, TICKS, {}, { token, over: 'sse' });
    await expect.poll(() => open.ticks).toBe(1);
    await stalled.close();
    const response = await fetch(muster.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        authorization: `Bearer ${token}`,
      },
      body: JSON.stringify({ query: TICKS }),
    });
    await expect.poll(() => open.ticks).toBe(1);
    // Nobody reads the body.
    for (let n = 0; n < 40; n += 1) tick(`${n} ${HEAVY}`);
    await expect.poll(() => open.ticks, LATER).toBe(0);
    await expect(response.text()).rejects.toThrow();
  });

  test('but a little all the time is left alone', async () => {
    const muster = await node({ SLOW_SOCKET_MS: '2000', KEEP_ALIVE_MS: '1000' });
    const slow = await signedInTcp(muster.url);
    slow.say(subscribeMessage('1', TICKS));
    await expect.poll(() => open.ticks).toBe(1);
    slow.tcp.pause();
    // More than is read here, in answers that are each read in a few steps.
    for (let n = 0; n < 200; n += 1) tick(`${n} ${HEAVY.slice(0, 200_000)}`);
    const startedAt = performance.now();
    while (performance.now() - startedAt < 5_000) {
      slow.tcp.resume();
      await new Promise((resolve) => slow.tcp.once('data', resolve));
      slow.tcp.pause();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(open.ticks).toBe(1);
    slow.tcp.destroy();
    await expect.poll(() => open.ticks).toBe(0);
  });
});

test('a client that is gone without a word is found by a ping, and one that is quiet stays', async () => {
  const muster = await node({ KEEP_ALIVE_MS: '400' });
  const quiet = await signedInSocket(muster.url, token);
  let pings = 0;
  quiet.client.on('ping', () => {
    pings += 1;
  });
  const gone = await signedInTcp(muster.url);
  gone.say(subscribeMessage('1', TICKS));
  await expect.poll(() => open.ticks).toBe(1);
  gone.tcp.pause();
  await expect.poll(() => open.ticks, LATER).toBe(0);
  expect(await closes(muster.url, 1006)).toBe(1);
  await expect.poll(() => pings, LATER).toBeGreaterThan(3);
  expect(quiet.client.readyState).toBe(quiet.client.OPEN);
  await quiet.leave();
});
