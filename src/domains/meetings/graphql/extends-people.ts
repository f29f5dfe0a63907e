import { builder } from '../../../api/builder.ts';
import { keysetConnection } from '../../../api/connections.ts';
import { listBelow } from '../../../api/list-below.ts';
import type { PageArgs } from '../../../api/page.ts';
import { MeetingFilter, MeetingOrder } from './inputs.ts';
import { orderOf, whereOf } from './queries.ts';
import { Meeting, MeetingConnection } from './types.ts';

interface MeetingArgs extends PageArgs {
  filter?: typeof MeetingFilter.$inferInput | null | undefined;
  orderBy?: (typeof MeetingOrder.$inferInput)[] | null | undefined;
}

builder.prismaObjectField('Member', 'meetings', (t) =>
  t.connection(
    {
      type: Meeting,
      description:
        'The meetings that the member hosts, is invited to or came to, as far as the caller may see them; the latest first unless ordered otherwise.',
      args: {
        filter: t.arg({ type: MeetingFilter, description: 'Default: all of them.' }),
        orderBy: t.arg({
          type: [MeetingOrder],
          description: 'Default: by the start, the latest first.',
        }),
      },
      resolve: (member, args, ctx, info) =>
        keysetConnection(ctx, info, {
          model: 'Meeting',
          args,
          where: {
            AND: [{ invitations: { some: { memberId: member.id } } }, whereOf(args.filter)],
          },
          orderBy: orderOf(args.orderBy),
        }),
    },
    MeetingConnection,
  ),
);

builder.prismaObjectField('Team', 'meetings', (t) =>
  t.connection(
    {
      type: Meeting,
      description:
        'The meetings of the team itself, as far as the caller may see them; the latest first unless ordered otherwise.',
      args: {
        filter: t.arg({ type: MeetingFilter, description: 'Default: all of them.' }),
        orderBy: t.arg({
          type: [MeetingOrder],
          description: 'Default: by the start, the latest first.',
        }),
      },
      ...listBelow<'Meeting', MeetingArgs>({
        ...{ model: 'Meeting', of: 'Team', relation: 'meetings' },
        plain: ({ filter }) => (filter ? null : {}),
        where: ({ filter }) => whereOf(filter),
        orderBy: ({ orderBy }) => orderOf(orderBy),
      }),
    },
    MeetingConnection,
  ),
);
