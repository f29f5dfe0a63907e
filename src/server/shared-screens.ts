import type { ExecutionResult } from 'graphql';
import type { WebSocket } from 'ws';
import { type ByteSink, nextMessage, slotOf } from '../live/groups/frame.ts';
import type { Member } from '../live/groups/member.ts';
import type { Payload } from '../live/groups/payload.ts';

/** The socket of an operation that came over WebSocket, and the id that its client gave it. */
export interface ClientSocket {
  client: WebSocket;
  /** Below the WebSocket. */
  bytes: ByteSink;
  id: string;
}

export type Stream = AsyncIterableIterator<ExecutionResult, undefined>;

/** How one subscriber is shown what its group hands over. */
export interface Screen {
  show(payload: Payload): Promise<void> | null;
  /** What stands for the subscription in the libraries; its `return` may come while a `next` is under way. */
  streamTo(member: Member<unknown>): Stream;
}

const DONE = { done: true, value: undefined } as const;

/** Writes frames itself: the stream that graphql-ws gets never yields, and says only when it has ended. */
export class SocketScreen implements Screen {
  #socket: ClientSocket;
  #slot: string | null;

  constructor(socket: ClientSocket) {
    this.#socket = socket;
    // With an extension, such as compression, frames are not ours to make.
    this.#slot = socket.client.extensions === '' ? slotOf(socket.id) : null;
  }

  show(payload: Payload): Promise<void> | null {
    const { client, bytes, id } = this.#socket;
    if (client.readyState !== client.OPEN) return null;
    if (this.#slot !== null && client.bufferedAmount === 0) {
      payload.frame.write(bytes, this.#slot);
      return null;
    }
    return new Promise((resolve, reject) => {
      client.send(nextMessage(id, payload.json), (error) => (error ? reject(error) : resolve()));
    });
  }

  streamTo(member: Member<unknown>): Stream {
    return {
      // Called once, when graphql-ws has the id in its books.
      async next() {
        member.attach();
        await member.ended;
        return DONE;
      },
      async return() {
        member.leave();
        return DONE;
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }
}

/** For server-sent events: a payload when the reader asks for one, then nothing until it asks again. */
export class PulledScreen implements Screen {
  #reader: PromiseWithResolvers<IteratorResult<ExecutionResult, undefined>> | null = null;
  #askAgain: (() => void) | null = null;

  show({ json }: Payload): Promise<void> {
    const result = { data: null, stringify: () => json };
    this.#reader?.resolve({ done: false, value: result });
    this.#reader = null;
    return new Promise((resolve) => {
      this.#askAgain = resolve;
    });
  }

  streamTo(member: Member<unknown>): Stream {
    const screen = this;
    let isAttached = false;
    member.ended.then(
      () => screen.#reader?.resolve(DONE),
      (error: unknown) => screen.#reader?.reject(error),
    );
    return {
      next() {
        if (member.isOver) return member.ended.then(() => DONE);
        const reader = Promise.withResolvers<IteratorResult<ExecutionResult, undefined>>();
        screen.#reader = reader;
        if (isAttached) screen.#askAgain?.();
        else member.attach();
        isAttached = true;
        return reader.promise;
      },
      async return() {
        member.leave();
        return DONE;
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }
}
