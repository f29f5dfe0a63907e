import type { EventDraft, Json, Visibility } from '../../database/event-draft.ts';
import {
  type Attendance,
  type Meeting,
  type MeetingKind,
  minutesOf,
  type Participant,
} from './model.ts';

/** Everybody who takes part: whoever's data scope covers one of them sees the meeting. */
const seenBy = (participants: readonly Participant[]): Visibility => ({
  owners: participants.map(({ memberId }) => memberId),
});

interface Change {
  meeting: Meeting;
  /** The version that the change makes. */
  version: number;
  /** Who took part before; null for a new meeting. */
  before: readonly Participant[] | null;
  after: readonly Participant[];
}

function meetingEvent(type: string, change: Change, payload: Record<string, Json>): EventDraft {
  return {
    type,
    version: 1,
    recordType: 'Meeting',
    recordId: change.meeting.id,
    recordVersion: change.version,
    payload,
    visibility: {
      before: change.before && seenBy(change.before),
      after: seenBy(change.after),
    },
  };
}

export const meetingScheduled = (change: Change): EventDraft =>
  meetingEvent('meeting.scheduled', change, {
    kindId: change.meeting.kindId,
    hostId: change.meeting.hostId,
    teamId: change.meeting.teamId,
    startsAt: change.meeting.startsAt.toISOString(),
    endsAt: change.meeting.endsAt.toISOString(),
  });

/** `changes`: the names of the fields; `invited`, `uninvited`: member ids. */
export const meetingUpdated = (
  change: Change,
  payload: { changes: string[]; hostId: string; invited: string[]; uninvited: string[] },
): EventDraft => meetingEvent('meeting.updated', change, payload);

/** Somebody came without an invitation, or was entered so by mistake: he sees the meeting now, or no longer. */
export const guestsChanged = (change: Change): EventDraft =>
  meetingEvent('meeting.updated', change, {
    changes: ['guests'],
    hostId: change.meeting.hostId,
    invited: [],
    uninvited: [],
  });

export const meetingRescheduled = (change: Change, to: { startsAt: Date; endsAt: Date }) =>
  meetingEvent('meeting.rescheduled', change, {
    startsBefore: change.meeting.startsAt.toISOString(),
    endsBefore: change.meeting.endsAt.toISOString(),
    startsAt: to.startsAt.toISOString(),
    endsAt: to.endsAt.toISOString(),
  });

export const meetingCancelled = (change: Change): EventDraft =>
  meetingEvent('meeting.cancelled', change, { from: change.meeting.status });

export const minutesRecorded = (change: Change): EventDraft =>
  meetingEvent('meeting.minutes_recorded', change, { first: change.meeting.minutes === null });

interface AttendanceChange {
  meeting: Meeting;
  /** The key of the meeting's kind. */
  kind: string;
  version: number;
  participant: Participant;
}

const subjectOf = ({ meeting, participant }: AttendanceChange): string =>
  `${meeting.id}:${participant.memberId}`;

/** What is said of one member is seen by whoever's data scope covers him or the host. */
function attendanceEvent(type: string, change: AttendanceChange, payload: Record<string, Json>) {
  const { meeting, participant } = change;
  const visibility = { owners: [...new Set([meeting.hostId, participant.memberId])] };
  return {
    type,
    version: 1,
    recordType: 'Meeting',
    recordId: meeting.id,
    recordVersion: change.version,
    payload: {
      ...payload,
      subject: subjectOf(change),
      memberId: participant.memberId,
      countsAt: meeting.startsAt.toISOString(),
    },
    visibility: { before: visibility, after: visibility },
  } satisfies EventDraft;
}

/** `meeting.attendance_recorded` for the first, `meeting.attendance_restated` for later ones. */
export function attendanceRecorded(change: AttendanceChange, attendance: Attendance): EventDraft {
  const { meeting, participant } = change;
  const type =
    participant.attendance === null ? 'meeting.attendance_recorded' : 'meeting.attendance_restated';
  return attendanceEvent(type, change, {
    attendance,
    kindId: meeting.kindId,
    kind: change.kind,
    teamId: meeting.teamId,
    minutes: minutesOf(meeting),
    invited: participant.invited,
    hosted: participant.memberId === meeting.hostId,
  });
}

/** Recorded by mistake, or the meeting was cancelled: the score is taken back. */
export const attendanceWithdrawn = (change: AttendanceChange): EventDraft =>
  attendanceEvent('meeting.attendance_withdrawn', change, {
    attendance: change.participant.attendance,
  });

/** Everybody sees the kinds. */
export function kindEvent(
  type: 'meeting_kind.created' | 'meeting_kind.updated',
  kind: Pick<MeetingKind, 'id' | 'version' | 'key' | 'active' | 'defaultMinutes'>,
): EventDraft {
  return {
    type,
    version: 1,
    recordType: 'MeetingKind',
    recordId: kind.id,
    recordVersion: kind.version,
    payload: { key: kind.key, active: kind.active, defaultMinutes: kind.defaultMinutes },
    visibility: { before: null, after: null },
  };
}
