import { AlreadyExists, InvalidInput, NamedError, NotFound } from '../../database/errors.ts';
import { newId } from '../../database/ids.ts';
import type { Tx } from '../../database/transaction.ts';
import { covers } from '../../database/viewer.ts';
import { cleanCustomer } from './clean.ts';
import { attempt, type ImportResult, overtaken, refused, requireBatch } from './import-result.ts';
import './metrics.ts';
import type { Customer, CustomerPatch } from './model.ts';
import { lockParentage, membersById, ownersById } from './references-store.ts';
import {
  type Changed,
  changeCustomer,
  changeMoment,
  newCustomer,
  requireLive,
  requireMayAssign,
  requireMayTransfer,
} from './rules.ts';
import './scope.ts';
import { lockCustomers } from './store.ts';
import { writeChanged, writeNew } from './write.ts';

/** What a source says of a customer: undefined leaves a field as it is, null clears it. */
export type CustomerRow = CustomerPatch & {
  externalId: string;
  name: string;
  /** Default of a new customer: the viewer. Another one than the present one is a transfer. */
  ownerId?: string | undefined;
  /** When a new customer became one: its score counts then. Default: now. */
  createdAt?: Date | undefined;
};

/**
 * Creates and updates at most 500 customers by their external ids in the caller's transaction, with the rules, events
 * and histories of the single mutations. A row that changes nothing writes nothing. Each row is judged alone: a
 * refused one leaves nothing. A parent must be there before.
 *
 * Throws InvalidInput for too many rows, and when rows put a customer above itself.
 */
export async function importCustomers(
  tx: Tx,
  rows: readonly CustomerRow[],
): Promise<ImportResult[]> {
  requireBatch(rows);
  if (rows.some(({ parentId }) => parentId)) await lockParentage(tx);
  const batch = await CustomerBatch.of(tx, rows);
  const results = rows.map((row) => attempt(() => batch.take(row)));
  if (!(await writeNew(tx, batch.created))) throw overtaken('a customer');
  await writeChanged(tx, batch.changed);
  return results.map((result) => (result instanceof NamedError ? refused(result) : result));
}

/** Looks up what all rows refer to, then works out row by row what becomes of them. */
class CustomerBatch {
  readonly created: Customer[] = [];
  readonly changed: Changed[] = [];
  private readonly tx: Tx;
  private readonly known: ReadonlyMap<string | null, Customer>;
  private readonly active: ReadonlyMap<string, boolean>;
  private readonly parents: ReadonlyMap<string, string>;
  private readonly taken = new Set<string>();

  private constructor(
    tx: Tx,
    known: readonly Customer[],
    active: ReadonlyMap<string, boolean>,
    parents: ReadonlyMap<string, string>,
  ) {
    this.tx = tx;
    this.known = new Map(known.map((customer) => [customer.externalId, customer]));
    this.active = active;
    this.parents = parents;
  }

  static async of(tx: Tx, rows: readonly CustomerRow[]): Promise<CustomerBatch> {
    const owners = rows.map(({ ownerId }) => ownerId ?? tx.viewer.memberId);
    const parents = rows.flatMap(({ parentId }) => parentId ?? []);
    const externalIds = rows.map(({ externalId }) => externalId.normalize('NFC').trim());
    return new CustomerBatch(
      tx,
      await lockCustomers(tx, { externalIds }),
      await membersById(tx, owners),
      parents.length === 0 ? new Map() : await ownersById(tx, parents),
    );
  }

  take(row: CustomerRow): ImportResult {
    const fields = cleanCustomer(row, this.tx.now);
    const externalId = fields.externalId ?? '';
    if (externalId === '' || this.taken.has(externalId)) throw unclear(externalId);
    if (row.ownerId !== undefined) this.requireOwner(row.ownerId);
    if (fields.parentId) this.requireParent(fields.parentId);
    const known = this.known.get(externalId);
    const result = known ? this.update(known, row, fields) : this.create(row, fields);
    this.taken.add(externalId);
    return result;
  }

  private create(row: CustomerRow, fields: CustomerPatch): ImportResult {
    const { viewer, now } = this.tx;
    const ownerId = row.ownerId ?? viewer.memberId;
    requireMayAssign(viewer, ownerId);
    if (row.createdAt && row.createdAt > now) {
      throw new InvalidInput('A customer cannot have been created in the future.', {
        path: ['input', 'createdAt'],
      });
    }
    const named = { ...fields, name: fields.name ?? '' };
    const customer = newCustomer(newId(), ownerId, named, row.createdAt ?? now);
    this.created.push(customer);
    return { outcome: 'CREATED', id: customer.id };
  }

  private update(
    customer: Customer,
    { ownerId }: CustomerRow,
    fields: CustomerPatch,
  ): ImportResult {
    const { viewer, now } = this.tx;
    if (!covers(viewer, customer.ownerId)) {
      throw new AlreadyExists('Another customer has this external id.', {
        path: ['input', 'externalId'],
      });
    }
    const changed = changeCustomer(customer, { ...fields, ownerId }, changeMoment(customer, now));
    if (!changed) return { outcome: 'UNCHANGED', id: customer.id };
    requireLive(customer);
    if (changed.changes.includes('ownerId')) {
      requireMayTransfer(viewer, customer, changed.after.ownerId);
    }
    this.changed.push(changed);
    return { outcome: 'UPDATED', id: customer.id };
  }

  private requireOwner(id: string): void {
    const path = ['input', 'ownerId'];
    const active = this.active.get(id);
    if (active === undefined) throw new NotFound('There is no such member.', { path });
    if (!active) throw new InvalidInput('This member is not active any more.', { path });
  }

  private requireParent(id: string): void {
    const owner = this.parents.get(id);
    if (owner === undefined || !covers(this.tx.viewer, owner)) {
      throw new NotFound('There is no such customer.', { path: ['input', 'parentId'] });
    }
  }
}

const unclear = (externalId: string) =>
  new InvalidInput(
    externalId === ''
      ? 'An imported customer needs an external id.'
      : 'This external id stands in the batch twice.',
    { path: ['input', 'externalId'] },
  );
