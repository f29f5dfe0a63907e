// Subscriptions made from the schema by chance: fragments on objects, interfaces and unions, aliases, @include and @skip.
import {
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
} from 'graphql';
import { fc } from '../../support/properties.ts';

export interface AskedOperation {
  query: string;
  variables: Record<string, unknown>;
}

/** Differs between two answers whoever asks: the moment of computing. */
const LEFT_OUT = new Set(['asOf', 'recordedBy']);
/** So many aliases are allowed. */
const ALIASES = 20;
const DEPTH = 5;

type Dice = { upTo(most: number): number; chance(percent: number): boolean };

class Writer {
  readonly variables: Record<string, unknown> = {};
  readonly #schema: GraphQLSchema;
  readonly #dice: Dice;
  /** Fields that nobody may share are left out more or less often. */
  readonly #own: number;
  #declared: string[] = [];
  #fragments: string[] = [];
  #aliases = 0;

  constructor(schema: GraphQLSchema, dice: Dice) {
    this.#schema = schema;
    this.#dice = dice;
    this.#own = dice.chance(60) ? 0 : 15;
  }

  operation(field: string, args: string, type: GraphQLNamedType): AskedOperation {
    const call = `${field}${args} ${this.#selection(type, DEPTH)}`;
    const inner = this.#dice.chance(20) ? this.#fragment('Subscription', `{ ${call} }`) : call;
    const declared = ['$id: ID!', ...this.#declared].join(', ');
    const query = [`subscription (${declared}) { ${inner} }`, ...this.#fragments].join('\n');
    return { query, variables: this.variables };
  }

  #selection(type: GraphQLNamedType, depth: number): string {
    if (isLeafType(type)) return '';
    if (!isObjectType(type)) {
      const parts = this.#schema
        .getPossibleTypes(type as never)
        .filter(() => this.#dice.chance(80))
        .map((possible) => this.#fragment(possible.name, this.#selection(possible, depth), true));
      if (!isUnionType(type)) parts.push('... on Node { id }');
      return `{ __typename ${parts.join(' ')} }`;
    }
    const parts = Object.values(type.getFields()).flatMap((field) => {
      const below = getNamedType(field.type);
      const isDeep = !isLeafType(below) && depth === 0;
      const isShared = 'dependsOn' in field.extensions;
      const share = isShared ? 60 : this.#own;
      if (LEFT_OUT.has(field.name) || isDeep || field.args.some(isRequiredArgument)) return [];
      if (!this.#dice.chance(share)) return [];
      const page = field.args.some(({ name }) => name === 'first') ? this.#page() : '';
      const text = `${field.name}${page}`;
      return [
        this.#named(text, isEnumType(below)) +
          this.#directive() +
          this.#selection(below, depth - 1),
      ];
    });
    const isSplit = this.#dice.chance(25);
    const fields = `{ __typename ${parts.join(' ')} }`;
    return isSplit ? `{ ${this.#fragment(type.name, fields)} }` : fields;
  }

  /** Under another name where it has arguments, as two of them cannot have one; else by chance. */
  #named(text: string, isPlain: boolean): string {
    const needs = text.includes('(');
    if (!needs && (isPlain || this.#aliases >= ALIASES || !this.#dice.chance(10))) return text;
    this.#aliases += 1;
    return `a${this.#aliases}: ${text}`;
  }

  #page(): string {
    const first = this.#dice.upTo(3);
    return this.#dice.chance(50) ? `(first: ${first})` : `(first: ${this.#variable('Int', first)})`;
  }

  #directive(): string {
    if (!this.#dice.chance(15)) return ' ';
    const value = this.#dice.chance(50);
    const condition = this.#dice.chance(50) ? String(value) : this.#variable('Boolean!', value);
    return ` @${this.#dice.chance(50) ? 'include' : 'skip'}(if: ${condition}) `;
  }

  #fragment(type: string, fields: string, isInline = this.#dice.chance(50)): string {
    if (isInline) return `... on ${type} ${fields}`;
    const name = `F${this.#fragments.length}`;
    this.#fragments.push(`fragment ${name} on ${type} ${fields}`);
    return `...${name}${this.#directive()}`;
  }

  #variable(type: string, value: unknown): string {
    const name = `v${this.#declared.length}`;
    this.#declared.push(`$${name}: ${type}`);
    this.variables[name] = value;
    return `$${name}`;
  }
}

/** So many operations on a board; `$id` is left to whoever asks. The same in every run. */
export function boardOperations(schema: GraphQLSchema, count: number): AskedOperation[] {
  const field = schema.getSubscriptionType()?.getFields().leaderboard;
  if (!field) throw new Error('there is no subscription to a leaderboard');
  const type = getNamedType(field.type);
  const rolls = fc.infiniteStream(fc.nat({ max: 9_999 }));
  return fc.sample(rolls, count).map((stream) => {
    const roll = () => Number(stream.next().value);
    const dice: Dice = {
      upTo: (most) => roll() % (most + 1),
      chance: (percent) => roll() % 100 < percent,
    };
    const args = ['(id: $id)', '(id: $id, first: 2)', '(id: $id, first: 0)'][dice.upTo(2)] ?? '';
    return new Writer(schema, dice).operation('leaderboard', args, type);
  });
}
