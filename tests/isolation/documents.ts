// Operations made from the schema: whatever it holds is asked for.
import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { argumentsFor, type Choose } from './places.ts';

export interface Operation {
  document: string;
  variables: Record<string, unknown>;
}

export const isNode = (type: GraphQLNamedType): boolean =>
  isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Node');

export const nodeTypes = (schema: GraphQLSchema): GraphQLObjectType[] =>
  Object.values(schema.getTypeMap()).filter(isObjectType).filter(isNode);

/** A step of the way to a type: a field, and the type that its object must be of. */
export interface Step {
  field: GraphQLField<unknown, unknown>;
  parent: string;
}

export interface Wanted {
  /** Fields that no selection asks for, such as `Standing.entries`. */
  without?: readonly string[];
  /** Of records below, only which they are: enough where it is all about who is there. */
  onlyIds?: boolean;
}

/** Collects the variables of one operation while its text is made. */
export class Writer {
  readonly schema: GraphQLSchema;
  readonly choose: Choose;
  readonly variables: Record<string, unknown> = {};
  readonly #declared: string[] = [];
  readonly #without: ReadonlySet<string>;
  readonly #onlyIds: boolean;

  constructor(schema: GraphQLSchema, choose: Choose, { without = [], onlyIds }: Wanted = {}) {
    this.schema = schema;
    this.choose = choose;
    this.#without = new Set(without);
    this.#onlyIds = onlyIds ?? false;
  }

  variable(type: GraphQLInputType, value: unknown): string {
    const name = `v${this.#declared.length}`;
    this.#declared.push(`$${name}: ${type}`);
    this.variables[name] = value;
    return `$${name}`;
  }

  operation(kind: 'query' | 'mutation' | 'subscription', selection: string): Operation {
    const declared = this.#declared.length > 0 ? `(${this.#declared.join(', ')})` : '';
    return { document: `${kind} Walk${declared} { ${selection} }`, variables: this.variables };
  }

  /** `name(argument: $v0)`, without its selection. */
  call(
    parent: string,
    field: GraphQLField<unknown, unknown>,
    values: Record<string, unknown> = this.#argumentsOf(parent, field),
  ): string {
    const given = field.args
      .filter(({ name }) => name in values)
      .map(({ name, type }) => `${name}: ${this.variable(type, values[name])}`);
    return given.length > 0 ? `${field.name}(${given.join(', ')})` : field.name;
  }

  /** Of a list the whole: all that the worlds of these tests have fits into one page. */
  #argumentsOf(parent: string, field: GraphQLField<unknown, unknown>): Record<string, unknown> {
    const values = argumentsFor(`${parent}.${field.name}`, field, this.choose);
    const isPaged = field.args.some(({ name }) => name === 'first');
    return isPaged ? { ...values, first: 100 } : values;
  }

  /** Everything below a type, down to the next records, of which all plain fields are read. */
  selection(type: GraphQLNamedType, within: readonly string[] = [], isStart = true): string {
    if (isLeafType(type)) return '';
    if (this.#onlyIds && !isStart && (type.name === 'Node' || isNode(type))) {
      return '{ __typename id }';
    }
    if (isAbstractType(type)) {
      const parts = this.schema.getPossibleTypes(type).map((possible) => {
        const fields = this.#fields(possible, within, false, `${possible.name}__`);
        return `... on ${possible.name} { ${fields} }`;
      });
      return `{ __typename ${parts.join(' ')} }`;
    }
    return isObjectType(type) ? `{ ${this.#fields(type, within, isStart, '')} }` : '';
  }

  #fields(
    type: GraphQLObjectType,
    within: readonly string[],
    isStart: boolean,
    prefix: string,
  ): string {
    const isShallow = (isNode(type) && !isStart) || within.includes(type.name);
    const parts = Object.values(type.getFields()).flatMap((field) => {
      const result = getNamedType(field.type);
      if (this.#without.has(`${type.name}.${field.name}`)) return [];
      if (isShallow && (!isLeafType(result) || field.args.some(isRequiredArgument))) return [];
      const alias = prefix && field.name !== 'id' ? `${prefix}${field.name}: ` : '';
      const below = this.selection(result, [...within, type.name], false);
      return [`${alias}${this.call(type.name, field)} ${below}`];
    });
    return ['__typename', ...parts].join(' ');
  }

  /** A selection inside of the fields that lead to it. */
  wrap(steps: readonly Step[], inner: string): string {
    return steps.reduceRight((below, { parent, field }) => {
      const isInside = parent !== 'Query';
      const call = `${this.call(parent, field)} { __typename ${below} }`;
      return isInside ? `... on ${parent} { ${call} }` : call;
    }, inner);
  }
}

/** Ways from the records of some type, or the root, to a type that is no record: the shortest first. */
export function waysTo(schema: GraphQLSchema, target: string, most = 6): Step[][] {
  const found: Step[][] = [];
  const query = schema.getQueryType();
  const starts = [...(query ? [query] : []), ...nodeTypes(schema)];
  let ways: { type: GraphQLObjectType; steps: Step[] }[] = starts.map((type) => ({
    type,
    steps: [],
  }));
  for (let depth = 0; depth < 6 && ways.length > 0 && found.length < most; depth += 1) {
    const next: typeof ways = [];
    for (const { type, steps } of ways) {
      for (const field of Object.values(type.getFields())) {
        const result = getNamedType(field.type);
        const possible = isAbstractType(result) ? schema.getPossibleTypes(result) : [result];
        for (const reached of possible) {
          if (!isObjectType(reached) || isNode(reached)) continue;
          if (steps.some(({ parent }) => parent === reached.name)) continue;
          const way = [...steps, { parent: type.name, field }];
          if (reached.name === target) found.push(way);
          else next.push({ type: reached, steps: way });
        }
      }
    }
    ways = next;
  }
  return found.slice(0, most);
}

/** The names of all types that can come out of an operation of this root. */
export function reachable(schema: GraphQLSchema, root: GraphQLObjectType): Set<string> {
  const seen = new Set<string>();
  const visit = (type: GraphQLNamedType) => {
    if (seen.has(type.name) || isLeafType(type)) return;
    seen.add(type.name);
    if (isAbstractType(type)) schema.getPossibleTypes(type).forEach(visit);
    if (isObjectType(type)) {
      for (const field of Object.values(type.getFields())) visit(getNamedType(field.type));
    }
  };
  visit(root);
  return seen;
}
