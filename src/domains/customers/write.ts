import { InvalidInput } from '../../database/errors.ts';
import type { Tx } from '../../database/transaction.ts';
import { customerCreated, customerTransferred, customerUpdated } from './events.ts';
import { beginHistories, continueHistory } from './history-store.ts';
import type { Customer } from './model.ts';
import { idsAboveThemselves } from './references-store.ts';
import type { Changed } from './rules.ts';
import { insertCustomers, updateCustomers } from './store.ts';

/** Rows, histories and events of new customers. False, and nothing but rows, where an external id was taken. */
export async function writeNew(tx: Tx, customers: readonly Customer[]): Promise<boolean> {
  if (customers.length === 0) return true;
  if ((await insertCustomers(tx, customers)) < customers.length) return false;
  await beginHistories(tx, customers);
  for (const customer of customers) {
    const isPast = customer.createdAt.getTime() !== tx.now.getTime();
    tx.event(customerCreated(customer, isPast ? customer.createdAt : undefined));
  }
  return true;
}

/**
 * Rows, histories and events of customers that are locked and have changed. Who gives them parents must hold
 * `lockParentage`. Throws InvalidInput when one would be above itself.
 */
export async function writeChanged(tx: Tx, changed: readonly Changed[]): Promise<void> {
  if (changed.length === 0) return;
  const withChange = (field: Changed['changes'][number]) =>
    changed.filter(({ changes }) => changes.includes(field)).map(({ after }) => after);
  await updateCustomers(
    tx,
    changed.map(({ after }) => after),
  );
  const moved = withChange('parentId').filter(({ parentId }) => parentId !== null);
  if (moved.length > 0 && (await idsAboveThemselves(tx, moved)).length > 0) {
    throw new InvalidInput('A customer cannot be above itself.', { path: ['input', 'parentId'] });
  }
  await continueHistory(tx, 'ownership', withChange('ownerId'));
  await continueHistory(tx, 'lifecycle', withChange('lifecycle'));
  for (const change of changed) {
    const { before, after, changes } = change;
    if (changes.includes('ownerId')) tx.event(customerTransferred(before, after));
    if (changes.some((field) => field !== 'ownerId')) tx.event(customerUpdated(change));
  }
}
