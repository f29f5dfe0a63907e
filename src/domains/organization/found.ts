import type { Database } from '../../database/database.ts';
import { AlreadyExists } from '../../database/errors.ts';
import { newId } from '../../database/ids.ts';
import type { Tx } from '../../database/transaction.ts';
import { organizationCreated } from './events.ts';
import type { Organization } from './model.ts';
import * as store from './store.ts';

/**
 * Makes the row and the empty log of an organization, or takes up what an attempt before left without a first event:
 * `transact` needs the log's head to be there. Nobody can use it before `completeOrganization`.
 * Throws AlreadyExists when the key is taken.
 */
export async function reserveOrganization(
  db: Database,
  wanted: Omit<Organization, 'id' | 'version'>,
): Promise<Organization> {
  const id = await store.insertOrganization(db.pool, { ...wanted, id: newId() });
  if (id === null) throw taken(wanted.key);
  return { ...wanted, id, version: 1 };
}

/** Inside the organization's first transaction. Throws AlreadyExists when another one was faster. */
export async function completeOrganization(tx: Tx, organization: Organization): Promise<void> {
  await store.lockOrganization(tx);
  if ((await store.readPosition(tx)) > 0) throw taken(organization.key);
  await store.saveOrganization(tx, organization);
  tx.event(organizationCreated(organization));
}

const taken = (key: string) =>
  new AlreadyExists(`There is an organization with the key ${key} already.`, {
    path: ['input', 'key'],
  });
