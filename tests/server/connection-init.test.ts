import { describe, expect, test } from 'vitest';
import { testApp } from '../support/app.ts';
import { rawSocket } from '../support/raw-socket.ts';
import { frame, type TcpSocket, tcpSocket } from '../support/tcp-socket.ts';
import { authenticate, caller, schema } from './fixture.ts';

const muster = await testApp({ schema, authenticate });
const token = caller({ kind: 'member' });
const init = (bearer: string) =>
  ({ type: 'connection_init', payload: { authorization: `Bearer ${bearer}` } }) as const;

/** The beginning of one message of 1,000 bytes, which then comes byte by byte. */
function trickle(socket: TcpSocket): () => void {
  const bytes = frame('x'.repeat(1_000));
  let at = 0;
  return () => {
    socket.write(bytes.subarray(at, at + 1));
    at = Math.min(at + 1, bytes.length - 1);
  };
}

/** A message without an end, in pieces. */
function pieces(socket: TcpSocket): () => void {
  socket.write(frame('{', { fin: false }));
  return () => socket.write(frame(' ', { fin: false, opcode: 0 }));
}

describe.concurrent('the time for connection_init is not extended by', () => {
  test.each<[string, (socket: TcpSocket) => () => void]>([
    ['silence', () => () => {}],
    ['pings of the protocol', (socket) => () => socket.say({ type: 'ping' })],
    ['pings of WebSocket', (socket) => () => socket.write(frame('', { opcode: 9 }))],
    ['pongs that nobody asked for', (socket) => () => socket.write(frame('', { opcode: 10 }))],
    ['a message that comes byte by byte', trickle],
    ['a message without an end', pieces],
  ])('%s', async (_, noiseOf) => {
    const socket = await tcpSocket(muster.url);
    const noise = setInterval(noiseOf(socket), 100);
    expect(await socket.closed).toBe(4408);
    clearInterval(noise);
  });

  test('what comes after the goodbye, which is not heard', async () => {
    const socket = await tcpSocket(muster.url, false);
    const hurry = setInterval(() => {
      if (socket.tcp.bytesRead > 200) socket.say(init(token));
    }, 20);
    expect(await socket.closed).toBe(4408);
    clearInterval(hurry);
    expect(socket.texts).toEqual([]);
  });

  test('a database that does not answer: the client is told to try again', async () => {
    const socket = await rawSocket(muster.url);
    socket.send(init('token-that-hangs-the-database'));
    expect(await socket.closed).toBe(1013);
  }, 30_000);
});
