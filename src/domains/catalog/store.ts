import { Decimal } from 'decimal.js';
import { sql } from 'kysely';
import type { Tx } from '../../database/transaction.ts';
import type { Product } from './model.ts';
import { labelsOf } from './rules.ts';

/** Those with these ids or external ids, locked in the order of their ids. */
export async function lockProducts(
  tx: Tx,
  { ids = [], externalIds = [] }: { ids?: readonly string[]; externalIds?: readonly string[] },
): Promise<Product[]> {
  const rows = await tx.run(
    tx
      .selectFrom('product')
      .select(['id', 'version', 'externalId', 'name', 'series', 'listPrice', 'aliases', 'active'])
      .where((eb) =>
        eb.or([
          eb('id', '=', sql<string>`any(${ids}::uuid[])`),
          eb('externalId', '=', sql<string>`any(${externalIds}::text[])`),
        ]),
      )
      .orderBy('id')
      .forNoKeyUpdate(),
  );
  return rows.map((row) => ({
    ...row,
    listPrice: row.listPrice === null ? null : new Decimal(row.listPrice).toFixed(),
  }));
}

/** Which product each of these folded names and aliases stands for. */
export async function findLabels(
  tx: Tx,
  labels: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await tx.run(
    tx
      .selectFrom('productLabel')
      .select(['label', 'productId'])
      .where('label', '=', sql<string>`any(${labels}::text[])`),
  );
  return new Map(rows.map(({ label, productId }) => [label, productId]));
}

const ROWS = `jsonb_to_recordset($2::jsonb) AS n(id uuid, "externalId" text, name text, series text,
  "listPrice" numeric, aliases text[], active boolean, version integer)`;

/** How many went in: fewer where an external id was taken meanwhile. */
export async function insertProducts(tx: Tx, products: readonly Product[]): Promise<number> {
  const rows = await tx.text(
    `INSERT INTO product (id, organization_id, version, external_id, name, series, list_price, aliases, active,
       created_at)
     SELECT n.id, $1, n.version, n."externalId", n.name, n.series, n."listPrice", n.aliases, n.active, $3
     FROM ${ROWS} ON CONFLICT DO NOTHING RETURNING id`,
    [tx.organizationId, JSON.stringify(products), tx.now],
  );
  return rows.length;
}

/** The products must be locked. Fails on product_organization_id_external_id_key where an external id is taken. */
export async function updateProducts(tx: Tx, products: readonly Product[]): Promise<void> {
  await tx.text(
    `UPDATE product p SET version = n.version, external_id = n."externalId", name = n.name, series = n.series,
       list_price = n."listPrice", aliases = n.aliases, active = n.active
     FROM ${ROWS} WHERE p.id = n.id AND p.organization_id = $1`,
    [tx.organizationId, JSON.stringify(products)],
  );
}

/** Makes these products answer to their names and aliases, and says which of those another one answers to. */
export async function writeLabels(tx: Tx, products: readonly Product[]): Promise<string[]> {
  const wanted = products.flatMap((product) =>
    labelsOf(product).map((label) => ({ label, productId: product.id })),
  );
  const parameters = [tx.organizationId, JSON.stringify(wanted)];
  await tx.text(
    `DELETE FROM product_label l WHERE l.organization_id = $1 AND l.product_id = ANY ($3::uuid[])
       AND NOT EXISTS (SELECT FROM jsonb_to_recordset($2::jsonb) AS n(label text, "productId" uuid)
         WHERE n.label = l.label AND n."productId" = l.product_id)`,
    [...parameters, products.map(({ id }) => id)],
  );
  // Waits for whoever is about to take the same label, and leaves it to them when they commit.
  await tx.text(
    `INSERT INTO product_label (organization_id, label, product_id)
     SELECT $1, n.label, n."productId" FROM jsonb_to_recordset($2::jsonb) AS n(label text, "productId" uuid)
     ORDER BY n.label ON CONFLICT DO NOTHING`,
    parameters,
  );
  const held = await findLabels(
    tx,
    wanted.map(({ label }) => label),
  );
  return wanted
    .filter(({ label, productId }) => held.get(label) !== productId)
    .map(({ label }) => label);
}

/** Whether any product has a list price. */
export async function hasListPrices(tx: Tx): Promise<boolean> {
  const [row] = await tx.text<{ found: boolean }>(
    'SELECT EXISTS (SELECT FROM product WHERE organization_id = $1 AND list_price IS NOT NULL) AS found',
    [tx.organizationId],
  );
  return row?.found === true;
}
