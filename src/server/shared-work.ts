import { randomUUID } from 'node:crypto';
import { createSourceEventStream, execute } from 'graphql';
import { isAsyncIterable } from 'graphql-yoga';
import { type Context, createContext } from '../api/context.ts';
import { classViewer } from '../api/identity-class.ts';
import type { Viewer } from '../database/viewer.ts';
import { Pause } from '../live/alarm.ts';
import { Payload } from '../live/groups/payload.ts';
import type { GroupWork } from '../live/groups/plan.ts';
import { persist } from '../live/persist.ts';
import { maskError } from './masking.ts';
import type { SharedOperation } from './shared-operation.ts';
import type { SharedServices } from './shared-plan.ts';
import { idFacts } from './use-tracing.ts';

/** Runs an operation for all of a class: with a context of its own for every value, as for one subscriber. */
export function groupWork(
  services: SharedServices,
  operation: SharedOperation,
  viewer: Viewer,
): GroupWork<unknown> {
  const { schema, document, operationName, variableValues, sharing, args } = operation;
  const { db, feed, config, report, tracing } = services;
  // Stands in the log and in masked errors; a group has no request.
  const requestId = randomUUID();
  const contextOf = (whose: Viewer): Context =>
    createContext({
      ...{ db, feed, config, requestId, viewer: whose },
      caller: { address: null, origin: null },
      presentViewer: () => Promise.resolve(whose),
      isGroup: true,
    });
  const context = () => contextOf(viewer);
  // The values are for all classes of viewers: reading more than all have in common fails.
  const anybody = classViewer(viewer, new Set(['organization']));
  const { organizationId, kind } = anybody;
  const given = { schema, document, variableValues, operationName };

  return {
    source: JSON.stringify([organizationId, kind, operation.source]),

    async open() {
      const contextValue = contextOf(anybody);
      const source = await createSourceEventStream({ ...given, contextValue });
      if (isAsyncIterable(source)) return source[Symbol.asyncIterator]() as never;
      throw source.errors?.[0] ?? new Error('A subscription did not open.');
    },

    async answer(value) {
      const end = tracing?.begin(`group ${operation.field.name}`);
      const result = await execute({ ...given, rootValue: value, contextValue: context() });
      // Places in the document are those of whoever asked first.
      const errors = result.errors?.map((error) => {
        const { locations: _locations, ...told } = maskError(error, requestId, report).toJSON();
        return told;
      });
      const payload = new Payload(JSON.stringify({ ...result, ...(errors && { errors }) }));
      end?.(
        {
          'graphql.operation.type': 'subscription',
          'muster.request_id': requestId,
          'muster.bytes': payload.bytes,
          ...idFacts({ organizationId: viewer.organizationId }),
        },
        (errors ?? []).map(({ extensions }) => String(extensions?.code ?? 'GRAPHQL')),
      );
      return payload;
    },

    reset: (value, reason) => sharing.reset(value, reason),

    begin: (value, place) =>
      persist(
        () => sharing.begin(value, place, args, context()),
        new Pause(),
        () => false,
      ),
  };
}
