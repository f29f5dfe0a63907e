import { sql } from 'kysely';
import { InvalidInput, NotFound } from '../../database/errors.ts';
import type { Tx } from '../../database/transaction.ts';
import { covers } from '../../database/viewer.ts';
import type { CustomerFacts } from './model.ts';

// What an opportunity's foreign keys lead to, read inside the transaction. Nothing is written here, and only ids,
// owners and whether it is in use are read: rows of other domains are never locked or shown.

const rows = <Row>(tx: Tx, text: string, ids: readonly string[]): Promise<Row[]> =>
  tx.text<Row>(text, [tx.organizationId, ids]);

export interface CustomerReference extends CustomerFacts {
  id: string;
  ownerId: string;
  archived: boolean;
}

const CUSTOMERS = `SELECT c.id, c.owner_id, c.archived_at IS NOT NULL AS archived,
  EXISTS (SELECT FROM contact t WHERE t.customer_id = c.id AND t.archived_at IS NULL) AS has_contact,
  cardinality(c.phones) > 0
    OR EXISTS (SELECT FROM contact t WHERE t.customer_id = c.id AND t.archived_at IS NULL
      AND cardinality(t.phones) > 0) AS has_phone
FROM customer c WHERE c.organization_id = $1 AND c.id = ANY ($2::uuid[])`;

const MEMBERS = `SELECT m.id, m.active FROM member m
WHERE m.organization_id = $1 AND m.id = ANY ($2::uuid[])`;

const PRODUCTS = `SELECT p.id, p.active FROM product p
WHERE p.organization_id = $1 AND p.id = ANY ($2::uuid[])`;

export async function customersById(
  tx: Tx,
  ids: readonly string[],
): Promise<Map<string, CustomerReference>> {
  if (ids.length === 0) return new Map();
  const found = await rows<CustomerReference>(tx, CUSTOMERS, ids);
  return new Map(found.map((customer) => [customer.id, customer]));
}

type InUse = { id: string; active: boolean };

async function inUse(tx: Tx, text: string, ids: readonly string[]): Promise<Map<string, InUse>> {
  if (ids.length === 0) return new Map();
  const found = await rows<InUse>(tx, text, ids);
  return new Map(found.map((row) => [row.id, row]));
}

export const membersById = (tx: Tx, ids: readonly string[]): Promise<Map<string, InUse>> =>
  inUse(tx, MEMBERS, ids);

export const productsById = (tx: Tx, ids: readonly string[]): Promise<Map<string, InUse>> =>
  inUse(tx, PRODUCTS, ids);

/** Throws NotFound for a customer outside the viewer's data scope, InvalidInput for an archived one. */
export async function requireCustomer(
  tx: Tx,
  id: string,
  path: readonly string[],
): Promise<CustomerReference> {
  const customer = (await customersById(tx, [id])).get(id);
  if (!customer || !covers(tx.viewer, customer.ownerId)) {
    throw new NotFound('There is no such customer.', { path });
  }
  if (customer.archived) throw new InvalidInput('This customer is archived.', { path });
  return customer;
}

/** Throws NotFound for an unknown product, InvalidInput for one that is not sold any more. */
export async function requireProduct(tx: Tx, id: string, path: readonly string[]): Promise<void> {
  const product = (await productsById(tx, [id])).get(id);
  if (!product) throw new NotFound('There is no such product.', { path });
  if (!product.active) throw new InvalidInput('This product is not sold any more.', { path });
}

/** Throws NotFound for a member outside the viewer's data scope, InvalidInput for one who has left. */
export async function requireOwner(tx: Tx, id: string, path: readonly string[]): Promise<void> {
  const member = (await membersById(tx, [id])).get(id);
  if (!member || !covers(tx.viewer, id)) throw new NotFound('There is no such member.', { path });
  if (!member.active) throw new InvalidInput('This member is not active any more.', { path });
}

/**
 * What a stage may ask of the customer of the opportunity in the statement around it. Looked up only where the stage
 * asks, so that winning a deal without such a gate pays nothing.
 */
export const customerFacts = {
  hasContact: sql<boolean>`coalesce('CONTACT' = ANY (s.required_fields) AND EXISTS (
    SELECT FROM contact t WHERE t.customer_id = opportunity.customer_id AND t.archived_at IS NULL), false)`,
  hasPhone: sql<boolean>`coalesce('PHONE' = ANY (s.required_fields) AND EXISTS (
    SELECT FROM customer c LEFT JOIN contact t ON t.customer_id = c.id AND t.archived_at IS NULL
    WHERE c.id = opportunity.customer_id
      AND (cardinality(c.phones) > 0 OR cardinality(t.phones) > 0)), false)`,
};
