import { builder } from '../../../api/builder.ts';
import { keysetConnection } from '../../../api/connections.ts';
import { listBelow } from '../../../api/list-below.ts';
import type { PageArgs } from '../../../api/page.ts';
import { asOfOf, holdsAt, withAsOf } from './as-of.ts';
import { loadMember, loadTeam, loadTeams } from './load.ts';
import { structureOf, teamsAbove, withTeamsBelow } from './structure.ts';
import { Member, MemberConnection, Team } from './types.ts';

interface MembersArgs extends PageArgs {
  includeBelow?: boolean | null | undefined;
  active?: boolean | null | undefined;
}

/** Who belongs to a team itself now. */
const presentMembers = listBelow<'Member', MembersArgs>({
  ...{ model: 'Member', of: 'Team', relation: 'memberships' },
  through: {
    record: 'member',
    where: holdsAt(null),
    below: (teamId) => ({ memberships: { some: { teamId, ...holdsAt(null) } } }),
  },
  plain: ({ includeBelow, active }) => {
    if (includeBelow) return null;
    return typeof active === 'boolean' ? { active } : {};
  },
  orderBy: () => [{ field: 'name', direction: 'ASC' }],
});

builder.prismaObjectFields('Team', (t) => ({
  parent: t.field({
    type: Team,
    nullable: true,
    description: 'The team that it belongs to; null for a root.',
    resolve: async (team, _args, ctx) => {
      const asOf = asOfOf(team);
      return loadTeam(ctx, await structureOf(ctx, asOf).parentOf(team.id), asOf);
    },
  }),
  children: t.field({
    type: [Team],
    description: 'The teams right below it, by name.',
    complexity: { field: 1, multiplier: 10 },
    resolve: async (team, _args, ctx) => {
      const asOf = asOfOf(team);
      return loadTeams(ctx, await structureOf(ctx, asOf).childrenOf(team.id), asOf);
    },
  }),
  ancestors: t.field({
    type: [Team],
    description: 'All teams above it, nearest first, the root last.',
    complexity: { field: 1, multiplier: 5 },
    resolve: async (team, _args, ctx) => {
      const asOf = asOfOf(team);
      return loadTeams(ctx, await teamsAbove(structureOf(ctx, asOf), team.id), asOf);
    },
  }),
  leader: t.field({
    type: Member,
    nullable: true,
    description: 'Who leads it, whether a member of it or not; null when nobody does.',
    resolve: async (team, _args, ctx) => {
      const asOf = asOfOf(team);
      return loadMember(ctx, await structureOf(ctx, asOf).leaderOf(team.id), asOf);
    },
  }),
  members: t.connection(
    {
      type: Member,
      description: 'Who belongs to it, those who have left included, by name.',
      args: {
        includeBelow: t.arg.boolean({
          description: 'Also the members of all teams below it. Default: false.',
        }),
        active: t.arg.boolean({
          description: 'Only those who are active now, or only those who are not. Default: both.',
        }),
      },
      extensions: presentMembers.extensions,
      resolve: async (team, args, ctx, info) => {
        const asOf = asOfOf(team);
        if (asOf === null && !args.includeBelow) {
          return presentMembers.resolve(team, args, ctx, info);
        }
        const teams = args.includeBelow
          ? await withTeamsBelow(structureOf(ctx, asOf), [team.id])
          : [team.id];
        const connection = await keysetConnection(ctx, info, {
          model: 'Member',
          args,
          where: {
            memberships: { some: { teamId: { in: teams }, AND: [holdsAt(asOf)] } },
            ...(typeof args.active === 'boolean' && { active: args.active }),
          },
          orderBy: [{ field: 'name', direction: 'ASC' }],
        });
        const edges = connection.edges.map((edge) => ({
          ...edge,
          node: withAsOf(edge.node, asOf),
        }));
        return { ...connection, edges };
      },
    },
    MemberConnection,
  ),
}));

builder.prismaObjectFields('Member', (t) => ({
  team: t.field({
    type: Team,
    nullable: true,
    description: 'The team that the member belongs to; null without one.',
    resolve: async (member, _args, ctx) => {
      const asOf = asOfOf(member);
      return loadTeam(ctx, await structureOf(ctx, asOf).teamOf(member.id), asOf);
    },
  }),
  leads: t.field({
    type: [Team],
    description: 'The teams that the member leads, by name.',
    complexity: { field: 1, multiplier: 3 },
    resolve: async (member, _args, ctx) => {
      const asOf = asOfOf(member);
      return loadTeams(ctx, await structureOf(ctx, asOf).teamsLedBy(member.id), asOf);
    },
  }),
}));
