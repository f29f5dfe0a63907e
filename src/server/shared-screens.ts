import type { ExecutionResult, GraphQLError } from 'graphql';
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
  /**
   * What stands for the subscription in the libraries. Its `return` may come while a `next` is under way. A failure is
   * one last answer.
   */
  streamTo(member: Member<unknown>, failed: Failed, onEnd: OnEnd): Stream;
}

/** What a client may hear of a failure. */
type Failed = (error: unknown) => GraphQLError;
/** Told how many answers were handed over, and the codes of what ended them. */
type OnEnd = (events: number, codes: string[]) => void;

const DONE = { done: true, value: undefined } as const;

/** The end of a member's stream: after it, or after one last answer that says what went wrong, there is nothing. */
function endOf(
  member: Member<unknown>,
  failed: Failed,
  onEnd: OnEnd,
): Promise<IteratorResult<ExecutionResult, undefined>> {
  return member.ended.then(
    () => {
      onEnd(member.shown, []);
      return DONE;
    },
    (error: unknown) => {
      const masked = failed(error);
      onEnd(member.shown, [String(masked.extensions.code ?? 'GRAPHQL')]);
      return { done: false, value: { errors: [masked] } };
    },
  );
}

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

  streamTo(member: Member<unknown>, failed: Failed, onEnd: OnEnd): Stream {
    const end = endOf(member, failed, onEnd);
    let isTold = false;
    return {
      // Called when graphql-ws has the id in its books; again only after a failure.
      next() {
        if (isTold) return Promise.resolve(DONE);
        isTold = true;
        member.attach();
        return end;
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

  streamTo(member: Member<unknown>, failed: Failed, onEnd: OnEnd): Stream {
    const screen = this;
    const end = endOf(member, failed, onEnd);
    let isAttached = false;
    let isTold = false;
    const tellEnd = () => {
      if (isTold) return Promise.resolve(DONE);
      isTold = true;
      return end;
    };
    void member.ended.finally(() => screen.#reader?.resolve(tellEnd())).catch(() => {});
    return {
      next() {
        if (member.isOver) return tellEnd();
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
