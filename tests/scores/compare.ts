import { expect } from 'vitest';
import type { PeriodInput } from '../../src/calendar/named-periods.ts';
import { runText } from '../../src/database/statements.ts';
import type { Board } from '../../src/domains/leaderboards/board.ts';
import { periodOf } from '../../src/domains/leaderboards/question.ts';
import { readBoardView } from '../../src/domains/leaderboards/view.ts';
import { type BoardOf, boardOf } from './boards.ts';
import { type Company, DAY } from './company.ts';
import { groups, NEVER } from './model.ts';
import { amountOf, asDate, dayStart, dayText, decimal, pick } from './records.ts';

const EVERYTHING = { first: 100, after: null, around: null };

/** The ledger is what the model wrote, entry by entry. */
export async function compareEntries(company: Company): Promise<void> {
  const { db, organizationId, model, names } = company;
  const rows = await runText<{
    metric: string;
    member: string;
    chain: string[];
    amount: string;
    at: Date;
    asked: Date;
  }>(
    db.pool,
    `SELECT m.key AS metric, e.member_id AS member, p.team_ids AS chain, e.amount::text, e.counts_at AS at,
       coalesce(e.originally_at, e.counts_at) AS asked
     FROM score_entry e JOIN team_path p ON p.id = e.team_path_id
     JOIN metric_version v ON v.id = e.metric_version_id AND v.state = 'ACTIVE' JOIN metric m ON m.id = v.metric_id
     WHERE e.organization_id = $1 ORDER BY m.key, e.position, e.ordinal`,
    [organizationId],
  );
  const told = (member: string, chain: readonly string[], amount: number, at: Date, asked: Date) =>
    [
      [member, ...chain].map((id) => names.get(id) ?? id).join('/'),
      decimal(amount),
      at.toISOString(),
      ...(at.getTime() === asked.getTime() ? [] : [`for ${asked.toISOString()}`]),
    ].join(' ');
  const actual = groups(rows, ({ metric }) => metric).map((own) => [
    own[0]?.metric,
    ...own.map((row) => told(row.member, row.chain, amountOf(row.amount), row.at, row.asked)),
  ]);
  const expected = groups(model.entries, ({ metric }) => metric).map((own) => [
    own[0]?.metric,
    ...own.map((entry) =>
      told(entry.member, entry.chain, entry.amount, new Date(entry.at), new Date(entry.asked)),
    ),
  ]);
  const byMetric = (a: (string | undefined)[], b: (string | undefined)[]) =>
    (a[0] ?? '') < (b[0] ?? '') ? -1 : 1;
  expect(actual.sort(byMetric)).toEqual(expected.sort(byMetric));
}

interface Span {
  input: PeriodInput;
  start: number;
  end: number;
}

/** This month, the one before, all time, and a run of days that is neither. */
export function spans(company: Company): Span[] {
  const { clock, offset } = company;
  const local = new Date(clock.now + offset);
  const month = (back: number) =>
    Date.UTC(local.getUTCFullYear(), local.getUTCMonth() - back, 1) - offset;
  const from = dayStart(company, clock.now - 47 * DAY);
  const through = dayStart(company, clock.now - 2 * DAY);
  const between = { from: dayText(company, from), through: dayText(company, through) };
  return [
    { input: { named: 'THIS_MONTH' }, start: month(0), end: month(-1) },
    { input: { named: 'LAST_MONTH' }, start: month(1), end: month(0) },
    { input: { named: 'ALL_TIME' }, start: Number.NEGATIVE_INFINITY, end: NEVER },
    { input: { between }, start: from, end: through + DAY },
  ];
}

export type Asked = Omit<BoardOf, 'start' | 'end'> & { span: Span };

/** Every board that is compared: by metric, contestants, teams, scope and period. */
export function allBoards(company: Company): Asked[] {
  const { model } = company;
  const [north, south, first] = model.teams.map(({ id }) => id);
  const asked: Asked[] = [];
  const add = (contestants: BoardOf['contestants'], scope: string | null = null, depth = 1) => {
    for (const metric of ['won-amount', 'won-count']) {
      for (const teams of ['AS_IT_WAS', 'AS_IT_IS'] as const) {
        for (const span of spans(company)) {
          const order = {
            ranking: 'STANDARD',
            tieBreak: 'FIRST_TO_REACH',
            showZero: true,
          } as const;
          asked.push({ metric, contestants, teams, scope, depth, span, ...order });
        }
      }
    }
  };
  add('MEMBERS');
  for (const scope of [north, south, first]) add('MEMBERS', scope);
  add('TEAMS');
  add('TEAMS', null, 2);
  add('TEAMS', north);
  const [board] = asked;
  if (!board) throw new Error('there are boards');
  for (const metric of ['calls', 'tasks-completed', 'new-customers', 'meetings-attended']) {
    for (const contestants of ['MEMBERS', 'TEAMS'] as const) {
      for (const span of spans(company)) asked.push({ ...board, metric, contestants, span });
    }
  }
  const others = { ranking: 'DENSE', tieBreak: 'NONE', showZero: false } as const;
  for (const span of spans(company)) asked.push({ ...board, ...others, span });
  for (const span of spans(company)) asked.push({ ...board, ranking: 'ORDINAL', span });
  return asked;
}

/** Some of all boards, others each time. */
export const someBoards = (company: Company, count: number, turn: number): Asked[] => {
  const all = allBoards(company);
  // 29 is prime to the number of boards, so that it comes to all of them.
  return Array.from({ length: count }, (_, index) => pick(all, (turn * count + index) * 29));
};

/** What a board was, or would have been, at another time. */
export interface Past {
  /** As of this moment. */
  asOf?: number;
  /** As it was known when the log had come so far, and the model's ledger so far. */
  known?: Look;
  /** By the time at which the log had come so far, rather than by the position itself. */
  byTime?: boolean;
}

/** How far the log and the model had come. */
export interface Look {
  position: number;
  at: Date;
  entries: number;
}

export async function lookAt({ db, organizationId, model }: Company): Promise<Look> {
  const [head] = await runText<{ position: number; at: Date }>(
    db.pool,
    'SELECT position, logged_at AS at FROM log_head WHERE organization_id = $1',
    [organizationId],
  );
  if (!head) throw new Error('every organization has a log');
  return { ...head, entries: model.entries.length };
}

export async function compareBoard(
  company: Company,
  asked: Asked,
  { asOf, known, byTime = false }: Past = {},
): Promise<void> {
  const { db, model, names, clock, boards } = company;
  const { metric, span, scope, depth, ...settings } = asked;
  const any = boards.get(metric);
  if (!any) throw new Error(`there is no board of ${metric}`);
  const board: Board = { ...any, ...settings, scopeTeamId: scope, teamDepth: depth };
  const now = new Date(clock.now);
  const period = periodOf(board, span.input, now);
  const { standings } = await readBoardView(db, board, period, now, EVERYTHING, {
    asOf: asDate(asOf) ?? null,
    recordedBy: (byTime && known?.at) || null,
    throughPosition: byTime ? null : (known?.position ?? null),
  });
  const told = (id: string, rank: number, score: number, left: boolean) =>
    `${rank}. ${names.get(id) ?? id} ${decimal(score)}${left ? ' (left)' : ''}`;
  const actual = standings.rows.map(({ contestantId, rank, score, left }) =>
    told(contestantId, rank, amountOf(score), left),
  );
  const end = Math.min(span.end, asOf === undefined ? NEVER : asOf + 1);
  const entries = model.entries.slice(0, known?.entries);
  const expected = boardOf(model, { ...asked, start: span.start, end }, entries);
  const label = `${JSON.stringify({ ...settings, metric, scope: scope && names.get(scope), depth })}
${period.label}, now ${now.toISOString()}, ${JSON.stringify({ asOf: asDate(asOf), known, byTime })}`;
  expect(actual, label).toEqual(
    expected.map(({ id, rank, score, left }) => told(id, rank, score, left)),
  );
}
