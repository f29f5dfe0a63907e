import type PrismaTypes from '../generated/pothos-prisma-types.ts';
import { getDatamodel } from '../generated/pothos-prisma-types.ts';
import * as enums from '../generated/prisma/enums.ts';
import type { SortColumn, SortOrder, SortType } from './page-cursor.ts';

type ModelName = keyof PrismaTypes;

export interface OrderBy<Model extends ModelName> {
  field: keyof PrismaTypes[Model]['Shape'] & string;
  direction: 'ASC' | 'DESC';
}

interface Field {
  name: string;
  kind: string;
  type: string;
  isRequired: boolean;
  isList: boolean;
}

const models = getDatamodel().datamodel.models as unknown as Record<string, { fields: Field[] }>;

const SORT_TYPES: Record<string, SortType> = {
  String: 'string',
  Int: 'number',
  BigInt: 'number',
  Float: 'number',
  Decimal: 'decimal',
  Boolean: 'boolean',
  DateTime: 'dateTime',
};

function listedValues({ kind, type }: Field): readonly (string | boolean)[] | null {
  if (kind === 'enum') return Object.keys(Reflect.get(enums, type));
  return type === 'Boolean' ? [false, true] : null;
}

function columnOf(model: string, name: string, direction: 'ASC' | 'DESC'): SortColumn {
  const field = models[model]?.fields.find((candidate) => candidate.name === name);
  const values = field && listedValues(field);
  const type = field?.kind === 'enum' ? 'string' : SORT_TYPES[field?.type ?? ''];
  if (!field || !type || field.isList || field.kind === 'object') {
    throw new Error(`${model}.${name} is no column to order by.`);
  }
  const isId = name === 'id' || name.endsWith('Id');
  const nullable = !field.isRequired;
  return {
    field: name,
    direction,
    type: isId ? 'uuid' : type,
    nullable,
    ...(values && { values }),
  };
}

/**
 * Type and nullability of each column come from the data model; the id ends the order and makes it total. The list is
 * that of one organization, so that its cursors mean nothing in another.
 */
export function orderOf<Model extends ModelName>(
  model: Model,
  orderBy: readonly OrderBy<Model>[],
  organizationId: string,
): SortOrder {
  const columns = orderBy.map(({ field, direction }) => columnOf(model, field, direction));
  if (!columns.some((column) => column.field === 'id')) {
    columns.push(columnOf(model, 'id', columns.at(-1)?.direction ?? 'ASC'));
  }
  const end = columns.findIndex((column) => column.field === 'id') + 1;
  return { list: `${model} of ${organizationId}`, columns: columns.slice(0, end) };
}
