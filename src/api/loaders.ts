import DataLoader from 'dataloader';
import type { Reader } from '../database/reader.ts';
import type PrismaTypes from '../generated/pothos-prisma-types.ts';

type ModelName = keyof PrismaTypes;

/** A record by model and id, limited to what the viewer may see: null for everything else. Batched. */
export type Load = <Model extends ModelName>(
  model: Model,
  id: string | null | undefined,
) => Promise<PrismaTypes[Model]['Shape'] | null>;

interface FindsMany {
  findMany(args: { where: { id: { in: string[] } } }): Promise<{ id: string }[]>;
}

/** One loader per model and context; a list of a hundred records with their owners is one more statement. */
export function createLoaders(reader: Reader): Load {
  const loaders = new Map<ModelName, DataLoader<string, object | null>>();

  function loaderOf(model: ModelName): DataLoader<string, object | null> {
    const known = loaders.get(model);
    if (known) return known;
    const property = `${model.charAt(0).toLowerCase()}${model.slice(1)}`;
    const delegate = Reflect.get(reader, property) as FindsMany;
    const loader = new DataLoader<string, object | null>(async (ids) => {
      const rows = await delegate.findMany({ where: { id: { in: [...ids] } } });
      const byId = new Map(rows.map((row) => [row.id, row]));
      return ids.map((id) => byId.get(id) ?? null);
    });
    loaders.set(model, loader);
    return loader;
  }

  return async (model, id) => (id ? ((await loaderOf(model).load(id)) as never) : null);
}
