import { builder } from '../../../api/builder.ts';
import type { EntryRow } from '../../../metrics/entries.ts';
import type { StandingChange } from '../changes.ts';
import type { BoardUpdate } from '../follow-board.ts';
import { type BoardView, showsScores } from '../view.ts';
import { Contestant, contestantFor, nameFor, SHOWN_NAMES } from './contestant.ts';
import { ResetReason } from './enums.ts';
import { Leaderboard } from './leaderboard.ts';
import { Standing } from './standing.ts';
import { cursorAt } from './watching.ts';

const ChangeCause = builder
  .objectRef<{ view: BoardView; entry: EntryRow }>('ChangeCause')
  .implement({
    description:
      'A score entry that changed a leaderboard, as much of it as everybody who watches may know.',
    fieldsDependOn: { organization: ['event', 'occurredAt', 'countsAt', 'worth'] },
    fields: (t) => ({
      event: t.string({
        description: 'The type of the event: opportunity.won.',
        resolve: ({ entry }) => entry.eventType,
      }),
      occurredAt: t.field({
        type: 'DateTime',
        description: 'When it happened.',
        resolve: ({ entry }) => entry.occurredAt,
      }),
      countsAt: t.field({
        type: 'DateTime',
        description: 'The moment that says whose period it belongs to.',
        resolve: ({ entry }) => entry.countsAt,
      }),
      worth: t.field({
        type: 'Decimal',
        nullable: true,
        description: 'What it added to the score; null where the board hides values.',
        resolve: ({ view, entry }) => (showsScores(view.board) ? entry.worth : null),
      }),
    }),
  });

const StandingChangeType = builder
  .objectRef<{ view: BoardView; change: StandingChange }>('StandingChange')
  .implement({
    description: 'How a contestant came from one place to another since the update before.',
    fieldsDependOn: { organization: ['from', 'to', 'scoreBefore', 'scoreAfter', 'causes'] },
    fields: (t) => ({
      contestant: t.field({
        type: Contestant,
        description: 'Who.',
        dependsOn: SHOWN_NAMES,
        resolve: ({ view, change }, _args, ctx) =>
          contestantFor(ctx, view.board, view.names, change.contestantId),
      }),
      name: t.string({
        description: 'The name as this leaderboard shows it, perhaps masked.',
        dependsOn: SHOWN_NAMES,
        resolve: ({ view, change }, _args, ctx) =>
          nameFor(ctx, view.board, view.names, change.contestantId),
      }),
      from: t.int({
        nullable: true,
        description: 'Rank before; null: was not on the board.',
        resolve: ({ change }) => change.before?.rank ?? null,
      }),
      to: t.int({
        nullable: true,
        description: 'Rank now; null: is not on the board any more.',
        resolve: ({ change }) => change.after?.rank ?? null,
      }),
      scoreBefore: t.field({
        type: 'Decimal',
        nullable: true,
        description: 'Score before; null where the board hides values.',
        resolve: ({ view, change }) =>
          showsScores(view.board) ? (change.before?.score ?? null) : null,
      }),
      scoreAfter: t.field({
        type: 'Decimal',
        nullable: true,
        description: 'Score now; null where the board hides values.',
        resolve: ({ view, change }) =>
          showsScores(view.board) ? (change.after?.score ?? null) : null,
      }),
      causes: t.field({
        type: [ChangeCause],
        description: 'The entries that changed it, newest first; at most 100 in an update.',
        resolve: ({ view, change }) => change.causes.map((entry) => ({ view, entry })),
      }),
    }),
  });

export const LeaderboardUpdate = builder.objectRef<BoardUpdate>('LeaderboardUpdate').implement({
  description: 'A leaderboard as it now stands, and what has changed since the update before.',
  fieldsDependOn: {
    organization: [
      ...['cursor', 'reset', 'asOf', 'leaderboard', 'standings', 'changes', 'moreCauses'],
    ],
  },
  fields: (t) => ({
    cursor: t.field({
      type: 'Cursor',
      description: 'Give it as `since` to go on from here after a break.',
      resolve: ({ view }, _args, ctx) => cursorAt(ctx, view.standings.position),
    }),
    reset: t.field({
      type: ResetReason,
      nullable: true,
      description: 'Why this update starts afresh; null: it follows on the one before.',
      resolve: ({ reset }) => reset,
    }),
    asOf: t.field({
      type: 'DateTime',
      description: 'The moment that it was computed for.',
      resolve: ({ view }) => view.now,
    }),
    leaderboard: t.field({
      type: Leaderboard,
      description: 'The board itself.',
      resolve: ({ view }) => view.board,
    }),
    standings: t.field({
      type: [Standing],
      description: 'The page as it now stands, whole: for clients that redraw.',
      complexity: { field: 5, multiplier: 10 },
      resolve: ({ view }) => view.standings.rows.map((row) => ({ view, row })),
    }),
    changes: t.field({
      type: [StandingChangeType],
      description:
        'Against the update before, or the board at `since`: whoever was on the page or is on it now.',
      complexity: { field: 5, multiplier: 10 },
      resolve: ({ view, changes }) => changes.map((change) => ({ view, change })),
    }),
    moreCauses: t.exposeBoolean('moreCauses', {
      description: 'There were more causes than the 100 given.',
    }),
  }),
});
