import './metrics.ts';
import './scope.ts';
import type { Database } from '../../database/database.ts';
import { transact } from '../../database/transact.ts';
import type { MemberViewer } from '../../database/viewer.ts';
import { requireActiveMembers } from '../tasks/references.ts';
import { type CreateTask, createTaskIn } from '../tasks/service.ts';
import * as events from './events.ts';
import { optionalText, requireAttendances } from './input-rules.ts';
import { keyOfKind } from './kind-store.ts';
import {
  type Keyed,
  lockToChange,
  lockVisible,
  type MeetingOutcome,
  membersGiven,
  outcomeOf,
  type Transition,
} from './load.ts';
import { type AttendanceGiven, LIMITS } from './model.ts';
import * as rules from './rules.ts';
import * as store from './store.ts';

export interface RecordAttendance extends Transition {
  /** At most 100, each member once; also of those who came without an invitation. */
  attendance: AttendanceGiven[];
}

/**
 * Enters who came. Later entries correct earlier ones and restate the score; null takes one back. With nothing recorded
 * any more the meeting is yet to be held again.
 */
export function recordAttendance(db: Database, viewer: MemberViewer, input: RecordAttendance) {
  requireAttendances(input.attendance, ['input', 'attendance']);
  return transact(db, viewer, 'recordAttendance', input, async (tx): Promise<MeetingOutcome> => {
    const { meeting, participants } = await lockToChange(tx, input, 'recordAttendance');
    rules.requireBegun(meeting, tx.now);
    const known = new Set(participants.map(({ memberId }) => memberId));
    const guests = membersGiven(
      input.attendance.map(({ memberId }) => memberId),
      'attendance',
      'memberId',
    );
    await requireActiveMembers(
      tx,
      guests.filter(({ id }) => !known.has(id)),
    );
    const changes = rules.attendanceChanges(participants, input.attendance);
    if (changes.length === 0) return outcomeOf(meeting);
    const after = rules.participantsAfter(participants, changes);
    rules.requireRoom(after.length);

    const version = store.save(tx, meeting, {
      status: rules.statusOf(after, meeting.minutes),
    });
    await store.attend(
      tx,
      meeting.id,
      changes.map(({ participant, attendance }) => ({ ...participant, attendance })),
    );
    const kind = await keyOfKind(tx, meeting.kindId);
    if (after.length !== participants.length) {
      tx.event(events.guestsChanged({ meeting, version, before: participants, after }));
    }
    for (const { participant, attendance } of changes) {
      const change = { meeting, kind, version, participant };
      tx.event(
        attendance === null
          ? events.attendanceWithdrawn(change)
          : events.attendanceRecorded(change, attendance),
      );
    }
    return { id: meeting.id, version };
  });
}

export interface RecordMinutes extends Transition {
  /** At most 10,000 characters; null clears them. */
  minutes: string | null;
}

/** Enters what was said and decided; a later text replaces the earlier one. */
export function recordMinutes(db: Database, viewer: MemberViewer, input: RecordMinutes) {
  const minutes = optionalText(input.minutes, LIMITS.text, ['input', 'minutes']);
  return transact(db, viewer, 'recordMinutes', input, async (tx): Promise<MeetingOutcome> => {
    const { meeting, participants } = await lockToChange(tx, input, 'recordMinutes');
    rules.requireBegun(meeting, tx.now);
    if (minutes === meeting.minutes) return outcomeOf(meeting);
    const version = store.save(tx, meeting, {
      minutes,
      minutesById: viewer.memberId,
      minutesAt: tx.now,
      status: rules.statusOf(participants, minutes),
    });
    const change = { meeting, version, before: participants, after: participants };
    tx.event(events.minutesRecorded(change));
    return { id: meeting.id, version };
  });
}

export interface AddActionItem
  extends Omit<CreateTask, 'meetingId' | 'customerId' | 'opportunityId'>,
    Keyed {
  meetingId: string;
}

export type ActionItemOutcome = { taskId: string; version: number; meetingId: string };

/**
 * Makes a task of what was agreed in a meeting; the tasks room says to whom it can be given. For those who take part,
 * and for whose data scope covers the host. The meeting itself does not change.
 */
export function addActionItem(db: Database, viewer: MemberViewer, input: AddActionItem) {
  return transact(db, viewer, 'addActionItem', input, async (tx): Promise<ActionItemOutcome> => {
    const { idempotencyKey: _, ...task } = input;
    const { meeting, participants } = await lockVisible(tx, input.meetingId, 'meetingId');
    rules.mayAddActionItem(viewer, meeting, participants);
    rules.requireState(meeting, 'addActionItem');
    const { id, version } = await createTaskIn(tx, task);
    return { taskId: id, version, meetingId: meeting.id };
  });
}
