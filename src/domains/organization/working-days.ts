import { isCalendarDate } from '../../calendar/days.ts';
import type { Database } from '../../database/database.ts';
import { InvalidInput, WrongState } from '../../database/errors.ts';
import { newId } from '../../database/ids.ts';
import { transact } from '../../database/transact.ts';
import type { MemberViewer } from '../../database/viewer.ts';
import { type ChangedDay, workingDaysChanged } from './events.ts';
import { cleanOptionalName } from './limits.ts';
import { MAX_DAYS_AT_ONCE, MAX_EXCEPTIONS } from './model.ts';
import { requireAdmin } from './rules.ts';
import './scope.ts';
import { lockOrganization } from './store.ts';
import * as store from './working-days-store.ts';

export interface SetWorkingDays {
  days: readonly {
    day: string;
    /** Null takes an exception back: the day is again what the official calendar or its weekday makes it. */
    isWorkingDay?: boolean | null;
    name?: string | null;
  }[];
  idempotencyKey?: string | null;
}

/**
 * Enters days that are worked, or not, whatever the calendar says, and takes such days back; what was entered for a
 * day before is kept as history. Days that stay as they are make no history and no event.
 *
 * Throws NotAllowed unless an administrator, InvalidInput for a day that is named twice, WrongState when there would be
 * too many exceptions.
 */
export function setWorkingDays(db: Database, viewer: MemberViewer, input: SetWorkingDays) {
  requireAdmin(viewer);
  const wanted = checkDays(input.days);
  return transact(db, viewer, 'setWorkingDays', input, async (tx) => {
    const organization = await lockOrganization(tx);
    const present = await store.readExceptions(tx.connection, tx.organizationId);
    const before = new Map(present.map((exception) => [exception.day, exception]));
    const rows: store.ExceptionRow[] = [];
    const changes: ChangedDay[] = [];
    for (const { day, isWorkingDay, name } of wanted) {
      const was = before.get(day);
      const isWorkingDayWas = was?.isWorkingDay ?? null;
      if (isWorkingDay === isWorkingDayWas && name === (was?.name ?? null)) continue;
      rows.push({ id: newId(), day, isWorkingDay, name });
      changes.push({ day, isWorkingDay, isWorkingDayWas });
      if (isWorkingDay === null) before.delete(day);
      else before.set(day, { day, isWorkingDay, name });
    }
    if (before.size > MAX_EXCEPTIONS) {
      throw new WrongState(
        `An organization has at most ${MAX_EXCEPTIONS} exceptions: take some back first.`,
      );
    }
    if (rows.length === 0) return { id: organization.id };
    await store.replaceExceptions(tx, rows);
    tx.event(workingDaysChanged(organization.id, changes));
    return { id: organization.id };
  });
}

/** Throws InvalidInput, naming the day that is wrong. */
function checkDays(days: SetWorkingDays['days']) {
  if (days.length === 0 || days.length > MAX_DAYS_AT_ONCE) {
    throw new InvalidInput(`Give 1 to ${MAX_DAYS_AT_ONCE} days.`, { path: ['input', 'days'] });
  }
  const seen = new Set<string>();
  return days.map(({ day, isWorkingDay = null, name }, index) => {
    const path = ['input', 'days', String(index)];
    if (!isCalendarDate(day)) {
      throw new InvalidInput('day is an existing day of the years 1900 to 2200.', {
        path: [...path, 'day'],
      });
    }
    if (seen.has(day)) {
      throw new InvalidInput(`${day} is named twice.`, { path: [...path, 'day'] });
    }
    seen.add(day);
    const kept = cleanOptionalName(name, `days.${index}.name`) ?? null;
    return { day, isWorkingDay, name: isWorkingDay === null ? null : kept };
  });
}
