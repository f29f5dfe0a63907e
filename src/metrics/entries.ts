import { type Connection, runText } from '../database/statements.ts';
import type { BoardQuestion } from './standings-sql.ts';

/** An entry of the ledger with the event that caused it. */
export interface EntryRow {
  versionId: string;
  position: number;
  ordinal: number;
  memberId: string;
  amount: string;
  /** What it adds to the board's score: the amount by the measure's weight, or in percent of the target. */
  worth: string;
  countsAt: Date;
  originallyAt: Date | null;
  recordedAt: Date;
  reversesPosition: number | null;
  reversesOrdinal: number | null;
  eventType: string;
  recordType: string;
  recordId: string;
  occurredAt: Date;
  actorId: string | null;
  reason: string | null;
}

export interface EntryFilter {
  /** Null: of any contestant. */
  contestants: readonly string[] | null;
  /** Only after this position of the log. */
  afterPosition?: number | null;
  /** Page on after this entry, newest first. */
  before?: { position: number; ordinal: number; versionId: string } | null;
  limit: number;
}

/** Entries that make up a board's scores, newest first. */
export function readEntries(
  connection: Connection,
  question: BoardQuestion,
  filter: EntryFilter,
): Promise<(EntryRow & { contestantId: string })[]> {
  return runText(
    connection,
    `/* entries */ ${entriesSql(question, ENTRY_COLUMNS)}
     ORDER BY e.position DESC, e.ordinal DESC, e.metric_version_id DESC LIMIT $17`,
    entryValues(question, filter),
  );
}

/** How many entries make up a contestant's score. */
export async function countEntries(
  connection: Connection,
  question: BoardQuestion,
  contestantId: string,
): Promise<number> {
  const [row] = await runText<{ entries: number }>(
    connection,
    `/* entry_count */ ${entriesSql(question, 'count(*) AS entries')} LIMIT $17`,
    entryValues(question, { contestants: [contestantId], limit: 1 }),
  );
  return row?.entries ?? 0;
}

const ENTRY_COLUMNS = `e.metric_version_id AS version_id, e.position, e.ordinal, e.member_id, e.amount::text,
       CASE m.kind WHEN 'VALUE' THEN e.amount * m.weight
         ELSE coalesce(round(e.amount * 100 * m.weight / nullif(t.value, 0), 4), 0) END::text AS worth,
       e.counts_at, e.originally_at, e.recorded_at, e.reverses_position, e.reverses_ordinal, k.id AS contestant_id,
       v.type AS event_type, v.record_type, v.record_id, v.occurred_at, v.actor_id, c.reason`;

const entriesSql = (question: BoardQuestion, columns: string): string => `WITH RECURSIVE m AS (
       SELECT * FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::numeric[])
         AS m(version_id, metric_id, kind, weight)
     ),
     ${contestantSql(question)}
     SELECT ${columns}
     FROM m JOIN score_entry e ON e.organization_id = $1 AND e.metric_version_id = m.version_id
     JOIN team_path q ON q.id = e.team_path_id
     ${joinContestant(question)}
     JOIN event v ON v.organization_id = $1 AND v.position = e.position AND v.logged_at = e.recorded_at
     LEFT JOIN score_correction c ON c.id = v.record_id AND c.organization_id = $1
     LEFT JOIN target t ON t.organization_id = $1 AND t.metric_id = m.metric_id AND t.contestant_id = k.id
       AND t.unit::text = $6 AND t.bucket = $7::date
     WHERE e.counts_at >= $8 AND e.counts_at < $9
       AND ($10::timestamptz IS NULL OR e.recorded_at <= $10)
       AND ($11::bigint IS NULL OR e.position <= $11)
       AND ($12::uuid[] IS NULL OR k.id = ANY ($12))
       AND ($13::bigint IS NULL OR e.position > $13)
       AND ($14::bigint IS NULL OR (e.position, e.ordinal, e.metric_version_id) < ($14, $15, $16::uuid))
       AND ($18::uuid IS NULL OR $18 = ANY (q.team_ids))`;

function entryValues(question: BoardQuestion, filter: EntryFilter): unknown[] {
  const { measures, target } = question;
  return [
    question.organizationId,
    measures.map(({ versionId }) => versionId),
    measures.map(({ metricId }) => metricId),
    measures.map(({ kind }) => kind),
    measures.map(({ weight }) => weight),
    target?.unit ?? null,
    target?.bucket ?? null,
    question.start ?? '-infinity',
    question.end ?? 'infinity',
    question.recordedBy,
    question.throughPosition,
    filter.contestants,
    filter.afterPosition ?? null,
    filter.before?.position ?? null,
    filter.before?.ordinal ?? null,
    filter.before?.versionId ?? null,
    filter.limit,
    question.contestants === 'MEMBERS' && question.teams === 'AS_IT_WAS'
      ? question.scopeTeamId
      : null,
  ];
}

/** For teams as they are: which member counts for which team now. */
function contestantSql({ contestants, teams }: BoardQuestion): string {
  if (contestants === 'MEMBERS' || teams === 'AS_IT_WAS') return 'none AS (SELECT 1)';
  return `team_of(member, team) AS (
    SELECT x.member_id, x.team_id FROM membership x WHERE x.organization_id = $1 AND x.until IS NULL
    UNION SELECT f.member, p.parent_id FROM team_of f JOIN team_parentage p ON p.team_id = f.team AND p.until IS NULL)`;
}

function joinContestant({ contestants, teams }: BoardQuestion): string {
  if (contestants === 'MEMBERS') return 'CROSS JOIN LATERAL (SELECT e.member_id AS id) k';
  if (teams === 'AS_IT_WAS') return 'CROSS JOIN LATERAL unnest(q.team_ids) AS k(id)';
  return 'JOIN LATERAL (SELECT f.team AS id FROM team_of f WHERE f.member = e.member_id) k ON true';
}

/** Whose entries make up a contestant's score. */
export async function readEntryOwners(
  connection: Connection,
  question: BoardQuestion,
  contestantId: string,
): Promise<string[]> {
  if (question.contestants === 'MEMBERS') return [contestantId];
  const rows = await runText<{ memberId: string }>(
    connection,
    `/* entry_owners */ WITH RECURSIVE ${contestantSql(question)}
     SELECT DISTINCT e.member_id FROM score_entry e JOIN team_path q ON q.id = e.team_path_id
     ${joinContestant(question)}
     WHERE e.organization_id = $1 AND e.metric_version_id = ANY ($2::uuid[]) AND k.id = $3
       AND e.counts_at >= $4 AND e.counts_at < $5`,
    [
      question.organizationId,
      question.measures.map(({ versionId }) => versionId),
      contestantId,
      question.start ?? '-infinity',
      question.end ?? 'infinity',
    ],
  );
  return rows.map(({ memberId }) => memberId);
}
