import { getDatamodel } from '../../generated/pothos-prisma-types.ts';
import { UnreadableArguments } from './errors.ts';

// The models as tables. The names in the database are the snake case of Prisma's, as Kysely's plugin has them too;
// tests/database/read-model.test.ts compares them with the catalogue.

export interface Column {
  name: string;
  /** In the database. */
  column: string;
  /** Prisma's scalar type, or the name of an enum. */
  type: string;
  isList: boolean;
}

/** Rows of `model` whose column `theirs` has the value of our column `ours`. */
export interface Relation {
  name: string;
  model: string;
  many: boolean;
  ours: string;
  theirs: string;
}

export interface Model {
  name: string;
  table: string;
  columns: ReadonlyMap<string, Column>;
  relations: ReadonlyMap<string, Relation>;
  /** Names of the columns of the primary key. */
  key: readonly string[];
  /** What `findUnique` takes: columns, and names of several columns. */
  uniques: ReadonlySet<string>;
}

interface Field {
  name: string;
  kind: string;
  type: string;
  isList: boolean;
  isId: boolean;
  isUnique: boolean;
  relationName?: string;
  relationFromFields?: string[];
}

interface Described {
  fields: Field[];
  primaryKey: { name: string | null; fields: string[] } | null;
  uniqueIndexes: { name: string | null; fields: string[] }[];
}

const described = getDatamodel().datamodel.models as unknown as Record<string, Described>;

const snake = (name: string): string =>
  name.replace(/[A-Z]/g, (letter, at: number) => (at > 0 ? '_' : '') + letter.toLowerCase());

/** A relation's foreign key stands on one side, and refers to the other side's id. */
function relationOf(model: string, field: Field): Relation {
  const from = field.relationFromFields ?? [];
  const { name, type, isList: many } = field;
  if (from.length > 0) {
    return { name, model: type, many, ours: snake(from[0] ?? ''), theirs: 'id' };
  }
  const back = described[type]?.fields.find(
    (other) =>
      other.relationName === field.relationName &&
      other.type === model &&
      (other.relationFromFields ?? []).length > 0,
  );
  const [key] = back?.relationFromFields ?? [];
  if (key === undefined) throw new Error(`${model}.${name} has no foreign key`);
  return { name, model: type, many, ours: 'id', theirs: snake(key) };
}

function modelOf(name: string, { fields, primaryKey, uniqueIndexes }: Described): Model {
  const single = fields.filter(({ isId, isUnique }) => isId || isUnique);
  const compound = [...(primaryKey ? [primaryKey] : []), ...uniqueIndexes];
  const key = primaryKey?.fields ?? fields.filter(({ isId }) => isId).map((field) => field.name);
  return {
    name,
    table: snake(name),
    columns: new Map(
      fields
        .filter(({ kind }) => kind !== 'object')
        .map(({ name, type, isList }) => [name, { name, column: snake(name), type, isList }]),
    ),
    relations: new Map(
      fields
        .filter(({ kind }) => kind === 'object')
        .map((field) => [field.name, relationOf(name, field)]),
    ),
    key: key.map(snake),
    uniques: new Set([
      ...single.map((field) => field.name),
      ...compound.map((index) => index.name ?? index.fields.join('_')),
    ]),
  };
}

/** Every model by its name. */
export const models: ReadonlyMap<string, Model> = new Map(
  Object.entries(described).map(([name, model]) => [name, modelOf(name, model)]),
);

export function modelNamed(name: string): Model {
  const model = models.get(name);
  if (!model) throw new UnreadableArguments(`there is no model ${name}`);
  return model;
}

/** What is not carried along with every row, but only where a `select` names it: the search reads it, in SQL. */
export const OMITTED = { customer: { searchGrams: true, searchText: true } } as const;

const omitted = new Map<string, ReadonlySet<string>>([
  ['Customer', new Set(Object.keys(OMITTED.customer))],
]);

/** The columns of a row when no `select` says which. */
export const plainColumns = ({ name, columns }: Model): Column[] =>
  [...columns.values()].filter((column) => !omitted.get(name)?.has(column.name));
