import type { ExecutionResult } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { ServerContext } from './server-context.ts';
import type { EndSpan, Tracing } from './tracing.ts';
import { codesOf, type OperationArgs, operationLine } from './use-operation-log.ts';

/** A span for every operation; of a subscription, until it stood. */
export function useTracing(tracing: Tracing): Plugin<ServerContext> {
  return {
    onExecute({ args }) {
      const end = operationSpan(tracing, args as OperationArgs);
      return {
        onExecuteDone: ({ result }) => {
          if (!isAsyncIterable(result)) end(codesOf(result));
        },
      };
    },
    onSubscribe({ args }) {
      const end = operationSpan(tracing, args as OperationArgs);
      return {
        onSubscribeResult: ({ result }) => {
          end(isAsyncIterable(result) ? [] : codesOf(result as ExecutionResult));
        },
      };
    },
  };
}

/** Begins the span of an operation; what it says is what the operation's line in the log says. */
export function operationSpan(tracing: Tracing, args: OperationArgs): (codes: string[]) => void {
  const line = operationLine(args);
  const { type, operation } = line([]);
  const { request } = args.contextValue;
  const name = [type ?? 'operation', operation].filter(Boolean).join(' ');
  const end: EndSpan = tracing.begin(name, request?.headers.get('traceparent') ?? null);
  return (codes) => {
    const { ms: _ms, errors, requestId, transport, ...ids } = line(codes);
    end(
      {
        'graphql.operation.type': type,
        'graphql.operation.name': operation,
        'muster.request_id': requestId,
        'muster.transport': transport,
        ...idFacts(ids),
      },
      errors,
    );
  };
}

/** Ids as attributes of a span. */
export function idFacts(ids: {
  organizationId?: string;
  memberId?: string;
  displayTokenId?: string;
}) {
  return {
    'muster.organization_id': ids.organizationId,
    'muster.member_id': ids.memberId,
    'muster.display_token_id': ids.displayTokenId,
  };
}
