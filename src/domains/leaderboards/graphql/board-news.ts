import { builder } from '../../../api/builder.ts';
import { viewerOf } from '../../../api/context.ts';
import { StreamResetReason } from '../../../api/stream-reset.ts';
import { NotFound } from '../../../database/errors.ts';
import { identityOf } from '../../../events/log-cursor.ts';
import type { LoggedEvent } from '../../../events/logged-event.ts';
import { followLog, type LogFrame } from '../../../live/follow-log.ts';
import { mapped } from '../../../live/mapped.ts';
import { readSince } from '../../../live/since.ts';
import { type Board, loadBoard } from '../board.ts';
import type { News } from '../news.ts';
import { eventNews } from '../told-news.ts';
import { scoresOn } from '../topics.ts';
import { showsProgress, showsScores } from '../view.ts';
import { Contestant, contestantFor, nameFor } from './contestant.ts';
import { BoardNewsKind } from './enums.ts';
import { cursorAt, requireWatchable, watchable } from './watching.ts';

interface ToldNews {
  board: Board;
  news: News;
  names: ReadonlyMap<string, string>;
}

interface NewsFrame {
  board: Board;
  frame: LogFrame<ToldNews>;
}

const told = ({ frame }: NewsFrame): ToldNews | null => (frame.kind === 'item' ? frame.item : null);

const BoardNews = builder.objectRef<NewsFrame>('BoardNews').implement({
  description: 'A piece of good news of a leaderboard.',
  fields: (t) => ({
    cursor: t.field({
      type: 'Cursor',
      description: 'Give it as `since` to go on from here after a break.',
      resolve: ({ frame }, _args, ctx) =>
        cursorAt(
          ctx,
          frame.position,
          frame.kind === 'item' ? frame.part : 0,
          identityOf(viewerOf(ctx)),
        ),
    }),
    kind: t.field({
      type: BoardNewsKind,
      description: 'What happened.',
      resolve: (frame) => told(frame)?.news.kind ?? 'RESET',
    }),
    reset: t.field({
      type: StreamResetReason,
      nullable: true,
      description: 'Why news could not be delivered; null for news.',
      resolve: ({ frame }) => (frame.kind === 'reset' ? frame.reason : null),
    }),
    occurredAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When; null for a reset.',
      resolve: ({ frame }) => (frame.kind === 'item' ? frame.event.occurredAt : null),
    }),
    contestant: t.field({
      type: Contestant,
      nullable: true,
      description: 'Whose news it is; null for a reset.',
      resolve: (frame, _args, ctx) => {
        const item = told(frame);
        return item ? contestantFor(ctx, item.board, item.names, item.news.contestantId) : null;
      },
    }),
    name: t.string({
      nullable: true,
      description: 'The contestant’s name as the leaderboard shows it, perhaps masked.',
      resolve: (frame, _args, ctx) => {
        const item = told(frame);
        return item ? nameFor(ctx, item.board, item.names, item.news.contestantId) : null;
      },
    }),
    worth: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'What it added to the score; null where the board hides values.',
      resolve: (frame) => (showsScores(frame.board) ? (told(frame)?.news.worth ?? null) : null),
    }),
    rank: t.int({
      nullable: true,
      description: 'The rank that it brought.',
      resolve: (frame) => told(frame)?.news.rank ?? null,
    }),
    previousRank: t.int({
      nullable: true,
      description: 'The rank just before; null for a newcomer.',
      resolve: (frame) => told(frame)?.news.previousRank ?? null,
    }),
    overtaken: t.stringList({
      description: 'Names of those who were overtaken, best first, at most 10; perhaps masked.',
      resolve: (frame, _args, ctx) => {
        const item = told(frame);
        return item
          ? item.news.overtaken.map((id) => nameFor(ctx, item.board, item.names, id))
          : [];
      },
    }),
    streakDays: t.int({
      nullable: true,
      description: 'Days in a row, of a streak.',
      resolve: (frame) => told(frame)?.news.streakDays ?? null,
    }),
  }),
});

builder.subscriptionField('boardNews', (t) =>
  t.field({
    type: BoardNews,
    skipTypeScopes: true,
    authScopes: { viewer: true },
    description:
      'The good news of a leaderboard over the present period of its unit, each once, in order. With `since`, first what was missed.',
    args: {
      id: t.arg.recordId({ for: 'Leaderboard', required: true, description: 'The leaderboard.' }),
      since: t.arg({ type: 'Cursor', description: 'The cursor of the last news that arrived.' }),
    },
    subscribe: async (_root, { id, since }, ctx) => {
      let board = await watchable(ctx, id);
      const { db } = ctx;
      const items = async (event: LoggedEvent): Promise<ToldNews[]> => {
        const present = await loadBoard(db.pool, board.organizationId, id);
        if (!present || present.archivedAt)
          throw new NotFound('There is no such leaderboard.', { path: ['id'] });
        await requireWatchable(ctx, present);
        board = present;
        const { news, names } = await eventNews(db, ctx.feed.epoch, present, event);
        return news
          .filter(({ kind }) => isShown(present, kind))
          .map((item) => ({ board: present, news: item, names }));
      };
      const frames = await followLog<ToldNews>({
        feed: ctx.feed,
        organizationId: board.organizationId,
        since: readSince(since, viewerOf(ctx), ctx.feed.epoch),
        concerns: (event) =>
          scoresOn(board, event) || event.recordId === id || event.type === 'metric.activated',
        items,
        limit: ctx.config.mailboxSize,
        window: ctx.config.resumeWindow,
      });
      return mapped(frames, (frame) => ({ board, frame }));
    },
    resolve: (frame) => frame,
  }),
);

/** Where progress is hidden, so is that a target was reached. */
const isShown = (board: Board, kind: News['kind']): boolean =>
  kind !== 'TARGET_REACHED' || showsProgress(board);
