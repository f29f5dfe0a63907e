import { getOperationAST } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Metrics } from './metrics.ts';
import type { ServerContext } from './server-context.ts';

/** Counts operations and the results of subscriptions. */
export function useMetrics(metrics: Metrics): Plugin<ServerContext> {
  const begin = (args: {
    document: Parameters<typeof getOperationAST>[0];
    operationName?: string | null;
  }) => {
    const startedAt = performance.now();
    const type = getOperationAST(args.document, args.operationName)?.operation ?? 'unknown';
    return (result: { errors?: readonly unknown[] | undefined }) => {
      const seconds = (performance.now() - startedAt) / 1_000;
      metrics.observe({ type, failed: (result.errors?.length ?? 0) > 0, seconds });
    };
  };
  return {
    onExecute({ args }) {
      const end = begin(args);
      return {
        onExecuteDone: ({ result }) => {
          if (!isAsyncIterable(result)) end(result);
        },
      };
    },
    onSubscribe({ args }) {
      const end = begin(args);
      return {
        onSubscribeResult: ({ result }) => {
          end(isAsyncIterable(result) ? {} : (result as { errors?: readonly unknown[] }));
          if (!isAsyncIterable(result)) return undefined;
          return {
            // What is serialised already was made for a group, which counts it.
            onNext: ({ result: answer }) => {
              if (!('stringify' in answer)) metrics.frame();
            },
          };
        },
      };
    },
  };
}
