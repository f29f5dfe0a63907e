import { sql } from 'kysely';
import type { Period } from '../../calendar/periods.ts';
import { type Connection, kysely, runText } from '../../database/statements.ts';
import type { MemberViewer } from '../../database/viewer.ts';
import type { Condition } from './filter.ts';
import { sqlWhere } from './filter-store.ts';
import { type FunnelCohort, type FunnelReport, type ReportRow, reportOf } from './report.ts';
import { ownScope } from './scope.ts';

export interface ReportQuestion {
  funnelId: string;
  period: Period;
  cohort: FunnelCohort;
  conditions: readonly Condition[];
  now: Date;
}

/**
 * The report on the opportunities that entered (or closed) a funnel in a period, as far as the viewer may see them.
 * One statement, so that all its numbers are of one moment.
 */
export async function readReport(
  connection: Connection,
  viewer: MemberViewer,
  { funnelId, period, cohort, conditions, now }: ReportQuestion,
): Promise<FunnelReport> {
  const organizationId = viewer.organizationId;
  const where = sqlWhere([
    { column: 'funnelId', in: [funnelId] },
    ...cohortConditions(cohort, period),
    ...ownScope(viewer),
    ...conditions,
  ]);
  const { sql: text, parameters } = sql`/* funnels.report */
WITH cohort AS (
  SELECT opportunity.id, opportunity.status, opportunity.stage_id, opportunity.amount, opportunity.won_amount,
    opportunity.stage_entered_at, opportunity.closed_at - opportunity.opened_at AS cycle
  FROM opportunity WHERE opportunity.organization_id = ${organizationId} AND ${where}
), steps AS (
  SELECT s.id, s.ordinal, s.kind, s.probability, s.limit_days,
    s.archived_at IS NULL AS in_use, CASE s.kind WHEN 'WON' THEN 1000000 WHEN 'OPEN' THEN s.ordinal ELSE 0 END AS reach
  FROM stage s WHERE s.organization_id = ${organizationId} AND s.funnel_id = ${funnelId}
), stays AS (
  SELECT c.id AS opportunity_id, h.stage_id, s.reach, h.until IS NOT NULL AS ended,
    coalesce(h.until, ${now}::timestamptz) - h."from" AS length,
    max(s.reach) OVER (PARTITION BY c.id ORDER BY h."from", h.until, h.id
      ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS reached,
    c.status = 'LOST' AND lead(h.status) OVER along = 'LOST' AND lead(h.until) OVER along IS NULL AS dropped_out
  FROM cohort c
  JOIN stage_change h ON h.organization_id = ${organizationId} AND h.opportunity_id = c.id
  JOIN steps s ON s.id = h.stage_id
  WINDOW along AS (PARTITION BY c.id ORDER BY h."from", h.until, h.id)
), through AS (
  SELECT t.stage_id, count(DISTINCT t.opportunity_id) AS entered,
    count(DISTINCT t.opportunity_id) FILTER (WHERE t.reached > t.reach AND t.reach > 0) AS moved_on,
    count(DISTINCT t.opportunity_id) FILTER (WHERE t.dropped_out) AS dropped_out,
    count(*) FILTER (WHERE t.ended) AS ended,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM t.length)) FILTER (WHERE t.ended) AS median,
    percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM t.length)) FILTER (WHERE t.ended) AS p90,
    max(extract(epoch FROM t.length)::float8) FILTER (WHERE NOT t.ended) AS longest_open
  FROM stays t GROUP BY t.stage_id
), present AS (
  SELECT c.stage_id, count(*) AS open_count, sum(c.amount) AS open_amount,
    count(*) FILTER (WHERE c.amount IS NULL) AS open_amount_unknown,
    round(sum(c.amount * s.probability), 4) AS weighted_amount,
    count(*) FILTER (WHERE c.stage_entered_at < ${now}::timestamptz - s.limit_days * interval '24 hours') AS over_limit
  FROM cohort c JOIN steps s ON s.id = c.stage_id WHERE c.status = 'OPEN' GROUP BY c.stage_id
), totals AS (
  SELECT count(*) AS all_count, count(*) FILTER (WHERE c.status = 'WON') AS won_count,
    count(*) FILTER (WHERE c.status = 'LOST') AS lost_count, sum(c.won_amount) AS won_amount,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM c.cycle)) FILTER (WHERE c.status = 'WON')
      AS cycle_median,
    percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM c.cycle)) FILTER (WHERE c.status = 'WON')
      AS cycle_p90
  FROM cohort c
)
SELECT s.id AS stage_id, s.kind, coalesce(t.entered, 0) AS entered, coalesce(t.moved_on, 0) AS moved_on,
  coalesce(t.dropped_out, 0) AS dropped_out, coalesce(t.ended, 0) AS ended, t.median, t.p90,
  CASE WHEN s.kind = 'OPEN' THEN t.longest_open END AS longest_open, coalesce(p.open_count, 0) AS open_count,
  p.open_amount, coalesce(p.open_amount_unknown, 0) AS open_amount_unknown, p.weighted_amount,
  coalesce(p.over_limit, 0) AS over_limit, totals.*
FROM steps s LEFT JOIN through t ON t.stage_id = s.id LEFT JOIN present p ON p.stage_id = s.id CROSS JOIN totals
WHERE s.in_use OR t.entered > 0 ORDER BY s.ordinal, s.id`.compile(kysely);
  return reportOf(await runText<ReportRow>(connection, text, parameters));
}

function cohortConditions(cohort: FunnelCohort, { start, end }: Period): Condition[] {
  const column = cohort === 'ENTERED' ? 'openedAt' : 'closedAt';
  const closed: Condition[] =
    cohort === 'CLOSED' ? [{ column: 'status', in: ['WON', 'LOST'] }] : [];
  return [
    ...closed,
    ...(start ? [{ column, at: 'gte', value: start } as const] : []),
    ...(end ? [{ column, at: 'lt', value: end } as const] : []),
  ];
}
