import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NotAllowed, NotFound } from '../../../src/database/errors.ts';
import { newId } from '../../../src/database/ids.ts';
import { readerFor } from '../../../src/database/reader.ts';
import { MeetingKindNotActive } from '../../../src/domains/meetings/errors.ts';
import { recordAttendance, recordMinutes } from '../../../src/domains/meetings/holding.ts';
import { createMeetingKind, updateMeetingKind } from '../../../src/domains/meetings/kinds.ts';
import {
  cancelMeeting,
  rescheduleMeeting,
  updateMeeting,
} from '../../../src/domains/meetings/service.ts';
import { overlapsOf } from '../../../src/domains/meetings/store.ts';
import { type Actor, org } from '../../support/seed.ts';
import { eventsOf, headOf, ids, type MeetingsWorld, MORNING, meetingsWorld } from './support.ts';

let { db, admin, team, leader, rep, colleague, outsider, read, schedule } = {} as MeetingsWorld;

beforeAll(async () => {
  ({ db, admin, team, leader, rep, colleague, outsider, read, schedule } = await meetingsWorld());
});
afterAll(() => db.close());

const minutesLater = (minutes: number) => new Date(MORNING.getTime() + minutes * 60_000);

describe('scheduling', () => {
  test('a new organization has the customary kinds, each with its agenda', async () => {
    const kinds = await db.prisma.meetingKind.findMany({
      where: { organizationId: admin.organizationId },
      orderBy: { ordinal: 'asc' },
    });
    expect(kinds).toHaveLength(17);
    const evening = kinds.find(({ key }) => key === 'EVENING');
    expect(evening).toMatchObject({ name: '夕会', rhythm: 'DAILY', active: true });
    expect(evening?.agenda).toEqual([
      { topic: '学习新产品、新业务', minutes: 10 },
      { topic: '每人汇报工作进展', minutes: 10 },
      { topic: '案例研讨与经验交流', minutes: 10 },
    ]);
    const english = await org(db, { locale: 'en-GB' });
    const theirs = await db.prisma.meetingKind.findFirst({
      where: { organizationId: english.organizationId, key: 'EVENING' },
    });
    expect(theirs?.name).toBe('Evening meeting');
  });

  test('title, length and agenda come from the kind; the whole team is invited', async () => {
    const { id } = await schedule(leader, { teamId: team });
    const meeting = await read(id);
    expect(meeting).toMatchObject({ title: '早会', status: 'SCHEDULED', version: 1 });
    expect(meeting.endsAt).toEqual(minutesLater(20));
    expect(meeting.agendaItems.map(({ topic }) => topic)).toHaveLength(4);
    expect(meeting.invitations.map(({ memberId }) => memberId).sort()).toEqual(
      ids(leader, rep, colleague),
    );
    const [event] = await eventsOf(db, id);
    expect(event?.type).toBe('meeting.scheduled');
    expect(event?.payload).toMatchObject({ hostId: leader.memberId, teamId: team });
    expect(event?.visibility.before).toBeNull();
    expect(event?.visibility.after?.owners.sort()).toEqual(ids(leader, rep, colleague));
  });

  test('a team is not invited beside those who are named, unless that is said', async () => {
    const named = { teamId: team, inviteIds: [outsider.memberId] };
    const some = await read((await schedule(leader, named)).id);
    expect(some.invitations.map(({ memberId }) => memberId).sort()).toEqual(ids(leader, outsider));
    const all = await read((await schedule(leader, { ...named, inviteTeam: true })).id);
    expect(all.invitations).toHaveLength(4);
  });

  test('one key schedules once', async () => {
    const again = { idempotencyKey: 'monday', startsAt: minutesLater(3_000) };
    const outcomes = await Promise.all([schedule(leader, again), schedule(leader, again)]);
    expect(outcomes[0]).toEqual(outcomes[1]);
    const count = await db.prisma.meeting.count({ where: { startsAt: again.startsAt } });
    expect(count).toBe(1);
  });

  test('what does not exist, for the organization, is not found and leaves nothing', async () => {
    const other = await org(db);
    const theirKind = await db.prisma.meetingKind.findFirstOrThrow({
      where: { organizationId: other.organizationId },
    });
    const before = await headOf(db, admin.organizationId);
    const wrong = [
      [{ kindId: theirKind.id }, ['input', 'kindId']],
      [{ teamId: newId() }, ['input', 'teamId']],
      [{ teamId: await other.team() }, ['input', 'teamId']],
      [{ inviteIds: [rep.memberId, other.memberId] }, ['input', 'inviteIds', '1']],
      [
        { agenda: [{ topic: '市场', presenterId: other.memberId }] },
        ['input', 'agenda', '0', 'presenterId'],
      ],
    ] as const;
    for (const [input, path] of wrong) {
      const refused = schedule(leader, structuredClone(input) as never);
      await expect(refused).rejects.toMatchObject({ name: 'NotFound', inputPath: path });
    }
    expect(await headOf(db, admin.organizationId)).toBe(before);
  });

  test('a member hosts himself; a manager lets his people host', async () => {
    const forAnother = { hostId: leader.memberId };
    await expect(schedule(rep, forAnother)).rejects.toBeInstanceOf(NotAllowed);
    const { id } = await schedule(leader, { hostId: rep.memberId });
    expect((await read(id)).hostId).toBe(rep.memberId);
  });

  test('a kind out of use takes no new meetings', async () => {
    const viewer = await admin.viewer();
    const made = await createMeetingKind(db, viewer, { name: '复盘会', key: 'REVIEW' });
    await updateMeetingKind(db, viewer, { id: made.id, expectedVersion: 1, active: false });
    await expect(schedule(leader, { kindId: made.id })).rejects.toBeInstanceOf(
      MeetingKindNotActive,
    );
  });
});

describe('overlaps', () => {
  test('are told with the times, in both directions, and touching is none', async () => {
    const day = (minutes: number) => new Date(Date.UTC(2026, 4, 4, 1, minutes));
    const first = await schedule(leader, {
      startsAt: day(0),
      minutes: 60,
      inviteIds: [rep.memberId, colleague.memberId],
    });
    const second = await schedule(rep, {
      startsAt: day(59),
      minutes: 30,
      inviteIds: [outsider.memberId],
    });
    await schedule(rep, { startsAt: day(60), minutes: 5 });
    const of = async (id: string) =>
      (await overlapsOf(db, admin.organizationId, id)).map(({ memberId, meetingId }) => ({
        memberId,
        meetingId,
      }));
    expect(await of(first.id)).toEqual([{ memberId: rep.memberId, meetingId: second.id }]);
    expect(await of(second.id)).toContainEqual({ memberId: rep.memberId, meetingId: first.id });

    await rescheduleMeeting(db, await rep.viewer(), { id: second.id, startsAt: day(90) });
    expect(await of(first.id)).toEqual([]);
    await rescheduleMeeting(db, await rep.viewer(), { id: second.id, startsAt: day(30) });
    expect(await of(first.id)).toHaveLength(1);
    await cancelMeeting(db, await rep.viewer(), { id: second.id });
    expect(await of(first.id)).toEqual([]);
  });

  test('a meeting as long as a day is found from its last minute', async () => {
    const day = (hours: number) => new Date(Date.UTC(2026, 5, 1, hours));
    const long = await schedule(rep, { startsAt: day(0), minutes: 1440 });
    const late = await schedule(rep, {
      startsAt: new Date(day(24).getTime() - 60_000),
      minutes: 1,
    });
    const found = await overlapsOf(db, admin.organizationId, late.id);
    expect(found).toEqual([
      { memberId: rep.memberId, meetingId: long.id, startsAt: day(0), endsAt: day(24) },
    ]);
  });
});

describe('changing', () => {
  test('people come and go, and those who left see it no more', async () => {
    const { id } = await schedule(leader, { inviteIds: [outsider.memberId] });
    const outcome = await updateMeeting(db, await leader.viewer(), {
      id,
      expectedVersion: 1,
      title: '晨会（新）',
      inviteIds: [rep.memberId],
      uninviteIds: [outsider.memberId],
    });
    expect(outcome.version).toBe(2);
    const [, event] = await eventsOf(db, id);
    expect(event?.payload).toEqual({
      changes: ['title'],
      hostId: leader.memberId,
      invited: [rep.memberId],
      uninvited: [outsider.memberId],
    });
    expect(event?.visibility.before?.owners.sort()).toEqual(ids(leader, outsider));
    expect(event?.visibility.after?.owners.sort()).toEqual(ids(leader, rep));
    const find = async (actor: Actor) =>
      readerFor(db, await actor.viewer()).meeting.findUnique({ where: { id } });
    expect(await find(rep)).not.toBeNull();
    expect(await find(outsider)).toBeNull();
  });

  test('an update that changes nothing writes nothing', async () => {
    const { id } = await schedule(leader, { place: '三楼' });
    const before = await headOf(db, admin.organizationId);
    const { agendaItems } = await read(id);
    const agenda = agendaItems.map(({ topic, minutes }) => ({ topic, minutes }));
    const same = { id, expectedVersion: 1, title: '早会', place: ' 三楼 ', agenda };
    expect(await updateMeeting(db, await leader.viewer(), same)).toMatchObject({ id, version: 1 });
    expect(await headOf(db, admin.organizationId)).toBe(before);
    expect((await read(id)).version).toBe(1);
  });

  test('a new agenda replaces the old one', async () => {
    const { id } = await schedule(leader);
    const agenda = [{ topic: '开门红', minutes: 15, presenterId: rep.memberId }];
    await updateMeeting(db, await leader.viewer(), { id, expectedVersion: 1, agenda });
    const { agendaItems } = await read(id);
    expect(agendaItems).toMatchObject([{ ordinal: 1, ...agenda[0] }]);
  });

  test('of two who change one version, one is told of the conflict', async () => {
    const { id } = await schedule(leader);
    const viewer = await leader.viewer();
    const results = await Promise.allSettled(
      ['甲', '乙', '丙'].map((title) =>
        updateMeeting(db, viewer, { id, expectedVersion: 1, title }),
      ),
    );
    const refused = results.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(2);
    for (const each of refused) {
      expect(each).toMatchObject({ reason: { name: 'Conflict', data: { currentVersion: 2 } } });
    }
  });

  test('who is invited sees but does not change; who is not does not see', async () => {
    const { id } = await schedule(leader, { inviteIds: [rep.memberId] });
    const before = await headOf(db, admin.organizationId);
    const attempts = (viewer: Awaited<ReturnType<Actor['viewer']>>) => [
      updateMeeting(db, viewer, { id, expectedVersion: 1, title: 'x' }),
      rescheduleMeeting(db, viewer, { id, startsAt: minutesLater(5) }),
      cancelMeeting(db, viewer, { id }),
      recordMinutes(db, viewer, { id, minutes: 'x' }),
      recordAttendance(db, viewer, {
        id,
        attendance: [{ memberId: rep.memberId, attendance: 'PRESENT' }],
      }),
    ];
    const foreign = await org(db);
    const expected = [
      [rep, NotAllowed],
      [outsider, NotFound],
      [foreign, NotFound],
    ] as const;
    for (const [actor, error] of expected) {
      const results = await Promise.allSettled(attempts(await actor.viewer()));
      for (const each of results) {
        expect(each.status).toBe('rejected');
        expect((each as PromiseRejectedResult).reason).toBeInstanceOf(error);
      }
    }
    expect(await headOf(db, admin.organizationId)).toBe(before);
    expect(await read(id)).toMatchObject({ version: 1, status: 'SCHEDULED', minutes: null });
  });
});
