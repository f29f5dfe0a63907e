import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Conflict, NotFound, WrongState } from '../../../src/database/errors.ts';
import { newId } from '../../../src/database/ids.ts';
import { MeetingNotBegun } from '../../../src/domains/meetings/errors.ts';
import {
  addActionItem,
  recordAttendance,
  recordMinutes,
} from '../../../src/domains/meetings/holding.ts';
import {
  cancelMeeting,
  rescheduleMeeting,
  updateMeeting,
} from '../../../src/domains/meetings/service.ts';
import type { Actor } from '../../support/seed.ts';
import {
  entriesOf,
  eventsOf,
  headOf,
  ids,
  type MeetingsWorld,
  MORNING,
  meetingsWorld,
} from './support.ts';

let { db, admin, leader, rep, colleague, outsider, read, schedule } = {} as MeetingsWorld;

beforeAll(async () => {
  ({ db, admin, leader, rep, colleague, outsider, read, schedule } = await meetingsWorld());
});
afterAll(() => db.close());

describe('holding', () => {
  const attended = async () => {
    const entries = await entriesOf(db, admin.organizationId, 'attended');
    const sums = new Map<string, number>();
    for (const { memberId, amount } of entries) {
      sums.set(memberId, (sums.get(memberId) ?? 0) + Number(amount));
    }
    return (actor: Actor) => sums.get(actor.memberId) ?? 0;
  };

  test('a meeting with nothing recorded any more is yet to be held', async () => {
    const { id } = await schedule(leader, {});
    const viewer = await leader.viewer();
    const attend = (attendance: 'PRESENT' | null) =>
      recordAttendance(db, viewer, { id, attendance: [{ memberId: leader.memberId, attendance }] });
    await attend('PRESENT');
    await recordMinutes(db, viewer, { id, minutes: 'All well.' });
    await attend(null);
    expect(await read(id)).toMatchObject({ status: 'HELD' });
    await recordMinutes(db, viewer, { id, minutes: null });
    expect(await read(id)).toMatchObject({ status: 'SCHEDULED', minutes: null });
  });

  test('who came scores at the start of the meeting; corrections restate, cancelling takes back', async () => {
    const earlier = await attended();
    const gained = async (actor: Actor) => (await attended())(actor) - earlier(actor);
    const { id } = await schedule(leader, { inviteIds: [rep.memberId, colleague.memberId] });
    const viewer = await leader.viewer();
    const record = (...given: [Actor, 'PRESENT' | 'LATE' | 'ABSENT' | 'EXCUSED' | null][]) =>
      recordAttendance(db, viewer, {
        id,
        attendance: given.map(([{ memberId }, attendance]) => ({ memberId, attendance })),
      });

    await record([leader, 'PRESENT'], [rep, 'LATE'], [colleague, 'ABSENT'], [outsider, 'PRESENT']);
    expect(await read(id)).toMatchObject({ status: 'HELD', version: 2 });
    expect(await Promise.all([leader, rep, colleague, outsider].map(gained))).toEqual([1, 1, 0, 1]);
    const entries = await entriesOf(db, admin.organizationId, 'attended');
    expect(entries.at(-1)?.countsAt).toEqual(MORNING);
    const guest = (await read(id)).invitations.find(
      ({ memberId }) => memberId === outsider.memberId,
    );
    expect(guest).toMatchObject({ invited: false, attendance: 'PRESENT' });

    await record([rep, 'EXCUSED'], [colleague, 'LATE'], [leader, 'LATE'], [outsider, null]);
    expect(await Promise.all([leader, rep, colleague, outsider].map(gained))).toEqual([1, 0, 1, 0]);
    expect((await read(id)).invitations.map(({ memberId }) => memberId).sort()).toEqual(
      ids(leader, rep, colleague),
    );

    const head = await headOf(db, admin.organizationId);
    await record([rep, 'EXCUSED'], [outsider, null]);
    expect(await headOf(db, admin.organizationId)).toBe(head);

    await cancelMeeting(db, viewer, { id, expectedVersion: 3 });
    expect(await Promise.all([leader, rep, colleague, outsider].map(gained))).toEqual([0, 0, 0, 0]);
    const { invitations, status } = await read(id);
    expect(status).toBe('CANCELLED');
    expect(invitations.every(({ attendance }) => attendance === null)).toBe(true);
    expect((await eventsOf(db, id)).map(({ type }) => type)).toEqual([
      'meeting.scheduled',
      'meeting.updated',
      ...Array(4).fill('meeting.attendance_recorded'),
      'meeting.updated',
      ...Array(3).fill('meeting.attendance_restated'),
      'meeting.attendance_withdrawn',
      'meeting.cancelled',
      ...Array(3).fill('meeting.attendance_withdrawn'),
    ]);
    await expect(cancelMeeting(db, viewer, { id })).rejects.toBeInstanceOf(WrongState);
  });

  test('twenty who record the same attendance at once score once', async () => {
    const earlier = await attended();
    const { id } = await schedule(leader, { inviteIds: [rep.memberId] });
    const viewer = await leader.viewer();
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        recordAttendance(db, viewer, {
          id,
          attendance: [{ memberId: rep.memberId, attendance: n % 2 ? 'PRESENT' : 'LATE' }],
        }),
      ),
    );
    expect((await attended())(rep) - earlier(rep)).toBe(1);
    const events = await eventsOf(db, id);
    const versions = events.map(({ recordVersion }) => recordVersion);
    expect(versions).toEqual(versions.toSorted((a, b) => a - b));
    expect(events.filter(({ type }) => type === 'meeting.attendance_recorded')).toHaveLength(1);
  });

  test('cancelling races with recording: never a score for a cancelled meeting', async () => {
    const earlier = await attended();
    const viewer = await leader.viewer();
    for (let round = 0; round < 5; round += 1) {
      const { id } = await schedule(leader, { inviteIds: [rep.memberId] });
      const attendance = [{ memberId: rep.memberId, attendance: 'PRESENT' as const }];
      await Promise.allSettled([
        recordAttendance(db, viewer, { id, attendance }),
        cancelMeeting(db, viewer, { id }),
      ]);
      expect((await read(id)).status).toBe('CANCELLED');
    }
    expect((await attended())(rep)).toBe(earlier(rep));
  });

  test('not before its time, and never moved afterwards', async () => {
    const viewer = await leader.viewer();
    const future = new Date(Date.now() + 3_600_000);
    const { id } = await schedule(leader, { startsAt: future });
    await expect(recordMinutes(db, viewer, { id, minutes: '纪要' })).rejects.toBeInstanceOf(
      MeetingNotBegun,
    );
    await rescheduleMeeting(db, viewer, { id, startsAt: new Date(Date.now() + 60_000) });
    await recordMinutes(db, viewer, { id, minutes: '  纪要：开门红启动  ' });
    const held = await read(id);
    expect(held).toMatchObject({
      status: 'HELD',
      minutes: '纪要：开门红启动',
      minutesById: leader.memberId,
    });
    const event = (await eventsOf(db, id)).at(-1);
    expect(event?.type).toBe('meeting.minutes_recorded');
    expect(JSON.stringify(event)).not.toContain('开门红');
    const moved = rescheduleMeeting(db, viewer, { id, startsAt: future });
    await expect(moved).rejects.toBeInstanceOf(WrongState);
    const invites = updateMeeting(db, viewer, {
      id,
      expectedVersion: held.version,
      inviteIds: [rep.memberId],
    });
    await expect(invites).rejects.toBeInstanceOf(WrongState);
  });

  test('a stale version is refused, an unknown guest too', async () => {
    const { id } = await schedule(leader);
    const viewer = await leader.viewer();
    const attendance = [{ memberId: leader.memberId, attendance: 'PRESENT' as const }];
    const stale = recordAttendance(db, viewer, { id, expectedVersion: 7, attendance });
    await expect(stale).rejects.toBeInstanceOf(Conflict);
    const unknown = recordAttendance(db, viewer, {
      id,
      attendance: [...attendance, { memberId: newId(), attendance: 'LATE' }],
    });
    await expect(unknown).rejects.toMatchObject({
      name: 'NotFound',
      inputPath: ['input', 'attendance', '1', 'memberId'],
    });
    expect((await read(id)).status).toBe('SCHEDULED');
  });
});

describe('action items', () => {
  test('are tasks of the meeting; whoever takes part gives them', async () => {
    const { id } = await schedule(leader, { inviteIds: [rep.memberId] });
    const item = { meetingId: id, title: '整理竞品资料', idempotencyKey: `item-${id}` };
    const viewer = await rep.viewer();
    const made = await addActionItem(db, viewer, item);
    expect(await addActionItem(db, viewer, item)).toEqual(made);
    const tasks = await db.prisma.task.findMany({ where: { meetingId: id } });
    expect(tasks).toMatchObject([
      { id: made.taskId, title: '整理竞品资料', assigneeId: rep.memberId, status: 'OPEN' },
    ]);
    expect((await read(id)).version).toBe(1);
    const forRep = await addActionItem(db, await leader.viewer(), {
      meetingId: id,
      title: '回访三位客户',
      assigneeId: rep.memberId,
    });
    const task = await db.prisma.task.findUnique({ where: { id: forRep.taskId } });
    expect(task).toMatchObject({ assigneeId: rep.memberId, creatorId: leader.memberId });
  });

  test('not of a cancelled meeting, nor of one that is not seen', async () => {
    const { id } = await schedule(rep, { inviteIds: [outsider.memberId] });
    const overGuest = await admin.manager({ team: await admin.team() });
    const add = async (actor: Actor, meetingId = id) =>
      addActionItem(db, await actor.viewer(), { meetingId, title: '待办' });
    await expect(add(colleague)).rejects.toMatchObject({
      name: 'NotFound',
      inputPath: ['input', 'meetingId'],
    });
    await expect(add(overGuest)).rejects.toBeInstanceOf(NotFound);
    await cancelMeeting(db, await rep.viewer(), { id });
    await expect(add(rep)).rejects.toBeInstanceOf(WrongState);
    expect(await db.prisma.task.count({ where: { meetingId: id } })).toBe(0);
  });
});
