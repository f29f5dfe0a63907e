import { type ExecutionArgs, type ExecutionResult, getOperationAST } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { createContext } from '../api/context.ts';
import type { Database } from '../database/database.ts';
import type { Replica } from '../events/replica.ts';
import { unforeseen } from './masking.ts';
import type { ServerContext } from './server-context.ts';

/**
 * Answers queries from the replica where it has caught up with their organization. Who asks is always looked up in the
 * primary. A query that fails there for no reason of its own (the replica went away, or cancelled it to go on
 * replaying) is asked of the primary. Mutations and subscriptions never come here.
 */
export function useReplica(replica: Replica): Plugin<ServerContext> {
  return {
    onExecute({ args, executeFn, setExecuteFn }) {
      const { document, operationName, contextValue } = args as ExecutionArgs;
      const { viewer } = contextValue as ServerContext;
      const operation = getOperationAST(document, operationName);
      if (!viewer || operation?.operation !== 'query') return;
      setExecuteFn(async (given: ExecutionArgs) => {
        const db = await replica.caughtUp(viewer.organizationId);
        if (!db) return executeFn(given as never);
        const here = given.contextValue as ServerContext;
        const there = onDatabase(here, db);
        const result = await executeFn({ ...given, contextValue: there } as never);
        const failure = isAsyncIterable(result) ? null : firstUnforeseen(result as ExecutionResult);
        if (failure === null) {
          replica.answered();
          here.errorCodes.push(...there.errorCodes);
          return result;
        }
        replica.failed(failure);
        return executeFn(given as never);
      });
    },
  };
}

/** A context of its own, as what is loaded through it is kept there; what went wrong is told only if it is answered. */
const onDatabase = (context: ServerContext, db: Database): ServerContext => ({
  ...context,
  ...createContext({ ...context, db, errorCodes: [] }),
});

function firstUnforeseen({ errors }: ExecutionResult): unknown {
  for (const error of errors ?? []) {
    const cause = unforeseen(error);
    if (cause !== null) return cause;
  }
  return null;
}
