import { type Context, viewerOf } from '../../../api/context.ts';
import { NotFound } from '../../../database/errors.ts';
import type { Viewer } from '../../../database/viewer.ts';
import { encodeLogCursor } from '../../../events/log-cursor.ts';
import { RightsEnded } from '../../../live/errors.ts';
import { readSince, type Since } from '../../../live/since.ts';
import { mayWatch } from '../access.ts';
import { type Board, loadBoard } from '../board.ts';
import { loadWatchable } from './load.ts';

/**
 * Whose the cursors of boards are: who may watch a board sees all of it, so that members may go on from each other's,
 * and displays, which see names in place of people, from those of displays.
 */
const watchersOf = ({ kind }: Viewer): string => `watchers:${kind}`;

/** A log cursor of a board at a position, for everybody who watches as the viewer does unless said otherwise. */
export const cursorAt = (
  ctx: Context,
  position: number,
  part = 0,
  identity = watchersOf(viewerOf(ctx)),
): string =>
  encodeLogCursor({
    epoch: ctx.feed.epoch,
    organizationId: viewerOf(ctx).organizationId,
    position,
    part,
    identity,
  });

/** Throws BadLogCursor for a text that is no cursor of this organization. */
export const boardSince = (ctx: Context, since: string | null | undefined): Since =>
  readSince(since, viewerOf(ctx), ctx.feed.epoch, watchersOf(viewerOf(ctx)));

/** Throws RightsEnded, which ends the stream, when whoever watches may do so no more. */
export async function requireWatchable(ctx: Context, board: Board): Promise<void> {
  if (ctx.isGroup) return;
  const viewer = await ctx.presentViewer();
  if (viewer && (await mayWatch(ctx.db, viewer, board))) return;
  throw new RightsEnded('You may not watch this leaderboard any more.');
}

/** Throws NotFound for a board that is not there for the viewer, or archived. */
export async function watchable(ctx: Context, id: string): Promise<Board> {
  const [board] = ctx.isGroup
    ? [await loadBoard(ctx.db.pool, viewerOf(ctx).organizationId, id)]
    : await loadWatchable(ctx, [id]);
  if (!board || board.archivedAt)
    throw new NotFound('There is no such leaderboard.', { path: ['id'] });
  return board;
}
