import type { GrainBuckets } from '../calendar/grains.ts';
import { contestantsSql, onBoardSql, type StandingsContext } from './contestants-sql.ts';
import { type Page, pageSql } from './standings-page.ts';
import { Parameters } from './statement-parameters.ts';

/** A measure of a board, resolved to the version that counts. */
export interface Measure {
  versionId: string;
  metricId: string;
  kind: 'VALUE' | 'PERCENT_OF_TARGET';
  /** Decimal; the score is the sum of the measures times their weights. */
  weight: string;
}

/** Where a measure's sums come from: whole roll-up buckets, and slices of the ledger for what they do not cover. */
export interface Source {
  buckets: readonly GrainBuckets[];
  /** Half-open in countsAt; null is without bound. */
  slices: readonly Slice[];
}

export interface Slice {
  start: Date | null;
  end: Date | null;
  /** Takes back, rather than adds, what was entered after this position of the log. */
  minusAfter?: number;
}

export interface BoardQuestion {
  organizationId: string;
  contestants: 'MEMBERS' | 'TEAMS';
  scopeTeamId: string | null;
  /** Levels below the scope that the competing teams stand at; 1: its direct children. */
  teamDepth: number;
  teams: 'AS_IT_WAS' | 'AS_IT_IS';
  measures: readonly Measure[];
  sources: readonly Source[];
  /** Bounds of the period, for contestants and ties; null is without bound. */
  start: Date | null;
  end: Date | null;
  /** Unit and first day of the period that targets are set for; null: no targets apply. */
  target: { unit: string; bucket: string } | null;
  ranking: 'STANDARD' | 'DENSE' | 'ORDINAL';
  tieBreak: 'FIRST_TO_REACH' | 'SECOND_MEASURE' | 'NONE';
  competingRoles: readonly string[];
  showZero: boolean;
  /** Only what was known at this moment, or after this position of the log. */
  recordedBy: Date | null;
  throughPosition: number | null;
}

const BY_REACH = 'counts_at DESC, position DESC, ordinal DESC';

/**
 * One statement for a page of a board: sums per contestant, contestants, ties, ranks, and the log position of the
 * snapshot that all of it was read from.
 */
export function standingsSql(
  question: BoardQuestion,
  page: Page,
): { text: string; values: unknown[] } {
  const context = standingsContext(question);
  const { p, organization } = context;
  const text = `/* standings */ WITH RECURSIVE ${standingSql(context)},
${pageSql(page, question.ranking, p)}
SELECT h.position, h.logged_at, r.c AS contestant, r.present, r.score, r.place, r.rank, r.gap_to_next,
  t.best - r.score AS gap_to_leader, t.total, round(r.v0 * 100 / nullif(r.t0, 0), 4) AS progress,
  ARRAY[${question.measures.map((_, i) => `r.v${i}`).join(', ')}]::text[] AS amounts
FROM log_head h CROSS JOIN totals t LEFT JOIN ranked r ON true
WHERE h.organization_id = ${organization} AND ${allGiven(context)}
ORDER BY r.place`;
  return { text, values: p.values };
}

/** @param scored the CTE of the only members `c` who are asked for; not for boards of teams */
export function standingsContext(
  question: BoardQuestion,
  p = new Parameters(),
  scored: string | null = null,
): StandingsContext {
  const organization = p.add(question.organizationId, 'uuid');
  const start = p.add(question.start ?? '-infinity', 'timestamptz');
  const end = p.add(question.end ?? 'infinity', 'timestamptz');
  const known = knownSql(question, p);
  const began = hasBegun(question) ? start : p.add(lastMoment(question), 'timestamptz');
  const given = [start, began, end, ...known.parameters];
  return { question, p, organization, start, began, end, known: known.sql, given, scored };
}

/** PostgreSQL refuses a parameter that appears nowhere, and not every part of the statement is always there. */
export const allGiven = ({ given }: StandingsContext): string =>
  given.map((parameter) => `${parameter} IS NOT NULL`).join(' AND ');

/** The CTEs up to `standing`: a row for everybody on the board, without places. */
export function standingSql(context: StandingsContext): string {
  const { question } = context;
  const onBoard = onBoardSql(context);
  const parts = question.measures.map((measure, index) => partSql(context, measure, index));
  return `${contestantsSql(context)},
part AS (${parts.join(' UNION ALL ')}),
${summedSql(question)},
board AS (
  SELECT coalesce(k.id, s.c) AS c, coalesce(k.present, false) AS present, s.c IS NOT NULL AS scored, s.reached,
    coalesce(s.walk, false) AS walk,
    ${question.measures.map((_, i) => `coalesce(s.v${i}, 0) AS v${i}, ${targetColumn(question, i)} AS t${i}`).join(', ')}
  FROM ${onBoard.from}
  ${question.measures.map((measure, i) => targetSql(context, measure, i)).join('\n  ')}
  WHERE ${onBoard.where}
),
scores AS (SELECT *, ${scoreSql(question)} AS score FROM board),
standing AS (
  SELECT c, present, score, ${question.measures.map((_, i) => `v${i}`).join(', ')}, t0, walk,
    -- All three ascend, and none is null: two standings compare as rows do.
    coalesce(-score, 'infinity') AS by_score, coalesce(${tieSql(context)}, '-infinity') AS by_tie
  FROM scores ${question.showZero ? '' : 'WHERE scored AND score <> 0'}
)`;
}

const hasBegun = ({ start, end }: BoardQuestion): boolean => !start || !end || start < end;

const lastMoment = ({ end }: BoardQuestion): Date | null => end && new Date(end.getTime() - 1);

interface Known {
  sql: string;
  parameters: string[];
}

function knownSql(question: BoardQuestion, p: Parameters): Known {
  const known: Known = { sql: '', parameters: [] };
  const add = (column: string, value: unknown, type: string) => {
    if (value === null) return;
    const parameter = p.add(value, type);
    known.sql += ` AND ${column} <= ${parameter}`;
    known.parameters.push(parameter);
  };
  add('e.recorded_at', question.recordedBy, 'timestamptz');
  add('e.position', question.throughPosition, 'bigint');
  return known;
}

/**
 * How many entries a row of `part` stands for, where some are taken away again: whoever has none left had not scored.
 */
const entriesSql = ({ throughPosition }: BoardQuestion, count: string): string =>
  throughPosition === null ? '' : `, ${count} AS entries`;

/** Sums by contestant, with the moment at which the score was reached, or that a walk over the entries must tell it. */
function summedSql({ measures, sources, throughPosition }: BoardQuestion): string {
  const [source] = sources;
  const buckets = source?.buckets.reduce((count, { keys }) => count + keys.length, 0);
  const sums = measures.map(
    (_, i) => `sum(amount)${measures.length > 1 ? ` FILTER (WHERE m = ${i})` : ''} AS v${i}`,
  );
  // One row for each, unless somebody changed teams within the bucket. Else the score was reached in the last bucket,
  // unless that one lowered it.
  const walk =
    measures.length === 1 && buckets === 1 && source?.slices.length === 0
      ? 'count(*) > 1 OR bool_or(path IS NULL)'
      : `bool_or(path IS NULL) OR count(*) > 1 AND (min(m) <> max(m)
      OR min(uuid_hash_extended(path, 0)) <> max(uuid_hash_extended(path, 0))
      OR max(bucket) IS DISTINCT FROM max(bucket) FILTER (WHERE reached_at IS NOT NULL))`;
  return `summed AS (
  SELECT c, ${sums.join(', ')}, max(reached_at) AS reached, ${walk} AS walk
  FROM part GROUP BY c ${throughPosition === null ? '' : 'HAVING sum(entries) > 0'}
)`;
}

/** The rows that make up one measure: amount by contestant, and what is known of when it was reached. */
function partSql(context: StandingsContext, measure: Measure, index: number): string {
  const { question, p, organization, known, scored } = context;
  const { contestants, teams, scopeTeamId } = question;
  const version = p.add(measure.versionId, 'uuid');
  const source = question.sources[index] ?? { buckets: [], slices: [] };
  const followTeam = contestants === 'TEAMS' && teams === 'AS_IT_IS';
  const byTeam = contestants === 'TEAMS' && teams === 'AS_IT_WAS';
  const earnedIn = contestants === 'MEMBERS' && teams === 'AS_IT_WAS' && scopeTeamId;
  const paths = earnedIn
    ? ` AND path_id IN (SELECT id FROM team_path WHERE organization_id = ${organization}
        AND ${p.add(scopeTeamId, 'uuid')} = ANY (team_ids))`
    : '';
  const parts: string[] = [];
  if (source.buckets.length > 0) {
    // Units stand in the text and a single day is compared alone: so the planner knows how many rows to expect, and
    // that one bucket's come in the order of their contestants.
    const buckets = source.buckets.map(({ unit, keys }) => {
      const days = p.add(keys.length === 1 ? keys[0] : keys, keys.length === 1 ? 'date' : 'date[]');
      return `r.grain = '${unit}' AND r.bucket = ${keys.length === 1 ? days : `ANY (${days})`}`;
    });
    // Teams that follow their members have no single row to say when they reached it.
    parts.push(`SELECT ${index} AS m, ${followTeam ? 'f.team' : 'r.contestant_id'} AS c, r.amount, r.bucket,
      r.reached_at, ${followTeam ? 'NULL::uuid' : 'r.team_path_id'} AS path${entriesSql(question, 'r.entries')}
    FROM rollup r ${followTeam ? 'JOIN team_of f ON f.member = r.contestant_id' : ''}
    WHERE r.organization_id = ${organization} AND r.metric_version_id = ${version}
      AND r.kind = '${byTeam ? 'TEAM' : 'MEMBER'}' AND (${buckets.join(' OR ')})
      ${scored ? `AND r.contestant_id = ANY (ARRAY(SELECT c FROM ${scored}))` : ''}
      ${paths.replace('path_id', 'r.team_path_id')}`);
  }
  for (const slice of source.slices) {
    const from = p.add(slice.start ?? '-infinity', 'timestamptz');
    const to = p.add(slice.end ?? 'infinity', 'timestamptz');
    const contestant = byTeam ? 'u.team' : followTeam ? 'f.team' : 'e.member_id';
    const join = byTeam
      ? 'JOIN team_path q ON q.id = e.team_path_id CROSS JOIN LATERAL unnest(q.team_ids) AS u(team)'
      : followTeam
        ? 'JOIN team_of f ON f.member = e.member_id'
        : '';
    const { minusAfter } = slice;
    const which =
      minusAfter === undefined ? known : ` AND e.position > ${p.add(minusAfter, 'bigint')}`;
    parts.push(`SELECT ${index} AS m, ${contestant} AS c, ${minusAfter === undefined ? '' : '-'}sum(e.amount) AS amount,
      NULL::date AS bucket,
      NULL::timestamptz AS reached_at, NULL::uuid AS path${entriesSql(question, minusAfter === undefined ? 'count(*)' : '-count(*)')}
    FROM score_entry e ${join} WHERE e.organization_id = ${organization} AND e.metric_version_id = ${version}
      AND e.counts_at >= ${from} AND e.counts_at < ${to}${which} ${paths.replace('path_id', 'e.team_path_id')}
    GROUP BY 2`);
  }
  if (parts.length > 0) return parts.join(' UNION ALL ');
  return `SELECT ${index} AS m, NULL::uuid AS c, 0::numeric AS amount, NULL::date AS bucket,
    NULL::timestamptz AS reached_at, NULL::uuid AS path${entriesSql(question, '0')} WHERE false`;
}

const targetColumn = ({ target }: BoardQuestion, index: number): string =>
  target ? `t${index}.value` : 'NULL::numeric';

function targetSql(
  { question, p, organization }: StandingsContext,
  measure: Measure,
  index: number,
): string {
  if (!question.target) return '';
  return `LEFT JOIN (SELECT contestant_id AS c, value FROM target WHERE organization_id = ${organization}
    AND metric_id = ${p.add(measure.metricId, 'uuid')} AND unit::text = ${p.add(question.target.unit, 'text')}
    AND bucket = ${p.add(question.target.bucket, 'date')}) t${index} ON t${index}.c = coalesce(k.id, s.c)`;
}

/** Null without any target on a percent board: no progress, last place, no division by zero. */
function scoreSql({ measures }: BoardQuestion): string {
  const parts = measures.map(({ kind, weight }, index) => {
    if (!/^-?\d+(\.\d+)?$/.test(weight)) throw new RangeError(`"${weight}" is not a decimal`);
    return kind === 'VALUE'
      ? `v${index} * ${weight}`
      : `round(v${index} * 100 * ${weight} / nullif(t${index}, 0), 4)`;
  });
  const anything = parts.map((part) => `(${part})`).join(', ');
  return `CASE WHEN num_nonnulls(${anything}) > 0 THEN ${parts.map((part) => `coalesce(${part}, 0)`).join(' + ')} END`;
}

/** What orders equal scores, ascending; null first. */
function tieSql(context: StandingsContext): string {
  const { question, organization, start, end, known, p } = context;
  if (question.tieBreak === 'NONE') return 'NULL::numeric';
  if (question.tieBreak === 'SECOND_MEASURE')
    return question.measures.length > 1 ? '-v1' : 'NULL::numeric';
  const byTeam = question.contestants === 'TEAMS';
  const followTeam = byTeam && question.teams === 'AS_IT_IS';
  const owner = followTeam
    ? 'e.member_id IN (SELECT f.member FROM team_of f WHERE f.team = scores.c)'
    : byTeam
      ? `e.team_path_id IN (SELECT q.id FROM team_path q WHERE q.organization_id = ${organization}
          AND scores.c = ANY (q.team_ids))`
      : 'e.member_id = scores.c';
  const factor = question.measures.map(({ versionId, kind, weight }, index) => {
    const worth =
      kind === 'VALUE' ? weight : `coalesce(${weight} * 100 / nullif(scores.t${index}, 0), 0)`;
    return `WHEN ${p.add(versionId, 'uuid')} THEN ${worth}`;
  });
  const scope =
    !byTeam && question.teams === 'AS_IT_WAS' && question.scopeTeamId
      ? `AND e.team_path_id IN (SELECT q.id FROM team_path q WHERE q.organization_id = ${organization}
          AND ${p.add(question.scopeTeamId, 'uuid')} = ANY (q.team_ids))`
      : '';
  const versions = p.add(
    question.measures.map(({ versionId }) => versionId),
    'uuid[]',
  );
  // From the roll-up where one row says it; else a walk over the entries, only for those who are tied.
  const isAlone = `WHEN score NOT IN (SELECT score FROM scores GROUP BY score HAVING score IS NOT NULL AND count(*) > 1)
    THEN NULL`;
  // Among some of the contestants nobody can say who is alone.
  return `CASE WHEN NOT walk THEN reached ${context.scored ? '' : isAlone} ELSE (
    SELECT w.counts_at FROM (
      SELECT e.counts_at, e.position, e.ordinal,
        sum(e.amount * CASE e.metric_version_id ${factor.join(' ')} END) OVER (ORDER BY e.counts_at DESC,
          e.position DESC, e.ordinal DESC) AS since
      FROM score_entry e WHERE e.organization_id = ${organization} AND e.metric_version_id = ANY (${versions})
        AND ${owner} ${scope} AND e.counts_at >= ${start} AND e.counts_at < ${end}${known}
    ) w WHERE w.since > 0 ORDER BY ${BY_REACH} LIMIT 1) END`;
}
