// Reads below a root field as far as the caller gets, each field alone, so that the refusal of one hides no other. A
// field that is `known` is not read again on another way.
import { type GraphQLSchema, getNamedType, isLeafType, isObjectType } from 'graphql';
import type { Answer } from '../support/client.ts';
import type { Caller } from './caller.ts';
import { type Step, Writer } from './documents.ts';

export interface Found {
  /** `Standing.score`. */
  name: string;
  answer: Answer;
  /** The values of the field, wherever it stands in the answer. */
  values: unknown[];
}

export async function explore(
  schema: GraphQLSchema,
  caller: Caller,
  root: Step,
  known: Set<string>,
): Promise<Found[]> {
  const first = await askFor(schema, caller, [], root);
  return [first, ...(await below(schema, caller, [root], first, known))];
}

async function below(
  schema: GraphQLSchema,
  caller: Caller,
  steps: readonly Step[],
  { values }: Found,
  known: Set<string>,
): Promise<Found[]> {
  const found: Found[] = [];
  for (const typeName of typesOf(values)) {
    const type = schema.getType(typeName);
    if (!isObjectType(type) || steps.some(({ parent }) => parent === typeName)) continue;
    for (const field of Object.values(type.getFields())) {
      const step = { parent: typeName, field };
      const name = `${typeName}.${field.name}`;
      if (known.has(name)) continue;
      known.add(name);
      const one = await askFor(schema, caller, steps, step);
      found.push(one, ...(await below(schema, caller, [...steps, step], one, known)));
    }
  }
  return found;
}

async function askFor(
  schema: GraphQLSchema,
  caller: Caller,
  steps: readonly Step[],
  { parent, field }: Step,
): Promise<Found> {
  const writer = new Writer(schema, caller.choose());
  const plain = isLeafType(getNamedType(field.type)) ? '' : '{ __typename }';
  const call = `end: ${writer.call(parent, field)} ${plain}`;
  const inner = steps.length > 0 ? `... on ${parent} { ${call} }` : call;
  const answer = await caller.ask(writer.operation('query', writer.wrap(steps, inner)));
  return { name: `${parent}.${field.name}`, answer, values: endsIn(answer.data) };
}

function endsIn(value: unknown): unknown[] {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'end' ? [inner].flat().filter((one) => one !== null) : endsIn(inner),
  );
}

const typesOf = (values: readonly unknown[]): Set<string> =>
  new Set(
    values.flatMap((value) => {
      const { __typename: type } = Object(value) as { __typename?: string };
      return type ? [type] : [];
    }),
  );
