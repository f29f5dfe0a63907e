import { memberOf } from '../../../../api/context.ts';
import { mutationField } from '../../../../api/mutation.ts';
import { refuseNull } from '../../../organization/limits.ts';
import { TooManyParticipants } from '../../errors.ts';
import { LIMITS } from '../../model.ts';
import { updateMeeting } from '../../service.ts';
import '../errors.ts';
import { AgendaItemInput } from '../inputs.ts';
import { overlapsField } from '../overlaps.ts';
import { meetingField } from '../payload.ts';

mutationField('updateMeeting', {
  description:
    'Changes what a meeting is about and who is invited; its time has `rescheduleMeeting`. For the host, or whose data scope covers him. What is missing stays.',
  errors: [TooManyParticipants],
  input: (t) => ({
    id: t.recordId({ for: 'Meeting', required: true, description: 'The meeting.' }),
    expectedVersion: t.int({
      required: true,
      description: 'Refuse with Conflict unless the meeting is at this version.',
    }),
    title: t.string({ description: `1 to ${LIMITS.name} characters.` }),
    place: t.string({ description: `At most ${LIMITS.place} characters; null clears it.` }),
    agenda: t.field({
      type: [AgendaItemInput],
      description: `The whole agenda, in order; at most ${LIMITS.agenda} points.`,
    }),
    hostId: t.recordId({
      for: 'Member',
      description: 'Who chairs it; the former host stays invited. Not once it has been held.',
    }),
    inviteIds: t.recordIdList({
      for: 'Member',
      description: 'Who is invited in addition: active members. Not once it has been held.',
    }),
    uninviteIds: t.recordIdList({
      for: 'Member',
      description: 'Who is not invited any more; not the host. Not once it has been held.',
    }),
  }),
  resolve: (input, ctx) =>
    updateMeeting(
      ctx.db,
      memberOf(ctx),
      refuseNull(input, 'title', 'agenda', 'hostId', 'inviteIds', 'uninviteIds'),
    ),
  payload: (t) => ({
    meeting: t.prismaField(meetingField),
    overlaps: t.field(overlapsField),
  }),
});
