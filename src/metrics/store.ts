import type { CalendarSettings } from '../calendar/settings.ts';
import type { PeriodUnit } from '../calendar/units.ts';
import { newId } from '../database/ids.ts';
import { type Connection, runText } from '../database/statements.ts';
import type { Tx } from '../database/transaction.ts';
import type { MetricDefinition, MetricVersion } from './definition.ts';

export interface MetricRow {
  id: string;
  version: number;
  key: string;
  name: string;
  description: string | null;
  retiredAt: Date | null;
}

export async function lockMetric(tx: Tx, id: string): Promise<MetricRow | null> {
  return tx.first(
    tx
      .selectFrom('metric')
      .select(['id', 'version', 'key', 'name', 'description', 'retiredAt'])
      .where('id', '=', id)
      .forNoKeyUpdate(),
  );
}

export async function insertMetric(
  tx: Tx,
  metric: Pick<MetricRow, 'id' | 'key' | 'name' | 'description'>,
): Promise<void> {
  await tx.run(tx.insertInto('metric', [{ ...metric, createdAt: tx.now }]));
}

export async function updateMetricRow(tx: Tx, metric: MetricRow): Promise<void> {
  const { id, name, description, retiredAt } = metric;
  await tx.run(
    tx
      .updateTable('metric')
      .set({ name, description, retiredAt, version: metric.version + 1 })
      .where('id', '=', id),
  );
}

/**
 * Adds a version. The first of a metric in an empty log is complete as it is; any other is built from the log, and
 * takes the place of one that was still being built.
 */
export async function insertVersion(
  tx: Tx,
  metricId: string,
  definition: MetricDefinition,
  grains: readonly PeriodUnit[],
  state: 'ACTIVE' | 'BUILDING',
): Promise<MetricVersion> {
  const id = newId();
  await tx.text(
    `UPDATE metric_version SET state = 'SUPERSEDED'
     WHERE organization_id = $1 AND metric_id = $2 AND state = 'BUILDING'`,
    [tx.organizationId, metricId],
  );
  const [row] = await tx.text<{ number: number }>(
    `INSERT INTO metric_version (id, organization_id, metric_id, number, definition, grains, state, created_at)
     SELECT $1, $2, $3, coalesce(max(number), 0) + 1, $4, $5::"PeriodUnit"[], $6::"MetricVersionState", $7
     FROM metric_version WHERE metric_id = $3 RETURNING number`,
    [id, tx.organizationId, metricId, JSON.stringify(definition), grains, state, tx.now],
  );
  return { id, metricId, number: row?.number ?? 1, definition, grains: [...grains] };
}

/** A metric's newest version that counts or is being built, with its state. */
export interface VersionState extends MetricVersion {
  state: 'ACTIVE' | 'BUILDING';
}

export function readVersions(
  connection: Connection,
  organizationId: string,
  metricIds: readonly string[],
): Promise<VersionState[]> {
  return runText(
    connection,
    `SELECT id, metric_id, number, definition, grains::text[] AS grains, state::text AS state FROM metric_version
     WHERE organization_id = $1 AND metric_id = ANY ($2::uuid[]) AND state IN ('ACTIVE', 'BUILDING')
     ORDER BY metric_id, number DESC`,
    [organizationId, metricIds],
  );
}

export async function readCalendar(
  connection: Connection,
  organizationId: string,
): Promise<CalendarSettings> {
  const [row] = await runText<CalendarSettings>(
    connection,
    `SELECT time_zone, first_day_of_week, fiscal_month_end, fiscal_year_start_month,
       earlier_calendar AS earlier
     FROM organization WHERE id = $1`,
    [organizationId],
  );
  if (!row) throw new Error(`organization ${organizationId} does not exist`);
  return row;
}

/**
 * The latest moment that a score counts at which a member earned, or somebody in a team or below it; null: none. The
 * organization's head must be locked, or a score may come after the answer.
 */
export async function lastScoreAt(
  tx: Tx,
  earned: { byMember: string } | { inTeam: string },
): Promise<Date | null> {
  const [condition, id] =
    'byMember' in earned
      ? ['e.member_id = $2', earned.byMember]
      : [
          'e.team_path_id IN (SELECT id FROM team_path WHERE organization_id = $1 AND $2 = ANY (team_ids))',
          earned.inTeam,
        ];
  const [row] = await tx.text<{ at: Date | null }>(
    `SELECT max(coalesce(e.originally_at, e.counts_at)) AS at FROM metric_version v
     JOIN score_entry e ON e.organization_id = $1 AND e.metric_version_id = v.id
     WHERE v.organization_id = $1 AND v.state = 'ACTIVE' AND ${condition}`,
    [tx.organizationId, id],
  );
  return row?.at ?? null;
}

/** Every metric's present definition, for rebuilding the roll-ups when the calendar changes. */
export function activeMetricIds(
  connection: Connection,
  organizationId: string,
): Promise<{ metricId: string }[]> {
  return runText(
    connection,
    `SELECT DISTINCT v.metric_id FROM metric_version v WHERE v.organization_id = $1 AND v.state IN ('ACTIVE', 'BUILDING')
     ORDER BY v.metric_id`,
    [organizationId],
  );
}
