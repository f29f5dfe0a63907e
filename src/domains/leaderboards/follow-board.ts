import { nextBoundary, type PeriodInput, PRESENT_PERIOD } from '../../calendar/named-periods.ts';
import type { Database } from '../../database/database.ts';
import { NotFound } from '../../database/errors.ts';
import type { Feed } from '../../events/feed.ts';
import type { ResumeWindow } from '../../events/log.ts';
import { followState, type StateCause } from '../../live/follow-state.ts';
import type { Since } from '../../live/since.ts';
import { beginBoard, boardAfresh } from './begin-board.ts';
import { type Board, loadBoard } from './board.ts';
import { type Changes, changesSince, withNames } from './changes.ts';
import { periodOf } from './question.ts';
import { concernsBoard } from './topics.ts';
import { type BoardView, readBoardView } from './view.ts';

/** Why an update starts afresh instead of following on the one before. */
export const BOARD_RESETS = {
  FIRST: 'The first update, without `since`.',
  SKIPPED: 'Updates in between were left out, as they came faster than they were read.',
  PERIOD_ENDED: 'The period has turned over: this is the new one.',
  CURSOR_TOO_OLD: 'The cursor lies further back than changes are kept for resuming.',
  CURSOR_AHEAD: 'The cursor lies beyond the end of the log.',
  OTHER_EPOCH: 'The database was restored from a backup: earlier cursors mean nothing.',
  OTHER_IDENTITY: 'The cursor was made for somebody else.',
  RIGHTS_CHANGED: 'What the caller may see has changed.',
  BOARD_CHANGED: 'The settings of the board, or what its metrics count, have changed.',
} as const;

export type BoardReset = keyof typeof BOARD_RESETS;

export interface BoardUpdate extends Changes {
  view: BoardView;
  reset: BoardReset | null;
  /** Somebody on the page has another name than in the update before. */
  renamed: boolean;
}

export interface FollowBoardOptions {
  db: Database;
  feed: Feed;
  organizationId: string;
  id: string;
  /** Default: the present period of the board's unit. */
  period: PeriodInput | null;
  first: number;
  around: string | null;
  since: Since;
  window: ResumeWindow;
  /** Throws what ends the stream when whoever watches may do so no more. Called before every update. */
  requireWatchable: (board: Board) => Promise<void>;
}

/** The board as it stands, or what changed since a position; then an update whenever it changes. */
export async function followBoard(
  options: FollowBoardOptions,
): Promise<AsyncIterableIterator<BoardUpdate, undefined>> {
  const follower = new BoardFollower(options);
  const { feed, organizationId } = options;
  const states = await followState<BoardUpdate>({
    feed,
    organizationId,
    topics: (event) => !follower.board || concernsBoard(follower.board, event),
    compute: (cause) => follower.compute(cause),
    boundary: ({ view }, asOf) => follower.boundary(view.board, asOf),
    position: ({ view }) => view.standings.position,
  });
  // Written out, as a generator's return() would wait for the next state.
  const updates: AsyncIterableIterator<BoardUpdate, undefined> = {
    async next() {
      for (;;) {
        const result = await states.next();
        if (result.done || showsSomething(result.value)) return result;
      }
    },
    async return() {
      await states.return?.();
      return { value: undefined, done: true as const };
    },
    [Symbol.asyncIterator]() {
      return updates;
    },
  };
  return updates;
}

const showsSomething = ({ reset, changes, renamed }: BoardUpdate): boolean =>
  reset !== null || changes.length > 0 || renamed;

class BoardFollower {
  board: Board | null = null;
  private readonly options: FollowBoardOptions;
  private last: BoardView | null = null;

  constructor(options: FollowBoardOptions) {
    this.options = options;
  }

  boundary(board: Board, asOf: Date): Date | null {
    return nextBoundary(
      board.calendar,
      this.options.period ?? { named: PRESENT_PERIOD[board.periodUnit] },
      asOf,
    );
  }

  async compute({ asOf, restored }: StateCause): Promise<BoardUpdate> {
    const { db, organizationId, id, period: input, around, first: size } = this.options;
    const board = await loadBoard(db.pool, organizationId, id);
    if (!board || board.archivedAt)
      throw new NotFound('There is no such leaderboard.', { path: ['id'] });
    await this.options.requireWatchable(board);
    this.board = board;
    const page = { first: size, after: null, around };
    const view = await readBoardView(db, board, periodOf(board, input, asOf), asOf, page);
    const last = this.last;
    this.last = view;
    const reset = restored ? 'OTHER_EPOCH' : last ? resetBetween(last, view) : null;
    if (reset) return boardAfresh(view, reset);
    if (!last) return beginBoard(this.options, view);
    const changes = await changesSince(db, view, last.standings.position, last.standings.rows);
    const renamed = [...view.names].some(
      ([contestantId, name]) => (last.names.get(contestantId) ?? name) !== name,
    );
    return { view: await withNames(db, view, changes), reset: null, renamed, ...changes };
  }
}

function resetBetween(last: BoardView, view: BoardView): BoardReset | null {
  const isSame =
    last.board.version === view.board.version &&
    last.board.measures.every(
      ({ version }, index) => version?.id === view.board.measures[index]?.version?.id,
    );
  if (!isSame) return 'BOARD_CHANGED';
  const moved =
    last.period.start?.getTime() !== view.period.start?.getTime() ||
    last.period.label !== view.period.label;
  return moved ? 'PERIOD_ENDED' : null;
}
