import { type Context, viewerOf } from '../../../api/context.ts';
import { PAGE_LIMIT } from '../../../api/page.ts';
import { decodePageCursor, encodePageCursor, type SortOrder } from '../../../api/page-cursor.ts';
import { readPeriod } from '../../../api/period.ts';
import type { PeriodInput } from '../../../calendar/named-periods.ts';
import { InvalidInput, NotAllowed, NotFound } from '../../../database/errors.ts';
import { NIL_ID } from '../../../database/ids.ts';
import { encodeLogCursor, identityOf } from '../../../events/log-cursor.ts';
import type { Board } from '../board.ts';
import { NOW, periodOf } from '../question.ts';
import { readBoardView, showsName } from '../view.ts';

interface StandingsArgs {
  period?: PeriodInput | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  around?: { type: string; id: string } | null | undefined;
  asOf?: Date | null | undefined;
  recordedBy?: Date | null | undefined;
}

/** The cursor holds who and where, and nothing of the score. */
const orderOf = (board: Board): SortOrder => ({
  list: `standings ${board.id}`,
  columns: [
    { field: 'contestantId', direction: 'ASC', type: 'uuid', nullable: false },
    { field: 'place', direction: 'ASC', type: 'number', nullable: false },
  ],
});

export async function standingsPage(ctx: Context, board: Board, args: StandingsArgs) {
  const first = pageSize(args.first);
  if (args.after && args.around) {
    throw new InvalidInput('Give `after` or `around`, not both.', { path: ['around'] });
  }
  const order = orderOf(board);
  const [contestantId, place] = args.after ? decodePageCursor(order, args.after, 'after') : [];
  const now = await ctx.now();
  const period = readPeriod(() => periodOf(board, args.period, now));
  const page = {
    first,
    after: args.after ? { contestantId: String(contestantId), place: Number(place) } : null,
    around: contestantOf(ctx, board, args.around),
  };
  const cut = { ...NOW, asOf: args.asOf ?? null, recordedBy: args.recordedBy ?? null };
  const view = await readBoardView(ctx.db, board, period, now, page, cut);
  const { rows, total, position } = view.standings;
  if (page.around && first > 0 && rows.length === 0 && view.question) {
    throw new NotFound('This contestant is not on the leaderboard in that period.', {
      path: ['around'],
    });
  }
  // On a board that masks names the cursor may not tell who stands there: it goes by the place alone.
  const who = board.names === 'MASKED' ? { contestantId: NIL_ID } : {};
  const edges = rows.map((row) => ({
    node: { view, row },
    cursor: encodePageCursor(order, { ...row, ...who }),
  }));
  const viewer = viewerOf(ctx);
  return {
    edges,
    pageInfo: {
      hasNextPage: rows.length > 0 ? (rows.at(-1)?.place ?? 0) < total : first === 0 && total > 0,
      hasPreviousPage: (rows[0]?.place ?? 1) > 1,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount: () => Promise.resolve(total),
    position: encodeLogCursor({
      epoch: ctx.feed.epoch,
      organizationId: board.organizationId,
      position,
      identity: identityOf(viewer),
    }),
  };
}

/** Throws InvalidInput for a size that no page has. */
export function pageSize(first: number | null | undefined): number {
  const size = first ?? 10;
  if (size < 0 || size > PAGE_LIMIT) {
    throw new InvalidInput(`\`first\` is 0 to ${PAGE_LIMIT}; ${size} came.`, { path: ['first'] });
  }
  return size;
}

/**
 * Throws InvalidInput when a member is looked for on a board of teams, or the other way round, and NotAllowed when
 * somebody else is looked for where names are masked: it would tell who stands where.
 */
export function contestantOf(
  ctx: Context,
  board: Board,
  around: { type: string; id: string } | null | undefined,
): string | null {
  if (!around) return null;
  const path = ['around'];
  const type = board.contestants === 'MEMBERS' ? 'Member' : 'Team';
  if (around.type !== type) {
    throw new InvalidInput(
      `The contestants of this leaderboard are ${board.contestants.toLowerCase()}.`,
      { path },
    );
  }
  // For a group each of its members is asked about.
  if (!ctx.isGroup && !showsName(board, viewerOf(ctx), around.id)) {
    throw new NotAllowed('This leaderboard masks names: you may look for yourself only.', { path });
  }
  return around.id;
}
