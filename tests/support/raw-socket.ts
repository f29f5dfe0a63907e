import { once } from 'node:events';
import WebSocket from 'ws';

export interface Message {
  id?: string;
  type: string;
  payload?: unknown;
}

/** A socket that speaks the protocol by hand, so that it can also break it. */
export interface RawSocket {
  readonly client: WebSocket;
  /** Resolves with the close code. */
  readonly closed: Promise<number>;
  send(...messages: Message[]): void;
  /** The next message; fails when the socket is closed before one comes. */
  next(): Promise<Message>;
  /** Messages that came and were not asked for yet. */
  waiting(): number;
  /** Closes it from this side. */
  leave(): Promise<void>;
}

export interface RawSocketOptions {
  origin?: string;
  protocol?: string;
}

/** @param url of GraphQL, by HTTP. Resolves when it is open, or when it has been refused. */
export async function rawSocket(url: string, options: RawSocketOptions = {}): Promise<RawSocket> {
  const { origin, protocol = 'graphql-transport-ws' } = options;
  const client = new WebSocket(url.replace('http', 'ws'), protocol, { ...(origin && { origin }) });
  const messages: Message[] = [];
  let wake = () => {};
  client.on('message', (data) => {
    messages.push(JSON.parse(String(data)) as Message);
    wake();
  });
  const closed = new Promise<number>((resolve) => {
    client.once('close', (code) => {
      resolve(code);
      wake();
    });
  });
  client.on('error', () => {});
  await Promise.race([once(client, 'open').catch(() => {}), closed]);
  return {
    client,
    closed,
    send(...sent) {
      for (const message of sent) client.send(JSON.stringify(message));
    },
    async next() {
      while (messages.length === 0) {
        if (client.readyState === WebSocket.CLOSED) {
          throw new Error(`closed with ${await closed}`);
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return messages.shift() as Message;
    },
    waiting: () => messages.length,
    async leave() {
      client.close();
      await closed;
    },
  };
}

/** The same after connection_init, with a bearer token or without one. */
export async function signedInSocket(url: string, token: string | null): Promise<RawSocket> {
  const socket = await rawSocket(url);
  const payload = token === null ? {} : { authorization: `Bearer ${token}` };
  socket.send({ type: 'connection_init', payload });
  const { type } = await socket.next();
  if (type !== 'connection_ack') throw new Error(`${type} instead of connection_ack`);
  return socket;
}

export const subscribeMessage = (
  id: string,
  query: string,
  variables: Record<string, unknown> = {},
): Message => ({ id, type: 'subscribe', payload: { query, variables } });
