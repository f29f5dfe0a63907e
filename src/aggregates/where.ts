import { rowScope } from '../database/row-scope.ts';
import type { MemberViewer } from '../database/viewer.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { type ColumnField, columnOfModel, fieldOfModel, type Model, modelOf } from './models.ts';
import type { Statement } from './statement.ts';

type Where = Readonly<Record<string, unknown>>;

/** A table of a statement, and where its fields are read: elsewhere than in the row itself for what is dated. */
export interface Place {
  statement: Statement;
  model: Model;
  alias: string;
  /** The SQL of a field; default: the column. */
  read?: (field: string) => string;
  /** Who asks: what is out of its sight is not found by a condition that leads over a relation. Not for a row scope itself. */
  viewer?: MemberViewer;
}

/**
 * Prisma's `where` as SQL, so that lists, row scopes and aggregates have one filter. Knows what those use: AND, OR,
 * NOT, comparisons, `in`, `contains`, `has…` and relations. Throws for anything else, and for `undefined`.
 */
export function whereSql(place: Place, where: object): string {
  const parts = Object.entries(where).map(([key, value]) => {
    if (value === undefined) throw new Error(`${place.model.name}.${key} is undefined`);
    if (key === 'AND') return joined(place, listOf(value), 'AND', 'true');
    if (key === 'OR') return joined(place, listOf(value), 'OR', 'false');
    if (key === 'NOT') return `NOT ${joined(place, listOf(value), 'AND', 'true')}`;
    const field = fieldOfModel(place.model, key);
    if (field.kind === 'relation') return relationSql(place, key, value as Where);
    return columnSql(place, key, field, value);
  });
  return all(parts);
}

const all = (parts: readonly string[]): string =>
  parts.length === 0 ? 'true' : parts.length === 1 ? (parts[0] ?? '') : `(${parts.join(' AND ')})`;

const listOf = (value: unknown): readonly object[] => [value].flat() as object[];

function joined(place: Place, list: readonly object[], word: string, none: string): string {
  if (list.length === 0) return none;
  return `(${list.map((one) => whereSql(place, one)).join(` ${word} `)})`;
}

export const readField = ({ model, alias, read }: Place, field: string): string =>
  read ? read(field) : `${alias}.${columnOfModel(model, field).column}`;

const SIGNS: Readonly<Record<string, string>> = { gte: '>=', gt: '>', lte: '<=', lt: '<' };

function columnSql(place: Place, name: string, field: ColumnField, value: unknown): string {
  const ref = readField(place, name);
  if (value === null) return `${ref} IS NULL`;
  const { statement } = place;
  if (!isOperators(value)) return `${ref} = ${statement.bare(plain(field, value))}`;
  const { mode, ...operators } = value;
  return all(
    Object.entries(operators).map(([operator, operand]) => {
      if (operand === undefined) throw new Error(`${name}.${operator} is undefined`);
      return operatorSql(place, ref, field, operator, operand, mode === 'insensitive');
    }),
  );
}

function operatorSql(
  { statement }: Place,
  ref: string,
  field: ColumnField,
  operator: string,
  operand: unknown,
  insensitive: boolean,
): string {
  const list = () => statement.bare((operand as unknown[]).map((one) => plain(field, one)));
  const sign = SIGNS[operator];
  if (sign) return `${ref} ${sign} ${statement.bare(plain(field, operand))}`;
  switch (operator) {
    case 'equals':
      return operand === null
        ? `${ref} IS NULL`
        : `${ref} = ${statement.bare(plain(field, operand))}`;
    case 'not':
      return operand === null
        ? `${ref} IS NOT NULL`
        : `${ref} <> ${statement.bare(plain(field, operand))}`;
    case 'in':
      return `${ref} = ANY (${list()})`;
    case 'notIn':
      return `${ref} <> ALL (${list()})`;
    case 'contains':
      // The pattern's own signs are escaped by whoever made the condition, as for Prisma.
      return `${ref} ${insensitive ? 'ILIKE' : 'LIKE'} ${statement.bare(`%${operand}%`)}`;
    case 'hasSome':
      return `${ref} && ${list()}`;
    case 'hasEvery':
      return `${ref} @> ${list()}`;
    default:
      throw new Error(`no operator ${operator} is known here`);
  }
}

const isOperators = (value: unknown): value is Where =>
  typeof value === 'object' &&
  value !== null &&
  !(value instanceof Date) &&
  !Prisma.Decimal.isDecimal(value);

/** Days travel as text: as moments they would be read in the zone of this process. */
function plain(field: ColumnField, value: unknown): unknown {
  if (field.isDay && value instanceof Date) return value.toISOString().slice(0, 10);
  return Prisma.Decimal.isDecimal(value) ? value.toFixed() : value;
}

function relationSql(place: Place, name: string, value: Where): string {
  const field = fieldOfModel(place.model, name);
  if (field.kind !== 'relation') throw new Error(`${name} is no relation`);
  if (field.isList) {
    return all(
      Object.entries(value).map(([how, inner]) => {
        if (how === 'some') return existsSql(place, name, inner as object);
        if (how === 'none') return `NOT ${existsSql(place, name, inner as object)}`;
        throw new Error(`no "${how}" is known of a relation to many`);
      }),
    );
  }
  const keys = Object.keys(value);
  if (keys.length === 1 && keys[0] === 'is') return existsSql(place, name, value.is as object);
  return existsSql(place, name, value);
}

function existsSql(place: Place, name: string, where: object): string {
  const field = fieldOfModel(place.model, name);
  if (field.kind !== 'relation') throw new Error(`${name} is no relation`);
  const { statement, alias, model, read, viewer } = place;
  const other = modelOf(field.model);
  const inner = { statement, model: other, alias: statement.alias(), ...(viewer && { viewer }) };
  const key = [...model.fields].find(
    ([, one]) => one.kind === 'column' && one.column === field.from,
  )?.[0];
  const here = read && key && key !== 'id' ? read(key) : `${alias}.${field.from}`;
  return `EXISTS (SELECT 1 FROM ${other.table} ${inner.alias} WHERE ${inner.alias}.${field.to} = ${here}${seenSql(inner)} AND ${whereSql(inner, where)})`;
}

function seenSql({ viewer, statement, model, alias }: Place): string {
  if (!viewer) return '';
  const scope = rowScope(model.name)(viewer);
  const mine = ` AND ${alias}."organization_id" = ${statement.add(viewer.organizationId, 'uuid')}`;
  return scope === null ? mine : `${mine} AND ${whereSql({ statement, model, alias }, scope)}`;
}
