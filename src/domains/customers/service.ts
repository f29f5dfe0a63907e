import type { Database } from '../../database/database.ts';
import { AlreadyExists, checkVersion } from '../../database/errors.ts';
import { newId } from '../../database/ids.ts';
import { brokenConstraint, transact } from '../../database/transact.ts';
import type { Tx } from '../../database/transaction.ts';
import type { MemberViewer } from '../../database/viewer.ts';
import { cleanCustomer } from './clean.ts';
import { customerArchived, customerUnarchived } from './events.ts';
import type { Customer, CustomerPatch } from './model.ts';
import { requireOwner, requireParent } from './references.ts';
import { createdPayload, lockParentage } from './references-store.ts';
import * as rules from './rules.ts';
import './metrics.ts';
import './scope.ts';
import { lockCustomers, updateCustomers } from './store.ts';
import { writeChanged, writeNew } from './write.ts';

interface Keyed {
  idempotencyKey?: string | null | undefined;
}

interface Transition extends Keyed {
  id: string;
  expectedVersion?: number | null | undefined;
}

export type CreateCustomer = CustomerPatch & { name: string; ownerId?: string | null } & Keyed;
export type UpdateCustomer = CustomerPatch & { id: string; expectedVersion: number } & Keyed;
export type TransferCustomer = Transition & { ownerId: string };
export type ArchiveCustomer = Transition & { asMistake?: boolean | null };

/** Locks a customer that the viewer may see. Throws NotFound and Conflict. */
export async function lockCustomer(
  tx: Tx,
  { id, expectedVersion }: Pick<Transition, 'id' | 'expectedVersion'>,
  field = 'id',
): Promise<Customer> {
  const [found] = await lockCustomers(tx, { ids: [id] });
  const customer = rules.requireVisible(tx.viewer, found, field);
  checkVersion('Customer', customer, expectedVersion);
  return customer;
}

const outcomeOf = ({ id, version }: Customer) => ({ id, version });

/** Throws NotFound (owner, parent), NotAllowed, InvalidInput, and AlreadyExists for an external id that is taken. */
export const createCustomer = (db: Database, viewer: MemberViewer, input: CreateCustomer) => {
  const ownerId = input.ownerId ?? viewer.memberId;
  rules.requireMayAssign(viewer, ownerId);
  return transact(db, viewer, 'createCustomer', input, async (tx) => {
    const fields = cleanCustomer(input, tx.now);
    await requireOwner(tx, ownerId);
    if (fields.parentId) await requireParent(tx, fields.parentId);
    const named = { ...fields, name: fields.name ?? '' };
    const customer = rules.newCustomer(newId(), ownerId, named, tx.now);
    if (!(await writeNew(tx, [customer]))) throw externalIdTaken();
    return outcomeOf(customer);
  });
};

/** Throws NotFound, Conflict, InvalidInput, WrongState for an archived one, and AlreadyExists. */
export const updateCustomer = (db: Database, viewer: MemberViewer, input: UpdateCustomer) =>
  transact(db, viewer, 'updateCustomer', input, async (tx) => {
    const fields = cleanCustomer(input, tx.now);
    if (fields.parentId) await lockParentage(tx);
    const customer = await lockCustomer(tx, input);
    rules.requireLive(customer);
    const changed = rules.changeCustomer(customer, fields, rules.changeMoment(customer, tx.now));
    if (!changed) return outcomeOf(customer);
    if (changed.after.parentId && changed.changes.includes('parentId')) {
      await requireParent(tx, changed.after.parentId);
    }
    await writeChanged(tx, [changed]).catch((error: unknown) => {
      const isTaken = brokenConstraint(error) === 'customer_organization_id_external_id_key';
      throw isTaken ? externalIdTaken() : error;
    });
    return outcomeOf(changed.after);
  });

/** Throws NotFound (customer, new owner), NotAllowed, Conflict, InvalidInput, and WrongState for an archived one. */
export const transferCustomer = (db: Database, viewer: MemberViewer, input: TransferCustomer) =>
  transact(db, viewer, 'transferCustomer', input, async (tx) => {
    const customer = await lockCustomer(tx, input);
    rules.requireMayTransfer(viewer, customer, input.ownerId);
    await requireOwner(tx, input.ownerId);
    rules.requireLive(customer);
    const at = rules.changeMoment(customer, tx.now);
    const changed = rules.changeCustomer(customer, { ownerId: input.ownerId }, at);
    if (!changed) return outcomeOf(customer);
    await writeChanged(tx, [changed]);
    return outcomeOf(changed.after);
  });

/** Scores stay, except when it was a mistake to create it. Throws NotFound and Conflict. */
export const archiveCustomer = (db: Database, viewer: MemberViewer, input: ArchiveCustomer) =>
  transact(db, viewer, 'archiveCustomer', input, async (tx) => {
    const customer = await lockCustomer(tx, input);
    const at = rules.changeMoment(customer, tx.now);
    const archived = rules.archive(customer, input.asMistake ?? false, at);
    if (!archived) return outcomeOf(customer);
    await updateCustomers(tx, [archived]);
    tx.event(customerArchived(archived));
    return outcomeOf(archived);
  });

/** A score that was taken back counts again. Throws NotFound, Conflict, and WrongState for one that is not archived. */
export const unarchiveCustomer = (db: Database, viewer: MemberViewer, input: Transition) =>
  transact(db, viewer, 'unarchiveCustomer', input, async (tx) => {
    const customer = await lockCustomer(tx, input);
    const live = rules.unarchive(customer, rules.changeMoment(customer, tx.now));
    await updateCustomers(tx, [live]);
    tx.event(customerUnarchived(live, await createdPayload(tx, live.id)));
    return outcomeOf(live);
  });

const externalIdTaken = () =>
  new AlreadyExists('Another customer has this external id.', { path: ['input', 'externalId'] });
