import { errorType } from '../../../api/errors.ts';
import { MeetingKindNotActive, MeetingNotBegun, TooManyParticipants } from '../errors.ts';

errorType(MeetingNotBegun, {
  description:
    'Attendance and minutes are entered from half an hour before the start of the meeting. Reschedule it if it is held earlier.',
  fields: (t) => ({
    startsAt: t.field({
      type: 'DateTime',
      description: 'When the meeting begins.',
      resolve: ({ data }) => String(data.startsAt),
    }),
  }),
});

errorType(MeetingKindNotActive, {
  description: 'The administrator has taken this kind of meeting out of use.',
});

errorType(TooManyParticipants, {
  description: 'The meeting would have more people than a meeting may have.',
  fields: (t) => ({
    limit: t.int({
      description: 'Most people of a meeting.',
      resolve: ({ data }) => Number(data.limit),
    }),
    participants: t.int({
      description: 'How many it would have had.',
      resolve: ({ data }) => Number(data.participants),
    }),
  }),
});
