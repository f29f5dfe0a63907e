import { describe, expect, test } from 'vitest';
import { authenticate, open, schema } from '../server/fixture.ts';
import { testApp } from '../support/app.ts';
import { rawSocket } from '../support/raw-socket.ts';
import { frame, type TcpSocket, tcpSocket } from '../support/tcp-socket.ts';
import { INIT, intruder, neighbourOf, subscribing } from './neighbour.ts';

const muster = await testApp({ schema, authenticate });
await neighbourOf(muster);

const MANY = 10_000;
const many = (bytes: Buffer): Buffer => Buffer.concat(Array.from({ length: MANY }, () => bytes));
const text = (value: unknown): Buffer => frame(JSON.stringify(value));
/** By us, or broken off by ws when too many of its own answers wait. */
const TOO_MANY_PINGS = [1008, 1006];
const PING = { type: 'ping' };

describe('a signed-in socket is closed', () => {
  test.each<[string, number | readonly number[], () => Buffer]>([
    ['a message of 1 MB', 1009, () => text({ ...PING, payload: { x: 'x'.repeat(1_000_000) } })],
    ['an id of 1 MB', 1009, () => text(subscribing('x'.repeat(1_000_000)))],
    ['an id of 101 characters', 4400, () => text(subscribing('x'.repeat(101)))],
    ['10,000 pings', 1008, () => many(text(PING))],
    [
      '10,000 pings of WebSocket',
      TOO_MANY_PINGS,
      () => many(frame('are you there?', { opcode: 9 })),
    ],
    ['10,000 pongs of WebSocket', 1008, () => many(frame('', { opcode: 10 }))],
    ['10,000 completes', 1008, () => many(text({ type: 'complete', id: '1' }))],
    ['10,000 subscriptions under one id', 4409, () => many(text(subscribing('1')))],
    ['the same id twice', 4409, () => many(text(subscribing('1'))).subarray(0, 400)],
    ['connection_init a second time', 4429, () => text(INIT)],
    ['a binary message', 1003, () => frame(JSON.stringify(PING), { opcode: 2 })],
    ['text that is not UTF-8', 1007, () => frame(Buffer.from([0x7b, 0xc3, 0x28, 0xff]))],
    ['half a character', 1007, () => frame(Buffer.from('ü').subarray(0, 1))],
    ['a frame without a mask', 1002, () => frame(JSON.stringify(PING), { masked: false })],
    ['a reserved bit', 1002, () => frame(JSON.stringify(PING), { reserved: true })],
    ['a reserved opcode', 1002, () => frame('', { opcode: 3 })],
    ['a ping of 126 bytes', 1002, () => frame('x'.repeat(126), { opcode: 9 })],
    ['a ping in pieces', 1002, () => frame('', { opcode: 9, fin: false })],
    ['a piece of no message', 1002, () => frame('x', { opcode: 0 })],
    [
      'a message within a message',
      1002,
      () => Buffer.concat([frame('{', { fin: false }), frame('{')]),
    ],
    [
      'a goodbye with a code that there is not',
      1002,
      () => frame(Buffer.from([3, 231]), { opcode: 8 }),
    ],
    [
      'a message in 10,000 empty pieces',
      1008,
      () => Buffer.concat([frame('', { fin: false }), many(frame('', { fin: false, opcode: 0 }))]),
    ],
    [
      'a message in pieces that is too large',
      1009,
      () =>
        Buffer.concat([
          frame('', { fin: false }),
          ...Array.from({ length: 200 }, () => frame('x'.repeat(1_000), { fin: false, opcode: 0 })),
        ]),
    ],
  ])('for %s with %o', async (_, code, bytes) => {
    const socket = await intruder(muster.url);
    socket.write(bytes());
    expect([code].flat()).toContain(await socket.closed);
  });

  test.each([
    ['no JSON', 'hello'],
    ['nothing', ''],
    ['half a message', '{"type":"ping"'],
    ['50,000 open brackets', '['.repeat(50_000)],
    ['null', 'null'],
    ['a list', '[]'],
    ['a number', '1'],
    ['no type', '{}'],
    ['a type that is a list', '{"type":["ping"]}'],
    ['a type that there is not', '{"type":"__proto__"}'],
    ['a type of the old protocol', '{"type":"start","id":"1","payload":{"query":"{ a }"}}'],
    ['connection_ack', '{"type":"connection_ack"}'],
    ['next', '{"type":"next","id":"1","payload":{}}'],
    ['error', '{"type":"error","id":"1","payload":[{"message":"x"}]}'],
    ['complete without an id', '{"type":"complete"}'],
    ['a ping with a list', '{"type":"ping","payload":[1]}'],
    ['a subscription without an id', '{"type":"subscribe","payload":{"query":"{ a }"}}'],
    ['an id that is a number', '{"type":"subscribe","id":1,"payload":{"query":"{ a }"}}'],
    ['an empty id', '{"type":"subscribe","id":"","payload":{"query":"{ a }"}}'],
    ['no payload', '{"type":"subscribe","id":"1"}'],
    ['a query that is an object', '{"type":"subscribe","id":"1","payload":{"query":{"a":1}}}'],
    [
      'variables that are a list',
      '{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":[1]}}',
    ],
    [
      'a name that is a number',
      '{"type":"subscribe","id":"1","payload":{"query":"{a}","operationName":1}}',
    ],
    [
      'extensions that are text',
      '{"type":"subscribe","id":"1","payload":{"query":"{a}","extensions":"x"}}',
    ],
  ])('with 4400 for a message that is no message: %s', async (_, message) => {
    const socket = await intruder(muster.url);
    socket.write(frame(message));
    expect(await socket.closed).toBe(4400);
    expect(socket.texts).toEqual([]);
  });
});

describe('before connection_ack', () => {
  test.each<[string, number, object[]]>([
    ['a subscription', 4401, [subscribing('1')]],
    ['a subscription right behind connection_init', 4401, [INIT, subscribing('1')]],
    ['connection_init twice at once', 4429, [INIT, INIT]],
    ['a payload that is a list', 4400, [{ type: 'connection_init', payload: [] }]],
  ])('%s closes the socket with %i', async (_, code, messages) => {
    const socket = await tcpSocket(muster.url);
    socket.write(Buffer.concat(messages.map(text)));
    expect(await socket.closed).toBe(code);
  });

  test.each([{ authorization: { token: 'x' } }, { authorization: ['x'] }, { authorization: null }])(
    'what is no token counts as none: %j',
    async (payload) => {
      const socket = await tcpSocket(muster.url);
      socket.say({ type: 'connection_init', payload });
      await expect.poll(() => socket.texts).toEqual(['{"type":"connection_ack"}']);
      socket.say(subscribing('1'));
      await expect.poll(() => socket.texts[1]).toContain('UNAUTHENTICATED');
      socket.tcp.destroy();
    },
  );

  test('a token with __proto__ beside it is a token, and nothing is polluted', async () => {
    const socket = await tcpSocket(muster.url);
    const payload = '{"__proto__":{"polluted":1},"authorization":"Bearer wrong","constructor":{}}';
    socket.write(frame(`{"type":"connection_init","payload":${payload}}`));
    expect(await socket.closed).toBe(4403);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  test('another protocol than ours is refused', async () => {
    for (const protocol of ['graphql-ws', 'x'.repeat(1_000)]) {
      expect(await (await rawSocket(muster.url, { protocol })).closed).not.toBe(1000);
    }
  });
});

describe('a socket that has been closed', () => {
  async function closed(): Promise<TcpSocket> {
    const socket = await intruder(muster.url, false);
    socket.say(subscribing('1'));
    await expect.poll(() => open.ticks).toBe(2);
    socket.write(frame('nonsense'));
    return socket;
  }

  test('is over whether or not its client agrees, and what it goes on sending does nothing', async () => {
    const socket = await closed();
    const noise = setInterval(() => socket.say(subscribing('2')), 10);
    expect(await socket.closed).toBe(4400);
    clearInterval(noise);
    expect(socket.texts).toEqual([]);
  });

  test.each<[string, (socket: TcpSocket) => void]>([
    ['half closed', (socket) => socket.tcp.end()],
    ['reset', (socket) => socket.tcp.resetAndDestroy()],
    ['frozen', (socket) => socket.tcp.pause()],
  ])('leaves nothing behind when its client has %s it', async (_, leave) => {
    const socket = await closed();
    leave(socket);
    await expect.poll(() => open.ticks, { timeout: 5_000 }).toBe(1);
    socket.tcp.resume();
    await socket.closed;
  });
});
