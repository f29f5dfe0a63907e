import type { ExecutionResult } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { maskError, type ReportError } from './masking.ts';
import type { ServerContext } from './server-context.ts';

type Result = ExecutionResult;

/**
 * Masks on every transport alike, because it stands in the pipeline that HTTP, SSE and WebSocket
 * share. A stream that fails ends with one last masked result.
 */
export function useMasking(report: ReportError): Plugin<ServerContext> {
  const masked = (result: Result, requestId: string): Result =>
    result.errors
      ? { ...result, errors: result.errors.map((error) => maskError(error, requestId, report)) }
      : result;

  return {
    onPluginInit({ registerContextErrorHandler }) {
      registerContextErrorHandler(({ error, setError, context }) => {
        const { requestId } = context as Partial<ServerContext>;
        setError(maskError(error, requestId ?? null, report));
      });
    },
    onExecute({ args }) {
      const { requestId } = args.contextValue;
      return {
        onExecuteDone: ({ result, setResult }) => {
          if (!isAsyncIterable(result)) setResult(masked(result, requestId));
        },
      };
    },
    onSubscribe({ args }) {
      const { requestId } = args.contextValue;
      return {
        onSubscribeResult: ({ result, setResult }) => {
          if (!isAsyncIterable(result)) {
            setResult(masked(result as Result, requestId));
            return;
          }
          setResult(
            endingWell(
              result as AsyncIterable<Result>,
              (error) => ({
                errors: [maskError(error, requestId, report)],
              }),
              (event) => masked(event, requestId),
            ),
          );
        },
      };
    },
  };
}

/** Passes `return` straight on, also while a `next` is under way: an async generator would queue it behind. */
function endingWell(
  source: AsyncIterable<Result>,
  failed: (error: unknown) => Result,
  map: (event: Result) => Result,
): AsyncIterableIterator<Result> {
  const iterator = source[Symbol.asyncIterator]();
  let ended = false;
  return {
    async next() {
      if (ended) return { done: true, value: undefined };
      try {
        const step = await iterator.next();
        return step.done ? step : { done: false, value: map(step.value) };
      } catch (error) {
        ended = true;
        return { done: false, value: failed(error) };
      }
    },
    async return() {
      ended = true;
      await iterator.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
