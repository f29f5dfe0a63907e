import { type Connection, runText } from '../../database/statements.ts';
import type { Tx } from '../../database/transaction.ts';
import type { Board } from './board.ts';

/** A board's row with its measures and its organization's calendar. */
export interface BoardRow
  extends Omit<Board, 'measures' | 'calendar'>,
    Omit<Board['calendar'], never> {
  measures: {
    metricId: string;
    metricKey: string;
    metricName: string;
    kind: 'VALUE' | 'PERCENT_OF_TARGET';
    weight: string;
  }[];
}

export function readBoardRows(
  connection: Connection,
  organizationId: string,
  ids: readonly string[] | null,
): Promise<BoardRow[]> {
  return runText(
    connection,
    `SELECT b.id, b.organization_id, b.version, b.name, b.contestants::text, b.scope_team_id, b.teams::text,
       b.team_depth, b.period_unit::text, b.ranking::text, b.tie_break::text, b.audience::text,
       b.audience_roles::text[], b."values"::text, b.names::text, b.competing_roles::text[], b.show_zero,
       b.archived_at, o.time_zone, o.first_day_of_week, o.fiscal_month_end, o.fiscal_year_start_month,
       o.earlier_calendar AS earlier, o.currency,
       (SELECT json_agg(json_build_object('metricId', m.metric_id, 'metricKey', k.key, 'metricName', k.name,
          'kind', m.kind, 'weight', m.weight::text) ORDER BY m.ordinal)
        FROM leaderboard_measure m JOIN metric k ON k.id = m.metric_id WHERE m.leaderboard_id = b.id) AS measures
     FROM leaderboard b JOIN organization o ON o.id = b.organization_id
     WHERE b.organization_id = $1 AND ($2::uuid[] IS NULL AND b.archived_at IS NULL OR b.id = ANY ($2))
     ORDER BY b.name, b.id`,
    [organizationId, ids],
  );
}

export type BoardColumns = Omit<
  Board,
  'id' | 'organizationId' | 'version' | 'measures' | 'calendar' | 'currency' | 'archivedAt'
>;

export async function insertBoard(tx: Tx, id: string, board: BoardColumns): Promise<void> {
  const { audienceRoles, competingRoles, ...rest } = board;
  const roles = {
    audienceRoles: enumArray(audienceRoles),
    competingRoles: enumArray(competingRoles),
  };
  await tx.run(tx.insertInto('leaderboard', [{ id, ...rest, ...roles, createdAt: tx.now }]));
}

export async function updateBoard(
  tx: Tx,
  id: string,
  changes: BoardColumns & { version: number; archivedAt: Date | null },
): Promise<void> {
  const { audienceRoles, competingRoles, ...rest } = changes;
  const roles = {
    audienceRoles: enumArray(audienceRoles),
    competingRoles: enumArray(competingRoles),
  };
  await tx.run(
    tx
      .updateTable('leaderboard')
      .set({ ...rest, ...roles })
      .where('id', '=', id),
  );
}

/** How PostgreSQL reads an array of enum values. */
const enumArray = (values: readonly string[]): string => `{${values.join(',')}}`;

/** Those that are not archived. */
export async function countBoards(tx: Tx): Promise<number> {
  const [row] = await tx.run(
    tx
      .selectFrom('leaderboard')
      .where('archivedAt', 'is', null)
      .select(({ fn }) => fn.countAll<string>().as('count')),
  );
  return Number(row?.count ?? 0);
}

/** Keeps why a score was corrected. */
export function insertCorrection(tx: Tx, id: string, reason: string): void {
  tx.send(tx.insertInto('scoreCorrection', [{ id, reason, byId: tx.viewer.memberId, at: tx.now }]));
}

export function lockBoard(tx: Tx, id: string) {
  return tx.first(tx.selectFrom('leaderboard').select('id').where('id', '=', id).forNoKeyUpdate());
}

export async function replaceMeasures(
  tx: Tx,
  leaderboardId: string,
  measures: readonly { metricId: string; kind: 'VALUE' | 'PERCENT_OF_TARGET'; weight: string }[],
): Promise<void> {
  await tx.run(tx.deleteFrom('leaderboardMeasure').where('leaderboardId', '=', leaderboardId));
  const rows = measures.map((measure, index) => ({
    leaderboardId,
    ordinal: index + 1,
    ...measure,
  }));
  await tx.run(tx.insertInto('leaderboardMeasure', rows));
}

export function readMetricStates(tx: Tx, ids: readonly string[]) {
  return tx.run(
    tx
      .selectFrom('metric')
      .select(['id', 'retiredAt'])
      .where('id', 'in', [...ids]),
  );
}

export async function teamExists(tx: Tx, id: string): Promise<boolean> {
  return (await tx.first(tx.selectFrom('team').select('id').where('id', '=', id))) !== null;
}

export function readMember(tx: Tx, id: string) {
  return tx.first(tx.selectFrom('member').select(['id', 'active']).where('id', '=', id));
}

/** Whether a member now belongs to a team or one below it. */
export async function belongsTo(
  connection: Connection,
  organizationId: string,
  memberId: string,
  teamId: string,
): Promise<boolean> {
  const [row] = await runText<{ found: boolean }>(
    connection,
    `WITH RECURSIVE up(id) AS (
       SELECT team_id FROM membership WHERE organization_id = $1 AND member_id = $2 AND until IS NULL
       UNION SELECT team_id FROM team_leadership WHERE organization_id = $1 AND member_id = $2 AND until IS NULL
       UNION SELECT p.parent_id FROM up JOIN team_parentage p ON p.team_id = up.id AND p.until IS NULL
     ) SELECT EXISTS (SELECT FROM up WHERE id = $3) AS found`,
    [organizationId, memberId, teamId],
  );
  return row?.found ?? false;
}

/** Names of contestants: a member's or a team's. */
export function readNames(
  connection: Connection,
  organizationId: string,
  kind: 'MEMBERS' | 'TEAMS',
  ids: readonly string[],
): Promise<{ id: string; name: string }[]> {
  const table = kind === 'MEMBERS' ? 'member' : 'team';
  return runText(
    connection,
    `SELECT id, name FROM ${table} WHERE organization_id = $1 AND id = ANY ($2::uuid[])`,
    [organizationId, ids],
  );
}

/** Whether a board, or a metric that it measures, was changed after a position. */
export async function boardTouchedSince(
  connection: Connection,
  organizationId: string,
  recordIds: readonly string[],
  position: number,
): Promise<boolean> {
  const [row] = await runText<{ found: boolean }>(
    connection,
    `SELECT EXISTS (SELECT FROM event WHERE organization_id = $1 AND record_id = ANY ($2::uuid[]) AND position > $3
       AND type IN ('leaderboard.updated', 'leaderboard.archived', 'metric.activated')) AS found`,
    [organizationId, recordIds, position],
  );
  return row?.found ?? false;
}

/** When a position was logged; null for one before the first event. */
export async function positionTime(
  connection: Connection,
  organizationId: string,
  position: number,
): Promise<Date | null> {
  const [row] = await runText<{ loggedAt: Date }>(
    connection,
    'SELECT logged_at FROM event WHERE organization_id = $1 AND position = $2',
    [organizationId, position],
  );
  return row?.loggedAt ?? null;
}

/** When a member scored on a board's metrics, newest first, as known after a position; at most a thousand. */
export function scoringMoments(
  connection: Connection,
  question: { organizationId: string; measures: readonly { versionId: string }[] },
  memberId: string,
  throughPosition: number,
): Promise<{ countsAt: Date; position: number }[]> {
  return runText(
    connection,
    `SELECT counts_at, position FROM score_entry
     WHERE organization_id = $1 AND metric_version_id = ANY ($2::uuid[]) AND member_id = $3 AND position <= $4
       AND amount > 0 AND reverses_position IS NULL
     ORDER BY counts_at DESC LIMIT 1000`,
    [
      question.organizationId,
      question.measures.map(({ versionId }) => versionId),
      memberId,
      throughPosition,
    ],
  );
}
