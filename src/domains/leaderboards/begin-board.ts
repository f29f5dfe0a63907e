import type { Database } from '../../database/database.ts';
import { judgeResume, type ResumeWindow } from '../../events/log.ts';
import type { Since } from '../../live/since.ts';
import { readStandings } from '../../metrics/standings.ts';
import { changesSince, withNames } from './changes.ts';
import type { BoardReset, BoardUpdate } from './follow-board.ts';
import { NOW, questionOf } from './question.ts';
import { boardTouchedSince, positionTime } from './store.ts';
import type { BoardView } from './view.ts';

export interface BeginBoardOptions {
  db: Database;
  organizationId: string;
  first: number;
  around: string | null;
  since: Since;
  window: ResumeWindow;
}

/** A view of a board that follows on nothing. */
export const boardAfresh = (view: BoardView, reset: BoardReset): BoardUpdate => ({
  view,
  reset,
  renamed: false,
  changes: [],
  moreCauses: false,
});

/** The first update of a stream: a view with what changed up to it since a position, or whole. */
export async function beginBoard(
  options: BeginBoardOptions,
  view: BoardView,
): Promise<BoardUpdate> {
  const { db, since, first, around } = options;
  const reset = await resetAtBeginning(options, view);
  if (reset || !since || 'reset' in since) return boardAfresh(view, reset ?? 'FIRST');
  const then = questionOf(view.board, view.period, { ...NOW, throughPosition: since.position });
  const before = await readStandings(db.pool, then, { first, after: null, around });
  const changes = await changesSince(db, view, since.position, before.rows);
  // Shown also when nothing changed, so that the client knows that it has caught up.
  return { view: await withNames(db, view, changes), reset: null, renamed: true, ...changes };
}

/** Why the first update cannot follow on `since`; null: it can. */
async function resetAtBeginning(
  { db, organizationId, since, window }: BeginBoardOptions,
  { board, period, question }: BoardView,
): Promise<BoardReset | null> {
  if (since === null) return 'FIRST';
  if ('reset' in since) return since.reset === 'MAILBOX_FULL' ? 'SKIPPED' : since.reset;
  const verdict = await judgeResume(db.pool, organizationId, since.position, {
    window,
    shiftMs: db.clock.shiftMs,
  });
  if (verdict !== 'RESUMABLE') return verdict;
  if (!question) return 'BOARD_CHANGED';
  const ids = [board.id, ...board.measures.map(({ metricId }) => metricId)];
  if (await boardTouchedSince(db.pool, organizationId, ids, since.position)) return 'BOARD_CHANGED';
  const at = await positionTime(db.pool, organizationId, since.position);
  return at && period.start && at < period.start ? 'PERIOD_ENDED' : null;
}
