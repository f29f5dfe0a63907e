import { PRESENT_PERIOD, resolvePeriod } from '../calendar/named-periods.ts';
import type { Connection } from '../database/statements.ts';
import { runText } from '../database/statements.ts';
import type { MetricVersion } from './definition.ts';
import { readStandings, sourceOf } from './standings.ts';
import type { BoardQuestion } from './standings-sql.ts';

/** Long enough for every contestant. */
const EVERYBODY = { first: 1_000_000, after: null, around: null };

/**
 * Reads boards of a version twice, from the roll-ups and from the ledger alone, and tells where they differ: for people
 * and for teams, for all time and for the last period of each unit that the version has roll-ups of.
 */
export async function compareBoards(
  connection: Connection,
  label: string,
  organizationId: string,
  version: MetricVersion,
): Promise<string[]> {
  const [last] = await runText<{ at: Date | null }>(
    connection,
    'SELECT max(counts_at) AS at FROM score_entry WHERE organization_id = $1 AND metric_version_id = $2',
    [organizationId, version.id],
  );
  if (!last?.at) return [];
  const { calendar } = version.definition;
  const found: string[] = [];
  for (const grain of version.grains) {
    const period = resolvePeriod(calendar, { named: PRESENT_PERIOD[grain] }, last.at);
    for (const contestants of ['MEMBERS', 'TEAMS'] as const) {
      const [fast, slow] = await Promise.all(
        [false, true].map(async (ledgerOnly) => {
          const question: BoardQuestion = {
            organizationId,
            contestants,
            scopeTeamId: null,
            teamDepth: 1,
            teams: 'AS_IT_WAS',
            measures: [
              { versionId: version.id, metricId: version.metricId, kind: 'VALUE', weight: '1' },
            ],
            sources: [sourceOf(calendar, version.grains, period, null, ledgerOnly)],
            start: period.start,
            end: period.end,
            target: null,
            ranking: 'STANDARD',
            tieBreak: 'FIRST_TO_REACH',
            competingRoles: ['ADMIN', 'MANAGER', 'MEMBER'],
            showZero: true,
            recordedBy: null,
            throughPosition: null,
          };
          const { rows } = await readStandings(connection, question, EVERYBODY);
          return rows.map(
            ({ rank, contestantId, score }) => `${rank}. ${contestantId} ${Number(score)}`,
          );
        }),
      );
      const at = slow?.findIndex((line, index) => line !== fast?.[index]) ?? -1;
      if (at !== -1 || fast?.length !== slow?.length) {
        found.push(
          `${label}: the ${contestants.toLowerCase()} board of ${period.label} should have "${slow?.[at]}", has "${fast?.[at]}"`,
        );
      }
    }
  }
  return found;
}
