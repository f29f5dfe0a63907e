import { memberOf } from '../../../../api/context.ts';
import { mutationField } from '../../../../api/mutation.ts';
import { MeetingNotBegun } from '../../errors.ts';
import { recordMinutes } from '../../holding.ts';
import { LIMITS } from '../../model.ts';
import '../errors.ts';
import { meetingField } from '../payload.ts';

mutationField('recordMinutes', {
  description: `Records what was said and decided, from ${LIMITS.openBefore} minutes before the start on; a later text replaces the earlier one. For the host, or whose data scope covers him.`,
  errors: [MeetingNotBegun],
  input: (t) => ({
    id: t.recordId({ for: 'Meeting', required: true, description: 'The meeting.' }),
    expectedVersion: t.int({
      description: 'Refuse with Conflict unless the meeting is at this version.',
    }),
    minutes: t.string({
      description: `At most ${LIMITS.text} characters; null or missing clears them.`,
    }),
  }),
  resolve: (input, ctx) =>
    recordMinutes(ctx.db, memberOf(ctx), { ...input, minutes: input.minutes ?? null }),
  payload: (t) => ({
    meeting: t.prismaField(meetingField),
  }),
});
