import type { CalendarSettings } from '../../calendar/settings.ts';
import type { Tx } from '../../database/transaction.ts';

/** Hears, inside the transaction, that zone, week or fiscal settings change. No effect but through `tx`. */
export type CalendarListener = (
  tx: Tx,
  before: CalendarSettings,
  after: CalendarSettings,
) => Promise<void>;

const listeners: CalendarListener[] = [];

/** Registers who has to rebuild something when the calendar changes; called when the room is loaded. */
export function onCalendarChanged(listener: CalendarListener): void {
  listeners.push(listener);
}

export async function tellCalendarChange(
  tx: Tx,
  before: CalendarSettings,
  after: CalendarSettings,
): Promise<void> {
  for (const listener of listeners) await listener(tx, before, after);
}
