import { type CalendarDate, isCalendarDate } from '../../calendar/days.ts';
import { dayOf, endOfDay, startOfDay } from '../../calendar/periods.ts';
import type { Database } from '../../database/database.ts';
import { InvalidInput } from '../../database/errors.ts';
import { newId } from '../../database/ids.ts';
import { transact } from '../../database/transact.ts';
import type { Tx } from '../../database/transaction.ts';
import type { MemberViewer } from '../../database/viewer.ts';
import { PeriodClosed, PeriodNotClosed, PeriodNotOver } from './errors.ts';
import { periodClosed, periodReopened } from './events.ts';
import { cleanText } from './limits.ts';
import { requireAdmin } from './rules.ts';
import './scope.ts';
import * as store from './store.ts';

/** Most characters of the reason of a closing. */
const REASON_LENGTH = 1_000;

interface Closing {
  reason?: string | null;
  idempotencyKey?: string | null;
}

export interface ClosePeriod extends Closing {
  /** The last day that is closed, in the organization's zone: yesterday at the latest. */
  through: CalendarDate;
}

/**
 * Closes the books: from now on nothing counts before the end of that day, and later corrections count at the start
 * of the open time. A transaction that is about to write a score into it is tried again, dated to the open time.
 *
 * Throws NotAllowed unless an administrator, InvalidInput, PeriodNotOver for today and later, PeriodClosed when the
 * books are closed that far already.
 */
export function closePeriod(db: Database, viewer: MemberViewer, input: ClosePeriod) {
  requireAdmin(viewer);
  requireDate(input.through, 'through');
  const reason = cleanText(input.reason, 'reason', REASON_LENGTH);
  return transact(db, viewer, 'closePeriod', input, async (tx) => {
    const organization = await store.lockOrganization(tx);
    const today = dayOf(organization, tx.now);
    if (input.through >= today) {
      throw new PeriodNotOver(`${input.through} is not over: close the books through a past day.`, {
        path: ['input', 'through'],
        data: { today },
      });
    }
    const closedBefore = endOfDay(organization, input.through);
    const before = organization.closedBefore;
    if (before !== null && closedBefore <= before) {
      throw new PeriodClosed(`The books are closed before ${before.toISOString()} already.`, {
        path: ['input', 'through'],
        data: { closedBefore: before.toISOString() },
      });
    }
    tx.event(periodClosed(tx.organizationId, closedBefore, before));
    return record(tx, closedBefore, reason);
  });
}

export interface ReopenPeriod extends Closing {
  /** The first day that is open again; null: everything is. */
  from?: CalendarDate | null;
}

/**
 * Opens closed books again, from a day on or altogether. Entries that were dated to the open time stay there.
 * Throws NotAllowed unless an administrator, InvalidInput, PeriodNotClosed when that day is open.
 */
export function reopenPeriod(db: Database, viewer: MemberViewer, input: ReopenPeriod) {
  requireAdmin(viewer);
  const { from = null } = input;
  if (from !== null) requireDate(from, 'from');
  const reason = cleanText(input.reason, 'reason', REASON_LENGTH);
  return transact(db, viewer, 'reopenPeriod', input, async (tx) => {
    const organization = await store.lockOrganization(tx);
    const before = organization.closedBefore;
    const closedBefore = from === null ? null : startOfDay(organization, from);
    if (before === null || (closedBefore !== null && closedBefore >= before)) {
      const until = before === null ? 'No period is closed.' : `${from} is not closed.`;
      throw new PeriodNotClosed(until, {
        path: ['input', 'from'],
        data: { closedBefore: before?.toISOString() ?? null },
      });
    }
    tx.event(periodReopened(tx.organizationId, closedBefore, before));
    return record(tx, closedBefore, reason);
  });
}

/** Moves the bound. It takes the log's head, so it comes after every other lock and right before the end. */
async function record(tx: Tx, closedBefore: Date | null, reason: string | null) {
  const id = newId();
  const base = await store.saveClosedBefore(tx, closedBefore);
  store.insertClosing(tx, { id, position: base + tx.events.length, closedBefore, reason });
  return { id, closedBefore: closedBefore?.toISOString() ?? null };
}

function requireDate(date: string, field: string): void {
  if (isCalendarDate(date)) return;
  throw new InvalidInput(`${field} is an existing day of the years 1900 to 2200.`, {
    path: ['input', field],
  });
}
