import type { CalendarDate } from '../../calendar/days.ts';
import type { WorkingDayException } from '../../calendar/working-days.ts';
import { type Connection, runText } from '../../database/statements.ts';
import type { Tx } from '../../database/transaction.ts';

/** The exceptions that hold now, in time order. */
export const readExceptions = (
  connection: Connection,
  organizationId: string,
): Promise<WorkingDayException[]> =>
  runText<WorkingDayException>(
    connection,
    `SELECT day, is_working_day, name FROM working_day_exception
     WHERE organization_id = $1 AND superseded_at IS NULL AND is_working_day IS NOT NULL ORDER BY day`,
    [organizationId],
  );

export interface ExceptionRow {
  id: string;
  day: CalendarDate;
  /** Null: the one before is taken back. */
  isWorkingDay: boolean | null;
  name: string | null;
}

/** Puts these in the place of what held for their days. The organization must be locked. */
export async function replaceExceptions(tx: Tx, rows: readonly ExceptionRow[]): Promise<void> {
  await tx.text(
    `UPDATE working_day_exception SET superseded_at = $3
     WHERE organization_id = $1 AND superseded_at IS NULL AND day = ANY ($2::date[])`,
    [tx.organizationId, rows.map(({ day }) => day), tx.now],
  );
  await tx.run(
    tx.insertInto(
      'workingDayException',
      rows.map((row) => ({ ...row, setAt: tx.now, setById: tx.viewer.memberId })),
    ),
  );
}
