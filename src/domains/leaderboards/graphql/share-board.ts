import { type Context, viewerOf } from '../../../api/context.ts';
import { decodeGlobalId } from '../../../api/global-ids.ts';
import type { SharedArgs, Sharing } from '../../../api/sharing.ts';
import { NotFound } from '../../../database/errors.ts';
import { beginBoard, boardAfresh } from '../begin-board.ts';
import { type Board, loadBoard } from '../board.ts';
import type { BoardUpdate } from '../follow-board.ts';
import { MASKS_NAMES } from './contestant.ts';
import { contestantOf, pageSize } from './standings-page.ts';
import { boardSince, requireWatchable } from './watching.ts';

/** Everybody who may watch a board sees the same of it, but for their own name where names are masked. */
export const shareBoard: Sharing<BoardUpdate> = {
  apart: 'since',

  async authorize(args, ctx) {
    const board = await boardOf(args, ctx);
    await requireWatchable(ctx, board);
    contestantOf(ctx, board, aroundOf(args));
    return { [MASKS_NAMES]: board.names === 'MASKED' && viewerOf(ctx).kind === 'member' };
  },

  concerns: (event, args) => event.recordId === decodeGlobalId(String(args.id))?.id,

  reset: ({ view }, reason) => boardAfresh(view, reason),

  begin: ({ view }, args, ctx) =>
    beginBoard(
      {
        db: ctx.db,
        organizationId: view.board.organizationId,
        first: pageSize(args.first as number | null | undefined),
        around: contestantOf(ctx, view.board, aroundOf(args)),
        since: boardSince(ctx, args.since as string),
        window: ctx.config.resumeWindow,
      },
      view,
    ),
};

async function boardOf({ id }: SharedArgs, ctx: Context): Promise<Board> {
  const decoded = decodeGlobalId(String(id));
  const board =
    decoded?.typename === 'Leaderboard' &&
    (await loadBoard(ctx.db.pool, viewerOf(ctx).organizationId, decoded.id));
  if (!board || board.archivedAt)
    throw new NotFound('There is no such leaderboard.', { path: ['id'] });
  return board;
}

function aroundOf({ around }: SharedArgs): { type: string; id: string } | null {
  if (around === null || around === undefined) return null;
  const decoded = decodeGlobalId(String(around));
  if (!decoded) throw new NotFound('There is no such contestant.', { path: ['around'] });
  return { type: decoded.typename, id: decoded.id };
}
