import { builder } from '../../../api/builder.ts';
import { keysetConnection } from '../../../api/connections.ts';
import { SortDirection } from '../../../api/sort-direction.ts';
import { InvalidInput } from '../../../database/errors.ts';
import type { Role as RoleName } from '../../../database/viewer.ts';
import type { Prisma } from '../../../generated/prisma/client.ts';
import { type AsOf, holdsAt, readAsOf, withAsOf } from './as-of.ts';
import { Role } from './enums.ts';
import { structureOf, withTeamsBelow } from './structure.ts';
import { Member, MemberConnection, Team, TeamConnection } from './types.ts';

const SEARCH_LIMIT = 100;
const AS_OF =
  'The end of this day in place of the present; what hangs below each of them is of that day too.';
const SEARCH = `at most ${SEARCH_LIMIT} characters, capitals do not matter.`;

/** A condition on text columns; undefined when nothing is searched for. */
function contains(search: string | null | undefined) {
  const text = (search ?? '').normalize('NFC').trim();
  if (text === '') return undefined;
  if ([...text].length > SEARCH_LIMIT) {
    throw new InvalidInput(`A search has at most ${SEARCH_LIMIT} characters.`, {
      path: ['search'],
    });
  }
  // Prisma hands the pattern's signs on to LIKE.
  return { contains: text.replace(/[\\%_]/g, '\\$&'), mode: 'insensitive' as const };
}

const TeamFilter = builder.inputType('TeamFilter', {
  description: 'Which teams: those that meet everything given.',
  fields: (t) => ({
    roots: t.boolean({ description: 'Only those without a parent (true) or with one (false).' }),
    parents: t.recordIdList({
      for: 'Team',
      description: 'Only those right below one of these; at most 100.',
    }),
    archived: t.boolean({
      description: 'Those that were given up (true) or exist (false). Default: false.',
    }),
  }),
});

interface TeamFilterShape {
  roots?: boolean | null | undefined;
  parents?: string[] | null | undefined;
  archived?: boolean | null | undefined;
}

function teamWhere(
  { roots, parents, archived }: TeamFilterShape,
  search: string | null | undefined,
  asOf: AsOf,
): Prisma.TeamWhereInput {
  const name = contains(search);
  const holds = holdsAt(asOf);
  const hasParent = { parentages: { some: holds } };
  const exists: Prisma.TeamWhereInput =
    asOf === null
      ? { archivedAt: null }
      : { OR: [{ archivedAt: null }, { archivedAt: { gte: asOf } }] };
  const isGone: Prisma.TeamWhereInput =
    asOf === null ? { NOT: { archivedAt: null } } : { archivedAt: { lt: asOf } };
  return {
    AND: [
      archived ? isGone : exists,
      ...(asOf === null ? [] : [{ createdAt: { lt: asOf } }]),
      ...(name ? [{ name }] : []),
      ...(typeof roots === 'boolean' ? [roots ? { NOT: hasParent } : hasParent] : []),
      ...(parents
        ? [{ parentages: { some: { AND: [holds, { parentId: { in: parents } }] } } }]
        : []),
    ],
  };
}

builder.queryField('teams', (t) =>
  t.connection(
    {
      type: Team,
      description:
        'The teams of the organization, by name. The tree is read by `roots` and `children`.',
      args: {
        filter: t.arg({ type: TeamFilter, description: 'Only these. Default: all that exist.' }),
        search: t.arg.string({ description: `Only teams with this in their name; ${SEARCH}` }),
        asOf: t.arg({ type: 'Date', description: AS_OF }),
      },
      resolve: async (_root, args, ctx, info) => {
        const asOf = await readAsOf(ctx, args.asOf);
        const connection = await keysetConnection(ctx, info, {
          model: 'Team',
          args,
          where: teamWhere(args.filter ?? {}, args.search, asOf),
          orderBy: [{ field: 'name', direction: 'ASC' }],
        });
        const edges = connection.edges.map((edge) => ({
          ...edge,
          node: withAsOf(edge.node, asOf),
        }));
        return { ...connection, edges };
      },
    },
    TeamConnection,
  ),
);

const MemberFilter = builder.inputType('MemberFilter', {
  description: 'Which members: those that meet everything given.',
  fields: (t) => ({
    ids: t.recordIdList({ for: 'Member', description: 'Only these; at most 100.' }),
    teams: t.recordIdList({
      for: 'Team',
      description: 'Only those who belong to one of these teams; at most 100.',
    }),
    includeBelow: t.boolean({
      description: 'With `teams`: also those of all teams below them. Default: false.',
    }),
    roles: t.field({ type: [Role], description: 'Only those with one of these roles.' }),
    active: t.boolean({
      description: 'Only the active (true) or those who left (false). Default: both.',
    }),
  }),
});

const MemberOrderField = builder.enumType('MemberOrderField', {
  description: 'What members are ordered by.',
  values: {
    NAME: { description: 'The name.' },
    EMPLOYEE_NUMBER: { description: 'The employee number, as text.' },
    CREATED_AT: { description: 'Since when the member is known here.' },
  } as const,
});

const COLUMNS = {
  NAME: 'name',
  EMPLOYEE_NUMBER: 'employeeNumber',
  CREATED_AT: 'createdAt',
} as const;

const MemberOrder = builder.inputType('MemberOrder', {
  description: 'One step of an order.',
  fields: (t) => ({
    field: t.field({ type: MemberOrderField, required: true, description: 'By what.' }),
    direction: t.field({ type: SortDirection, required: true, description: 'Which end first.' }),
  }),
});

interface MemberFilterShape {
  ids?: string[] | null | undefined;
  roles?: RoleName[] | null | undefined;
  active?: boolean | null | undefined;
}

function memberWhere(
  { ids, roles, active }: MemberFilterShape,
  search: string | null | undefined,
  teams: string[] | null,
  asOf: AsOf,
): Prisma.MemberWhereInput {
  const text = contains(search);
  return {
    ...(ids && { id: { in: ids } }),
    ...(roles && { role: { in: roles } }),
    ...(typeof active === 'boolean' && { active }),
    ...(text && { OR: [{ name: text }, { employeeNumber: text }, { title: text }] }),
    ...(asOf !== null && { createdAt: { lt: asOf } }),
    ...(teams && { memberships: { some: { teamId: { in: teams }, AND: [holdsAt(asOf)] } } }),
  };
}

builder.queryField('members', (t) =>
  t.connection(
    {
      type: Member,
      description: 'The members of the organization, by name unless ordered otherwise.',
      args: {
        filter: t.arg({ type: MemberFilter, description: 'Only these. Default: all.' }),
        search: t.arg.string({
          description: `Only members with this in their name, employee number or title; ${SEARCH}`,
        }),
        orderBy: t.arg({
          type: [MemberOrder],
          description: 'Steps of the order, the first one first. Default: by name.',
        }),
        asOf: t.arg({
          type: 'Date',
          description: `For teams: ${AS_OF} Role, title and whether somebody is active are the present ones.`,
        }),
      },
      resolve: async (_root, args, ctx, info) => {
        const asOf = await readAsOf(ctx, args.asOf);
        const { teams, includeBelow, ...filter } = args.filter ?? {};
        const wanted =
          teams && includeBelow ? await withTeamsBelow(structureOf(ctx, asOf), teams) : teams;
        const steps = args.orderBy?.length
          ? args.orderBy
          : [{ field: 'NAME' as const, direction: 'ASC' as const }];
        const connection = await keysetConnection(ctx, info, {
          model: 'Member',
          args,
          where: memberWhere(filter, args.search, wanted ?? null, asOf),
          orderBy: steps.map(({ field, direction }) => ({ field: COLUMNS[field], direction })),
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
);
