import { type ExecutionResult, getOperationAST, getVariableValues, Kind } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { WebSocket } from 'ws';
import { classifyOperation } from '../api/operation-class.ts';
import { sharingOf } from '../api/sharing.ts';
import { type ByteSink, nextMessage, slotOf } from '../live/groups/frame.ts';
import type { Hub } from '../live/groups/hub.ts';
import type { Member } from '../live/groups/member.ts';
import type { Payload } from '../live/groups/payload.ts';
import type { Subscriber } from '../live/groups/plan.ts';
import type { ReportError } from './masking.ts';
import type { ServerContext } from './server-context.ts';
import { type SharedOperation, sharedPlan } from './shared-plan.ts';
import { AT_LEAST_HEADER } from './use-at-least.ts';

/** The socket of an operation that came over WebSocket, and the id that its client gave it. */
export interface ClientSocket {
  client: WebSocket;
  /** Below the WebSocket. */
  bytes: ByteSink;
  id: string;
}

type Stream = AsyncIterableIterator<ExecutionResult, undefined>;

const DONE = { done: true, value: undefined } as const;

/**
 * Gives subscribers who ask the same, and may see the same, one answer: executed once, serialised once, framed once.
 * What cannot be shared, or is refused in any way, goes the common way and is answered as it would be without this.
 */
export function useSharedFrames(hub: Hub<unknown>, report: ReportError): Plugin<ServerContext> {
  return {
    onSubscribe({ args, subscribeFn, setSubscribeFn }) {
      const shared = sharedOperation(args as SharedArguments);
      if (!shared) return;
      setSubscribeFn(async (given: unknown) => {
        const stream = await join(hub, shared, report);
        return stream ?? subscribeFn(given as never);
      });
    },
  };
}

type SharedArguments = Omit<
  SharedOperation,
  'field' | 'args' | 'text' | 'dependencies' | 'sharing'
>;

/** Null for what has no groups. */
function sharedOperation(given: SharedArguments): SharedOperation | null {
  const { schema, document, operationName, variableValues, contextValue } = given;
  const operation = getOperationAST(document, operationName);
  if (!operation || !contextValue.viewer) return null;
  // A subscriber who asks for a state from some position on cannot be given an earlier one.
  const { params, request } = contextValue;
  if (params?.extensions?.atLeast !== undefined || request?.headers.has(AT_LEAST_HEADER))
    return null;
  const { coerced } = getVariableValues(
    schema,
    operation.variableDefinitions ?? [],
    variableValues ?? {},
  );
  if (!coerced) return null;
  const fragments = new Map(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
    ),
  );
  const found = classifyOperation({ schema, operation, fragments, variables: coerced });
  const sharing = found && sharingOf(found.field.extensions);
  return found && sharing && { ...given, ...found, sharing };
}

async function join(
  hub: Hub<unknown>,
  shared: SharedOperation,
  report: ReportError,
): Promise<Stream | null> {
  const { contextValue } = shared;
  const { socket } = contextValue;
  const screen = socket ? new SocketScreen(socket) : new PulledScreen();
  try {
    const subscriber: Subscriber<unknown> = {
      ...sharedPlan(shared, report),
      show: (payload) => screen.show(payload),
    };
    return screen.streamTo(await hub.join(subscriber));
  } catch {
    // Whatever it is, the common way says it to the client as it always does.
    return null;
  }
}

/** Writes frames itself: the stream that graphql-ws gets never yields, and says only when it has ended. */
class SocketScreen {
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

  streamTo(member: Member<unknown>): Stream {
    return {
      // Called once, when graphql-ws has the id in its books.
      async next() {
        member.attach();
        await member.ended;
        return DONE;
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
class PulledScreen {
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

  streamTo(member: Member<unknown>): Stream {
    const screen = this;
    let isAttached = false;
    member.ended.then(
      () => screen.#reader?.resolve(DONE),
      (error: unknown) => screen.#reader?.reject(error),
    );
    return {
      next() {
        if (member.isOver) return member.ended.then(() => DONE);
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
