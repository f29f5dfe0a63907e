import { NotFound } from '../../database/errors.ts';
import type { Tx } from '../../database/transaction.ts';
import { covers } from '../../database/viewer.ts';
import { MetricRetired } from './errors.ts';
import type { Contestant } from './model.ts';

// What a target's foreign keys lead to, read inside the transaction. Nothing is written here.

/** Throws NotFound for an unknown metric, MetricRetired for one that is counted no more and is to get a target. */
export async function requireMetric(tx: Tx, id: string, isNew: boolean): Promise<void> {
  const metric = await tx.first(
    tx.selectFrom('metric').where('id', '=', id).select(['id', 'retiredAt']),
  );
  const path = ['input', 'metricId'];
  if (!metric) throw new NotFound('There is no such metric.', { path });
  if (isNew && metric.retiredAt) {
    throw new MetricRetired('This metric is retired: it takes no new targets.', { path });
  }
}

/**
 * Throws NotFound for somebody, or a team, who does not exist or is outside the viewer's data scope. Who has left
 * keeps his targets, and takes corrections of them.
 */
export async function requireContestant(tx: Tx, contestant: Contestant): Promise<void> {
  const isThere =
    contestant.type === 'Member'
      ? await memberInScope(tx, contestant.id)
      : await teamInScope(tx, contestant.id);
  if (!isThere) {
    throw new NotFound(`There is no such ${contestant.type.toLowerCase()} in your data scope.`, {
      path: ['input', 'contestantId'],
    });
  }
}

async function memberInScope(tx: Tx, id: string): Promise<boolean> {
  const found = await tx.first(tx.selectFrom('member').where('id', '=', id).select('id'));
  return found !== null && covers(tx.viewer, id);
}

// Own teams are where the viewer belongs, and those led; with TEAM_TREE all below them too: one of them stands on
// the way from the team up.
const TEAM_IN_SCOPE = `/* targets.team_in_scope */
WITH RECURSIVE up AS (
  SELECT id AS team_id FROM team WHERE organization_id = $1 AND id = $2
  UNION
  SELECT p.parent_id FROM team_parentage p JOIN up ON p.team_id = up.team_id
  WHERE p.organization_id = $1 AND p.until IS NULL AND $4
)
SELECT EXISTS (SELECT FROM up) AND ($5 OR EXISTS (
  SELECT FROM membership m JOIN up USING (team_id) WHERE m.member_id = $3 AND m.until IS NULL
) OR EXISTS (
  SELECT FROM team_leadership l JOIN up USING (team_id) WHERE l.member_id = $3 AND l.until IS NULL
)) AS is_there`;

async function teamInScope(tx: Tx, id: string): Promise<boolean> {
  const { dataScope, memberId, visibleMembers } = tx.viewer;
  const seesAll = visibleMembers === 'ALL';
  if (dataScope === 'OWN' && !seesAll) return false;
  const [row] = await tx.text<{ isThere: boolean }>(TEAM_IN_SCOPE, [
    tx.organizationId,
    id,
    memberId,
    dataScope === 'TEAM_TREE',
    seesAll,
  ]);
  return row?.isThere ?? false;
}

/** Who belongs to a team or leads it now: whose the team's target is. */
export async function peopleOfTeam(tx: Tx, teamId: string): Promise<string[]> {
  const rows = await tx.text<{ memberId: string }>(
    `SELECT member_id FROM membership WHERE organization_id = $1 AND team_id = $2 AND until IS NULL
     UNION
     SELECT member_id FROM team_leadership WHERE organization_id = $1 AND team_id = $2 AND until IS NULL`,
    [tx.organizationId, teamId],
  );
  return rows.map(({ memberId }) => memberId);
}
