import { type AlreadyExists, NamedError } from '../../database/errors.ts';
import { newId } from '../../database/ids.ts';
import type { Tx } from '../../database/transaction.ts';
import {
  attempt,
  type ImportResult,
  overtaken,
  refused,
  requireBatch,
} from '../customers/import-result.ts';
import { productCreated, productUpdated } from './events.ts';
import type { Product, ProductPatch } from './model.ts';
import {
  changeProduct,
  cleanProduct,
  foldLabel,
  labelsOf,
  nameTaken,
  newProduct,
  requireCatalogRights,
} from './rules.ts';
import { findLabels, insertProducts, lockProducts, updateProducts, writeLabels } from './store.ts';

/** What a source says of a product: undefined leaves a field as it is, null clears it. */
export type ProductRow = ProductPatch & { name: string };

/**
 * Creates and updates at most 500 products in the caller's transaction, with the rules and events of the single
 * mutations. A row stands for the product with its external id or, without one, for the one that answers to its name;
 * a row that changes nothing writes nothing. Each row is judged alone: a refused one leaves nothing.
 *
 * Throws NotAllowed without the right to change the catalogue.
 */
export async function importProducts(tx: Tx, rows: readonly ProductRow[]): Promise<ImportResult[]> {
  requireCatalogRights(tx.viewer);
  requireBatch(rows);
  const cleaned = rows.map((row) => attempt(() => cleanProduct(row)));
  const batch = await lockBatch(tx, cleaned);
  const results = cleaned.map((patch) =>
    patch instanceof NamedError ? refused(patch) : batch.take(patch),
  );
  await batch.write(tx);
  return results;
}

const sources = (cleaned: readonly (ProductPatch | NamedError)[]): ProductPatch[] =>
  cleaned.filter((patch) => !(patch instanceof NamedError)) as ProductPatch[];

async function lockBatch(
  tx: Tx,
  cleaned: readonly (ProductPatch | NamedError)[],
): Promise<ProductBatch> {
  const patches = sources(cleaned);
  const labels = patches.flatMap(({ name = '', aliases = [] }) => [name, ...aliases]);
  const holders = await findLabels(tx, labels.map(foldLabel));
  const known = await lockProducts(tx, {
    ids: [...holders.values()],
    externalIds: patches.flatMap(({ externalId }) => (externalId ? [externalId] : [])),
  });
  return new ProductBatch(known, holders);
}

/** Works out, in memory, what a batch of rows makes of the products that it concerns. */
class ProductBatch {
  private readonly products: Map<string, Product>;
  private readonly holders: Map<string, string>;
  private readonly created = new Set<string>();
  private readonly changes = new Map<string, Set<string>>();

  constructor(known: readonly Product[], holders: ReadonlyMap<string, string>) {
    this.products = new Map(known.map((product) => [product.id, product]));
    this.holders = new Map(holders);
  }

  take(patch: ProductPatch): ImportResult {
    const product = this.find(patch);
    return product ? this.update(product, patch) : this.create(patch);
  }

  private find({ externalId, name = '' }: ProductPatch): Product | undefined {
    if (!externalId) return this.products.get(this.holders.get(foldLabel(name)) ?? '');
    return [...this.products.values()].find((product) => product.externalId === externalId);
  }

  private create(patch: ProductPatch): ImportResult {
    const product = newProduct(newId(), patch.name ?? '', patch);
    const taken = this.takenBy(product);
    if (taken) return refused(taken);
    this.keep(product);
    this.created.add(product.id);
    return { outcome: 'CREATED', id: product.id };
  }

  private update(product: Product, patch: ProductPatch): ImportResult {
    // A row that was found by an alias does not rename the product.
    const named = patch.externalId ? patch : { ...patch, name: undefined };
    const changed = changeProduct(product, named);
    if (!changed) return { outcome: 'UNCHANGED', id: product.id };
    const taken = this.takenBy(changed.product);
    if (taken) return refused(taken);
    this.keep({ ...changed.product, version: this.versionAfter(product) });
    this.noteChanges(product.id, changed.changes);
    return { outcome: 'UPDATED', id: product.id };
  }

  /** A batch is one change of a product, however many of its rows concern it. */
  private versionAfter({ id, version }: Product): number {
    return this.created.has(id) || this.changes.has(id) ? version : version + 1;
  }

  private noteChanges(id: string, changes: readonly string[]): void {
    this.changes.set(id, new Set([...(this.changes.get(id) ?? []), ...changes]));
  }

  private takenBy(product: Product): AlreadyExists | null {
    const label = labelsOf(product).find((candidate) => {
      const holder = this.holders.get(candidate);
      return holder !== undefined && holder !== product.id;
    });
    return label === undefined ? null : nameTaken(label, product);
  }

  private keep(product: Product): void {
    this.products.set(product.id, product);
    for (const label of labelsOf(product)) this.holders.set(label, product.id);
  }

  async write(tx: Tx): Promise<void> {
    const of = (ids: Iterable<string>) =>
      [...ids].map((id) => this.products.get(id)).filter((product) => product !== undefined);
    const created = of(this.created);
    const updated = of(this.changes.keys()).filter(({ id }) => !this.created.has(id));
    if (created.length + updated.length === 0) return;
    if ((await insertProducts(tx, created)) < created.length) throw overtaken('a product');
    if (updated.length > 0) await updateProducts(tx, updated);
    if ((await writeLabels(tx, [...created, ...updated])).length > 0) throw overtaken('a name');
    for (const product of created) tx.event(productCreated(product));
    for (const product of updated) {
      tx.event(productUpdated(product, [...(this.changes.get(product.id) ?? [])]));
    }
  }
}
