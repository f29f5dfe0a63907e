import { builder } from '../../../api/builder.ts';
import { keysetConnection } from '../../../api/connections.ts';
import type { Context } from '../../../api/context.ts';
import { listBelow } from '../../../api/list-below.ts';
import type { PageArgs } from '../../../api/page.ts';
import { PeriodUnitEnum, readPeriod } from '../../../api/period.ts';
import { ALL_TIME_BUCKET, dayOf, periodContaining } from '../../../calendar/periods.ts';
import type { Prisma } from '../../../generated/prisma/client.ts';
import { Target, TargetConnection } from './types.ts';

const TargetPeriodFilter = builder.inputType('TargetPeriodFilter', {
  description: 'Which periods.',
  fields: (t) => ({
    unit: t.field({ type: PeriodUnitEnum, required: true, description: 'Of which length.' }),
    containing: t.field({
      type: 'Date',
      description: 'The one that this day lies in; default: all of this length.',
    }),
    current: t.boolean({
      description: 'The one that the present day lies in. Not together with `containing`.',
    }),
  }),
});

const TargetFilter = builder.inputType('TargetFilter', {
  description: 'Which targets: all conditions that are given must hold.',
  fields: (t) => ({
    metricIds: t.recordIdList({ for: 'Metric', description: 'Of one of these metrics.' }),
    memberIds: t.recordIdList({ for: 'Member', description: 'Of one of these members.' }),
    teamIds: t.recordIdList({
      for: 'Team',
      description:
        'Of one of these teams themselves, not of their members. With `memberIds`: of either.',
    }),
    period: t.field({ type: TargetPeriodFilter, description: 'By period.' }),
  }),
});

type Filter = typeof TargetFilter.$inferInput;

async function whereOf(
  ctx: Context,
  filter: Filter | null | undefined,
): Promise<Prisma.TargetWhereInput> {
  const and: Prisma.TargetWhereInput[] = [];
  if (filter?.metricIds) and.push({ metricId: { in: filter.metricIds } });
  const contestants: Prisma.TargetWhereInput[] = [];
  if (filter?.memberIds) contestants.push({ memberId: { in: filter.memberIds } });
  if (filter?.teamIds) contestants.push({ teamId: { in: filter.teamIds } });
  if (contestants.length > 0) and.push({ OR: contestants });
  if (filter?.period) and.push(await periodWhere(ctx, filter.period));
  return and.length > 0 ? { AND: and } : {};
}

async function periodWhere(
  ctx: Context,
  period: NonNullable<Filter['period']>,
): Promise<Prisma.TargetWhereInput> {
  const { unit, containing, current } = period;
  const calendar = await ctx.calendar();
  const day = containing ?? (current ? dayOf(calendar, await ctx.now()) : null);
  if (day === null) return { unit };
  const whole = readPeriod(
    () => periodContaining(calendar, unit, day),
    ['filter', 'period', 'containing'],
  );
  return { unit, bucket: new Date(whole.from ?? ALL_TIME_BUCKET) };
}

const ORDER = [{ field: 'bucket', direction: 'DESC' }] as const;
const args = {
  description: 'Default: all of them.',
} as const;

builder.queryField('targets', (t) =>
  t.connection(
    {
      type: Target,
      description: 'The targets that the caller may see, of the latest periods first.',
      args: { filter: t.arg({ type: TargetFilter, ...args }) },
      resolve: async (_root, { filter, ...page }, ctx, info) =>
        keysetConnection(ctx, info, {
          model: 'Target',
          args: page,
          where: await whereOf(ctx, filter),
          orderBy: ORDER,
        }),
    },
    TargetConnection,
  ),
);

const targetsBelow = (of: 'Member' | 'Team') =>
  listBelow<'Target', PageArgs & { filter?: Filter | null | undefined }>({
    ...{ model: 'Target', of, relation: 'targets' },
    plain: ({ filter }) => (filter ? null : {}),
    where: ({ filter }, ctx) => whereOf(ctx, filter),
    orderBy: () => ORDER,
  });

builder.prismaObjectField('Member', 'targets', (t) =>
  t.connection(
    {
      type: Target,
      description:
        'What the member is to reach, as far as the caller may see it; of the latest periods first.',
      args: { filter: t.arg({ type: TargetFilter, ...args }) },
      ...targetsBelow('Member'),
    },
    TargetConnection,
  ),
);

builder.prismaObjectField('Team', 'targets', (t) =>
  t.connection(
    {
      type: Target,
      description:
        'What the team itself is to reach, as far as the caller may see it; of the latest periods first.',
      args: { filter: t.arg({ type: TargetFilter, ...args }) },
      ...targetsBelow('Team'),
    },
    TargetConnection,
  ),
);
