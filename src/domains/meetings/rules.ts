import { InvalidInput, NotAllowed, NotFound, WrongState } from '../../database/errors.ts';
import { covers, type MemberViewer } from '../../database/viewer.ts';
import { MeetingNotBegun, TooManyParticipants } from './errors.ts';
import {
  type Attendance,
  type AttendanceGiven,
  LIMITS,
  type Meeting,
  type MeetingStatus,
  type Participant,
  type Times,
} from './model.ts';

export type Change =
  | 'update'
  | 'reschedule'
  | 'cancel'
  | 'recordAttendance'
  | 'recordMinutes'
  | 'addActionItem';

/** A meeting that is not cancelled has been held when somebody's attendance or minutes are recorded. */
export const statusOf = (
  participants: readonly Participant[],
  minutes: string | null,
): MeetingStatus =>
  minutes !== null || participants.some(({ attendance }) => attendance !== null)
    ? 'HELD'
    : 'SCHEDULED';

/** In which states what may be done. Whoever cancelled by mistake schedules anew: a cancelled meeting stays so. */
const ALLOWED: Record<Change, readonly MeetingStatus[]> = {
  update: ['SCHEDULED', 'HELD'],
  reschedule: ['SCHEDULED'],
  cancel: ['SCHEDULED', 'HELD'],
  recordAttendance: ['SCHEDULED', 'HELD'],
  recordMinutes: ['SCHEDULED', 'HELD'],
  addActionItem: ['SCHEDULED', 'HELD'],
};

export function requireState(meeting: Pick<Meeting, 'status'>, change: Change): void {
  if (ALLOWED[change].includes(meeting.status)) return;
  const state = {
    SCHEDULED: 'is yet to be held',
    HELD: 'has been held',
    CANCELLED: 'is cancelled',
  };
  throw new WrongState(`This meeting ${state[meeting.status]}.`, {
    data: { state: meeting.status },
  });
}

/** Anybody hosts; for another to host, the caller's data scope must cover him. */
export function mayHost(viewer: MemberViewer, hostId: string): void {
  if (covers(viewer, hostId)) return;
  throw new NotAllowed('You can schedule meetings for yourself and for those in your data scope.', {
    path: ['input', 'hostId'],
  });
}

/** Throws NotFound unless the data scope covers somebody who takes part. */
export function requireVisible(
  viewer: MemberViewer,
  participants: readonly Participant[],
  field = 'id',
): void {
  if (participants.some(({ memberId }) => covers(viewer, memberId))) return;
  throw meetingNotFound(field);
}

export const meetingNotFound = (field = 'id'): NotFound =>
  new NotFound('There is no such meeting.', { path: ['input', field] });

/** The host changes his meeting, and whoever's data scope covers him. Those who take part only see it. */
export function mayChange(viewer: MemberViewer, meeting: Pick<Meeting, 'hostId'>): void {
  if (covers(viewer, meeting.hostId)) return;
  throw new NotAllowed('Only the host of a meeting, or whose data scope covers him, changes it.');
}

/** Who takes part gives tasks in the meeting too. */
export function mayAddActionItem(
  viewer: MemberViewer,
  meeting: Pick<Meeting, 'hostId'>,
  participants: readonly Participant[],
): void {
  if (participants.some(({ memberId }) => memberId === viewer.memberId)) return;
  mayChange(viewer, meeting);
}

/** Attendance and minutes are of what takes place: nobody was late for a meeting of tomorrow. */
export function requireBegun(meeting: Pick<Meeting, 'startsAt'>, now: Date): void {
  const opens = meeting.startsAt.getTime() - LIMITS.openBefore * 60_000;
  if (now.getTime() >= opens) return;
  throw new MeetingNotBegun(
    `This meeting begins at ${meeting.startsAt.toISOString()}; this can be entered from ${LIMITS.openBefore} minutes before.`,
    { data: { startsAt: meeting.startsAt.toISOString() } },
  );
}

const EARLIEST = Date.UTC(2000, 0, 1);
const LATEST = Date.UTC(2100, 0, 1);

/** Beginning and end, from an end or a length in minutes. Throws InvalidInput for what is no meeting's time. */
export function timesOf(
  startsAt: Date,
  end: { endsAt?: Date | null; minutes?: number | null },
  defaultMinutes: number,
): Times {
  const begins = startsAt.getTime();
  if (!(begins >= EARLIEST && begins < LATEST)) {
    throw new InvalidInput('A meeting begins in the years 2000 to 2099.', {
      path: ['input', 'startsAt'],
    });
  }
  const isBoth = end.endsAt != null && end.minutes != null;
  if (isBoth) {
    throw new InvalidInput('Give `endsAt` or `minutes`, not both.', { path: ['input', 'minutes'] });
  }
  const minutes = end.endsAt
    ? (end.endsAt.getTime() - begins) / 60_000
    : (end.minutes ?? defaultMinutes);
  if (!(minutes >= 1 && minutes <= LIMITS.minutes)) {
    throw new InvalidInput(`A meeting lasts from 1 minute to ${LIMITS.minutes / 60} hours.`, {
      path: ['input', end.endsAt ? 'endsAt' : 'minutes'],
    });
  }
  return { startsAt, endsAt: new Date(begins + Math.round(minutes * 60_000)) };
}

export function requireRoom(participants: number): void {
  if (participants <= LIMITS.participants) return;
  throw new TooManyParticipants(
    `A meeting has at most ${LIMITS.participants} people; this one would have ${participants}.`,
    { data: { limit: LIMITS.participants, participants } },
  );
}

export interface AttendanceChange {
  /** Who it was before; somebody who came without an invitation is new. */
  participant: Participant;
  attendance: Attendance | null;
}

/** What a record of attendance changes. */
export function attendanceChanges(
  participants: readonly Participant[],
  given: readonly AttendanceGiven[],
): AttendanceChange[] {
  const known = new Map(participants.map((each) => [each.memberId, each]));
  return given
    .map(({ memberId, attendance }) => ({
      participant: known.get(memberId) ?? { memberId, invited: false, attendance: null },
      attendance,
    }))
    .filter(({ participant, attendance }) => participant.attendance !== attendance);
}

/** Who takes part after it: who was not invited and has no attendance any more has not come. */
export function participantsAfter(
  participants: readonly Participant[],
  changes: readonly AttendanceChange[],
): Participant[] {
  const after = new Map(participants.map((each) => [each.memberId, each]));
  for (const { participant, attendance } of changes) {
    after.set(participant.memberId, { ...participant, attendance });
  }
  return [...after.values()].filter(({ invited, attendance }) => invited || attendance !== null);
}

/**
 * Who is invited and uninvited, and who takes part then. The host is invited with his hosting and cannot be
 * uninvited; whoever hosted before stays invited.
 */
export function invitationChanges(
  participants: readonly Participant[],
  { hostId, invite, uninvite }: { hostId: string; invite: string[]; uninvite: string[] },
): { invited: string[]; uninvited: string[]; after: Participant[] } {
  const contradicts = uninvite.findIndex((id) => id === hostId || invite.includes(id));
  if (contradicts >= 0) {
    throw new InvalidInput('The host, and whom the same request invites, cannot be uninvited.', {
      path: ['input', 'uninviteIds', String(contradicts)],
    });
  }
  const known = new Set(participants.map(({ memberId }) => memberId));
  const invited = [...new Set([hostId, ...invite])].filter((id) => !known.has(id));
  const uninvited = [...new Set(uninvite)].filter((id) => known.has(id));
  const after = [
    ...participants.filter(({ memberId }) => !uninvited.includes(memberId)),
    ...invited.map((memberId) => ({ memberId, invited: true, attendance: null })),
  ];
  return { invited, uninvited, after };
}
