import type { Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';
import type { QueryLimits } from '../api/limits.ts';
import type { Hub } from '../live/groups/hub.ts';
import type { Subscriber } from '../live/groups/plan.ts';
import { maskError } from './masking.ts';
import type { Metrics } from './metrics.ts';
import type { ServerContext } from './server-context.ts';
import type { Session } from './session.ts';
import { type AskedOperation, type SharedOperation, SharedOperations } from './shared-operation.ts';
import { concernOf, planOf, type SharedServices } from './shared-plan.ts';
import { PulledScreen, type Screen, SocketScreen, type Stream } from './shared-screens.ts';
import { AT_LEAST_HEADER } from './use-at-least.ts';
import { tooLarge } from './use-limits.ts';
import { operationLine } from './use-operation-log.ts';
import { operationSpan } from './use-tracing.ts';

export interface SharedFramesOptions extends SharedServices {
  hub: Hub<unknown>;
  log: Logger;
  metrics: Metrics;
  limits: QueryLimits;
}

/**
 * Gives subscribers who ask the same, and may see the same, one answer: executed once, serialised once, framed once.
 * What cannot be shared, or is refused in any way, goes the common way and is answered as it would be without this.
 */
export class SharedFrames {
  #options: SharedFramesOptions;
  #operations: SharedOperations;

  constructor(options: SharedFramesOptions) {
    this.#options = options;
    this.#operations = new SharedOperations((asked) => tooLarge(asked, options.limits));
  }

  /**
   * For a subscription over WebSocket: what stands for it in graphql-ws. Everything that the common way would wrap
   * around it is done here, so that a thousand screens do not keep a thousand contexts. Null: go the common way.
   */
  async overSocket(asked: AskedOperation): Promise<Stream | null> {
    const { socket } = asked.contextValue;
    if (!socket) return null;
    const { log, metrics, tracing } = this.#options;
    const end = tracing && operationSpan(tracing, asked);
    const startedAt = performance.now();
    const ms = () => Math.round((performance.now() - startedAt) * 10) / 10;
    const line = operationLine(asked)([]);
    const stream = await this.#join(asked, new SocketScreen(socket), (events, errors) => {
      log.info({ ...line, ms: ms(), events, errors }, 'subscription ends');
    });
    if (!stream) return null;
    log.info({ ...line, ms: ms() }, 'subscription starts');
    metrics.observe({ type: 'subscription', failed: false, seconds: ms() / 1_000 });
    end?.([]);
    return stream;
  }

  /** For server-sent events. Comes last, so that what stands before it refuses, counts and logs every subscriber. */
  plugin(): Plugin<ServerContext> {
    return {
      onSubscribe: ({ args, subscribeFn, setSubscribeFn }) => {
        const asked = args as AskedOperation;
        if (asked.contextValue.socket) return;
        setSubscribeFn(async (given: unknown) => {
          const stream = await this.#join(asked, new PulledScreen(), () => {});
          return stream ?? subscribeFn(given as never);
        });
      },
    };
  }

  async #join(
    asked: AskedOperation,
    screen: Screen,
    onEnd: (events: number, errors: string[]) => void,
  ): Promise<Stream | null> {
    const { viewer, session, params, request, requestId } = asked.contextValue;
    // A subscriber who asks for a state from some position on cannot be given an earlier one.
    const isLater =
      params?.extensions?.atLeast !== undefined || request?.headers.has(AT_LEAST_HEADER);
    const found = !viewer || isLater ? null : this.#operations.find(asked);
    if (!viewer || !found) return null;
    const { operation } = found;
    try {
      const place =
        found.place === null ? null : operation.sharing.place(found.place, asked.contextValue);
      const { organizationId } = viewer;
      const member = await this.#options.hub.join(
        subscriberOf(this.#options, operation, session, { organizationId, place, screen }),
      );
      if (!member) return null;
      const failed = (error: unknown) => maskError(error, requestId, this.#options.report);
      return screen.streamTo(member, failed, onEnd);
    } catch {
      // Whatever it is, the common way says it to the client as it always does.
      return null;
    }
  }
}

/** Apart, so that what it keeps as long as the subscription lives is not the context that it was asked with. */
const subscriberOf = (
  services: SharedServices,
  operation: SharedOperation,
  session: Session,
  { screen, ...subscriber }: { organizationId: string; place: unknown; screen: Screen },
): Subscriber<unknown> => ({
  ...subscriber,
  plan: (once) => planOf(services, operation, session, once),
  concerns: (event) => concernOf(operation, event),
  show: (payload) => screen.show(payload),
});
