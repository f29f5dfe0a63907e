import type { Connection } from '../../database/statements.ts';
import { runText } from '../../database/statements.ts';
import type { Tx } from '../../database/transaction.ts';
import type { Organization } from './model.ts';

const COLUMNS =
  'id, key, name, time_zone, first_day_of_week, fiscal_month_end, fiscal_year_start_month, earlier_calendar AS earlier, weekend, holiday_calendar::text, currency, locale, version';

/**
 * Locks the organization's row: the first lock of every change of its settings, books, teams, members and
 * administrators, which therefore happen one after the other. Nothing else waits for it.
 */
export async function lockOrganization(
  tx: Tx,
): Promise<Organization & { closedBefore: Date | null }> {
  const [organization] = await tx.text<Organization>(
    `SELECT ${COLUMNS} FROM organization WHERE id = $1 FOR NO KEY UPDATE`,
    [tx.organizationId],
  );
  if (!organization) throw new Error(`there is no organization ${tx.organizationId}`);
  // A statement of its own: it sees what was committed while the first one waited.
  const [head] = await tx.text<{ closedBefore: Date | null }>(
    'SELECT closed_before FROM log_head WHERE organization_id = $1',
    [tx.organizationId],
  );
  return { ...organization, closedBefore: head?.closedBefore ?? null };
}

export async function readOrganization(
  connection: Connection,
  id: string,
): Promise<Organization | null> {
  const [organization] = await runText<Organization>(
    connection,
    `SELECT ${COLUMNS} FROM organization WHERE id = $1`,
    [id],
  );
  return organization ?? null;
}

export async function saveOrganization(tx: Tx, organization: Organization): Promise<void> {
  await tx.text(
    `UPDATE organization SET name = $2, time_zone = $3, first_day_of_week = $4, fiscal_month_end = $5,
       fiscal_year_start_month = $6, earlier_calendar = $7, weekend = $8, holiday_calendar = $9::"HolidayCalendar",
       currency = $10, locale = $11, version = $12 WHERE id = $1`,
    [
      tx.organizationId,
      organization.name,
      organization.timeZone,
      organization.firstDayOfWeek,
      organization.fiscalMonthEnd,
      organization.fiscalYearStartMonth,
      organization.earlier ? JSON.stringify(organization.earlier) : null,
      organization.weekend,
      organization.holidayCalendar,
      organization.currency,
      organization.locale,
      organization.version,
    ],
  );
}

/**
 * Makes the row and its log, or finds those that an attempt before left without a first event. Null: the key is
 * taken by an organization that is complete.
 */
export async function insertOrganization(
  connection: Connection,
  { id, key, name, timeZone, currency, locale, ...calendar }: Omit<Organization, 'version'>,
): Promise<string | null> {
  await runText(
    connection,
    `WITH made AS (
       INSERT INTO organization (id, key, name, time_zone, first_day_of_week, fiscal_month_end,
         fiscal_year_start_month, currency, locale)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (key) DO NOTHING RETURNING id
     )
     INSERT INTO log_head (organization_id, logged_at) SELECT id, date_trunc('milliseconds', now()) FROM made`,
    [
      id,
      key,
      name,
      timeZone,
      calendar.firstDayOfWeek,
      calendar.fiscalMonthEnd,
      calendar.fiscalYearStartMonth,
      currency,
      locale,
    ],
  );
  const [row] = await runText<{ id: string }>(
    connection,
    `SELECT o.id FROM organization o JOIN log_head h ON h.organization_id = o.id
     WHERE o.key = $1 AND h.position = 0`,
    [key],
  );
  return row?.id ?? null;
}

/** How far the log has come, as it is now and not as it was when the transaction began. */
export async function readPosition(tx: Tx): Promise<number> {
  const [head] = await tx.text<{ position: number }>(
    'SELECT position FROM log_head WHERE organization_id = $1',
    [tx.organizationId],
  );
  return head?.position ?? 0;
}

/** Takes the head, so that no other transaction can end before this one; the last lock of a transaction. */
export async function lockHead(tx: Tx): Promise<void> {
  await tx.text('SELECT 1 FROM log_head WHERE organization_id = $1 FOR NO KEY UPDATE', [
    tx.organizationId,
  ]);
}

/** Moves the bound before which nothing may count, and gives the log's position before this transaction's events. */
export async function saveClosedBefore(tx: Tx, closedBefore: Date | null): Promise<number> {
  const [head] = await tx.text<{ position: number }>(
    'UPDATE log_head SET closed_before = $2 WHERE organization_id = $1 RETURNING position',
    [tx.organizationId, closedBefore],
  );
  return head?.position ?? 0;
}

export interface Closing {
  id: string;
  position: number;
  closedBefore: Date | null;
  reason: string | null;
}

export function insertClosing(tx: Tx, closing: Closing): void {
  const { position, ...row } = closing;
  tx.send(
    tx.insertInto('periodClosing', [
      { ...row, position: String(position), byId: tx.viewer.memberId, at: tx.now },
    ]),
  );
}
