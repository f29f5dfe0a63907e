import { memberOf } from '../../../../api/context.ts';
import { mutationField } from '../../../../api/mutation.ts';
import { LIMITS } from '../../model.ts';
import { cancelMeeting, rescheduleMeeting } from '../../service.ts';
import { overlapsField } from '../overlaps.ts';
import { meetingField } from '../payload.ts';

mutationField('rescheduleMeeting', {
  description:
    'Moves a meeting that is yet to be held to another time. For the host, or whose data scope covers him.',
  input: (t) => ({
    id: t.recordId({ for: 'Meeting', required: true, description: 'The meeting.' }),
    expectedVersion: t.int({
      description: 'Refuse with Conflict unless the meeting is at this version.',
    }),
    startsAt: t.field({
      type: 'DateTime',
      required: true,
      description: 'When it begins, in the years 2000 to 2099.',
    }),
    endsAt: t.field({
      type: 'DateTime',
      description: `When it ends, at most ${LIMITS.minutes / 60} hours later. Not together with \`minutes\`.`,
    }),
    minutes: t.int({
      description: `Its length in minutes, 1 to ${LIMITS.minutes}; default: as long as it was.`,
    }),
  }),
  resolve: (input, ctx) => rescheduleMeeting(ctx.db, memberOf(ctx), input),
  payload: (t) => ({
    meeting: t.prismaField(meetingField),
    overlaps: t.field(overlapsField),
  }),
});

mutationField('cancelMeeting', {
  description:
    'Calls a meeting off, for good; also one that was recorded by mistake: what was scored for attending it is taken back. For the host, or whose data scope covers him.',
  input: (t) => ({
    id: t.recordId({ for: 'Meeting', required: true, description: 'The meeting.' }),
    expectedVersion: t.int({
      description: 'Refuse with Conflict unless the meeting is at this version.',
    }),
  }),
  resolve: (input, ctx) => cancelMeeting(ctx.db, memberOf(ctx), input),
  payload: (t) => ({
    meeting: t.prismaField(meetingField),
  }),
});
