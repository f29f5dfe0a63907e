import {
  createSourceEventStream,
  type DocumentNode,
  execute,
  type GraphQLSchema,
  Kind,
  visit,
} from 'graphql';
import { isAsyncIterable } from 'graphql-yoga';
import { type Context, createContext } from '../api/context.ts';
import {
  classViewer,
  type Dependency,
  type DependsOn,
  identityClass,
} from '../api/identity-class.ts';
import type { OperationClass } from '../api/operation-class.ts';
import type { Sharing } from '../api/sharing.ts';
import { unauthenticated } from '../api/unauthorized.ts';
import type { Viewer } from '../database/viewer.ts';
import type { LoggedEvent } from '../events/logged-event.ts';
import { Payload } from '../live/groups/payload.ts';
import type { GroupWork, Plan, Subscriber } from '../live/groups/plan.ts';
import { maskError, type ReportError } from './masking.ts';
import type { ServerContext } from './server-context.ts';
import { checkStillAllowed } from './use-event-context.ts';

/** A subscription whose field can be shared, as one subscriber asked it. */
export interface SharedOperation extends OperationClass {
  schema: GraphQLSchema;
  document: DocumentNode;
  operationName?: string | null | undefined;
  variableValues?: Record<string, unknown> | null | undefined;
  contextValue: ServerContext;
  sharing: Sharing<unknown>;
}

/** Thrown at the start for an operation that only its own subscriber may have the answer of. */
class OwnAnswer extends Error {}

/** Events of these say who may see what; a change of a name does not, and of one member only that one's rights. */
const RIGHTS = new Set(['Member', 'Team', 'AccessToken']);
const RIGHTLESS = new Set(['member.updated', 'team.updated', 'token.created']);

/** What the hub has to know of a subscriber, but for the handing over. */
export function sharedPlan(
  shared: SharedOperation,
  report: ReportError,
): Omit<Subscriber<unknown>, 'show'> {
  const { contextValue, sharing, args } = shared;
  const { db, feed, config, caller, requestId, presentViewer } = contextValue;
  if (!contextValue.viewer) throw unauthenticated();
  const contextOf = (viewer: Viewer) =>
    createContext({
      ...{ db, feed, config, caller, requestId, viewer },
      presentViewer: () => Promise.resolve(viewer),
    });
  let isFirst = true;

  return {
    organizationId: contextValue.viewer.organizationId,

    async plan(): Promise<Plan<unknown>> {
      const viewer = await presentViewer();
      if (!viewer) throw unauthenticated();
      checkStillAllowed(shared, viewer);
      const conditions = await sharing.authorize(args, contextOf(viewer));
      const dependencies = holding(shared.dependencies, conditions);
      // Later it may come to that, by a change of its rights or of what it watches: then it is a group of its own.
      if (isFirst && dependencies.has('member')) throw new OwnAnswer();
      isFirst = false;
      return {
        key: `${identityClass(viewer, dependencies)} ${shared.text}`,
        work: groupWork(shared, classViewer(viewer, dependencies), report),
        endsAt: null,
      };
    },

    concerns: (event: LoggedEvent) =>
      (RIGHTS.has(event.recordType) && !RIGHTLESS.has(event.type)) || sharing.concerns(event, args),

    begin:
      args[sharing.apart] === null || args[sharing.apart] === undefined
        ? null
        : async (value) => {
            const viewer = await presentViewer();
            if (!viewer) throw unauthenticated();
            return sharing.begin(value, args, contextOf(viewer));
          },
  };
}

function holding(
  declared: readonly DependsOn[],
  conditions: Readonly<Record<string, boolean>>,
): Set<Dependency> {
  const holds = declared.flatMap((dependency) => {
    if (typeof dependency === 'string') return [dependency];
    return conditions[dependency.when] === false ? [] : [dependency.on];
  });
  return new Set<Dependency>(holds);
}

/** Runs the operation for all of a class: with a context of its own for every value, as for one subscriber. */
function groupWork(
  shared: SharedOperation,
  viewer: Viewer,
  report: ReportError,
): GroupWork<unknown> {
  const { schema, operationName, contextValue, sharing } = shared;
  const document = without(shared.document, shared.field.name, sharing.apart);
  const variableValues = shared.variableValues ?? {};
  const { db, feed, config, requestId } = contextValue;
  const context = (): Context =>
    createContext({
      ...{ db, feed, config, requestId, viewer },
      caller: { address: null, origin: null },
      presentViewer: () => Promise.resolve(viewer),
      isGroup: true,
    });

  return {
    async open() {
      const source = await createSourceEventStream({
        ...{ schema, document, variableValues },
        contextValue: context(),
        operationName: operationName ?? null,
      });
      if (isAsyncIterable(source)) return source[Symbol.asyncIterator]() as never;
      throw source.errors?.[0] ?? new Error('A subscription did not open.');
    },

    async answer(value) {
      const result = await execute({
        ...{ schema, document, variableValues },
        rootValue: value,
        contextValue: context(),
        operationName: operationName ?? null,
      });
      // Places in the document are those of whoever asked first.
      const errors = result.errors?.map((error) => {
        const { locations: _locations, ...told } = maskError(error, requestId, report).toJSON();
        return told;
      });
      return new Payload(JSON.stringify({ ...result, ...(errors && { errors }) }));
    },

    reset: (value, reason) => sharing.reset(value, reason),
  };
}

/** The document without an argument of its root field; variables that only it used are left. */
function without(document: DocumentNode, field: string, argument: string): DocumentNode {
  return visit(document, {
    Field: (node) =>
      node.name.value === field && node.arguments?.some(({ name }) => name.value === argument)
        ? {
            ...node,
            kind: Kind.FIELD,
            arguments: node.arguments.filter(({ name }) => name.value !== argument),
          }
        : undefined,
  });
}
