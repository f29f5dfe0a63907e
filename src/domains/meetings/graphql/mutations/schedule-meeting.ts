import { memberOf } from '../../../../api/context.ts';
import { mutationField } from '../../../../api/mutation.ts';
import { MeetingKindNotActive, TooManyParticipants } from '../../errors.ts';
import { LIMITS } from '../../model.ts';
import { scheduleMeeting } from '../../service.ts';
import '../errors.ts';
import { AgendaItemInput } from '../inputs.ts';
import { overlapsField } from '../overlaps.ts';
import { meetingField } from '../payload.ts';

mutationField('scheduleMeeting', {
  description: `Puts a meeting into the calendar, also one that has taken place. Members host meetings themselves or for those in their data scope, and invite any active member, with the host at most ${LIMITS.participants} people.`,
  errors: [MeetingKindNotActive, TooManyParticipants],
  input: (t) => ({
    kindId: t.recordId({ for: 'MeetingKind', required: true, description: 'The kind.' }),
    hostId: t.recordId({ for: 'Member', description: 'Who chairs it; default: the caller.' }),
    title: t.string({
      description: `At most ${LIMITS.name} characters; default: the name of the kind.`,
    }),
    teamId: t.recordId({ for: 'Team', description: 'Whose meeting it is; default: no team.' }),
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
      description: `Its length in minutes, 1 to ${LIMITS.minutes}; default: that of the kind.`,
    }),
    place: t.string({
      description: `A room, an address, a link; at most ${LIMITS.place} characters.`,
    }),
    agenda: t.field({
      type: [AgendaItemInput],
      description: `In order, at most ${LIMITS.agenda} points; default: the template of the kind.`,
    }),
    inviteIds: t.recordIdList({
      for: 'Member',
      description: 'Who is invited besides the host: active members, at most 100.',
    }),
    inviteTeam: t.boolean({
      description:
        'Invite the active members of `teamId` and of the teams below it; default: when `inviteIds` is missing or empty.',
    }),
  }),
  resolve: (input, ctx) => scheduleMeeting(ctx.db, memberOf(ctx), input),
  payload: (t) => ({
    meeting: t.prismaField(meetingField),
    overlaps: t.field(overlapsField),
  }),
});
