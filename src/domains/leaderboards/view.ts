import type { Period } from '../../calendar/periods.ts';
import type { Database } from '../../database/database.ts';
import { once } from '../../database/once.ts';
import type { Viewer } from '../../database/viewer.ts';
import { readKeptStandings } from '../../metrics/kept-standings.ts';
import {
  emptyStandings,
  readStandings,
  type StandingRow,
  type Standings,
} from '../../metrics/standings.ts';
import type { Page } from '../../metrics/standings-page.ts';
import type { BoardQuestion } from '../../metrics/standings-sql.ts';
import { type Board, isBuilding } from './board.ts';
import { type Cut, NOW, previousQuestion, questionOf } from './question.ts';
import { readNames } from './store.ts';

/** A page of a board as it was read at one place of the log, before privacy is applied. */
export interface BoardView {
  board: Board;
  period: Period;
  /** The moment that "now" was, for the previous period's elapsed part. */
  now: Date;
  /** Null while the board is being built. */
  question: BoardQuestion | null;
  standings: Standings;
  names: ReadonlyMap<string, string>;
  /** Ranks after the same elapsed part of the period before; read once, when asked for. */
  previousRanks(): Promise<ReadonlyMap<string, number>>;
}

export interface StandingView {
  view: BoardView;
  row: StandingRow;
}

export async function readBoardView(
  db: Database,
  board: Board,
  period: Period,
  now: Date,
  page: Page,
  cut: Cut = NOW,
): Promise<BoardView> {
  const question = isBuilding(board) ? null : questionOf(board, period, cut);
  const standings = question
    ? await readKeptStandings(db.pool, question, page)
    : await emptyStandings(db.pool, board.organizationId);
  const ids = standings.rows.map(({ contestantId }) => contestantId);
  const names =
    ids.length > 0 ? await readNames(db.pool, board.organizationId, board.contestants, ids) : [];
  return {
    board,
    period,
    now,
    question,
    standings,
    names: new Map(names.map(({ id, name }) => [id, name])),
    previousRanks: once(() => readPreviousRanks(db, board, period, cut.asOf ?? now, ids)),
  };
}

async function readPreviousRanks(
  db: Database,
  board: Board,
  period: Period,
  now: Date,
  ids: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const question =
    isBuilding(board) || ids.length === 0 ? null : previousQuestion(board, period, now);
  if (!question) return new Map();
  const { rows } = await readStandings(db.pool, question, {
    first: 0,
    after: null,
    around: null,
    only: ids,
  });
  return new Map(rows.map(({ contestantId, rank }) => [contestantId, rank]));
}

/** What a board shows of its figures. Hidden ones are hidden in gaps, changes, causes and news too. */
export const showsScores = (board: Board): boolean => board.values === 'FULL';
export const showsProgress = (board: Board): boolean => board.values !== 'RANK_ONLY';

/** Whether this viewer gets a contestant's full name: everybody does, unless the board masks; then only oneself. */
export const showsName = (board: Board, viewer: Viewer, contestantId: string): boolean =>
  board.names === 'FULL' || (viewer.kind === 'member' && viewer.memberId === contestantId);

/** The first character, and two asterisks whatever the length. */
export const masked = (name: string): string => `${[...name][0] ?? ''}**`;

export function displayedName({ view, row }: StandingView, viewer: Viewer): string {
  const name = view.names.get(row.contestantId) ?? '';
  return showsName(view.board, viewer, row.contestantId) ? name : masked(name);
}
