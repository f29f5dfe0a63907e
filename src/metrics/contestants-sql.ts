import type { BoardQuestion } from './standings-sql.ts';
import type { Parameters } from './statement-parameters.ts';

/** A statement about a board while it is put together: the names of the parameters that its parts share. */
export interface StandingsContext {
  question: BoardQuestion;
  p: Parameters;
  organization: string;
  start: string;
  /** The start, or the moment that a period is looked at from before it has begun: who competes is told at that time. */
  began: string;
  end: string;
  /** Restricts entries `e` to what was known. */
  known: string;
  /** Parameters that every statement has to name. */
  given: string[];
  /** The CTE of the only members `c` who are asked for; null: everybody. */
  scored: string | null;
}

const FOREVER = `'infinity'::timestamptz`;
const until = (row: string): string => `coalesce(${row}.until, ${FOREVER})`;
/** A dated row and a span that its team is in have a moment in common. */
const meets = (row: string, span: string): string =>
  `${row}."from" < ${span}.until AND ${until(row)} > ${span}.since`;
const common = (row: string, span: string): string =>
  `greatest(${row}."from", ${span}.since), least(${until(row)}, ${span}.until)`;

/**
 * The CTE `contestant`: everybody, or every team, that was ever where the board looks, with whether it competed in the
 * period and whether it does so now. Below a scope is who was below it at one moment: a chain of teams counts only
 * while all of it held.
 */
export const contestantsSql = (context: StandingsContext): string =>
  context.question.contestants === 'MEMBERS' ? membersSql(context) : teamsSql(context);

function membersSql({ question, p, organization, began, end, scored }: StandingsContext): string {
  const asked = scored ? `AND m.id = ANY (ARRAY(SELECT c FROM ${scored}))` : '';
  const competing = `m.role = ANY (${p.add(question.competingRoles, '"Role"[]')})`;
  const atWork = `(m.deactivated_at IS NULL OR m.deactivated_at > ${began}) AND (m.created_at < ${end}
    OR m.id IN (SELECT y.member_id FROM membership y WHERE y.organization_id = ${organization} AND y."from" < ${end}))`;
  if (!question.scopeTeamId) {
    return `contestant AS (
  SELECT m.id, ${competing} AND ${atWork} AS competed, m.active AND ${competing} AS present
  FROM member m WHERE m.organization_id = ${organization} ${asked}
)`;
  }
  const isNow = question.teams === 'AS_IT_IS';
  const competed = isNow
    ? atWork
    : `bool_or(greatest(x."from", s.since, ${began})
      < least(${until('x')}, s.until, ${end}, coalesce(m.deactivated_at, ${FOREVER})))`;
  return `scope_team(id, since, until) AS (
  SELECT ${p.add(question.scopeTeamId, 'uuid')}, '-infinity'::timestamptz, ${FOREVER}
  UNION SELECT q.team_id, ${common('q', 's')} FROM team_parentage q
  JOIN scope_team s ON q.parent_id = s.id AND ${meets('q', 's')}${isNow ? ' AND q.until IS NULL' : ''}
),
contestant AS (
  SELECT m.id, ${competing} AND ${competed} AS competed,
    m.active AND ${competing} AND bool_or(least(${until('x')}, s.until) = ${FOREVER}) AS present
  FROM scope_team s JOIN membership x ON x.team_id = s.id AND ${meets('x', 's')}${isNow ? ' AND x.until IS NULL' : ''}
  JOIN member m ON m.id = x.member_id WHERE m.organization_id = ${organization} ${asked} GROUP BY m.id
)`;
}

function teamsSql(context: StandingsContext): string {
  const { question, p, organization, began, end } = context;
  const scope = question.scopeTeamId ? p.add(question.scopeTeamId, 'uuid') : null;
  const depth = p.add(question.teamDepth, 'int');
  // Without a scope it begins with the roots: teams at the times when they were under no other.
  const top = scope
    ? `SELECT ${scope}, 0, '-infinity'::timestamptz, ${FOREVER}`
    : `SELECT t.id, 1, lower(g), coalesce(upper(g), ${FOREVER}) FROM team t
      CROSS JOIN LATERAL unnest(tstzmultirange(tstzrange(t.created_at, NULL)) - coalesce(
        (SELECT range_agg(tstzrange(q."from", q.until)) FROM team_parentage q WHERE q.team_id = t.id), '{}')) AS g
      WHERE t.organization_id = ${organization}`;
  const competed =
    question.teams === 'AS_IT_IS'
      ? `bool_or(l.until = ${FOREVER}) AND (t.archived_at IS NULL OR t.archived_at > ${began})`
      : `bool_or(greatest(l.since, ${began}) < least(l.until, ${end}, coalesce(t.archived_at, ${FOREVER})))`;
  return `team_level(id, depth, since, until) AS (
  ${top}
  UNION SELECT q.team_id, l.depth + 1, ${common('q', 'l')} FROM team_parentage q
  JOIN team_level l ON q.parent_id = l.id AND ${meets('q', 'l')} WHERE l.depth < ${depth}
),
contestant AS (
  SELECT t.id, ${competed} AS competed, t.archived_at IS NULL AND bool_or(l.until = ${FOREVER}) AS present
  FROM team_level l JOIN team t ON t.id = l.id WHERE l.depth = ${depth} GROUP BY t.id
),
${question.teams === 'AS_IT_IS' ? membersOfTeamsSql(organization) : pathsSql(context, scope, depth)}`;
}

/** Whose points a team has when they follow the members: those who are in it, or below it, now. */
const membersOfTeamsSql = (organization: string): string =>
  `below(team, id) AS (SELECT id, id FROM contestant WHERE competed UNION SELECT b.team, q.team_id FROM below b
  JOIN team_parentage q ON q.parent_id = b.id AND q.until IS NULL),
team_of(member, team) AS (SELECT x.member_id, b.team FROM below b
  JOIN membership x ON x.team_id = b.id AND x.until IS NULL WHERE x.organization_id = ${organization})`;

/** By which chains of teams a team has ever scored where the board looks. */
const pathsSql = (
  { organization }: StandingsContext,
  scope: string | null,
  depth: string,
): string => {
  const place = scope
    ? `array_position(q.team_ids, ${scope}) - ${depth}`
    : `cardinality(q.team_ids) - ${depth} + 1`;
  return `level_path AS (SELECT q.team_ids[${place}] AS team, array_agg(q.id) AS ids FROM team_path q
  WHERE q.organization_id = ${organization} GROUP BY 1)`;
};

/**
 * The contestants `k` with their sums `s`, and which of them are on the board: who competed, and whoever scored where
 * it looks although he did not, as by a correction after he had left.
 */
export function onBoardSql(context: StandingsContext): { from: string; where: string } {
  const { question, p, organization, start, end, known } = context;
  const { contestants, teams, scopeTeamId } = question;
  if (contestants === 'MEMBERS') {
    // Points that follow a member are the scope's only while the member is in it.
    const join = teams === 'AS_IT_IS' && scopeTeamId ? 'LEFT' : 'FULL';
    return {
      from: `contestant k ${join} JOIN summed s ON s.c = k.id`,
      where: 'k.competed OR s.c IS NOT NULL',
    };
  }
  const from = 'contestant k LEFT JOIN summed s ON s.c = k.id';
  if (teams === 'AS_IT_IS') return { from, where: 'k.competed' };
  const versions = question.measures.map(({ versionId }) => versionId);
  return {
    from: `${from} LEFT JOIN level_path y ON y.team = k.id`,
    where: `CASE WHEN k.competed THEN true WHEN s.c IS NULL OR y.team IS NULL THEN false ELSE EXISTS (
    SELECT FROM score_entry e WHERE e.organization_id = ${organization}
      AND e.metric_version_id = ANY (${p.add(versions, 'uuid[]')}) AND e.team_path_id = ANY (y.ids)
      AND e.counts_at >= ${start} AND e.counts_at < ${end}${known}) END`,
  };
}
