// Every field that an operation can begin with, called as briefly as it goes.
import { type GraphQLField, type GraphQLSchema, getNamedType, isLeafType } from 'graphql';
import { type Operation, Writer } from './documents.ts';
import type { Choose } from './places.ts';

export type RootName = 'Query' | 'Mutation' | 'Subscription';

export interface Root extends Operation {
  /** `Query.tasks`. */
  name: string;
  of: RootName;
  field: string;
  /** What the printed schema says that a caller must be or hold. */
  requires: readonly string[];
}

export function rootsOf(schema: GraphQLSchema, choose: Choose): Root[] {
  const types = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  return types.flatMap((type) =>
    Object.values(type?.getFields() ?? {}).map((field) => {
      const of = type?.name as RootName;
      const operation = brief(schema, choose, of, field);
      const requires = field.extensions.auth as string[];
      return { ...operation, name: `${of}.${field.name}`, of, field: field.name, requires };
    }),
  );
}

function brief(
  schema: GraphQLSchema,
  choose: Choose,
  of: RootName,
  field: GraphQLField<unknown, unknown>,
): Operation {
  const writer = new Writer(schema, choose);
  const selection = isLeafType(getNamedType(field.type)) ? '' : '{ __typename }';
  const kind = of.toLowerCase() as Lowercase<RootName>;
  return writer.operation(kind, `${writer.call(of, field)} ${selection}`);
}
