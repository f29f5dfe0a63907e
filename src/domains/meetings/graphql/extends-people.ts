import { builder } from '../../../api/builder.ts';
import { keysetConnection } from '../../../api/connections.ts';
import { MeetingFilter, MeetingOrder } from './inputs.ts';
import { orderOf, whereOf } from './queries.ts';
import { Meeting, MeetingConnection } from './types.ts';

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
      resolve: (team, args, ctx, info) =>
        keysetConnection(ctx, info, {
          model: 'Meeting',
          of: { model: 'Team', id: team.id, relation: 'meetings' },
          args,
          where: whereOf(args.filter),
          orderBy: orderOf(args.orderBy),
        }),
    },
    MeetingConnection,
  ),
);
