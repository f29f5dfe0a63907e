import { builder } from '../../../api/builder.ts';
import { connectionObject } from '../../../api/connection-object.ts';
import type { KeysetConnection } from '../../../api/connections.ts';
import { connectionFromRows } from '../../../api/connections-from-rows.ts';
import { type Context, viewerOf } from '../../../api/context.ts';
import { type PageArgs, readPage } from '../../../api/page.ts';
import { encodePageCursor, type SortOrder } from '../../../api/page-cursor.ts';
import type { EntryRow } from '../../../metrics/entries.ts';
import { countEntriesOf, entriesOf } from '../entries.ts';
import { type StandingView, showsProgress, showsScores } from '../view.ts';
import { Contestant, contestantFor, nameFor, SHOWN_NAMES } from './contestant.ts';
import { ScoreEntry, ScoreEntryConnection } from './score-entry.ts';

export const Standing = builder.objectRef<StandingView>('Standing').implement({
  description: 'One place on a leaderboard.',
  fieldsDependOn: {
    organization: [
      ...['rank', 'previousRank', 'hasLeft', 'score', 'progress', 'gapToNext', 'gapToLeader'],
    ],
  },
  fields: (t) => ({
    rank: t.int({
      description: 'From 1, as the ranking method numbers.',
      resolve: ({ row }) => row.rank,
    }),
    previousRank: t.int({
      nullable: true,
      description:
        'The rank after the same elapsed part of the period before; null for newcomers and for all time.',
      resolve: async ({ view, row }) => (await view.previousRanks()).get(row.contestantId) ?? null,
    }),
    contestant: t.field({
      type: Contestant,
      description: 'Who stands there.',
      dependsOn: SHOWN_NAMES,
      resolve: ({ view, row }, _args, ctx) =>
        contestantFor(ctx, view.board, view.names, row.contestantId),
    }),
    name: t.string({
      description: 'The contestant’s name as this leaderboard shows it, perhaps masked.',
      dependsOn: SHOWN_NAMES,
      resolve: ({ view, row }, _args, ctx) =>
        nameFor(ctx, view.board, view.names, row.contestantId),
    }),
    hasLeft: t.boolean({
      description:
        'Whether the contestant scored here but has since left the scope, the role or the organization.',
      resolve: ({ row }) => row.left,
    }),
    score: t.field({
      type: 'Decimal',
      nullable: true,
      description:
        'The measures times their weights; null where the board hides values, or on a percent board without a target.',
      resolve: ({ view, row }) => (showsScores(view.board) ? row.score : null),
    }),
    progress: t.field({
      type: 'Decimal',
      nullable: true,
      description:
        'Percent of the target of the first measure, 100 is reached; null without a target, or where it is hidden.',
      resolve: ({ view, row }) => (showsProgress(view.board) ? row.progress : null),
    }),
    gapToNext: t.field({
      type: 'Decimal',
      nullable: true,
      description:
        'What is missing to the score of the place above; null for the first place and where values are hidden.',
      resolve: ({ view, row }) => (showsScores(view.board) ? row.gapToNext : null),
    }),
    gapToLeader: t.field({
      type: 'Decimal',
      nullable: true,
      description:
        'What is missing to the score of the first place, 0 for itself; null where values are hidden.',
      resolve: ({ view, row }) => (showsScores(view.board) ? row.gapToLeader : null),
    }),
    entries: t.connection(
      {
        type: ScoreEntry,
        description:
          'Every entry that makes the score, newest first; their worth adds up to it. Inside the data scope of the caller: outside it ENTRIES_OUT_OF_SCOPE.',
        resolve: (standing, args, ctx) => entryPage(ctx, standing, args),
      },
      ScoreEntryConnection,
    ),
  }),
});

const entryOrder = ({ board }: StandingView['view']): SortOrder => ({
  list: `entries on ${board.id}`,
  columns: [
    { field: 'position', direction: 'DESC', type: 'number', nullable: false },
    { field: 'ordinal', direction: 'DESC', type: 'number', nullable: false },
    { field: 'versionId', direction: 'DESC', type: 'uuid', nullable: false },
  ],
});

const ALL = 1_000_000;

async function entryPage(
  ctx: Context,
  standing: StandingView,
  args: PageArgs,
): Promise<KeysetConnection<EntryRow>> {
  const order = entryOrder(standing.view);
  const viewer = viewerOf(ctx);
  const readAll = () => entriesOf(ctx.db, viewer, standing, { before: null, limit: ALL });
  // From the end, or up to a cursor, is asked for rarely.
  if (typeof args.last === 'number' || args.before) {
    return connectionFromRows(args, await readAll(), order);
  }
  const page = readPage(args, order);
  const [position, ordinal, versionId] = page.after ?? [];
  const before = page.after
    ? { position: Number(position), ordinal: Number(ordinal), versionId: String(versionId) }
    : null;
  const rows = await entriesOf(ctx.db, viewer, standing, { before, limit: page.size + 1 });
  const edges = rows
    .slice(0, page.size)
    .map((node) => ({ node, cursor: encodePageCursor(order, { ...node }) }));
  return {
    edges,
    pageInfo: {
      hasNextPage: rows.length > page.size,
      hasPreviousPage: before !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount: () => countEntriesOf(ctx.db, viewer, standing),
  };
}

export const StandingConnection = connectionObject(Standing, {
  name: 'StandingConnection',
  description: 'A page of a leaderboard.',
  position: true,
});
