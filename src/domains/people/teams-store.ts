import { AlreadyExists, NotFound } from '../../database/errors.ts';
import { brokenConstraint } from '../../database/transact.ts';
import type { Tx } from '../../database/transaction.ts';
import type { Team } from './model.ts';

/** The team, locked. Throws NotFound for unknown ids and those of other organizations. */
export async function requireTeam(tx: Tx, id: string, field: string): Promise<Team> {
  const [team] = await tx.text<Team>(
    `SELECT id, version, name, external_id, archived_at FROM team
     WHERE organization_id = $1 AND id = $2 FOR NO KEY UPDATE`,
    [tx.organizationId, id],
  );
  if (!team) throw new NotFound('There is no such team.', { path: ['input', field] });
  return team;
}

/** Throws AlreadyExists when the external id is taken. */
export async function insertTeam(tx: Tx, team: Team, createdAt: Date): Promise<void> {
  await naming(team, () => tx.run(tx.insertInto('team', [{ ...team, createdAt }])));
}

/** Throws AlreadyExists when the external id is taken. */
export async function saveTeam(tx: Tx, { id, ...row }: Team): Promise<void> {
  await naming({ id, ...row }, () => tx.run(tx.updateTable('team').set(row).where('id', '=', id)));
}

async function naming(team: Team, write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (brokenConstraint(error) !== 'team_organization_id_external_id_key') throw error;
    throw new AlreadyExists(`The external id ${team.externalId} is taken.`, {
      path: ['input', 'externalId'],
    });
  }
}

/**
 * A team and all above it, at any moment from `since` on, each with its least distance. The organization must be
 * locked, or the answer is no guarantee.
 */
export async function ancestorsSince(
  tx: Tx,
  teamId: string,
  since: Date,
): Promise<Map<string, number>> {
  const rows = await tx.text<{ teamId: string; distance: number }>(
    `WITH RECURSIVE up (team_id, distance) AS (
       SELECT $2::uuid, 0
       UNION
       SELECT p.parent_id, up.distance + 1 FROM team_parentage p JOIN up ON p.team_id = up.team_id
       WHERE p.organization_id = $1 AND (p.until IS NULL OR p.until > $3) AND up.distance < 1000
     )
     SELECT team_id, min(distance) AS distance FROM up GROUP BY team_id`,
    [tx.organizationId, teamId, since],
  );
  return new Map(rows.map((row) => [row.teamId, row.distance]));
}

/** Levels below a team now; 0 when there are none. */
export async function heightOf(tx: Tx, teamId: string): Promise<number> {
  const [row] = await tx.text<{ height: number }>(
    `WITH RECURSIVE down (team_id, depth) AS (
       SELECT $2::uuid, 0
       UNION ALL
       SELECT p.team_id, down.depth + 1 FROM team_parentage p JOIN down ON p.parent_id = down.team_id
       WHERE p.organization_id = $1 AND p.until IS NULL
     )
     SELECT max(depth) AS height FROM down`,
    [tx.organizationId, teamId],
  );
  return row?.height ?? 0;
}

/** Levels from a team up to its root now, the team itself counted. */
export async function depthOf(tx: Tx, teamId: string): Promise<number> {
  const [row] = await tx.text<{ depth: number }>(
    `WITH RECURSIVE up (team_id, depth) AS (
       SELECT $2::uuid, 1
       UNION ALL
       SELECT p.parent_id, up.depth + 1 FROM team_parentage p JOIN up ON p.team_id = up.team_id
       WHERE p.organization_id = $1 AND p.until IS NULL
     )
     SELECT max(depth) AS depth FROM up`,
    [tx.organizationId, teamId],
  );
  return row?.depth ?? 1;
}

/** Whether anybody or any team belongs to the team now. */
export async function isUsed(tx: Tx, teamId: string): Promise<boolean> {
  const [row] = await tx.text<{ used: boolean }>(
    `SELECT EXISTS (SELECT FROM membership WHERE organization_id = $1 AND team_id = $2 AND until IS NULL)
       OR EXISTS (SELECT FROM team_parentage WHERE organization_id = $1 AND parent_id = $2 AND until IS NULL) AS used`,
    [tx.organizationId, teamId],
  );
  return row?.used ?? false;
}
