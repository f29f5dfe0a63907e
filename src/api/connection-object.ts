import type { FieldMap, ObjectRef } from '@pothos/core';
import { builder, type Types } from './builder.ts';
import type { KeysetConnection } from './connections.ts';

interface ConnectionOptions {
  /** The connection's name; the edge's is made from it: `TaskConnection` has `TaskEdge`. */
  name: string;
  description: string;
  /** Records with a live stream: the connection also gives the log cursor to subscribe from. */
  position?: boolean;
  fields?: (t: PothosSchemaTypes.ObjectFieldBuilder<Types, KeysetConnection<unknown>>) => FieldMap;
}

/** The connection type of a record, made once and shared by every field that lists it. */
export function connectionObject<Shape>(
  type: ObjectRef<Types, Shape>,
  { name, description, position = false, fields }: ConnectionOptions,
) {
  return builder.connectionObject(
    {
      type,
      name,
      description,
      fields: (t) => ({
        totalCount: t.int({
          description: 'How many records the whole list has. Counted only when asked for.',
          resolve: ({ totalCount }) => totalCount(),
        }),
        ...(position && {
          position: t.field({
            type: 'Cursor',
            description:
              'The place in the log that the rows were read at: subscribe with it as `since` and nothing is missed.',
            resolve: (connection) => connection.position ?? '',
          }),
        }),
        ...fields?.(t as never),
      }),
    },
    { description: `One record of a ${name} with its place in the list.` },
  );
}
