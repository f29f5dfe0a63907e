import type { Database } from '../../database/database.ts';
import { checkVersion } from '../../database/errors.ts';
import { transact } from '../../database/transact.ts';
import type { Tx } from '../../database/transaction.ts';
import type { MemberViewer } from '../../database/viewer.ts';
import { anyAmounts } from './amounts.ts';
import { tellCalendarChange } from './calendar-changed.ts';
import { CurrencyFixed } from './errors.ts';
import { organizationUpdated } from './events.ts';
import { cleanName } from './limits.ts';
import type { Organization } from './model.ts';
import { checkSettings, requireAdmin, type Settings } from './rules.ts';
import './scope.ts';
import * as store from './store.ts';

/** What later rooms need of the organization inside their own transactions. */
export { lockHead, lockOrganization, readOrganization } from './store.ts';

export interface UpdateOrganization extends Partial<Settings> {
  expectedVersion: number;
  name?: string;
  idempotencyKey?: string | null;
}

const CALENDAR = ['timeZone', 'firstDayOfWeek', 'fiscalMonthEnd', 'fiscalYearStartMonth'] as const;

/**
 * Changes the organization's settings; what is undefined stays. A change of the calendar raises the revision, so
 * that no score is derived from the old one after it; closed periods keep their bounds.
 *
 * Throws NotAllowed unless an administrator, InvalidInput, UnknownTimeZone, UnknownCurrency, Conflict, and
 * CurrencyFixed once an amount is recorded.
 */
export function updateOrganization(db: Database, viewer: MemberViewer, input: UpdateOrganization) {
  requireAdmin(viewer);
  const { expectedVersion, idempotencyKey: _, ...wanted } = input;
  if (wanted.name !== undefined) wanted.name = cleanName(wanted.name, 'name');
  checkSettings(wanted);
  return transact(db, viewer, 'updateOrganization', input, async (tx) => {
    const { closedBefore: __, ...before } = await store.lockOrganization(tx);
    checkVersion('Organization', before, expectedVersion);
    const changed = changesOf(before, wanted);
    if (changed.length === 0) return { id: before.id, version: before.version };
    const after: Organization = { ...before, ...present(wanted), version: before.version + 1 };
    await store.saveOrganization(tx, after);
    if (CALENDAR.some((setting) => changed.includes(setting))) {
      tx.bumpRevision();
      await tellCalendarChange(tx, before, after);
    }
    tx.event(organizationUpdated(before, after, changed));
    if (changed.includes('currency')) await requireNoAmounts(tx, before.currency);
    return { id: after.id, version: after.version };
  });
}

type Wanted = Omit<UpdateOrganization, 'expectedVersion' | 'idempotencyKey'>;

const changesOf = (before: Organization, wanted: Wanted): string[] =>
  Object.entries(wanted)
    .filter(([name, value]) => value !== undefined && value !== before[name as keyof Wanted])
    .map(([name]) => name);

const present = (wanted: Wanted): Partial<Organization> =>
  Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));

/** Looks with the log's head taken: nobody can record an amount between the look and the commit. */
async function requireNoAmounts(tx: Tx, currency: string): Promise<void> {
  await store.lockHead(tx);
  if (!(await anyAmounts(tx))) return;
  throw new CurrencyFixed(
    `The currency stays ${currency}: amounts are recorded in it, and they would change their meaning.`,
    { path: ['input', 'currency'], data: { currency } },
  );
}
