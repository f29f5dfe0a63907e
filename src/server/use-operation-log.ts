import type { ExecutionResult } from 'graphql';
import { GraphQLError, getOperationAST } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';
import type { ServerContext } from './server-context.ts';
import { requestIdOf } from './use-request-id.ts';

export interface OperationArgs {
  document: Parameters<typeof getOperationAST>[0];
  operationName?: string | null | undefined;
  contextValue: ServerContext;
}

/**
 * One line for every operation, and two for a subscription (its start and its end): ids and codes
 * only, never a token, a variable or a name.
 */
export function useOperationLog(log: Logger): Plugin<ServerContext> {
  const refused = (context: Partial<ServerContext>, code: string) => {
    const { request } = context;
    const requestId = context.requestId ?? (request && requestIdOf(request)) ?? null;
    log.info({ requestId, transport: context.transport ?? 'http', errors: [code] }, 'operation');
  };
  return {
    onParse({ context }) {
      return ({ result }) => {
        if (result instanceof Error) refused(context, parseCode(result));
      };
    },
    onValidate({ context }) {
      return ({ valid }) => {
        if (!valid) refused(context, 'GRAPHQL_VALIDATION_FAILED');
      };
    },
    onExecute({ args }) {
      const line = operationLine(args as OperationArgs);
      return {
        onExecuteDone: ({ result }) => {
          if (!isAsyncIterable(result)) log.info(line(codesOf(result)), 'operation');
        },
      };
    },
    onSubscribe({ args }) {
      const line = operationLine(args as OperationArgs);
      let events = 0;
      return {
        onSubscribeResult: ({ result }) => {
          if (!isAsyncIterable(result)) {
            log.info(line(codesOf(result as ExecutionResult)), 'operation');
            return undefined;
          }
          log.info(line([]), 'subscription starts');
          return {
            onNext: () => {
              events += 1;
            },
            onEnd: () => log.info({ ...line([]), events }, 'subscription ends'),
          };
        },
      };
    },
  };
}

function parseCode(error: Error): string {
  const code = error instanceof GraphQLError ? error.extensions.code : null;
  return typeof code === 'string' ? code : 'GRAPHQL_PARSE_FAILED';
}

/** What is said of an operation wherever it is logged, with the codes of what went wrong. */
export function operationLine({ document, operationName, contextValue }: OperationArgs) {
  const startedAt = performance.now();
  const operation = getOperationAST(document, operationName);
  const { requestId, transport } = contextValue;
  return (codes: string[]) => ({
    requestId,
    transport,
    type: operation?.operation ?? null,
    operation: operation?.name?.value.slice(0, 100) ?? null,
    ...viewerIds(contextValue),
    ms: Math.round((performance.now() - startedAt) * 10) / 10,
    errors: [...codes, ...contextValue.errorCodes],
  });
}

function viewerIds({ viewer }: ServerContext) {
  if (!viewer) return {};
  const { organizationId, tokenId } = viewer;
  return viewer.kind === 'member'
    ? { organizationId, memberId: viewer.memberId }
    : { organizationId, displayTokenId: tokenId };
}

/** The codes of what went wrong. */
export function codesOf({ errors }: ExecutionResult): string[] {
  return (errors ?? []).map((error) => String(error.extensions.code ?? 'GRAPHQL'));
}
