import { builder } from '../../../api/builder.ts';
import { type Context, memberOf } from '../../../api/context.ts';
import { Member } from '../../people/graphql/types.ts';
import { LIMITS } from '../model.ts';
import { type Overlap, overlapsOf } from '../store.ts';
import { Meeting } from './types.ts';

const MeetingOverlap = builder.objectRef<Overlap>('MeetingOverlap').implement({
  description: 'Somebody of the meeting takes part in another one at the same time.',
  fields: (t) => ({
    member: t.field({
      type: Member,
      description: 'Who.',
      resolve: async ({ memberId }, _args, ctx) => {
        const member = await ctx.load('Member', memberId);
        if (!member) throw new Error(`member ${memberId} is gone`);
        return member;
      },
    }),
    startsAt: t.expose('startsAt', {
      type: 'DateTime',
      description: 'When the other meeting begins.',
    }),
    endsAt: t.expose('endsAt', { type: 'DateTime', description: 'When the other meeting ends.' }),
    meeting: t.field({
      type: Meeting,
      nullable: true,
      description: 'The other meeting; null when the caller may not see more than its times.',
      resolve: ({ meetingId }, _args, ctx) => ctx.load('Meeting', meetingId),
    }),
  }),
});

/** Read after the commit with present rights, so that a retry under a key tells the present overlaps. */
export const overlapsField = {
  type: [MeetingOverlap] as [typeof MeetingOverlap],
  description: `Other meetings, not cancelled, that people of this one take part in at the same time: nothing is forbidden, it is only told. At most ${LIMITS.overlaps}, the earliest first.`,
  complexity: { field: 1, multiplier: LIMITS.overlaps },
  resolve: ({ id }: { id: string }, _args: object, ctx: Context) =>
    overlapsOf(ctx.db, memberOf(ctx).organizationId, id),
};
