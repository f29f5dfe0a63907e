import { type DocumentNode, GraphQLError, parse } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { brokenLimit, type QueryLimits, tooLong } from '../api/limits.ts';
import { measureOperation } from '../api/measure.ts';
import type { ServerContext } from './server-context.ts';

interface OperationArgs {
  schema: Parameters<typeof measureOperation>[0];
  document: DocumentNode;
  operationName?: string | null | undefined;
  variableValues?: Record<string, unknown> | null | undefined;
  contextValue: ServerContext;
}

/** Why an operation is too large to run; null: it is not. */
export function tooLarge(args: OperationArgs, limits: QueryLimits): GraphQLError | null {
  const { schema, document, operationName, variableValues, contextValue } = args;
  const measure = measureOperation(schema, document, operationName, variableValues, contextValue);
  return measure && brokenLimit(measure, limits);
}

/** Refuses an operation that is too long before it is parsed, and one too large before any of it runs. */
export function useLimits(limits: QueryLimits): Plugin<ServerContext> {
  return {
    onParse({ setParseFn }) {
      setParseFn((source: string, options: object) => {
        try {
          return parse(source, { ...options, maxTokens: limits.tokens });
        } catch (error) {
          const isLong =
            error instanceof GraphQLError && /contains more tha. \d+ tokens/.test(error.message);
          throw isLong ? tooLong(limits.tokens) : error;
        }
      });
    },
    onExecute({ args, setResultAndStopExecution }) {
      const error = tooLarge(args as OperationArgs, limits);
      if (error) setResultAndStopExecution({ errors: [error] });
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const error = tooLarge(args as OperationArgs, limits);
      if (error) setResultAndStopExecution({ errors: [error] });
    },
  };
}
