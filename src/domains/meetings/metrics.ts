import { declareScoringEvent } from '../../metrics/scoring-events.ts';

declareScoringEvent({
  type: 'meeting.attendance_recorded',
  description:
    'Somebody was present at, late for, absent or excused from a meeting. Counts at the start of the meeting.',
  fields: {
    attendance: { kind: 'choice', description: 'PRESENT, LATE, ABSENT or EXCUSED.' },
    kindId: { kind: 'id', description: 'The kind of the meeting.' },
    kind: { kind: 'text', description: 'The key of the kind of the meeting, such as MORNING.' },
    teamId: { kind: 'id', description: 'The team that the meeting is of, if any.' },
    minutes: { kind: 'number', description: 'The planned length of the meeting, in minutes.' },
    invited: { kind: 'boolean', description: 'Whether the member had been invited.' },
    hosted: { kind: 'boolean', description: 'Whether the member was the host.' },
  },
  restatedBy: ['meeting.attendance_restated'],
  reversedBy: ['meeting.attendance_withdrawn'],
});
