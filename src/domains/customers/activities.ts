import type { Database } from '../../database/database.ts';
import { NotFound } from '../../database/errors.ts';
import { newId } from '../../database/ids.ts';
import { transact } from '../../database/transact.ts';
import type { Tx } from '../../database/transaction.ts';
import { covers, type MemberViewer } from '../../database/viewer.ts';
import { type NewActivity, newActivity, retract } from './activity-rules.ts';
import * as store from './activity-store.ts';
import { customersOfContacts } from './contact-store.ts';
import { activityLogged, activityRetracted } from './events.ts';
import { requireLive } from './rules.ts';
import { lockCustomer } from './service.ts';
import { lockCustomers, noteActivity, refreshLastActivity } from './store.ts';

interface Keyed {
  idempotencyKey?: string | null | undefined;
}

export type LogActivity = NewActivity & { customerId: string } & Keyed;
export type RetractActivity = { id: string } & Keyed;

/** Throws NotFound (customer, contact), InvalidInput, and WrongState for an archived customer. */
export const logActivity = (db: Database, viewer: MemberViewer, input: LogActivity) =>
  transact(db, viewer, 'logActivity', input, async (tx) => {
    const customer = await lockCustomer(tx, { id: input.customerId }, 'customerId');
    requireLive(customer);
    if (input.contactId) await requireContact(tx, input.contactId, customer.id);
    const activity = newActivity(newId(), customer.id, viewer.memberId, input, tx.now);
    store.insertActivity(tx, activity);
    noteActivity(tx, customer, activity.happenedAt);
    tx.event(activityLogged(customer, activity));
    return { id: activity.id, customerId: customer.id };
  });

/** Takes back an entry that was wrong, and its score. Throws NotFound, NotAllowed and WrongState. */
export const retractActivity = (db: Database, viewer: MemberViewer, input: RetractActivity) =>
  transact(db, viewer, 'retractActivity', input, async (tx) => {
    const customerId = await store.customerOfActivity(tx, input.id);
    const [customer] = customerId ? await lockCustomers(tx, { ids: [customerId] }) : [];
    const activity = customer ? await store.lockActivity(tx, input.id) : null;
    const sees = (memberId: string) => covers(viewer, memberId);
    if (!customer || !activity || !(sees(customer.ownerId) || sees(activity.authorId))) {
      throw new NotFound('There is no such activity.', { path: ['input', 'id'] });
    }
    const retracted = retract(viewer, activity, tx.now);
    await store.saveRetracted(tx, retracted);
    await refreshLastActivity(tx, customer.id);
    tx.event(activityRetracted(customer, retracted));
    return { id: activity.id, customerId: customer.id };
  });

async function requireContact(tx: Tx, id: string, customerId: string): Promise<void> {
  const [contact] = await customersOfContacts(tx, { ids: [id] });
  if (contact?.customerId !== customerId) {
    throw new NotFound('This customer has no such contact.', { path: ['input', 'contactId'] });
  }
}
