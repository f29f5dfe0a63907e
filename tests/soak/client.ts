import { once } from 'node:events';
import WebSocket from 'ws';
import type { Random } from '../faults/random.ts';

export interface Question {
  query: string;
  variables: Record<string, unknown>;
  /** Whether something is told at once: a history begins with what happens next. */
  isAnswered: boolean;
}

/** A client that never stays: it subscribes and leaves again, over one socket after the other. It keeps no answer. */
export class RestlessClient {
  #url: string;
  #token: string;
  #random: Random;
  #socket: WebSocket | null = null;
  #asked = 0;
  #answered = new Map<string, () => void>();

  /** @param url of GraphQL, by HTTP */
  constructor(url: string, token: string, random: Random) {
    this.#url = url;
    this.#token = token;
    this.#random = random;
  }

  /** Subscribes and leaves: before there was an answer, after the first, or by hanging up. */
  async cycle(question: Question): Promise<void> {
    const { query, variables, isAnswered } = question;
    if (this.#random.chance(1 / 200)) return this.#overHttp(question);
    const socket = await this.#open();
    this.#asked += 1;
    const id = String(this.#asked);
    const answer = new Promise<void>((resolve) => this.#answered.set(id, resolve));
    socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query, variables } }));
    if (isAnswered && this.#random.chance(1 / 2)) await answer;
    this.#answered.delete(id);
    if (this.#random.chance(1 / 50)) return this.#hangUp(socket);
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ id, type: 'complete' }));
  }

  async close(): Promise<void> {
    if (this.#socket) await this.#hangUp(this.#socket);
  }

  async #open(): Promise<WebSocket> {
    if (this.#socket) return this.#socket;
    const socket = new WebSocket(this.#url.replace('http', 'ws'), 'graphql-transport-ws');
    socket.on('message', (data) => {
      const { id } = JSON.parse(String(data)) as { id?: string };
      if (id) this.#answered.get(id)?.();
    });
    // Whoever still waits for an answer on it goes on.
    socket.once('close', () => {
      for (const goOn of this.#answered.values()) goOn();
    });
    await once(socket, 'open');
    const payload = { authorization: `Bearer ${this.#token}` };
    socket.send(JSON.stringify({ type: 'connection_init', payload }));
    await once(socket, 'message');
    this.#socket = socket;
    return socket;
  }

  /** Half of the times with a goodbye. */
  async #hangUp(socket: WebSocket): Promise<void> {
    this.#socket = null;
    if (socket.readyState === WebSocket.CLOSED) return;
    const closed = once(socket, 'close');
    if (this.#random.chance(1 / 2)) socket.close();
    else socket.terminate();
    await closed;
  }

  /** The same as server-sent events. */
  async #overHttp({ query, variables, isAnswered }: Question): Promise<void> {
    const leaving = new AbortController();
    const response = await fetch(this.#url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        authorization: `Bearer ${this.#token}`,
      },
      body: JSON.stringify({ query, variables }),
      signal: leaving.signal,
    });
    if (isAnswered) await response.body?.getReader().read();
    leaving.abort();
  }
}
