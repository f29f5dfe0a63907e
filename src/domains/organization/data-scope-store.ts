import type { Database } from '../../database/database.ts';
import { runText } from '../../database/statements.ts';
import type { DataScope } from '../../database/viewer.ts';

export interface WhoSees {
  organizationId: string;
  memberId: string;
  dataScope: DataScope;
}

// Own teams: where the member belongs, and those led. With TEAM_TREE ($3) all teams below them too, with their
// leaders, who need not be members of what they lead. Memberships never begin in the future: `until` null is now.
const COVERED = `/* people.covered */
WITH RECURSIVE own AS (
  SELECT team_id FROM membership WHERE organization_id = $1 AND member_id = $2 AND until IS NULL
  UNION
  SELECT team_id FROM team_leadership WHERE organization_id = $1 AND member_id = $2 AND until IS NULL
), tree AS (
  SELECT team_id, false AS below FROM own
  UNION
  SELECT p.team_id, true FROM team_parentage p JOIN tree t ON p.parent_id = t.team_id
  WHERE p.organization_id = $1 AND p.until IS NULL AND $3::boolean
)
SELECT m.member_id FROM membership m
WHERE m.organization_id = $1 AND m.until IS NULL AND m.team_id IN (SELECT team_id FROM tree)
UNION
SELECT l.member_id FROM team_leadership l
WHERE l.organization_id = $1 AND l.until IS NULL AND l.team_id IN (SELECT team_id FROM tree WHERE below)`;

/** The members whom a data scope of TEAM or TEAM_TREE covers, the asking one perhaps among them. */
export async function membersCovered(db: Database, who: WhoSees): Promise<string[]> {
  const { organizationId, memberId, dataScope } = who;
  const parameters = [organizationId, memberId, dataScope === 'TEAM_TREE'];
  const rows = await runText<{ memberId: string }>(db.pool, COVERED, parameters);
  return rows.map((row) => row.memberId);
}
