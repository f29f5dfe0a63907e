import { isDeepStrictEqual } from 'node:util';
import { type CalendarDate, FIRST_DATE } from '../../calendar/days.ts';
import { startOfDay } from '../../calendar/periods.ts';
import {
  type CalendarSettings,
  changedFrom,
  plainSettings,
  sameCalendar,
} from '../../calendar/settings.ts';
import { checkWeekend } from '../../calendar/working-days.ts';
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
import { checkSettings, readInput, requireAdmin, requireOpen, type Settings } from './rules.ts';
import './scope.ts';
import * as store from './store.ts';

/** What later rooms need of the organization inside their own transactions. */
export { lockHead, lockOrganization, readOrganization } from './store.ts';

export interface UpdateOrganization extends Partial<Settings> {
  expectedVersion: number;
  name?: string;
  /** First day that zone, week and fiscal settings hold on as they are given; default: a change holds for all days. */
  calendarFrom?: CalendarDate | null;
  idempotencyKey?: string | null;
}

/**
 * Changes the organization's settings; what is undefined stays. A change of the calendar raises the revision, so
 * that no score is derived from the old one after it; roll-ups are cut anew, and the ledger answers until they are.
 *
 * Throws NotAllowed unless an administrator, InvalidInput, UnknownTimeZone, UnknownCurrency, Conflict, PeriodClosed when
 * a day of a closed period would be cut differently, and CurrencyFixed once an amount is recorded.
 */
export function updateOrganization(db: Database, viewer: MemberViewer, input: UpdateOrganization) {
  requireAdmin(viewer);
  const { expectedVersion, idempotencyKey: _, calendarFrom = null, ...wanted } = input;
  if (wanted.name !== undefined) wanted.name = cleanName(wanted.name, 'name');
  checkSettings(wanted);
  if (wanted.weekend !== undefined) wanted.weekend = checkWeekend(wanted.weekend);
  return transact(db, viewer, 'updateOrganization', input, async (tx) => {
    const { closedBefore, ...before } = await store.lockOrganization(tx);
    checkVersion('Organization', before, expectedVersion);
    const { earlier: __, ...row } = { ...before, ...present(wanted), version: before.version + 1 };
    const after: Organization = { ...row, ...calendarAfter(before, row, calendarFrom) };
    const isCutAnew = !sameCalendar(before, after);
    const changed = changesOf(before, wanted);
    if (changed.length === 0 && !isCutAnew) return { id: before.id, version: before.version };
    if (isCutAnew) requireOpen(firstCut(before, after, calendarFrom), closedBefore, 'calendarFrom');
    await store.saveOrganization(tx, after);
    if (isCutAnew) {
      tx.bumpRevision();
      await tellCalendarChange(tx, before, after);
    }
    tx.event(organizationUpdated(before, after, changed));
    if (changed.includes('currency')) await requireNoAmounts(tx, before.currency);
    return { id: after.id, version: after.version };
  });
}

/** The calendar after a change: from a day on, or for all days where something is to be different without one. */
function calendarAfter(
  before: CalendarSettings,
  wanted: CalendarSettings,
  from: CalendarDate | null,
): CalendarSettings {
  if (from === null) {
    return sameCalendar(plainSettings(before), plainSettings(wanted))
      ? { earlier: before.earlier ?? null, ...plainSettings(before) }
      : plainSettings(wanted);
  }
  return readInput(
    () => changedFrom(before, plainSettings(wanted), from),
    ['input', 'calendarFrom'],
  );
}

/** The first moment that may come to lie in another day. */
function firstCut(
  before: CalendarSettings,
  after: CalendarSettings,
  from: CalendarDate | null,
): Date {
  const day = from ?? FIRST_DATE;
  const [was, is] = [startOfDay(before, day), startOfDay(after, day)];
  return was < is ? was : is;
}

type Wanted = Omit<UpdateOrganization, 'expectedVersion' | 'idempotencyKey' | 'calendarFrom'>;

const changesOf = (before: Organization, wanted: Wanted): string[] =>
  Object.entries(wanted)
    .filter(
      ([name, value]) =>
        value !== undefined && !isDeepStrictEqual(value, before[name as keyof Wanted]),
    )
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
