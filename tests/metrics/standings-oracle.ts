import { runText } from '../../src/database/statements.ts';
import { toUnits } from '../../src/metrics/amounts.ts';
import type { BoardQuestion } from '../../src/metrics/standings-sql.ts';
import type { Company } from './support.ts';

interface Entry {
  memberId: string;
  teamIds: string[];
  amount: string;
  countsAt: Date;
  recordedAt: Date;
  position: number;
  ordinal: number;
}

interface Stay {
  id: string;
  teamId: string;
  from: Date;
  until: Date | null;
}

interface Person {
  id: string;
  role: string;
  active: boolean;
  deactivatedAt: Date | null;
  createdAt: Date;
}

/** A board by plain code over every row, one by one: `contestant rank score left` in order. */
export async function expectedBoard(
  { db, organizationId }: Company,
  question: BoardQuestion,
): Promise<string[]> {
  const read = <T>(text: string) => runText<T>(db.pool, text, [organizationId]);
  const versionId = question.measures[0]?.versionId ?? '';
  const entries = await runText<Entry>(
    db.pool,
    `SELECT e.member_id, p.team_ids, e.amount, e.counts_at, e.recorded_at, e.position, e.ordinal
     FROM score_entry e JOIN team_path p ON p.id = e.team_path_id
     WHERE e.organization_id = $1 AND e.metric_version_id = $2`,
    [organizationId, versionId],
  );
  const members = await read<Person>(
    'SELECT id, role::text, active, deactivated_at, created_at FROM member WHERE organization_id = $1',
  );
  const stays = await read<Stay>(
    'SELECT member_id AS id, team_id, "from", until FROM membership WHERE organization_id = $1',
  );
  const parents = await read<Stay>(
    'SELECT team_id AS id, parent_id AS team_id, "from", until FROM team_parentage WHERE organization_id = $1',
  );
  const teams = await read<{ id: string; createdAt: Date }>(
    'SELECT id, created_at FROM team WHERE organization_id = $1',
  );

  const start = question.start?.getTime() ?? Number.NEGATIVE_INFINITY;
  const end = question.end?.getTime() ?? Number.POSITIVE_INFINITY;
  // Of a period that is looked at from before it has begun: who competes at that moment.
  const began = start < end ? start : end - 1;
  const current = ({ until }: Stay) => until === null;
  const isNow = question.teams === 'AS_IT_IS';
  const { scopeTeamId } = question;
  const at = (from: Stay[], id: string | undefined, moment: number | null) =>
    from.find(
      (stay) =>
        stay.id === id &&
        (moment === null ? current(stay) : stay.from.getTime() <= moment) &&
        (stay.until === null || (moment !== null && moment < stay.until.getTime())),
    )?.teamId;
  /** A team and those above it, at a moment or now. */
  const chain = (team: string | undefined, moment: number | null): string[] =>
    team === undefined ? [] : [team, ...chain(at(parents, team, moment), moment)];
  /** Between two of these nothing about teams changes. */
  const moments = [...stays, ...parents]
    .flatMap(({ from, until }) => [from.getTime(), until?.getTime() ?? began])
    .concat(began, ...members.map(({ createdAt }) => createdAt.getTime()))
    .filter((moment) => moment >= began && moment < end);

  const contestants = new Map<string, boolean>();
  const present = new Map<string, boolean>();
  if (question.contestants === 'MEMBERS') {
    for (const { id, role, active, deactivatedAt, createdAt } of members) {
      const isIn = (moment: number | null) =>
        !scopeTeamId || chain(at(stays, id, moment), moment).includes(scopeTeamId);
      const isHere = (moment: number) =>
        moment >= createdAt.getTime() && (!deactivatedAt || moment < deactivatedAt.getTime());
      const competes = question.competingRoles.includes(role);
      const competed = moments.some((moment) => isHere(moment) && isIn(isNow ? null : moment));
      if (competes && competed) contestants.set(id, true);
      present.set(id, competes && active && isIn(null));
    }
  } else {
    const level = (id: string, moment: number | null) => {
      const above = chain(id, moment);
      return scopeTeamId ? above.indexOf(scopeTeamId) : above.length;
    };
    for (const { id, createdAt } of teams) {
      const stands = (moment: number | null) => level(id, moment) === question.teamDepth;
      const stood = () => moments.some((moment) => moment >= createdAt.getTime() && stands(moment));
      if (isNow ? stands(null) : stood()) contestants.set(id, true);
      present.set(id, stands(null));
    }
  }

  const counted = entries.filter(
    (entry) =>
      entry.countsAt.getTime() >= start &&
      entry.countsAt.getTime() < end &&
      (!question.recordedBy || entry.recordedAt <= question.recordedBy) &&
      (question.throughPosition === null || entry.position <= question.throughPosition),
  );
  const owners = (entry: Entry): string[] => {
    if (question.contestants === 'MEMBERS') {
      if (question.teams === 'AS_IT_WAS' && scopeTeamId && !entry.teamIds.includes(scopeTeamId))
        return [];
      const now = chain(at(stays, entry.memberId, null), null);
      if (isNow && scopeTeamId && !now.includes(scopeTeamId)) return [];
      return [entry.memberId];
    }
    if (question.teams === 'AS_IT_WAS') return entry.teamIds.filter((id) => contestants.has(id));
    const now = chain(at(stays, entry.memberId, null), null);
    return [...contestants.keys()].filter((id) => now.includes(id));
  };
  const scored = new Map<string, Entry[]>();
  for (const entry of counted) {
    for (const id of owners(entry)) scored.set(id, [...(scored.get(id) ?? []), entry]);
  }
  const rows = [...new Set([...contestants.keys(), ...scored.keys()])].map((id) => {
    const own = (scored.get(id) ?? []).sort(
      (a, b) =>
        a.countsAt.getTime() - b.countsAt.getTime() ||
        a.position - b.position ||
        a.ordinal - b.ordinal,
    );
    const score = own.reduce((sum, { amount }) => sum + toUnits(amount), 0n);
    return {
      id,
      score,
      reached: reachedAt(own, score),
      left: !present.get(id),
      scored: own.length > 0,
    };
  });
  const shown = rows.filter((row) => question.showZero || (row.scored && row.score !== 0n));
  const tie = (row: { reached: number }) =>
    question.tieBreak === 'FIRST_TO_REACH' ? row.reached : 0;
  shown.sort((a, b) =>
    a.score === b.score ? tie(a) - tie(b) || (a.id < b.id ? -1 : 1) : a.score > b.score ? -1 : 1,
  );
  let rank = 0;
  return shown.map((row, index) => {
    const above = shown[index - 1];
    const same = above && above.score === row.score && tie(above) === tie(row);
    if (question.ranking === 'ORDINAL') rank = index + 1;
    else if (!same) rank = question.ranking === 'DENSE' ? rank + 1 : index + 1;
    return `${row.id} ${rank} ${row.score} ${row.left}`;
  });
}

/** The moment after which the running sum was never again below the total; before all time when it never was. */
function reachedAt(entries: readonly Entry[], total: bigint): number {
  let reached = Number.NEGATIVE_INFINITY;
  let running = 0n;
  if (running < total) reached = entries[0]?.countsAt.getTime() ?? reached;
  for (const [index, entry] of entries.entries()) {
    running += toUnits(entry.amount);
    const next = entries[index + 1];
    if (running < total && next) reached = next.countsAt.getTime();
  }
  return reached;
}
