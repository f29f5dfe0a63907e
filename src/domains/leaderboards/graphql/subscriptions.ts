import { builder } from '../../../api/builder.ts';
import { PeriodInputType, readPeriod } from '../../../api/period.ts';
import { followBoard } from '../follow-board.ts';
import { periodOf } from '../question.ts';
import './board-news.ts';
import { LeaderboardUpdate } from './board-update.ts';
import { shareBoard } from './share-board.ts';
import { contestantOf, pageSize } from './standings-page.ts';
import { boardSince, requireWatchable, watchable } from './watching.ts';

builder.subscriptionField('leaderboard', (t) =>
  t.field({
    type: LeaderboardUpdate,
    skipTypeScopes: true,
    authScopes: { viewer: true },
    description:
      'First the board as it stands, then an update whenever it changes, at most every 50 ms. With `since`, first what changed since then. A board of the present period turns over by itself.',
    args: {
      id: t.arg.recordId({ for: 'Leaderboard', required: true, description: 'The leaderboard.' }),
      period: t.arg({
        type: PeriodInputType,
        description: 'Default: the present period of the board’s unit.',
      }),
      first: t.arg.int({ defaultValue: 10, description: 'How many places, 0 to 100. Default 10.' }),
      around: t.arg.recordRef({
        for: ['Member', 'Team'],
        description: 'The contestant in the middle of the page.',
      }),
      since: t.arg({ type: 'Cursor', description: 'The cursor of the last update that arrived.' }),
    },
    subscribe: async (_root, { id, period, first, around, since }, ctx) => {
      const board = await watchable(ctx, id);
      const now = await ctx.now();
      readPeriod(() => periodOf(board, period, now));
      return followBoard({
        db: ctx.db,
        feed: ctx.feed,
        organizationId: board.organizationId,
        id,
        period: period ?? null,
        first: pageSize(first),
        around: contestantOf(ctx, board, around),
        since: boardSince(ctx, since),
        window: ctx.config.resumeWindow,
        requireWatchable: (present) => requireWatchable(ctx, present),
      });
    },
    sharing: shareBoard,
    resolve: (update) => update,
  }),
);
