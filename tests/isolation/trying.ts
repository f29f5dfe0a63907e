// Puts a value into one place of the schema, and calls the field that has the place.
import { type GraphQLField, type GraphQLSchema, getNamedType, isObjectType } from 'graphql';
import type { Answer } from '../support/client.ts';
import { type Caller, globalIds, readIn } from './caller.ts';
import { isNode, type Operation, type Step, Writer, waysTo } from './documents.ts';
import { argumentsFor, fieldsWithPlaces, type Place } from './places.ts';

export interface Spot {
  parent: string;
  field: GraphQLField<unknown, unknown>;
  place: Place;
}

type Root = 'Query' | 'Mutation' | 'Subscription';

const isWrite = (name: string) => name === 'Mutation' || name === 'Subscription';

/** Every place of some kinds: below Query, or of the mutations or subscriptions. */
export function spotsOf(
  schema: GraphQLSchema,
  root: Root,
  kinds: readonly Place['kind'][],
): Spot[] {
  return fieldsWithPlaces(schema)
    .filter(({ parent }) => (root === 'Query' ? !isWrite(parent) : parent === root))
    .filter(({ parent, field }) => !isTriedElsewhere(parent, field))
    .flatMap(({ parent, field: name, places }) => {
      const type = schema.getType(parent);
      const field = isObjectType(type) ? type.getFields()[name] : undefined;
      if (!field) return [];
      return places
        .filter(({ kind }) => kinds.includes(kind))
        .map((place) => ({ parent, field, place }));
    });
}

/**
 * One function resolves the filters of all figures of a row, and of the same figures of another time: they are tried
 * on two of them.
 */
const isTriedElsewhere = (parent: string, field: string): boolean =>
  /(Figures|Percents)$/.test(parent) ||
  (parent.endsWith('AggregateRow') && !['count', 'ratio', 'records'].includes(field));

/** Sums, not lists: who sees what of them is what tests/aggregates is about. */
export const isAggregate = (parent: string, field: string): boolean =>
  parent.endsWith('AggregateRow') || (parent === 'Query' && field.endsWith('Aggregate'));

/** How many of the caller's records a field is tried on before the walk says that it cannot be called. */
const RECORDS = 8;

/**
 * Operations that call the field with the value in its place: on one record after the other, on every way to it.
 * `fixed`: what other arguments are to be.
 */
export function* tries(
  schema: GraphQLSchema,
  caller: Caller,
  spot: Spot,
  value: unknown,
  fixed: Record<string, unknown> = {},
): Generator<Operation> {
  const { parent } = spot;
  const build = (kind: OperationKind, around: Around, variant = 0) =>
    operationFor({ schema, caller, spot, value, fixed, kind, around, variant });
  if (parent === 'Query') {
    yield build('query', (_, inner) => inner);
  } else if (parent === 'Mutation') {
    for (let variant = 0; variant < RECORDS; variant += 1) {
      yield build('mutation', (_, inner) => inner, variant);
    }
  } else if (parent === 'Subscription') {
    yield build('subscription', (_, inner) => inner);
  } else {
    const type = schema.getType(parent);
    const ways = type && isNode(type) ? [[]] : waysTo(schema, parent);
    for (const steps of ways) {
      const start = steps[0]?.parent ?? parent;
      const inside = (writer: Writer, inner: string) =>
        steps.length > 0 ? writer.wrap(steps as Step[], `... on ${parent} { ${inner} }`) : inner;
      if (start === 'Query') {
        yield build('query', inside);
        continue;
      }
      for (const id of globalIds(start, caller.records.all(start)).slice(0, RECORDS)) {
        yield build('query', (writer, inner) => {
          const variable = writer.variable(idType(schema), id);
          const below = inside(writer, inner);
          return `node(id: ${variable}) { __typename ... on ${start} { id ${below} } }`;
        });
      }
    }
  }
}

type Around = (writer: Writer, inner: string) => string;

type OperationKind = 'query' | 'mutation' | 'subscription';

interface Trial {
  schema: GraphQLSchema;
  caller: Caller;
  spot: Spot;
  value: unknown;
  fixed: Record<string, unknown>;
  kind: OperationKind;
  around: Around;
  variant: number;
}

function operationFor(trial: Trial): Operation {
  const { schema, caller, spot, value, fixed, kind, around, variant } = trial;
  const { parent, field, place } = spot;
  const choose = caller.choose(variant);
  const writer = new Writer(schema, choose, { onlyIds: kind !== 'subscription' });
  const where = `${parent}.${field.name}`;
  const values = argumentsFor(where, field, choose, { place, value });
  const selection = writer.selection(getNamedType(field.type), [], false);
  const call = writer.call(parent, field, { ...values, ...fixed });
  return writer.operation(kind, around(writer, `${call} ${selection}`));
}

function idType(schema: GraphQLSchema) {
  const type = schema.getQueryType()?.getFields().node?.args[0]?.type;
  if (!type) throw new Error('there is no Query.node');
  return type;
}

/** Whether the field was really called: it is in the answer, or an error stands at it. */
export function wasCalled({ parent, field }: Spot, answer: Answer): boolean {
  if (['Query', 'Mutation', 'Subscription'].includes(parent)) return true;
  const read = new Set<string>();
  readIn(answer.data, read);
  const atField = answer.errors.some(({ path }) => path?.includes(field.name));
  return read.has(`${parent}.${field.name}`) || atField;
}

export interface Attempt {
  operation: Operation;
  answer: Answer;
}

/**
 * Calls with the value until an answer counts, and once more, in the same way, with another value. Null when no answer
 * counts: then the walk did not get to the place.
 */
export async function tryBoth(
  schema: GraphQLSchema,
  caller: Caller,
  spot: Spot,
  [value, other]: readonly [unknown, unknown],
  counts: (answer: Answer) => boolean,
): Promise<{ one: Attempt; other: Attempt } | { refused: Answer[] }> {
  const refused: Answer[] = [];
  const others = tries(schema, caller, spot, other);
  for (const operation of tries(schema, caller, spot, value)) {
    const answer = await caller.ask(operation);
    const same = others.next().value as Operation;
    if (wasCalled(spot, answer) && counts(answer)) {
      const second = { operation: same, answer: await caller.ask(same) };
      return { one: { operation, answer }, other: second };
    }
    refused.push(answer);
    if (refused.length > 24) break;
  }
  return { refused };
}

/** Some at a time: the answers of one are worked on while another is waited for. */
export async function eachOf<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: 4 }, worker));
}
