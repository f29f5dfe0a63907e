// Operations that together read every field of the schema, on every record that the caller has.
import { type GraphQLSchema, getNamedType } from 'graphql';
import { type Caller, globalIds } from './caller.ts';
import { nodeTypes, type Operation, Writer } from './documents.ts';

export interface Reading extends Operation {
  name: string;
}

/** One for every field of Query, one for every type of record. */
export function readings(
  schema: GraphQLSchema,
  { records, choose }: Caller,
  without: readonly string[] = [],
): Reading[] {
  const query = schema.getQueryType();
  const roots = Object.values(query?.getFields() ?? {})
    .filter(({ name }) => name !== 'node' && name !== 'nodes')
    .map((field) => {
      const writer = new Writer(schema, choose(), { without });
      const selection = writer.selection(getNamedType(field.type));
      const text = `${writer.call('Query', field)} ${selection}`;
      return { name: `Query.${field.name}`, ...writer.operation('query', text) };
    });
  const nodes = nodeTypes(schema).map((type) => {
    const ids = globalIds(type.name, records.all(type.name));
    return { name: type.name, ...readNodes(schema, choose, type.name, ids, without) };
  });
  return [...roots, ...nodes];
}

/** Everything about some records of one type. */
export function readNodes(
  schema: GraphQLSchema,
  choose: Caller['choose'],
  typeName: string,
  ids: readonly string[],
  without: readonly string[] = [],
): Operation {
  const writer = new Writer(schema, choose(), { without });
  const [type] = nodeTypes(schema).filter(({ name }) => name === typeName);
  if (!type) throw new Error(`${typeName} is no record`);
  const nodes = schema.getQueryType()?.getFields().nodes;
  if (!nodes) throw new Error('there is no Query.nodes');
  const selection = writer.selection(type);
  return writer.operation(
    'query',
    `${writer.call('Query', nodes, { ids })} { __typename ... on ${typeName} ${selection} }`,
  );
}
