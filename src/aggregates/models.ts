import { getDatamodel } from '../generated/pothos-prisma-types.ts';

/** A model as SQL has it: what Prisma's data model says, and the one rule that names follow. */
export interface Model {
  name: string;
  table: string;
  fields: ReadonlyMap<string, Field>;
  /** Columns of the primary key. */
  key: readonly string[];
}

export type Field = ColumnField | RelationField;

export interface ColumnField {
  kind: 'column';
  column: string;
  /** `DateTime` columns that are days of the calendar. */
  isDay: boolean;
  isList: boolean;
  isRequired: boolean;
}

export interface RelationField {
  kind: 'relation';
  model: string;
  isList: boolean;
  /** The column here and the one there that must be equal. */
  from: string;
  to: string;
}

interface Described {
  name: string;
  kind: string;
  type: string;
  isRequired: boolean;
  isList: boolean;
  relationName?: string;
  relationFromFields?: readonly string[];
}

/** Tables and columns are the names of Prisma's models and fields in snake case; a test compares with the catalogue. */
export const snake = (name: string): string =>
  name.replace(/([A-Z])/g, (letter) => `_${letter.toLowerCase()}`).replace(/^_/, '');

export const quote = (name: string): string => `"${snake(name)}"`;

const described = getDatamodel().datamodel.models as unknown as Record<
  string,
  { fields: readonly Described[]; primaryKey: { fields: readonly string[] } | null }
>;

/** Where Prisma knows no relation, as the ledger has no foreign keys. The column is the name with `Id`. */
const LINKS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ScoreEntry: { metricVersion: 'MetricVersion', teamPath: 'TeamPath' },
};

const models = new Map<string, Model>();
for (const [name, { fields, primaryKey }] of Object.entries(described)) {
  const own = new Map(fields.map((field) => [field.name, fieldOf(name, field)]));
  for (const [link, model] of Object.entries(LINKS[name] ?? {})) {
    own.set(link, { kind: 'relation', model, isList: false, from: quote(`${link}Id`), to: '"id"' });
  }
  const key = primaryKey?.fields.map(quote) ?? ['"id"'];
  models.set(name, { name, table: quote(name), fields: own, key });
}

function fieldOf(model: string, field: Described): Field {
  const { name, kind, type, isList, isRequired } = field;
  if (kind !== 'object') {
    const isDay = type === 'DateTime' && /(On|^bucket|^day)$/.test(name);
    return { kind: 'column', column: quote(name), isDay, isList, isRequired };
  }
  const key = field.relationFromFields?.[0];
  if (key) return { kind: 'relation', model: type, isList, from: quote(key), to: '"id"' };
  const back = described[type]?.fields.find(
    (other) =>
      other.relationName === field.relationName &&
      (other.relationFromFields?.length ?? 0) > 0 &&
      other.type === model,
  );
  const foreign = back?.relationFromFields?.[0];
  if (!foreign) throw new Error(`${model}.${name}: no column leads back`);
  return { kind: 'relation', model: type, isList, from: '"id"', to: quote(foreign) };
}

export function modelOf(name: string): Model {
  const model = models.get(name);
  if (!model) throw new Error(`there is no model ${name}`);
  return model;
}

export const allModels = (): readonly Model[] => [...models.values()];

export function fieldOfModel(model: Model, name: string): Field {
  const field = model.fields.get(name);
  if (!field) throw new Error(`${model.name} has no field ${name}`);
  return field;
}

export function columnOfModel(model: Model, name: string): ColumnField {
  const field = fieldOfModel(model, name);
  if (field.kind !== 'column') throw new Error(`${model.name}.${name} is no column`);
  return field;
}

/** The model that steps over to-one relations lead to. */
export function modelAt(model: Model, steps: readonly string[]): Model {
  return steps.reduce((here, step) => {
    const field = fieldOfModel(here, step);
    if (field.kind !== 'relation' || field.isList) throw new Error(`${step} leads not to one`);
    return modelOf(field.model);
  }, model);
}

/** The column at the end of a path. */
export function columnAt(model: Model, path: string): ColumnField {
  const steps = path.split('.');
  const column = steps.pop() ?? '';
  return columnOfModel(modelAt(model, steps), column);
}
