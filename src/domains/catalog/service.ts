import type { Database } from '../../database/database.ts';
import { AlreadyExists, checkVersion, NotFound } from '../../database/errors.ts';
import { newId } from '../../database/ids.ts';
import { brokenConstraint, transact } from '../../database/transact.ts';
import type { Tx } from '../../database/transaction.ts';
import type { MemberViewer } from '../../database/viewer.ts';
import { declareAmounts } from '../organization/amounts.ts';
import { productCreated, productUpdated } from './events.ts';
import type { Product, ProductPatch } from './model.ts';
import {
  changeProduct,
  cleanProduct,
  foldLabel,
  nameTaken,
  newProduct,
  requireCatalogRights,
} from './rules.ts';
import {
  findLabels,
  hasListPrices,
  insertProducts,
  lockProducts,
  updateProducts,
  writeLabels,
} from './store.ts';

declareAmounts(hasListPrices);

interface Keyed {
  idempotencyKey?: string | null | undefined;
}

export type CreateProduct = ProductPatch & { name: string } & Keyed;
export type UpdateProduct = ProductPatch & { id: string; expectedVersion: number } & Keyed;

/** Throws NotAllowed, InvalidInput, and AlreadyExists for a name, alias or external id of another product. */
export const createProduct = (db: Database, viewer: MemberViewer, input: CreateProduct) => {
  requireCatalogRights(viewer);
  const patch = cleanProduct(input);
  return transact(db, viewer, 'createProduct', input, async (tx) => {
    const product = newProduct(newId(), patch.name ?? '', patch);
    if ((await insertProducts(tx, [product])) === 0) throw externalIdTaken();
    await answerTo(tx, product);
    tx.event(productCreated(product));
    return { id: product.id, version: product.version };
  });
};

/** Throws NotAllowed, NotFound, Conflict, InvalidInput and AlreadyExists. */
export const updateProduct = (db: Database, viewer: MemberViewer, input: UpdateProduct) => {
  requireCatalogRights(viewer);
  const patch = cleanProduct(input);
  return transact(db, viewer, 'updateProduct', input, async (tx) => {
    const [product] = await lockProducts(tx, { ids: [input.id] });
    if (!product) throw new NotFound('There is no such product.', { path: ['input', 'id'] });
    checkVersion('Product', product, input.expectedVersion);
    const changed = changeProduct(product, patch);
    if (!changed) return { id: product.id, version: product.version };
    const { product: after, changes } = changed;
    await updateProducts(tx, [after]).catch((error: unknown) => {
      throw brokenConstraint(error) === 'product_organization_id_external_id_key'
        ? externalIdTaken()
        : error;
    });
    if (changes.includes('name') || changes.includes('aliases')) await answerTo(tx, after);
    tx.event(productUpdated(after, changes));
    return { id: after.id, version: after.version };
  });
};

/** Which product each of these names or aliases stands for, whatever their width, case and spaces. */
export async function findProductsByNameOrAlias(
  tx: Tx,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const held = await findLabels(tx, [...new Set(names.map(foldLabel))]);
  const found = names.map((name) => [name, held.get(foldLabel(name))] as const);
  return new Map(found.filter((pair): pair is readonly [string, string] => pair[1] !== undefined));
}

/** The product of this name or alias; null when there is none. */
export async function findProductByNameOrAlias(tx: Tx, name: string): Promise<string | null> {
  return (await findProductsByNameOrAlias(tx, [name])).get(name) ?? null;
}

async function answerTo(tx: Tx, product: Product): Promise<void> {
  const [taken] = await writeLabels(tx, [product]);
  if (taken !== undefined) throw nameTaken(taken, product);
}

const externalIdTaken = () =>
  new AlreadyExists('Another product has this external id.', { path: ['input', 'externalId'] });
