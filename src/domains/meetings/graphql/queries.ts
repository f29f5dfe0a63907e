import { builder } from '../../../api/builder.ts';
import { type KeysetOptions, keysetConnection } from '../../../api/connections.ts';
import type { Prisma } from '../../../generated/prisma/client.ts';
import { MeetingFilter, MeetingOrder } from './inputs.ts';
import { Meeting, MeetingConnection, MeetingKind } from './types.ts';

type Filter = typeof MeetingFilter.$inferInput;
type Order = typeof MeetingOrder.$inferInput;
type OrderBy = NonNullable<KeysetOptions<'Meeting'>['orderBy']>;

const COLUMNS = { STARTS_AT: 'startsAt', CREATED_AT: 'createdAt', TITLE: 'title' } as const;

export const orderOf = (steps: readonly Order[] | null | undefined): OrderBy =>
  steps?.length
    ? steps.map(({ field, direction }) => ({ field: COLUMNS[field], direction }))
    : [{ field: 'startsAt', direction: 'DESC' }];

/** The participants of a meeting are seen by whoever sees the meeting, so a filter by them gives nothing away. */
export function whereOf(filter: Filter | null | undefined): Prisma.MeetingWhereInput {
  const and: Prisma.MeetingWhereInput[] = [];
  if (filter?.kind) and.push({ kindId: { in: filter.kind.in } });
  if (filter?.status) and.push({ status: { in: filter.status.in } });
  if (filter?.host) and.push({ hostId: { in: filter.host.in } });
  if (filter?.team) and.push({ teamId: { in: filter.team.in } });
  if (filter?.participant) {
    and.push({ invitations: { some: { memberId: { in: filter.participant.in } } } });
  }
  if (filter?.startsAt?.from) and.push({ startsAt: { gte: filter.startsAt.from } });
  if (filter?.startsAt?.before) and.push({ startsAt: { lt: filter.startsAt.before } });
  return and.length > 0 ? { AND: and } : {};
}

builder.queryField('meetings', (t) =>
  t.connection(
    {
      type: Meeting,
      description:
        'The meetings that the caller may see, the latest first unless ordered otherwise.',
      args: {
        filter: t.arg({ type: MeetingFilter, description: 'Default: all of them.' }),
        orderBy: t.arg({
          type: [MeetingOrder],
          description: 'Default: by the start, the latest first.',
        }),
      },
      resolve: (_root, args, ctx, info) =>
        keysetConnection(ctx, info, {
          model: 'Meeting',
          args,
          where: whereOf(args.filter),
          orderBy: orderOf(args.orderBy),
        }),
    },
    MeetingConnection,
  ),
);

builder.queryField('meetingKinds', (t) =>
  t.prismaField({
    type: [MeetingKind],
    description: 'The kinds of meeting, in the order that the administrator gave them.',
    args: {
      includeInactive: t.arg.boolean({
        defaultValue: false,
        required: true,
        description: 'Also those that are out of use.',
      }),
    },
    resolve: (query, _root, args, ctx) =>
      ctx.reader.meetingKind.findMany({
        ...query,
        where: args.includeInactive ? {} : { active: true },
        orderBy: [{ ordinal: 'asc' }, { name: 'asc' }, { id: 'asc' }],
      }),
  }),
);
