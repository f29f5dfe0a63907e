import { newId } from '../../database/ids.ts';
import type { Tx } from '../../database/transaction.ts';

/** The three histories of this room: of whom or what, and where it was. */
const HISTORIES = {
  membership: { table: 'membership', of: 'member_id', at: 'team_id' },
  parentage: { table: 'team_parentage', of: 'team_id', at: 'parent_id' },
  leadership: { table: 'team_leadership', of: 'team_id', at: 'member_id' },
} as const;

export type History = keyof typeof HISTORIES;

export interface Stay {
  id: string;
  at: string;
  from: Date;
  until: Date | null;
}

/** The latest stay, which is the present one when `until` is null. The organization must be locked. */
export async function lastStay(tx: Tx, history: History, ofId: string): Promise<Stay | null> {
  const { table, of, at } = HISTORIES[history];
  const [stay] = await tx.text<Stay>(
    `SELECT id, ${at} AS at, "from", until FROM ${table}
     WHERE organization_id = $1 AND ${of} = $2 ORDER BY "from" DESC LIMIT 1`,
    [tx.organizationId, ofId],
  );
  return stay ?? null;
}

/** When the latest stay began or ended; null when there was none. */
export const lastChangeAt = (stay: Stay | null): Date | null => stay && (stay.until ?? stay.from);

/** Where it is now. */
export const presentOf = (stay: Stay | null): string | null =>
  stay && stay.until === null ? stay.at : null;

/**
 * Ends the present stay and begins another (or none, for null) at a moment that is not before the last change. A stay
 * that would have lasted no time is taken out: nobody ever was there.
 */
export async function changeStay(
  tx: Tx,
  history: History,
  ofId: string,
  last: Stay | null,
  to: string | null,
  moment: Date,
): Promise<void> {
  const { table, of, at } = HISTORIES[history];
  if (last && last.until === null) {
    const isEmpty = last.from.getTime() === moment.getTime();
    await tx.text(
      isEmpty
        ? `DELETE FROM ${table} WHERE organization_id = $1 AND id = $2 AND $3::timestamptz IS NOT NULL`
        : `UPDATE ${table} SET until = $3 WHERE organization_id = $1 AND id = $2`,
      [tx.organizationId, last.id, moment],
    );
  }
  if (to === null) return;
  await tx.text(
    `INSERT INTO ${table} (id, organization_id, ${of}, ${at}, "from", by_id) VALUES ($1, $2, $3, $4, $5, $6)`,
    [newId(), tx.organizationId, ofId, to, moment, tx.viewer.memberId],
  );
}

/** The first millisecond after this statement, which is not that of the transaction's beginning. */
export async function clockOf(tx: Tx): Promise<Date> {
  const [row] = await tx.text<{ now: Date }>(
    `SELECT date_trunc('milliseconds', clock_timestamp()) + make_interval(secs => (1 + $1::float8) / 1000) AS now`,
    [tx.db.clock.shiftMs],
  );
  return row?.now ?? tx.now;
}
