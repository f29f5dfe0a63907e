import { type Context, viewerOf } from '../../../api/context.ts';
import { mayWatch } from '../access.ts';
import { type Board, loadBoards } from '../board.ts';

/** Boards by id in their order; null for one that is not there for the viewer, or that he may not watch. */
export async function loadWatchable(
  ctx: Context,
  ids: readonly string[],
): Promise<(Board | null)[]> {
  const viewer = viewerOf(ctx);
  const boards = await loadBoards(ctx.db.pool, viewer.organizationId, ids);
  return Promise.all(
    ids.map(async (id) => {
      const board = boards.find((known) => known.id === id);
      return board && (await mayWatch(ctx.db, viewer, board)) ? board : null;
    }),
  );
}

/** All boards in use that the viewer may watch, by name. */
export async function allWatchable(ctx: Context): Promise<Board[]> {
  const viewer = viewerOf(ctx);
  const boards = await loadBoards(ctx.db.pool, viewer.organizationId, null);
  const allowed = await Promise.all(boards.map((board) => mayWatch(ctx.db, viewer, board)));
  return boards.filter((_, index) => allowed[index]);
}
