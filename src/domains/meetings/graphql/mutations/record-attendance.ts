import { memberOf } from '../../../../api/context.ts';
import { mutationField } from '../../../../api/mutation.ts';
import { MeetingNotBegun, TooManyParticipants } from '../../errors.ts';
import { recordAttendance } from '../../holding.ts';
import { LIMITS } from '../../model.ts';
import '../errors.ts';
import { AttendanceInput } from '../inputs.ts';
import { meetingField } from '../payload.ts';

mutationField('recordAttendance', {
  description: `Records who came, from ${LIMITS.openBefore} minutes before the start on. What is recorded again corrects what was there, and the score with it. For the host, or whose data scope covers him.`,
  errors: [MeetingNotBegun, TooManyParticipants],
  input: (t) => ({
    id: t.recordId({ for: 'Meeting', required: true, description: 'The meeting.' }),
    expectedVersion: t.int({
      description: 'Refuse with Conflict unless the meeting is at this version.',
    }),
    attendance: t.field({
      type: [AttendanceInput],
      required: true,
      description: `1 to ${LIMITS.attendances} members, each once; the others stay as they are.`,
    }),
  }),
  resolve: (input, ctx) =>
    recordAttendance(ctx.db, memberOf(ctx), {
      ...input,
      attendance: input.attendance.map(({ memberId, attendance }) => ({
        memberId,
        attendance: attendance ?? null,
      })),
    }),
  payload: (t) => ({
    meeting: t.prismaField(meetingField),
  }),
});
