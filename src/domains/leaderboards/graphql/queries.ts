import { builder } from '../../../api/builder.ts';
import { Viewer } from '../../people/graphql/viewer.ts';
import { Leaderboard } from './leaderboard.ts';
import { allWatchable, loadWatchable } from './load.ts';

builder.queryField('leaderboards', (t) =>
  t.field({
    type: [Leaderboard],
    skipTypeScopes: true,
    authScopes: { viewer: true },
    description: 'The leaderboards that the caller may watch, by name. Archived ones are left out.',
    complexity: { field: 5, multiplier: 20 },
    resolve: (_root, _args, ctx) => allWatchable(ctx),
  }),
);

builder.objectField(Viewer, 'leaderboards', (t) =>
  t.field({
    type: [Leaderboard],
    description:
      'The leaderboards that the caller may watch, by name; those of a display are what its token names.',
    complexity: { field: 5, multiplier: 20 },
    resolve: (_viewer, _args, ctx) => allWatchable(ctx),
  }),
);

builder.queryField('leaderboard', (t) =>
  t.field({
    type: Leaderboard,
    nullable: true,
    skipTypeScopes: true,
    authScopes: { viewer: true },
    description: 'One leaderboard; null when it does not exist or the caller may not watch it.',
    args: {
      id: t.arg.recordId({ for: 'Leaderboard', required: true, description: 'The leaderboard.' }),
    },
    resolve: async (_root, { id }, ctx) => (await loadWatchable(ctx, [id]))[0] ?? null,
  }),
);
