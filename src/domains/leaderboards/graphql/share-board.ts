import { viewerOf } from '../../../api/context.ts';
import { decodeGlobalId } from '../../../api/global-ids.ts';
import type { SharedArgs, Sharing } from '../../../api/sharing.ts';
import { NotFound } from '../../../database/errors.ts';
import type { Since } from '../../../live/since.ts';
import { beginBoard, boardAfresh } from '../begin-board.ts';
import { type Board, loadBoard } from '../board.ts';
import type { BoardUpdate } from '../follow-board.ts';
import { readBoardView } from '../view.ts';
import { MASKS_NAMES } from './contestant.ts';
import { contestantOf, pageSize } from './standings-page.ts';
import { boardSince, requireWatchable } from './watching.ts';

/** Everybody who may watch a board sees the same of it, but for their own name where names are masked. */
export const shareBoard: Sharing<BoardUpdate, Board, Since> = {
  apart: 'since',

  place: (since, ctx) => boardSince(ctx, since),

  async subject({ id }, ctx) {
    const decoded = decodeGlobalId(String(id));
    const board =
      decoded?.typename === 'Leaderboard' &&
      (await loadBoard(ctx.db.pool, viewerOf(ctx).organizationId, decoded.id));
    if (!board || board.archivedAt)
      throw new NotFound('There is no such leaderboard.', { path: ['id'] });
    return board;
  },

  async authorize(board, args, ctx) {
    await requireWatchable(ctx, board);
    contestantOf(ctx, board, aroundOf(args));
    return { [MASKS_NAMES]: board.names === 'MASKED' && viewerOf(ctx).kind === 'member' };
  },

  concerns: ({ recordType, recordId }, args) =>
    recordType === 'Leaderboard' && recordId === decodeGlobalId(String(args.id))?.id,

  reset: ({ view }, reason) => boardAfresh(view, reason),

  async begin({ view }, since, args, ctx) {
    const { db } = ctx;
    const page = {
      first: pageSize(args.first as number | null | undefined),
      after: null,
      around: aroundOf(args)?.id ?? null,
    };
    // The subscriber may come from a node that is ahead of this one, and must not be taken back.
    const isAhead = since && 'position' in since && since.position > view.standings.position;
    const present = isAhead
      ? await readBoardView(db, view.board, view.period, view.now, page)
      : view;
    const { organizationId } = view.board;
    const options = { db, organizationId, ...page, since, window: ctx.config.resumeWindow };
    return { value: await beginBoard(options, present), follows: !isAhead };
  },
};

function aroundOf({ around }: SharedArgs): { type: string; id: string } | null {
  if (around === null || around === undefined) return null;
  const decoded = decodeGlobalId(String(around));
  if (!decoded) throw new NotFound('There is no such contestant.', { path: ['around'] });
  return { type: decoded.typename, id: decoded.id };
}
