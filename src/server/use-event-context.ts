import { useExtendContextValuePerExecuteSubscriptionEvent } from '@envelop/execute-subscription-event';
import {
  type DocumentNode,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  type SelectionNode,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { type Context, createContext } from '../api/context.ts';
import { type AuthScope, forbidden, scopesOf, unauthenticated } from '../api/unauthorized.ts';
import type { Viewer } from '../database/viewer.ts';
import type { Authenticate } from './authenticate.ts';
import type { ServerContext } from './server-context.ts';

interface EventArgs {
  schema: GraphQLSchema;
  document: DocumentNode;
  operationName?: string | null | undefined;
  contextValue: ServerContext;
}

/**
 * A new context for every event of a subscription: rights are read again, and no cache of a loader,
 * of Prisma's plugin or of the auth scopes outlives its event (Pothos keys them by the context
 * object). A caller whose token has ended, or who has lost a right that the field asks for, gets
 * UNAUTHENTICATED or FORBIDDEN as the last answer.
 */
export function useEventContext(authenticate: Authenticate): Plugin<ServerContext> {
  const plugin = useExtendContextValuePerExecuteSubscriptionEvent<ServerContext>(
    async ({ args }) => {
      const { contextValue, ...operation } = args as EventArgs;
      const { db, feed, config, caller, requestId, session, presentViewer } = contextValue;
      const viewer = await authenticate(db, session);
      if (contextValue.viewer && !viewer) throw unauthenticated();
      checkStillAllowed(operation, viewer);
      const contextPartial: Context = createContext({
        db,
        feed,
        config,
        caller,
        requestId,
        viewer,
        presentViewer,
      });
      return { contextPartial };
    },
  );
  return plugin as Plugin<ServerContext>;
}

/** Pothos has checked the root field's scopes when the subscription began; here they are checked again. */
export function checkStillAllowed(
  { schema, document, operationName }: Omit<EventArgs, 'contextValue'>,
  viewer: Viewer | null,
): void {
  const name = rootField(document, operationName);
  const field = name === null ? undefined : schema.getSubscriptionType()?.getFields()[name];
  const requires = (field?.extensions.auth ?? []) as string[];
  const holds = scopesOf(viewer);
  for (const scope of requires.map((required) => required.toLowerCase())) {
    if (scope in holds && !holds[scope as AuthScope]) throw forbidden(scope as AuthScope);
  }
}

/** A valid subscription has one root field, perhaps inside fragments. */
function rootField(document: DocumentNode, operationName?: string | null): string | null {
  let selection: SelectionNode | undefined = getOperationAST(document, operationName)?.selectionSet
    .selections[0];
  while (selection && selection.kind !== Kind.FIELD) {
    const spread: SelectionNode = selection;
    const fragment =
      spread.kind === Kind.INLINE_FRAGMENT
        ? spread
        : document.definitions.find(
            (definition) =>
              definition.kind === Kind.FRAGMENT_DEFINITION &&
              definition.name.value === spread.name.value,
          );
    selection =
      fragment && 'selectionSet' in fragment ? fragment.selectionSet?.selections[0] : undefined;
  }
  return selection?.name.value ?? null;
}
