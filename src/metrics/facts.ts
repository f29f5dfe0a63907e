import type { PeriodUnit } from '../calendar/units.ts';
import { type Connection, runText } from '../database/statements.ts';
import type { Tx } from '../database/transaction.ts';
import type { MetricDefinition, MetricVersion } from './definition.ts';

/** What entries are derived from, as it stands at one revision of the organization's head. */
export interface Facts {
  /** The versions that count. */
  versions: readonly MetricVersion[];
  /** The member's team at a moment, and the teams above it then: own first, root last. Empty: in no team. */
  teamPathAt(memberId: string, at: Date): readonly string[];
}

interface Stay {
  from: number;
  until: number;
  teamId: string;
}

const MAX_CACHED = 2_000;
const cached = new Map<string, { revision: number; facts: Facts }>();

/**
 * The facts for a transaction. Cached per organization and revision: finish_v2 refuses a transaction whose revision
 * is no longer the head's, so that facts that grew old are never used, on whatever node.
 */
export async function factsFor(tx: Tx): Promise<Facts> {
  const known = cached.get(tx.organizationId);
  if (known?.revision === tx.revision && !tx.bumpsRevision) return known.facts;
  const facts = await readFacts(tx.connection, tx.organizationId);
  if (!tx.bumpsRevision) {
    // A transaction that changes facts sees its own changes, which may yet be rolled back: not for others.
    cached.delete(tx.organizationId);
    cached.set(tx.organizationId, { revision: tx.revision, facts });
    const oldest = cached.keys().next();
    if (cached.size > MAX_CACHED && !oldest.done) cached.delete(oldest.value);
  }
  return facts;
}

export async function readFacts(connection: Connection, organizationId: string): Promise<Facts> {
  const [versions, memberships, parentages] = await Promise.all([
    runText<{
      id: string;
      metricId: string;
      number: number;
      definition: MetricDefinition;
      grains: PeriodUnit[];
    }>(
      connection,
      `SELECT v.id, v.metric_id, v.number, v.definition, v.grains::text[] AS grains
       FROM metric_version v JOIN metric m ON m.id = v.metric_id
       WHERE v.organization_id = $1 AND v.state = 'ACTIVE'`,
      [organizationId],
    ),
    runText<{ memberId: string; teamId: string; from: Date; until: Date | null }>(
      connection,
      'SELECT member_id, team_id, "from", until FROM membership WHERE organization_id = $1 ORDER BY "from"',
      [organizationId],
    ),
    runText<{ teamId: string; parentId: string; from: Date; until: Date | null }>(
      connection,
      'SELECT team_id, parent_id, "from", until FROM team_parentage WHERE organization_id = $1 ORDER BY "from"',
      [organizationId],
    ),
  ]);
  const teams = stays(memberships.map((row) => [row.memberId, row.teamId, row.from, row.until]));
  const parents = stays(parentages.map((row) => [row.teamId, row.parentId, row.from, row.until]));
  return {
    versions,
    teamPathAt(memberId, at) {
      const path: string[] = [];
      let team = stayAt(teams.get(memberId), at);
      while (team !== undefined && !path.includes(team)) {
        path.push(team);
        team = stayAt(parents.get(team), at);
      }
      return path;
    },
  };
}

function stays(
  rows: readonly (readonly [string, string, Date, Date | null])[],
): Map<string, Stay[]> {
  const result = new Map<string, Stay[]>();
  for (const [id, teamId, from, until] of rows) {
    const own = result.get(id) ?? [];
    own.push({ from: from.getTime(), until: until?.getTime() ?? Number.POSITIVE_INFINITY, teamId });
    result.set(id, own);
  }
  return result;
}

const stayAt = (own: readonly Stay[] | undefined, at: Date): string | undefined =>
  own?.find(({ from, until }) => from <= at.getTime() && at.getTime() < until)?.teamId;
