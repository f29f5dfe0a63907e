import { type CalendarDate, dayNumber, formatDay } from '../../calendar/days.ts';
import { periodContaining } from '../../calendar/periods.ts';
import type { CalendarSettings } from '../../calendar/settings.ts';
import type { PeriodUnit } from '../../calendar/units.ts';
import type { Tx } from '../../database/transaction.ts';
import { onCalendarChanged } from '../organization/calendar-changed.ts';
import { lockHead } from '../organization/service.ts';
import * as store from './store.ts';

/** The units whose periods move with the organization's settings. */
const MOVING: readonly PeriodUnit[] = ['WEEK', 'FISCAL_MONTH', 'FISCAL_QUARTER', 'FISCAL_YEAR'];

/** The period of the new calendar that the middle of the old one lies in; by its first day. */
export function recut(
  before: CalendarSettings,
  after: CalendarSettings,
  unit: PeriodUnit,
  bucket: CalendarDate,
): CalendarDate {
  const old = periodContaining(before, unit, bucket);
  if (old.from === null || old.through === null) return bucket;
  const middle = Math.floor((dayNumber(old.from) + dayNumber(old.through)) / 2);
  return periodContaining(after, unit, formatDay(middle)).from ?? bucket;
}

/**
 * Keeps targets with the weeks and fiscal periods that they were set for. The head is taken first: who sets a target by
 * the old calendar has either committed, or is refused by the new revision and tries again by the new one.
 */
async function recutTargets(tx: Tx, before: CalendarSettings, after: CalendarSettings) {
  await lockHead(tx);
  const moves = (await store.bucketsOf(tx, MOVING))
    .map(({ unit, bucket }) => ({ unit, bucket, to: recut(before, after, unit, bucket) }))
    .filter(({ bucket, to }) => to !== bucket);
  if (moves.length > 0) await store.moveBuckets(tx, moves);
}

onCalendarChanged(recutTargets);
