import { PRESENT_PERIOD, resolvePeriod } from '../../calendar/named-periods.ts';
import { dayOf } from '../../calendar/periods.ts';
import type { Database } from '../../database/database.ts';
import type { LoggedEvent } from '../../events/logged-event.ts';
import { readEntries } from '../../metrics/entries.ts';
import { readStandings, type StandingRow } from '../../metrics/standings.ts';
import { type Board, isBuilding } from './board.ts';
import { NOW, questionOf } from './question.ts';
import { scoringMoments } from './store.ts';

/** What there is to celebrate. */
export const NEWS_KINDS = {
  WON: 'An opportunity was won.',
  FIRST_DEAL: 'The contestant scored on this board for the first time ever.',
  TARGET_REACHED: 'The contestant has reached the target of the period.',
  OVERTAKEN: 'The contestant has overtaken others.',
  STREAK: 'The contestant has scored on so many days in a row.',
  RESET: 'No news: some could not be delivered. What follows comes after the cursor.',
} as const;

export type NewsKind = Exclude<keyof typeof NEWS_KINDS, 'RESET'>;

export interface News {
  kind: NewsKind;
  contestantId: string;
  /** What the event added to the score. */
  worth: string;
  rank: number;
  previousRank: number | null;
  /** Whom the contestant has overtaken, best first, at most ten. */
  overtaken: string[];
  streakDays: number | null;
}

/** Days in a row that are news. */
const STREAKS = new Set([3, 5, 7, 10, 15, 20, 30, 50, 100]);
const MAX_OVERTAKEN = 10;

/**
 * The news that an event makes on a board, worked out from the ledger as it was just before and just after it, so
 * that a replay tells the same news as the live stream did.
 */
export async function newsOf(db: Database, board: Board, event: LoggedEvent): Promise<News[]> {
  if (isBuilding(board)) return [];
  const period = resolvePeriod(
    board.calendar,
    { named: PRESENT_PERIOD[board.periodUnit] },
    event.loggedAt,
  );
  const at = (throughPosition: number) => questionOf(board, period, { ...NOW, throughPosition });
  const after = at(event.position);
  const entries = await readEntries(db.pool, after, {
    contestants: null,
    afterPosition: event.position - 1,
    limit: 100,
  });
  const gained = entries.filter(
    ({ worth, reversesPosition }) => Number(worth) > 0 && reversesPosition === null,
  );
  const [first] = gained;
  if (!first) return [];
  const everybody = { first: 10_000, after: null, around: null };
  const [before, now] = await Promise.all([
    readStandings(db.pool, at(event.position - 1), everybody),
    readStandings(db.pool, after, everybody),
  ]);
  const was = new Map(before.rows.map((row) => [row.contestantId, row]));
  const news: News[] = [];
  for (const row of now.rows) {
    const entry = gained.find(({ contestantId }) => contestantId === row.contestantId);
    if (!entry) continue;
    const previous = was.get(row.contestantId) ?? null;
    const told = {
      contestantId: row.contestantId,
      worth: entry.worth,
      rank: row.rank,
      previousRank: previous?.rank ?? null,
      overtaken: [],
      streakDays: null,
    };
    if (event.type === 'opportunity.won') news.push({ kind: 'WON', ...told });
    const moments =
      board.contestants === 'MEMBERS'
        ? await scoringMoments(db.pool, after, row.contestantId, event.position)
        : [];
    if (moments.length > 0 && moments.every(({ position }) => position === event.position)) {
      news.push({ kind: 'FIRST_DEAL', ...told });
    }
    if (reached(row) && !(previous && reached(previous)))
      news.push({ kind: 'TARGET_REACHED', ...told });
    const overtaken = overtakenBy(row, previous, was, now.rows);
    if (overtaken.length > 0) news.push({ kind: 'OVERTAKEN', ...told, overtaken });
    const streakDays = streakOf(board, moments, event.position);
    if (streakDays !== null) news.push({ kind: 'STREAK', ...told, streakDays });
  }
  return news;
}

const reached = ({ progress }: StandingRow): boolean =>
  progress !== null && Number(progress) >= 100;

/** Those who stood above before and stand below now. */
function overtakenBy(
  row: StandingRow,
  previous: StandingRow | null,
  was: ReadonlyMap<string, StandingRow>,
  rows: readonly StandingRow[],
): string[] {
  if (!previous) return [];
  return rows
    .filter(
      (other) =>
        other.rank > row.rank &&
        (was.get(other.contestantId)?.rank ?? Number.POSITIVE_INFINITY) < previous.rank,
    )
    .slice(0, MAX_OVERTAKEN)
    .map(({ contestantId }) => contestantId);
}

/** Days in a row up to the event's own, if the event is the first of its day and the number is news. */
function streakOf(
  board: Board,
  moments: readonly { countsAt: Date; position: number }[],
  position: number,
): number | null {
  const day = (at: Date) => Date.parse(dayOf(board.calendar, at)) / 86_400_000;
  const own = moments.find((moment) => moment.position === position);
  if (!own) return null;
  const today = day(own.countsAt);
  if (moments.some((moment) => moment.position < position && day(moment.countsAt) === today))
    return null;
  const days = new Set(moments.map(({ countsAt }) => day(countsAt)));
  let length = 0;
  while (days.has(today - length)) length += 1;
  return STREAKS.has(length) ? length : null;
}
