import type { Plugin } from 'graphql-yoga';
import type { Hub } from '../live/groups/hub.ts';
import type { Member } from '../live/groups/member.ts';
import type { ServerContext } from './server-context.ts';
import { type AskedOperation, SharedOperations } from './shared-operation.ts';
import { concernOf, planOf, type SharedServices } from './shared-plan.ts';
import { PulledScreen, type Screen, SocketScreen, type Stream } from './shared-screens.ts';
import { AT_LEAST_HEADER } from './use-at-least.ts';

export interface SharedFramesOptions extends SharedServices {
  hub: Hub<unknown>;
  /** Why an operation may not run at all; null: it may. */
  refusal(asked: AskedOperation): Error | null;
}

/**
 * Gives subscribers who ask the same, and may see the same, one answer: executed once, serialised once, framed once.
 * What cannot be shared, or is refused in any way, goes the common way and is answered as it would be without this.
 */
export function useSharedFrames(options: SharedFramesOptions): Plugin<ServerContext> {
  const operations = new SharedOperations(options.refusal);
  return {
    onSubscribe({ args, subscribeFn, setSubscribeFn }) {
      setSubscribeFn(async (given: unknown) => {
        const stream = await join(options, operations, args as AskedOperation);
        return stream ?? subscribeFn(given as never);
      });
    },
  };
}

async function join(
  options: SharedFramesOptions,
  operations: SharedOperations,
  asked: AskedOperation,
): Promise<Stream | null> {
  const { contextValue } = asked;
  const { viewer, session, socket, params, request } = contextValue;
  // A subscriber who asks for a state from some position on cannot be given an earlier one.
  const isLater =
    params?.extensions?.atLeast !== undefined || request?.headers.has(AT_LEAST_HEADER);
  if (!viewer || isLater) return null;
  const found = operations.find(asked);
  if (!found) return null;
  const { operation, place } = found;
  const screen: Screen = socket ? new SocketScreen(socket) : new PulledScreen();
  try {
    const member: Member<unknown> | null = await options.hub.join({
      organizationId: viewer.organizationId,
      place: place === null ? null : operation.sharing.place(place, contextValue),
      plan: (once) => planOf(options, operation, session, once),
      concerns: (event) => concernOf(operation, event),
      show: (payload) => screen.show(payload),
    });
    return member && screen.streamTo(member);
  } catch {
    // Whatever it is, the common way says it to the client as it always does.
    return null;
  }
}
