import { afterAll, afterEach, expect } from 'vitest';
import { caller, open, tick } from '../server/fixture.ts';
import type { TestApp } from '../support/app.ts';
import { signedInSocket, subscribeMessage } from '../support/raw-socket.ts';
import { type TcpSocket, tcpSocket } from '../support/tcp-socket.ts';

const TICKS = 'subscription { ticks { name } }';
let told = 0;

/** Updates that tests make begin with this. */
export const TOLD_BY_TEST = 'told by the test';

export const token = caller({ kind: 'member' });
export const INIT = { type: 'connection_init', payload: { authorization: `Bearer ${token}` } };
export const subscribing = (id: string, query = TICKS, variables: object = {}) =>
  subscribeMessage(id, query, { ...variables });

/** Has somebody on this app who does nothing wrong, and after every test must not have noticed anything. */
export async function neighbourOf(muster: TestApp): Promise<void> {
  const socket = await signedInSocket(muster.url, token);
  socket.send(subscribing('mine'));
  afterAll(() => socket.leave());
  afterEach(async () => {
    await expect.poll(() => open.ticks).toBe(1);
    told += 1;
    tick(told);
    const answer = {
      id: 'mine',
      type: 'next',
      payload: { data: { ticks: { name: String(told) } } },
    };
    let next = await socket.next();
    // What the test itself has told everybody comes before it.
    while (JSON.stringify(next).includes(TOLD_BY_TEST)) next = await socket.next();
    expect(next).toEqual(answer);
  });
}

/** A socket that can send any bytes, after its connection_ack. */
export async function intruder(url: string, isPolite = true): Promise<TcpSocket> {
  const socket = await tcpSocket(url, isPolite);
  socket.say(INIT);
  await expect.poll(() => socket.texts).toEqual(['{"type":"connection_ack"}']);
  socket.texts.length = 0;
  return socket;
}
