import type { Database } from '../../database/database.ts';
import { AlreadyExists, checkVersion, NotFound } from '../../database/errors.ts';
import { newId } from '../../database/ids.ts';
import { brokenConstraint, transact } from '../../database/transact.ts';
import type { Tx } from '../../database/transaction.ts';
import type { MemberViewer } from '../../database/viewer.ts';
import { cleanContact } from './clean.ts';
import { changeContact, newContact, requireRoom } from './contact-rules.ts';
import * as store from './contact-store.ts';
import { contactAdded, contactUpdated } from './events.ts';
import type { ContactPatch, Customer } from './model.ts';
import { requireLive, requireVisible } from './rules.ts';
import { lockCustomer } from './service.ts';
import { lockCustomers, reindexCustomers } from './store.ts';

interface Keyed {
  idempotencyKey?: string | null | undefined;
}

export type AddContact = ContactPatch & { customerId: string; name: string } & Keyed;
export type UpdateContact = ContactPatch & {
  id: string;
  expectedVersion: number;
  /** Takes it out of lists and the search, or back in. */
  archived?: boolean | undefined;
} & Keyed;

/** Throws NotFound, InvalidInput, WrongState for an archived customer, and AlreadyExists. */
export const addContact = (db: Database, viewer: MemberViewer, input: AddContact) => {
  const fields = cleanContact(input);
  return transact(db, viewer, 'addContact', input, async (tx) => {
    const customer = await lockCustomer(tx, { id: input.customerId }, 'customerId');
    requireLive(customer);
    requireRoom((await store.countContacts(tx, [customer.id])).get(customer.id) ?? 0);
    const contact = newContact(newId(), customer.id, { ...fields, name: fields.name ?? '' });
    if ((await store.insertContacts(tx, [contact])) === 0) throw externalIdTaken();
    await reindexCustomers(tx, [customer]);
    tx.event(contactAdded(customer, contact));
    return { id: contact.id, version: contact.version, customerId: customer.id };
  });
};

/** Throws NotFound, Conflict, InvalidInput, WrongState for an archived customer, and AlreadyExists. */
export const updateContact = (db: Database, viewer: MemberViewer, input: UpdateContact) => {
  const fields = cleanContact(input);
  return transact(db, viewer, 'updateContact', input, async (tx) => {
    const customer = await lockCustomerOf(tx, input.id);
    const [contact] = await store.lockContacts(tx, { ids: [input.id] });
    if (!contact) throw noContact();
    checkVersion('Contact', contact, input.expectedVersion);
    requireLive(customer);
    const changed = changeContact(contact, fields, input.archived, tx.now);
    if (!changed) return { id: contact.id, version: contact.version, customerId: customer.id };
    const { after, changes } = changed;
    const { createdAt } = contact;
    await store.updateContacts(tx, [{ ...after, createdAt }]).catch((error: unknown) => {
      const isTaken = brokenConstraint(error) === 'contact_organization_id_external_id_key';
      throw isTaken ? externalIdTaken() : error;
    });
    await reindexCustomers(tx, [customer]);
    tx.event(contactUpdated(customer, after, changes));
    return { id: after.id, version: after.version, customerId: customer.id };
  });
};

/** The customer goes first in the order of locks. */
async function lockCustomerOf(tx: Tx, contactId: string): Promise<Customer> {
  const [owner] = await store.customersOfContacts(tx, { ids: [contactId] });
  if (!owner) throw noContact();
  const [customer] = await lockCustomers(tx, { ids: [owner.customerId] });
  try {
    return requireVisible(tx.viewer, customer);
  } catch {
    throw noContact();
  }
}

const noContact = () => new NotFound('There is no such contact.', { path: ['input', 'id'] });

const externalIdTaken = () =>
  new AlreadyExists('Another contact has this external id.', { path: ['input', 'externalId'] });
