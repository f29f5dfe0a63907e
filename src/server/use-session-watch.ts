import type { ExecutionResult } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { unauthenticated } from '../api/unauthorized.ts';
import type { ServerContext } from './server-context.ts';
import type { SessionWatch } from './session-watch.ts';

type Result = IteratorResult<ExecutionResult, undefined>;
type Stream = AsyncIterableIterator<ExecutionResult, undefined>;

const DONE: Result = { done: true, value: undefined };

/**
 * Ends server-sent events when the session ends, with UNAUTHENTICATED as the last answer. A WebSocket is closed as a
 * whole, by its connection.
 */
export function useSessionWatch(watch: SessionWatch): Plugin<ServerContext> {
  return {
    onSubscribe({ args, subscribeFn, setSubscribeFn }) {
      const { transport, session, viewer } = args.contextValue as ServerContext;
      if (transport !== 'http' || !viewer) return;
      setSubscribeFn(async (given: unknown) => {
        const ended = new Ended();
        const leave = await watch.admit(session, () => ended.set());
        if (!leave) throw unauthenticated();
        try {
          const stream: unknown = await subscribeFn(given as never);
          if (isAsyncIterable(stream)) return until(ended, stream as Stream, leave);
          leave();
          return stream as ExecutionResult;
        } catch (error) {
          leave();
          throw error;
        }
      });
    },
  };
}

/** A moment that one at a time can wait for, without leaving anything behind with every wait, as a promise would. */
class Ended {
  isSet = false;
  onSet: (() => void) | null = null;

  set(): void {
    this.isSet = true;
    this.onSet?.();
  }
}

/** The stream, ended from outside, also while its reader waits; `leave` is called when it is over in any way. */
function until(ended: Ended, stream: Stream, leave: () => void): Stream {
  const iterator = stream[Symbol.asyncIterator]();
  let hasToldWhy = false;
  const farewell = (): Result => {
    if (hasToldWhy) return DONE;
    hasToldWhy = true;
    leave();
    void iterator.return?.();
    return { done: false, value: { errors: [unauthenticated()] } };
  };
  return {
    async next() {
      if (ended.isSet) return farewell();
      const interrupted = new Promise<Result>((resolve) => {
        ended.onSet = () => resolve(farewell());
      });
      try {
        const result = await Promise.race([iterator.next(), interrupted]);
        if (result.done) leave();
        return result;
      } catch (error) {
        leave();
        throw error;
      }
    },
    async return() {
      leave();
      await iterator.return?.();
      return DONE;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
