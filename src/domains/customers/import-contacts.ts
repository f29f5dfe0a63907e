import { AlreadyExists, InvalidInput, NamedError, NotFound } from '../../database/errors.ts';
import { newId } from '../../database/ids.ts';
import type { Tx } from '../../database/transaction.ts';
import { covers } from '../../database/viewer.ts';
import { cleanContact } from './clean.ts';
import { changeContact, newContact, requireRoom } from './contact-rules.ts';
import * as store from './contact-store.ts';
import { contactAdded, contactUpdated } from './events.ts';
import { attempt, type ImportResult, overtaken, refused, requireBatch } from './import-result.ts';
import type { Contact, ContactPatch, Customer } from './model.ts';
import { requireLive } from './rules.ts';
import './scope.ts';
import { lockCustomers, reindexCustomers } from './store.ts';

/** What a source says of a contact: undefined leaves a field as it is, null clears it. */
export type ContactRow = ContactPatch & { externalId: string; name: string; customerId: string };

/**
 * Creates and updates at most 500 contacts by their external ids in the caller's transaction, with the rules and
 * events of the single mutations. A row that changes nothing writes nothing; a refused one leaves nothing.
 */
export async function importContacts(tx: Tx, rows: readonly ContactRow[]): Promise<ImportResult[]> {
  requireBatch(rows);
  const externalIds = rows.map(({ externalId }) => externalId.normalize('NFC').trim());
  const present = await store.customersOfContacts(tx, { externalIds });
  const ids = [...rows, ...present].map(({ customerId }) => customerId).filter((id) => id !== '');
  const customers = await lockCustomers(tx, { ids: [...new Set(ids)] });
  const contacts = await store.lockContacts(tx, { externalIds });
  const batch = new ContactBatch(
    tx,
    customers,
    contacts,
    await store.countContacts(
      tx,
      customers.map(({ id }) => id),
    ),
  );
  const results = rows.map((row) => attempt(() => batch.take(row)));
  await batch.write();
  return results.map((result) => (result instanceof NamedError ? refused(result) : result));
}

class ContactBatch {
  private readonly tx: Tx;
  private readonly customers: ReadonlyMap<string, Customer>;
  private readonly contacts: ReadonlyMap<string | null, Contact & { createdAt: Date }>;
  private readonly counts: Map<string, number>;
  private readonly created: { customer: Customer; contact: Contact }[] = [];
  private readonly changed: {
    customer: Customer;
    contact: Contact & { createdAt: Date };
    changes: string[];
  }[] = [];
  private readonly taken = new Set<string>();

  constructor(
    tx: Tx,
    customers: readonly Customer[],
    contacts: readonly (Contact & { createdAt: Date })[],
    counts: ReadonlyMap<string, number>,
  ) {
    this.tx = tx;
    this.customers = new Map(customers.map((customer) => [customer.id, customer]));
    this.contacts = new Map(contacts.map((contact) => [contact.externalId, contact]));
    this.counts = new Map(counts);
  }

  take(row: ContactRow): ImportResult {
    const fields = cleanContact(row);
    const externalId = fields.externalId ?? '';
    if (externalId === '' || this.taken.has(externalId)) throw unclear(externalId);
    const customer = this.customers.get(row.customerId);
    if (!customer || !covers(this.tx.viewer, customer.ownerId)) {
      throw new NotFound('There is no such customer.', { path: ['input', 'customerId'] });
    }
    const known = this.contacts.get(externalId);
    const result = known
      ? this.update(known, customer, fields)
      : this.create(customer, { ...fields, name: fields.name ?? '' });
    this.taken.add(externalId);
    return result;
  }

  private create(customer: Customer, fields: ContactPatch & { name: string }): ImportResult {
    requireLive(customer);
    const count = this.counts.get(customer.id) ?? 0;
    requireRoom(count);
    this.counts.set(customer.id, count + 1);
    const contact = newContact(newId(), customer.id, fields);
    this.created.push({ customer, contact });
    return { outcome: 'CREATED', id: contact.id };
  }

  private update(
    known: Contact & { createdAt: Date },
    customer: Customer,
    fields: ContactPatch,
  ): ImportResult {
    if (known.customerId !== customer.id) {
      throw new AlreadyExists('A contact of another customer has this external id.', {
        path: ['input', 'externalId'],
      });
    }
    const changed = changeContact(known, fields, undefined, this.tx.now);
    if (!changed) return { outcome: 'UNCHANGED', id: known.id };
    requireLive(customer);
    const contact = { ...changed.after, createdAt: known.createdAt };
    this.changed.push({ customer, contact, changes: changed.changes });
    return { outcome: 'UPDATED', id: known.id };
  }

  async write(): Promise<void> {
    const { tx, created, changed } = this;
    const added = created.map(({ contact }) => contact);
    if ((await store.insertContacts(tx, added)) < added.length) throw overtaken('a contact');
    await store.updateContacts(
      tx,
      changed.map(({ contact }) => contact),
    );
    const touched = [...created, ...changed].map(({ customer }) => customer);
    await reindexCustomers(tx, [...new Set(touched)]);
    for (const { customer, contact } of created) tx.event(contactAdded(customer, contact));
    for (const { customer, contact, changes } of changed) {
      tx.event(contactUpdated(customer, contact, changes));
    }
  }
}

const unclear = (externalId: string) =>
  new InvalidInput(
    externalId === ''
      ? 'An imported contact needs an external id.'
      : 'This external id stands in the batch twice.',
    { path: ['input', 'externalId'] },
  );
