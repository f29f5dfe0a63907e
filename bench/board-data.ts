import type { Pool } from 'pg';
import type { PeriodInput } from '../src/calendar/named-periods.ts';
import { resolvePeriod } from '../src/calendar/named-periods.ts';
import type { Database } from '../src/database/database.ts';
import { newId } from '../src/database/ids.ts';
import { transact } from '../src/database/transact.ts';
import { systemViewer } from '../src/database/viewer.ts';
import { type MetricVersion, STANDARD_GRAINS } from '../src/metrics/definition.ts';
import { sourceOf } from '../src/metrics/standings.ts';
import type { BoardQuestion } from '../src/metrics/standings-sql.ts';
import { insertMetric, insertVersion } from '../src/metrics/store.ts';

export const MEMBERS = 5_000;
const TEAMS = 200;
const DAYS = 320;
const CALENDAR = {
  timeZone: 'Asia/Shanghai',
  firstDayOfWeek: 1,
  fiscalMonthEnd: 31,
  fiscalYearStartMonth: 1,
};

export interface Filled {
  organizationId: string;
  version: MetricVersion;
  /** The member with the lowest score. */
  last: string;
  members: string[];
}

/** 5,000 members in 200 teams, and so many ledger entries over 320 days, with the roll-ups that they make. */
export async function fillBoard(db: Database, entries: number): Promise<Filled> {
  const organizationId = newId();
  const query = (text: string, values: unknown[] = []) => db.pool.query(text, values);
  await query(
    `INSERT INTO organization (id, key, name, time_zone, first_day_of_week, fiscal_month_end, fiscal_year_start_month,
       currency, locale) VALUES ($1, 'bench', 'Bench', 'Asia/Shanghai', 1, 31, 1, 'CNY', 'zh-CN')`,
    [organizationId],
  );
  await query(`INSERT INTO log_head (organization_id, logged_at) VALUES ($1, '2026-01-01')`, [
    organizationId,
  ]);
  const version = await defineMetric(db, organizationId);
  await query(
    `INSERT INTO team SELECT gen_random_uuid(), $1, 1, 'Team ' || n, null, '2025-01-01' FROM generate_series(1, $2::int) n`,
    [organizationId, TEAMS],
  );
  await query(
    `INSERT INTO member (id, organization_id, employee_number, name, role, data_scope, created_at)
     SELECT gen_random_uuid(), $1, n::text, 'Member ' || n, 'MEMBER', 'OWN', '2025-01-01' FROM generate_series(1, $2::int) n`,
    [organizationId, MEMBERS],
  );
  await query(
    `INSERT INTO membership (id, organization_id, member_id, team_id, "from")
     SELECT gen_random_uuid(), $1, m.id, t.id, '2025-01-01'
     FROM (SELECT id, row_number() OVER () % $2::int AS n FROM member) m
     JOIN (SELECT id, row_number() OVER () % $2::int AS n FROM team) t USING (n)`,
    [organizationId, TEAMS],
  );
  await query('INSERT INTO team_path SELECT gen_random_uuid(), $1, ARRAY[id] FROM team', [
    organizationId,
  ]);
  await fillLedger(db.pool, organizationId, version.id, entries);
  const { rows } = await query(
    `SELECT contestant_id FROM rollup WHERE grain = 'YEAR' ORDER BY amount LIMIT 1`,
  );
  const found = await query('SELECT id FROM member ORDER BY id');
  const members = found.rows.map(({ id }) => id);
  return { organizationId, version, last: rows[0].contestant_id, members };
}

function defineMetric(db: Database, organizationId: string): Promise<MetricVersion> {
  return transact(db, systemViewer(organizationId, newId(), 'bench'), 'bench', {}, async (tx) => {
    const id = newId();
    await insertMetric(tx, { id, key: 'bench', name: 'Bench', description: null });
    const definition = {
      event: 'opportunity.won',
      conditions: [],
      value: 'COUNT' as const,
      restatedBy: [],
      reversedBy: [],
      calendar: CALENDAR,
    };
    return { ...(await insertVersion(tx, id, definition, [...STANDARD_GRAINS, 'YEAR'], 'ACTIVE')) };
  });
}

async function fillLedger(pool: Pool, organizationId: string, versionId: string, entries: number) {
  await pool.query(
    `INSERT INTO score_entry (organization_id, metric_version_id, position, ordinal, subject, member_id, team_path_id,
       amount, counts_at, recorded_at)
     SELECT $1, $2, n, 1, n::text, m.id, m.path, 1 + n % 7,
       '2026-01-01T00:00:00+08'::timestamptz + make_interval(secs => n::float8 * $4::float8 * 86400 / $3::float8), now()
     FROM generate_series(1, $3::int) n
     JOIN (SELECT m.id, p.id AS path, row_number() OVER (ORDER BY m.id) AS i FROM member m
       JOIN membership s ON s.member_id = m.id JOIN team_path p ON p.team_ids[1] = s.team_id) m
       ON m.i = 1 + (n::bigint * 7919) % $5::int`,
    [organizationId, versionId, entries, DAYS, MEMBERS],
  );
  for (const grain of ['DAY', 'MONTH', 'YEAR', 'ALL_TIME']) {
    const bucket =
      grain === 'ALL_TIME'
        ? `date '0001-01-01'`
        : `date_trunc('${grain}', counts_at AT TIME ZONE 'Asia/Shanghai')::date`;
    await pool.query(
      `INSERT INTO rollup SELECT $1, $2, '${grain}', ${bucket}, 'MEMBER', member_id, team_path_id, sum(amount), count(*),
         max(counts_at), max(counts_at) FROM score_entry WHERE metric_version_id = $2 GROUP BY 4, 6, 7`,
      [organizationId, versionId],
    );
  }
  await pool.query('UPDATE log_head SET position = $2 WHERE organization_id = $1', [
    organizationId,
    entries,
  ]);
  await pool.query('VACUUM ANALYZE');
}

/** One more score, as a transaction writes it, of some member at noon of 15 May. */
export async function addScore(
  pool: Pool,
  { organizationId, version, members }: Filled,
  n: number,
): Promise<void> {
  await pool.query(
    `WITH head AS (UPDATE log_head SET position = position + 1 WHERE organization_id = $1 RETURNING position),
     entry AS (INSERT INTO score_entry (organization_id, metric_version_id, position, ordinal, subject, member_id,
       team_path_id, amount, counts_at, recorded_at)
       SELECT $1, $2, h.position, 1, h.position::text, $3, r.team_path_id, 1, $4, now() FROM head h, rollup r
       WHERE r.contestant_id = $3 AND r.grain = 'ALL_TIME' LIMIT 1)
     UPDATE rollup SET amount = amount + 1, entries = entries + 1 WHERE organization_id = $1 AND metric_version_id = $2
       AND kind = 'MEMBER' AND contestant_id = $3
       AND (grain, bucket) IN (('DAY', '2026-05-15'), ('MONTH', '2026-05-01'), ('YEAR', '2026-01-01'), ('ALL_TIME', '0001-01-01'))`,
    [organizationId, version.id, members[n % members.length], '2026-05-15T12:00:00+08'],
  );
}

export const PERIODS: [string, PeriodInput][] = [
  ['its own unit (a year)', { unit: { unit: 'YEAR', containing: '2026-06-01' } }],
  ['all time', { named: 'ALL_TIME' }],
  ['a month', { unit: { unit: 'MONTH', containing: '2026-05-01' } }],
  ['from-to (17 Jan to 4 Oct)', { between: { from: '2026-01-17', through: '2026-10-04' } }],
];

/** What the board of everybody asks of a period. */
export function questionFor(
  { organizationId, version }: Filled,
  input: PeriodInput,
): BoardQuestion {
  const period = resolvePeriod(CALENDAR, input, new Date());
  return {
    organizationId,
    contestants: 'MEMBERS',
    scopeTeamId: null,
    teamDepth: 1,
    teams: 'AS_IT_WAS',
    measures: [{ versionId: version.id, metricId: version.metricId, kind: 'VALUE', weight: '1' }],
    sources: [sourceOf(CALENDAR, version.grains, period, null, false)],
    start: period.start,
    end: period.end,
    target: null,
    ranking: 'STANDARD',
    tieBreak: 'FIRST_TO_REACH',
    competingRoles: ['MEMBER'],
    showZero: true,
    recordedBy: null,
    throughPosition: null,
  };
}
