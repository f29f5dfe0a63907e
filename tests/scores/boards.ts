// Boards by plain loops over the model: who competes, what they scored, in which order.
import { type Entry, type Model, NEVER, sum } from './model.ts';

export interface BoardOf {
  metric: string;
  contestants: 'MEMBERS' | 'TEAMS';
  teams: 'AS_IT_WAS' | 'AS_IT_IS';
  /** A team; null: the whole company. */
  scope: string | null;
  /** Of teams: how far below the scope they stand. */
  depth: number;
  ranking: 'STANDARD' | 'DENSE' | 'ORDINAL';
  tieBreak: 'FIRST_TO_REACH' | 'NONE';
  showZero: boolean;
  /** From this moment until before that one. */
  start: number;
  end: number;
}

export interface Row {
  id: string;
  rank: number;
  score: number;
  left: boolean;
}

/** A contestant: when it competed, and whether it does so now. */
interface Contestant {
  id: string;
  competed: boolean;
  competes: boolean;
}

/** A board, by all entries or by those that were known at some time. */
export function boardOf(
  model: Model,
  board: BoardOf,
  known: readonly Entry[] = model.entries,
): Row[] {
  const { start, end, metric } = board;
  const counted = known.filter(
    (entry) => entry.metric === metric && entry.at >= start && entry.at < end,
  );
  const everybody = board.contestants === 'MEMBERS' ? members(model, board) : teams(model, board);
  const rows: (Row & { reached: number })[] = [];
  for (const { id, competed, competes } of everybody) {
    const own = counted.filter((entry) => earns(model, board, id, entry));
    const scored = own.some((entry) => scores(model, board, id, entry));
    if (!competed && !scored) continue;
    const score = competed || scored ? sum(own) : 0;
    if (!board.showZero && score === 0) continue;
    rows.push({ id, rank: 0, score, left: !competes, reached: reachedAt(own) });
  }
  return ranked(board, rows);
}

function ranked({ ranking, tieBreak }: BoardOf, rows: (Row & { reached: number })[]): Row[] {
  const before = (one: { reached: number }, other: { reached: number }) =>
    tieBreak === 'NONE' || one.reached === other.reached ? 0 : one.reached < other.reached ? -1 : 1;
  rows.sort((a, b) => b.score - a.score || before(a, b) || (a.id < b.id ? -1 : 1));
  return rows.map(({ id, score, left, reached }, index) => {
    const better = rows.filter(
      (row) => row.score > score || (row.score === score && before(row, { reached }) < 0),
    );
    const places = new Set(
      better.map((row) => `${row.score} ${tieBreak === 'NONE' ? '' : row.reached}`),
    );
    const rank = { STANDARD: better.length, DENSE: places.size, ORDINAL: index }[ranking] + 1;
    return { id, rank, score, left };
  });
}

/** The moment of the entry after which the score never again fell below what it is; before all time if it never was. */
function reachedAt(entries: readonly Entry[]): number {
  const inOrder = entries.map((entry, index) => ({ ...entry, index }));
  inOrder.sort((a, b) => a.at - b.at || a.index - b.index);
  const total = sum(inOrder);
  let reached = Number.NEGATIVE_INFINITY;
  let score = 0;
  for (const entry of inOrder) {
    if (score < total) reached = entry.at;
    score += entry.amount;
  }
  return reached;
}

/** Whether an entry is part of a contestant's score. */
function earns(model: Model, board: BoardOf, id: string, entry: Entry): boolean {
  const { contestants, teams, scope } = board;
  if (contestants === 'MEMBERS') {
    const isInScope = teams === 'AS_IT_IS' || scope === null || entry.chain.includes(scope);
    return entry.member === id && isInScope;
  }
  return (teams === 'AS_IT_WAS' ? entry.chain : model.chainOf(entry.member, NEVER)).includes(id);
}

/** Whether by this entry the contestant scored where the board looks, so that it is on it even if it left. */
function scores(
  model: Model,
  { contestants, teams, scope, depth }: BoardOf,
  id: string,
  entry: Entry,
) {
  if (contestants === 'MEMBERS') {
    return teams === 'AS_IT_WAS' || scope === null || model.chainOf(id, NEVER).includes(scope);
  }
  const chain = teams === 'AS_IT_WAS' ? entry.chain : model.chainOf(entry.member, NEVER);
  return levelOf(chain.slice(chain.indexOf(id)), scope) === depth;
}

/** How far below the scope the first team of a chain stands: 0 is the scope itself; -1: nowhere below it. */
const levelOf = (chain: readonly string[], scope: string | null): number =>
  scope === null ? chain.length : chain.indexOf(scope);

function members(model: Model, { teams, scope, start, end }: BoardOf): Contestant[] {
  return model.people.map(({ id, since, until, competes }) => {
    const isIn = (moment: number) => scope === null || model.chainOf(id, moment).includes(scope);
    const present = competes && until === NEVER && isIn(NEVER);
    const competed = moments(model, start, end).some(
      (moment) => since <= moment && moment < until && isIn(teams === 'AS_IT_IS' ? NEVER : moment),
    );
    return { id, competed: competes && competed, competes: present };
  });
}

function teams(model: Model, { teams, scope, depth, start, end }: BoardOf): Contestant[] {
  return model.teams.map(({ id, since }) => {
    const stands = (moment: number) => levelOf(model.teamsFrom(id, moment), scope) === depth;
    const stood = () =>
      moments(model, start, end).some((moment) => since <= moment && stands(moment));
    return {
      id,
      competed: teams === 'AS_IT_IS' ? stands(NEVER) : stood(),
      competes: stands(NEVER),
    };
  });
}

/** Where anything about teams and people began or ended in a period: between two of these nothing changed. */
function moments(model: Model, start: number, end: number): number[] {
  const changes = [...model.memberships, ...model.parents].flatMap(({ from, until }) => [
    from,
    until,
  ]);
  const begins = [...model.people, ...model.teams].map(({ since }) => since);
  return [start, ...changes, ...begins].filter((moment) => moment >= start && moment < end);
}
