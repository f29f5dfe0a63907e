import './metrics.ts';
import './kinds.ts';
import './scope.ts';
import type { Database } from '../../database/database.ts';
import { NotFound, WrongState } from '../../database/errors.ts';
import { newId } from '../../database/ids.ts';
import { transact } from '../../database/transact.ts';
import type { MemberViewer } from '../../database/viewer.ts';
import { requireActiveMembers } from '../tasks/references.ts';
import { MeetingKindNotActive } from './errors.ts';
import * as events from './events.ts';
import { type AgendaItemGiven, optionalText, requireAgenda, requireText } from './input-rules.ts';
import { findKind, keyOfKind } from './kind-store.ts';
import {
  type Keyed,
  lockToChange,
  type MeetingOutcome,
  membersGiven,
  outcomeOf,
  presenters,
  type Transition,
} from './load.ts';
import { type AgendaEntry, LIMITS, type Meeting, type Participant } from './model.ts';
import { membersOfTeam, requireMembers, requireTeam } from './references-store.ts';
import * as rules from './rules.ts';
import * as store from './store.ts';

export interface ScheduleMeeting extends Keyed {
  kindId: string;
  /** Default: the viewer. */
  hostId?: string | null;
  /** Default: the kind's name. */
  title?: string | null;
  teamId?: string | null;
  startsAt: Date;
  /** This or a length in minutes; default: the kind's. */
  endsAt?: Date | null;
  minutes?: number | null;
  place?: string | null;
  /** Default: the kind's template. */
  agenda?: AgendaItemGiven[] | null;
  inviteIds?: string[] | null;
  /** Invite the team and the teams below it; default: true when nobody else is invited. */
  inviteTeam?: boolean | null;
}

/**
 * Puts a meeting into the calendar. May be back-dated, for a meeting that has taken place. Overlaps are not refused:
 * the payload reports them.
 */
export function scheduleMeeting(db: Database, viewer: MemberViewer, input: ScheduleMeeting) {
  const hostId = input.hostId ?? viewer.memberId;
  rules.mayHost(viewer, hostId);
  const title = optionalText(input.title, LIMITS.name, ['input', 'title']);
  const place = optionalText(input.place, LIMITS.place, ['input', 'place']);
  const agenda = input.agenda && requireAgenda(input.agenda, ['input', 'agenda']);
  return transact(db, viewer, 'scheduleMeeting', input, async (tx): Promise<MeetingOutcome> => {
    const kind = await findKind(tx, input.kindId);
    if (!kind) {
      throw new NotFound('There is no such kind of meeting.', { path: ['input', 'kindId'] });
    }
    if (!kind.active) {
      throw new MeetingKindNotActive('Meetings of this kind are not scheduled any more.', {
        path: ['input', 'kindId'],
        data: { kindId: kind.id },
      });
    }
    const times = rules.timesOf(input.startsAt, input, kind.defaultMinutes);
    if (input.teamId) await requireTeam(tx, input.teamId, ['input', 'teamId']);
    const items: AgendaEntry[] =
      agenda ?? kind.agenda.map((point) => ({ ...point, presenterId: null }));
    await requireActiveMembers(tx, [
      { id: hostId, path: ['input', 'hostId'] },
      ...membersGiven(input.inviteIds ?? [], 'inviteIds'),
      ...presenters(items),
    ]);
    const invited = new Set([hostId, ...(input.inviteIds ?? [])]);
    if (input.teamId && (input.inviteTeam ?? !input.inviteIds?.length)) {
      for (const memberId of await membersOfTeam(tx, input.teamId)) invited.add(memberId);
    }
    rules.requireRoom(invited.size);

    const meeting: Meeting = {
      id: newId(),
      organizationId: tx.organizationId,
      version: 1,
      kindId: kind.id,
      title: title ?? kind.name,
      hostId,
      teamId: input.teamId ?? null,
      ...times,
      place,
      status: 'SCHEDULED',
      minutes: null,
      minutesById: null,
      minutesAt: null,
      createdAt: tx.now,
      createdById: viewer.memberId,
    };
    store.insert(tx, meeting);
    store.insertAgenda(tx, meeting.id, items);
    await store.invite(tx, meeting.id, [...invited]);
    const after = [...invited].map(asInvited);
    tx.event(events.meetingScheduled({ meeting, version: 1, before: null, after }));
    return { id: meeting.id, version: 1 };
  });
}

export interface UpdateMeeting extends Keyed {
  id: string;
  expectedVersion: number;
  title?: string | null;
  place?: string | null;
  agenda?: AgendaItemGiven[] | null;
  /** Only before the meeting is held, as are the next two. */
  hostId?: string | null;
  inviteIds?: string[] | null;
  /** Not the host. */
  uninviteIds?: string[] | null;
}

/** Changes what a meeting is about and who is invited. Its kind stays; its time has `rescheduleMeeting`. */
export function updateMeeting(db: Database, viewer: MemberViewer, input: UpdateMeeting) {
  if (input.hostId) rules.mayHost(viewer, input.hostId);
  const title =
    input.title == null ? null : requireText(input.title, LIMITS.name, ['input', 'title']);
  const place = optionalText(input.place, LIMITS.place, ['input', 'place']);
  const agenda = input.agenda && requireAgenda(input.agenda, ['input', 'agenda']);
  return transact(db, viewer, 'updateMeeting', input, async (tx): Promise<MeetingOutcome> => {
    const { meeting, participants } = await lockToChange(tx, input, 'update');
    await requireActiveMembers(tx, [
      ...(input.hostId ? [{ id: input.hostId, path: ['input', 'hostId'] }] : []),
      ...membersGiven(input.inviteIds ?? [], 'inviteIds'),
      ...presenters(agenda ?? []),
    ]);
    await requireMembers(tx, membersGiven(input.uninviteIds ?? [], 'uninviteIds'));
    const hostId = input.hostId ?? meeting.hostId;
    const people = rules.invitationChanges(participants, {
      hostId,
      invite: input.inviteIds ?? [],
      uninvite: input.uninviteIds ?? [],
    });
    rules.requireRoom(people.after.length);
    const changed: Partial<Meeting> = {};
    if (title !== null && title !== meeting.title) changed.title = title;
    if (input.place !== undefined && place !== meeting.place) changed.place = place;
    if (hostId !== meeting.hostId) changed.hostId = hostId;
    const isAgendaNew =
      agenda != null &&
      JSON.stringify(agenda) !== JSON.stringify(await store.agendaOf(tx, meeting.id));
    const changes = [...Object.keys(changed), ...(isAgendaNew ? ['agenda'] : [])];
    const { invited, uninvited } = people;
    if (changes.length + invited.length + uninvited.length === 0) return outcomeOf(meeting);
    if (meeting.status === 'HELD' && (changed.hostId || invited.length + uninvited.length > 0)) {
      throw new WrongState(
        'This meeting has been held: who came is entered by `recordAttendance`.',
        { data: { state: meeting.status } },
      );
    }

    const version = store.save(tx, meeting, changed);
    if (isAgendaNew) await store.replaceAgenda(tx, meeting.id, agenda ?? []);
    await store.uninvite(tx, meeting.id, uninvited);
    await store.invite(tx, meeting.id, invited);
    tx.event(
      events.meetingUpdated(
        { meeting, version, before: participants, after: people.after },
        { changes, hostId, invited, uninvited },
      ),
    );
    return { id: meeting.id, version };
  });
}

export interface RescheduleMeeting extends Transition {
  startsAt: Date;
  /** This or a length in minutes; default: as long as it was. */
  endsAt?: Date | null;
  minutes?: number | null;
}

/** Moves a meeting that is yet to be held to another time. */
export function rescheduleMeeting(db: Database, viewer: MemberViewer, input: RescheduleMeeting) {
  return transact(db, viewer, 'rescheduleMeeting', input, async (tx): Promise<MeetingOutcome> => {
    const { meeting, participants } = await lockToChange(tx, input, 'reschedule');
    const length = (meeting.endsAt.getTime() - meeting.startsAt.getTime()) / 60_000;
    const times = rules.timesOf(input.startsAt, input, length);
    const isSame =
      times.startsAt.getTime() === meeting.startsAt.getTime() &&
      times.endsAt.getTime() === meeting.endsAt.getTime();
    if (isSame) return outcomeOf(meeting);
    const version = store.save(tx, meeting, times);
    const change = { meeting, version, before: participants, after: participants };
    tx.event(events.meetingRescheduled(change, times));
    return { id: meeting.id, version };
  });
}

/** Calls a meeting off, for good. What was scored for attending it is taken back. */
export function cancelMeeting(db: Database, viewer: MemberViewer, input: Transition) {
  return transact(db, viewer, 'cancelMeeting', input, async (tx): Promise<MeetingOutcome> => {
    const { meeting, participants } = await lockToChange(tx, input, 'cancel');
    const version = store.save(tx, meeting, { status: 'CANCELLED' });
    store.clearAttendance(tx, meeting.id);
    const attended = participants.filter(({ attendance }) => attendance !== null);
    const change = { meeting, version, before: participants, after: participants };
    tx.event(events.meetingCancelled(change));
    if (attended.length === 0) return { id: meeting.id, version };
    const kind = await keyOfKind(tx, meeting.kindId);
    for (const participant of attended) {
      tx.event(events.attendanceWithdrawn({ meeting, kind, version, participant }));
    }
    return { id: meeting.id, version };
  });
}

const asInvited = (memberId: string): Participant => ({
  memberId,
  invited: true,
  attendance: null,
});
