import { once } from 'node:events';
import type { Socket as NetSocket } from 'node:net';
import { expect } from 'vitest';
import WebSocket from 'ws';

export { newId } from '../../src/database/ids.ts';

export interface Message {
  id?: string;
  type: string;
  payload?: unknown;
}

export interface Socket {
  /** What the handshake has agreed upon besides the protocol. */
  extensions: string;
  subscribe(id: string, query: string, variables?: Record<string, unknown>): void;
  complete(id: string): void;
  /** Messages in one piece, which the server reads in one turn. */
  atOnce(messages: Message[]): void;
  next(): Promise<Message>;
  /** Messages that came and were not asked for yet. */
  waiting(): Message[];
  /** Reads nothing more from the network until `resume`. */
  pause(): void;
  resume(): void;
  terminate(): void;
  close(): Promise<void>;
}

const opened = new Set<Socket>();

/** Breaks off what a test has left open, as when it failed. */
export function terminateAll(): void {
  for (const socket of opened) socket.terminate();
  opened.clear();
}

/** A socket that speaks graphql-transport-ws by hand and has signed in. */
export async function openSocket(
  url: string,
  token: string,
  options: { perMessageDeflate?: boolean } = {},
): Promise<Socket> {
  const { perMessageDeflate = false } = options;
  const client = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws', {
    perMessageDeflate,
  });
  const messages: Message[] = [];
  const waiters: (() => void)[] = [];
  const closed = new Promise<number>((resolve) => client.once('close', resolve));
  client.on('error', () => {});
  client.on('message', (data) => {
    messages.push(JSON.parse(String(data)) as Message);
    waiters.shift()?.();
  });
  await once(client, 'open');
  const bytes = () => (client as unknown as { _socket: NetSocket })._socket;
  const send = (message: Message) => client.send(JSON.stringify(message));
  const socket: Socket = {
    extensions: client.extensions,
    subscribe: (id, query, variables = {}) =>
      send({ id, type: 'subscribe', payload: { query, variables } }),
    complete: (id) => send({ id, type: 'complete' }),
    atOnce(all) {
      bytes().cork();
      for (const message of all) send(message);
      bytes().uncork();
    },
    async next() {
      while (messages.length === 0) {
        await Promise.race([
          new Promise<void>((resolve) => waiters.push(resolve)),
          closed.then((code) => Promise.reject(new Error(`closed with ${code}`))),
        ]);
      }
      return messages.shift() as Message;
    },
    waiting: () => messages,
    pause: () => bytes().pause(),
    resume: () => bytes().resume(),
    terminate: () => client.terminate(),
    async close() {
      client.close();
      await closed;
    },
  };
  opened.add(socket);
  send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
  expect(await socket.next()).toMatchObject({ type: 'connection_ack' });
  return socket;
}
