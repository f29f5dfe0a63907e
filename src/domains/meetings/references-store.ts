import { NotFound } from '../../database/errors.ts';
import type { Tx } from '../../database/transaction.ts';

// What a meeting's references lead to, read inside the transaction. Nothing is written or locked here.

/** Throws NotFound unless the team exists and is not archived. */
export async function requireTeam(tx: Tx, id: string, path: readonly string[]): Promise<void> {
  const row = await tx.first(
    tx.selectFrom('team').where('id', '=', id).where('archivedAt', 'is', null).select('id'),
  );
  if (!row) throw new NotFound('There is no such team.', { path });
}

/** Throws NotFound, with the place of the id, for a member who does not exist. */
export async function requireMembers(
  tx: Tx,
  given: readonly { id: string; path: readonly string[] }[],
): Promise<void> {
  if (given.length === 0) return;
  const ids = given.map(({ id }) => id);
  const rows = await tx.run(tx.selectFrom('member').where('id', 'in', ids).select('id'));
  const known = new Set(rows.map(({ id }) => id));
  const unknown = given.find(({ id }) => !known.has(id));
  if (unknown) throw new NotFound('There is no such member.', { path: unknown.path });
}

/** The active members of a team and of the teams below it, now. */
export async function membersOfTeam(tx: Tx, teamId: string): Promise<string[]> {
  const rows = await tx.text<{ memberId: string }>(
    `WITH RECURSIVE tree AS (
       SELECT $2::uuid AS id
       UNION
       SELECT p.team_id FROM team_parentage p JOIN tree t ON p.parent_id = t.id
       WHERE p.organization_id = $1 AND p.until IS NULL
     )
     SELECT m.member_id FROM membership m JOIN member p ON p.id = m.member_id AND p.active
     WHERE m.organization_id = $1 AND m.until IS NULL AND m.team_id IN (SELECT id FROM tree)`,
    [tx.organizationId, teamId],
  );
  return rows.map(({ memberId }) => memberId);
}
