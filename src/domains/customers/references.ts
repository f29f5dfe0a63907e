import { InvalidInput, NotFound } from '../../database/errors.ts';
import type { Tx } from '../../database/transaction.ts';
import { covers } from '../../database/viewer.ts';
import { membersById, ownersById } from './references-store.ts';

/** Throws NotFound for an unknown member, InvalidInput for one who has left. */
export async function requireOwner(tx: Tx, id: string): Promise<void> {
  const path = ['input', 'ownerId'];
  const active = (await membersById(tx, [id])).get(id);
  if (active === undefined) throw new NotFound('There is no such member.', { path });
  if (!active) throw new InvalidInput('This member is not active any more.', { path });
}

/** Throws NotFound for a customer that is not there or outside the data scope. */
export async function requireParent(tx: Tx, id: string): Promise<void> {
  const ownerId = (await ownersById(tx, [id])).get(id);
  if (ownerId === undefined || !covers(tx.viewer, ownerId)) {
    throw new NotFound('There is no such customer.', { path: ['input', 'parentId'] });
  }
}
