import type { GraphQLResolveInfo } from 'graphql';
import { isObjectType } from 'graphql';
import { InvalidInput } from '../database/errors.ts';
import { decodeGlobalId, encodeGlobalId, type GlobalId } from './global-ids.ts';

const NODES_LIMIT = 100;

function decode(text: string): GlobalId {
  const decoded = decodeGlobalId(text);
  if (!decoded) {
    throw new InvalidInput(`"${text.slice(0, 60)}" is not an id of this server.`, { path: ['id'] });
  }
  return decoded;
}

/** An id of a type that is no Node is refused like an unreadable one. */
function assertNode({ typename }: GlobalId, info: GraphQLResolveInfo): void {
  const type = info.schema.getType(typename);
  const isNode =
    isObjectType(type) && type.getInterfaces().some((candidate) => candidate.name === 'Node');
  if (!isNode)
    throw new InvalidInput(`There are no records of type ${typename}.`, { path: ['id'] });
}

export const relay = {
  clientMutationId: 'omit' as const,
  cursorType: 'String' as const,
  encodeGlobalID: encodeGlobalId,
  decodeGlobalID: decode,
  edgesFieldOptions: {
    description: 'The records of this page, each with its cursor, in order.',
    nullable: false as const,
  },
  nodesOnConnection: { description: 'The records of this page, in order, without their cursors.' },
  nodeFieldOptions: { description: 'The record.', nullable: false as const },
  cursorFieldOptions: {
    description: 'The place of this record in its list: give it as `after` or `before`.',
  },
  pageInfoFieldOptions: { description: 'Where this page lies in the list.' },
  idFieldOptions: { description: 'Global id: opaque, stable, unique over all types.' },
  firstArgOptions: {
    description:
      'How many records from the start of the list (or after `after`): 0 to 100, by default 20.',
  },
  afterArgOptions: { description: 'Only what comes after this page cursor.' },
  lastArgOptions: {
    description:
      'How many records from the end of the list (or before `before`): 0 to 100. Not together with `first`.',
  },
  beforeArgOptions: { description: 'Only what comes before this page cursor.' },
  nodeTypeOptions: { description: 'A record with a global id.' },
  pageInfoTypeOptions: { description: 'Where a page lies in its list. Both directions are exact.' },
  hasNextPageFieldOptions: { description: 'There are records after this page.' },
  hasPreviousPageFieldOptions: { description: 'There are records before this page.' },
  startCursorFieldOptions: {
    description: 'Cursor of the first record of the page; null when the page is empty.',
  },
  endCursorFieldOptions: {
    description: 'Cursor of the last record of the page; null when the page is empty.',
  },
  nodeQueryOptions: {
    description: 'One record by its global id; null when there is none that the caller may see.',
    args: { id: { description: 'The global id.' } },
    resolve: (
      _root: unknown,
      args: { id: GlobalId },
      _ctx: unknown,
      info: GraphQLResolveInfo,
      resolveNode: (id: GlobalId) => unknown,
    ) => {
      assertNode(args.id, info);
      return resolveNode(args.id);
    },
  },
  nodesQueryOptions: {
    description:
      'Records by their global ids, in the order asked: null in the place of what the caller may not see. At most 100.',
    args: { ids: { description: 'Global ids, at most 100.' } },
    resolve: (
      _root: unknown,
      args: { ids: GlobalId[] },
      _ctx: unknown,
      info: GraphQLResolveInfo,
      resolveNodes: (ids: GlobalId[]) => Promise<unknown[]>,
    ) => {
      if (args.ids.length > NODES_LIMIT) {
        throw new InvalidInput(`At most ${NODES_LIMIT} ids at a time; ${args.ids.length} came.`, {
          path: ['ids'],
        });
      }
      for (const id of args.ids) assertNode(id, info);
      return resolveNodes(args.ids);
    },
  },
};
