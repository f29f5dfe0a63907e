import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { ServerContext } from './server-context.ts';

export const AT_LEAST_HEADER = 'muster-at-least';

/** True once this node's view of the organization's log has come to the position; false when that takes too long. */
export type WaitForPosition = (organizationId: string, position: number) => Promise<boolean>;

function wantedPosition({ request, params }: ServerContext): string | null {
  const { extensions } = params ?? {};
  const asked: unknown = extensions?.atLeast ?? request?.headers.get(AT_LEAST_HEADER);
  return asked === undefined || asked === null || asked === '' ? null : String(asked);
}

/**
 * A request that names a log position (the header `Muster-At-Least`, or `extensions.atLeast` over
 * WebSocket) is answered from a state that holds it, or refused: never from an older one.
 */
export function useAtLeast(waitFor: WaitForPosition): Plugin<ServerContext> {
  async function hold(context: ServerContext): Promise<GraphQLError | null> {
    const wanted = wantedPosition(context);
    if (wanted === null || !context.viewer) return null;
    if (!/^\d{1,15}$/.test(wanted)) {
      return new GraphQLError('Muster-At-Least is a log position, as in extensions.position.', {
        extensions: { code: 'BAD_REQUEST', http: { status: 400 } },
      });
    }
    if (await waitFor(context.viewer.organizationId, Number(wanted))) return null;
    return new GraphQLError(
      `This node has not yet read the log up to position ${wanted}: ask again, or another node.`,
      { extensions: { code: 'POSITION_NOT_REACHED', http: { status: 503 } } },
    );
  }
  return {
    async onExecute({ args, setResultAndStopExecution }) {
      const error = await hold(args.contextValue);
      if (error) setResultAndStopExecution({ errors: [error] });
    },
    async onSubscribe({ args, setResultAndStopExecution }) {
      const error = await hold(args.contextValue);
      if (error) setResultAndStopExecution({ errors: [error] });
    },
  };
}
