import { type Connection, runText } from '../database/statements.ts';
import { toUnits } from './amounts.ts';
import type { Standing } from './ledger.ts';

export const standingKey = (version: string, subject: string): string => `${version} ${subject}`;

/** What subjects are worth to versions, from the ledger. The caller holds the subjects' records locked. */
export async function readSubjectStandings(
  connection: Connection,
  organizationId: string,
  keys: readonly { version: string; subject: string }[],
): Promise<Map<string, readonly Standing[]>> {
  const rows = await runText<{
    version: string;
    subject: string;
    memberId: string;
    teamIds: string[];
    askedAt: Date;
    countsAt: Date;
    amount: string;
    first: [string, string];
  }>(
    connection,
    `SELECT e.metric_version_id AS version, e.subject, e.member_id, p.team_ids,
       coalesce(e.originally_at, e.counts_at) AS asked_at, e.counts_at, sum(e.amount) AS amount,
       min(ARRAY[e.position, e.ordinal])::text[] AS first
     FROM (SELECT DISTINCT version, subject FROM unnest($2::uuid[], $3::text[]) AS k(version, subject)) k
     JOIN score_entry e ON e.organization_id = $1 AND e.metric_version_id = k.version AND e.subject = k.subject
     JOIN team_path p ON p.id = e.team_path_id
     GROUP BY 1, 2, 3, p.id, 5, 6
     ORDER BY min(ARRAY[e.position, e.ordinal])`,
    [organizationId, keys.map(({ version }) => version), keys.map(({ subject }) => subject)],
  );
  const result = new Map<string, Standing[]>();
  for (const row of rows) {
    const key = standingKey(row.version, row.subject);
    const own = result.get(key) ?? [];
    own.push({
      member: row.memberId,
      teamPath: row.teamIds,
      askedAt: row.askedAt.toISOString(),
      countsAt: row.countsAt.toISOString(),
      amount: toUnits(row.amount),
      first: { position: Number(row.first[0]), event: null, ordinal: Number(row.first[1]) },
    });
    result.set(key, own);
  }
  return result;
}
