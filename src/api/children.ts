import DataLoader from 'dataloader';
import type PrismaTypes from '../generated/pothos-prisma-types.ts';
import type { Context } from './context.ts';

type ModelName = keyof PrismaTypes;
type Row = Record<string, unknown>;
type Args = Record<string, unknown>;

/** The record that a list hangs below, and the to-many relation that the list is. */
export interface Parent<Model extends ModelName = ModelName> {
  model: Model;
  id: string;
  relation: string;
}

interface FindsMany {
  findMany(args: object): Promise<Row[]>;
}

const loaders = new WeakMap<Context, Map<string, DataLoader<string, unknown>>>();

/**
 * The rows of a relation, as Prisma's arguments for it say, with the viewer's rights: for all records of an answer
 * that ask with equal arguments in one statement. None below a record that is out of view.
 */
export function childRows<Child extends object = Row>(
  ctx: Context,
  parent: Parent,
  args: Args,
): Promise<Child[]> {
  const { model, relation, id } = parent;
  const key = `${model}.${relation} ${JSON.stringify(args)}`;
  const select = { [relation]: args };
  return load(ctx, key, parent, select, (row) => row?.[relation] ?? []).load(id) as Promise<
    Child[]
  >;
}

/** How many rows a relation has that the viewer may see, batched in the same way. */
export function childCount(ctx: Context, parent: Parent, where: Args): Promise<number> {
  const { model, relation, id } = parent;
  const key = `${model}.${relation} count ${JSON.stringify(where)}`;
  const select = { _count: { select: { [relation]: { where } } } };
  const countOf = (row: Row | undefined) =>
    (row?._count as Record<string, number> | undefined)?.[relation] ?? 0;
  return load(ctx, key, parent, select, countOf).load(id) as Promise<number>;
}

function load(
  ctx: Context,
  key: string,
  { model }: Parent,
  select: Args,
  pick: (row: Row | undefined) => unknown,
): DataLoader<string, unknown> {
  const known = loaders.get(ctx) ?? new Map<string, DataLoader<string, unknown>>();
  loaders.set(ctx, known);
  const property = `${model.charAt(0).toLowerCase()}${model.slice(1)}`;
  const loader =
    known.get(key) ??
    new DataLoader<string, unknown>(
      async (ids) => {
        const delegate = Reflect.get(ctx.reader, property) as FindsMany;
        const where = { id: { in: [...ids] } };
        const rows = await delegate.findMany({ where, select: { id: true, ...select } });
        const byId = new Map(rows.map((row) => [row.id as string, row]));
        return ids.map((id) => pick(byId.get(id)));
      },
      { cache: false },
    );
  known.set(key, loader);
  return loader;
}
