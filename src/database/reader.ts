import { getDatamodel } from '../generated/pothos-prisma-types.ts';
import { Prisma, type PrismaClient } from '../generated/prisma/client.ts';
import type { Database } from './database.ts';
import { isOpen, rowScope } from './row-scope.ts';
import type { Viewer } from './viewer.ts';

/**
 * How a viewer reads: Prisma's client, with the organization and the row scope of the model added to every find,
 * count, aggregate and group, and to every to-many relation below it. This is the one place that does so.
 *
 * Refused, with an error for the developer: writing, models without a declared row scope, and a to-one relation to a
 * model whose rows are not everybody's (load it by id, through the reader). A display sees no rows at all.
 */
export type Reader = PrismaClient;

interface Relation {
  model: string;
  many: boolean;
}

// From the data model that Pothos is given too: relations by model and field.
const relations = new Map<string, Map<string, Relation>>();
const owned = new Set<string>();
for (const model of Object.entries(getDatamodel().datamodel.models as Record<string, ModelOf>)) {
  const [name, { fields }] = model;
  const own = new Map<string, Relation>();
  for (const field of fields) {
    if (field.kind === 'object') own.set(field.name, { model: field.type, many: field.isList });
    if (field.name === 'organizationId') owned.add(name);
  }
  relations.set(name, own);
}

interface ModelOf {
  fields: readonly { name: string; kind: string; type: string; isList: boolean }[];
}

const READS = new Set([
  'findUnique',
  'findUniqueOrThrow',
  'findFirst',
  'findFirstOrThrow',
  'findMany',
  'count',
  'aggregate',
  'groupBy',
]);

type Args = Record<string, unknown>;

export function readerFor(db: Database, viewer: Viewer): Reader {
  const extended = db.prisma.$extends({
    query: {
      $allModels: {
        async $allOperations({ model, operation, args, query }) {
          if (!READS.has(operation)) {
            throw new Error(`${model}.${operation}: a reader does not write; use transact`);
          }
          return query(scoped(viewer, model, args as Args) as typeof args);
        },
      },
      $queryRaw: refuseRaw,
      $executeRaw: refuseRaw,
      $queryRawUnsafe: refuseRaw,
      $executeRawUnsafe: refuseRaw,
    },
  });
  return extended as unknown as Reader;
}

function refuseRaw(): never {
  throw new Error('a reader sends no raw SQL: that stands in a store');
}

function scoped(viewer: Viewer, model: string, args: Args | undefined): Args {
  const result = { ...args };
  refuseUndefined(model, result.where);
  const where = restriction(viewer, model);
  result.where = result.where ? withUnique(result.where as Args, where) : where;
  return { ...result, ...scopedSelection(viewer, model, result) };
}

/** Keeps the unique key of a findUnique on top, where Prisma wants it. */
function withUnique(where: Args, restriction: Args): Args {
  const and = where.AND === undefined ? [] : Array.isArray(where.AND) ? where.AND : [where.AND];
  return { ...where, AND: [...and, restriction] };
}

function restriction(viewer: Viewer, model: string): Args {
  const scope = viewer.kind === 'member' ? rowScope(model)(viewer) : { id: { in: [] } };
  const mine =
    model === 'Organization'
      ? { id: viewer.organizationId }
      : owned.has(model)
        ? { organizationId: viewer.organizationId }
        : null;
  if (!mine) throw new Error(`${model} belongs to no organization: a viewer cannot read it`);
  return scope === null ? mine : { AND: [mine, scope] };
}

/** `undefined` in a `where` means "any row" to Prisma. */
function refuseUndefined(model: string, value: unknown, path = 'where'): void {
  if (value === null || typeof value !== 'object' || value instanceof Date) return;
  if (Prisma.Decimal.isDecimal(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    if (inner === undefined) throw new Error(`${model}: ${path}.${key} is undefined`);
    refuseUndefined(model, inner, `${path}.${key}`);
  }
}

/** Scopes what is selected or included below: to-many relations get a `where`, closed to-one relations are refused. */
function scopedSelection(viewer: Viewer, model: string, args: Args): Args {
  const result: Args = {};
  for (const part of ['select', 'include'] as const) {
    if (args[part]) result[part] = scopedPart(viewer, model, args[part] as Args);
  }
  return result;
}

function scopedPart(viewer: Viewer, model: string, part: Args): Args {
  const result: Args = {};
  for (const [field, value] of Object.entries(part)) {
    const relation = relations.get(model)?.get(field);
    if (field === '_count' && value && typeof value === 'object' && 'select' in value) {
      result._count = { select: scopedCounts(viewer, model, value.select as Args) };
    } else if (!relation || !value) {
      result[field] = value;
    } else if (relation.many) {
      result[field] = scoped(viewer, relation.model, value === true ? {} : (value as Args));
    } else if (isOpen(relation.model)) {
      result[field] =
        value === true
          ? true
          : { ...(value as Args), ...scopedSelection(viewer, relation.model, value as Args) };
    } else {
      throw new Error(
        `${model}.${field} leads to one ${relation.model}, whose rows are scoped: load it by its id`,
      );
    }
  }
  return result;
}

function scopedCounts(viewer: Viewer, model: string, counts: Args): Args {
  const result: Args = {};
  for (const [field, value] of Object.entries(counts)) {
    const relation = relations.get(model)?.get(field);
    if (!relation || !value) continue;
    const where = value === true ? undefined : ((value as Args).where as Args | undefined);
    const own = restriction(viewer, relation.model);
    result[field] = { where: where ? { AND: [where, own] } : own };
  }
  return result;
}
