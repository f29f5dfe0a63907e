import { builder } from '../../../api/builder.ts';
import { childRows, type Parent } from '../../../api/children.ts';
import type { Context } from '../../../api/context.ts';
import { loadMember, loadTeam } from './load.ts';
import { Member, Team } from './types.ts';

/** Most stays that a history shows: the latest. */
const LIMIT = 100;
const NEWEST_FIRST = `Newest first; the latest ${LIMIT}.`;

export interface Stay {
  from: Date;
  until: Date | null;
  byId: string | null;
}

export const stay = builder.interfaceRef<Stay>('Stay').implement({
  description: 'A time in which something held: from a moment until another.',
  fields: (t) => ({
    from: t.expose('from', { type: 'DateTime', description: 'Since when.' }),
    until: t.expose('until', {
      type: 'DateTime',
      nullable: true,
      description: 'Until when, that moment excluded; null: it still holds.',
    }),
    by: t.field({
      type: Member,
      nullable: true,
      description: 'Who entered it; null when nobody did.',
      resolve: ({ byId }, _args, ctx) => loadMember(ctx, byId),
    }),
  }),
});

const Membership = builder.objectRef<Stay & { teamId: string }>('Membership').implement({
  description: 'A time in a team.',
  interfaces: [stay],
  fields: (t) => ({
    team: t.field({
      type: Team,
      nullable: true,
      description: 'Where the member was.',
      resolve: ({ teamId }, _args, ctx) => loadTeam(ctx, teamId),
    }),
  }),
});

const TeamParentage = builder.objectRef<Stay & { parentId: string }>('TeamParentage').implement({
  description: 'A time under another team.',
  interfaces: [stay],
  fields: (t) => ({
    parent: t.field({
      type: Team,
      nullable: true,
      description: 'The team above.',
      resolve: ({ parentId }, _args, ctx) => loadTeam(ctx, parentId),
    }),
  }),
});

const TeamLeadership = builder.objectRef<Stay & { memberId: string }>('TeamLeadership').implement({
  description: 'A time under a leader.',
  interfaces: [stay],
  fields: (t) => ({
    leader: t.field({
      type: Member,
      nullable: true,
      description: 'Who led.',
      resolve: ({ memberId }, _args, ctx) => loadMember(ctx, memberId),
    }),
  }),
});

/** The latest stays of a history, the newest first; for all records of an answer in one statement. */
export const newestOf = <Row extends Stay>(
  ctx: Context,
  of: Parent,
  most = LIMIT,
): Promise<Row[]> =>
  childRows<Row>(ctx, of, { orderBy: [{ from: 'desc' }, { id: 'desc' }], take: most });

builder.prismaObjectFields('Member', (t) => ({
  teamHistory: t.field({
    type: [Membership],
    description: `The teams that the member belonged to and when. ${NEWEST_FIRST}`,
    complexity: { field: 1, multiplier: 5 },
    resolve: ({ id }, _args, ctx) =>
      newestOf<Stay & { teamId: string }>(ctx, { model: 'Member', id, relation: 'memberships' }),
  }),
}));

builder.prismaObjectFields('Team', (t) => ({
  parentHistory: t.field({
    type: [TeamParentage],
    description: `The teams that it belonged to and when; a gap is a time as a root. ${NEWEST_FIRST}`,
    complexity: { field: 1, multiplier: 5 },
    resolve: ({ id }, _args, ctx) =>
      newestOf<Stay & { parentId: string }>(ctx, { model: 'Team', id, relation: 'parentages' }),
  }),
  leaderHistory: t.field({
    type: [TeamLeadership],
    description: `Who led it and when; a gap is a time without a leader. ${NEWEST_FIRST}`,
    complexity: { field: 1, multiplier: 5 },
    resolve: ({ id }, _args, ctx) =>
      newestOf<Stay & { memberId: string }>(ctx, { model: 'Team', id, relation: 'leaderships' }),
  }),
}));
