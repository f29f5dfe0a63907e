import { describe, expect, test } from 'vitest';
import { InvalidInput, NotAllowed, NotFound, WrongState } from '../../../src/database/errors.ts';
import type { MemberViewer } from '../../../src/database/viewer.ts';
import { MeetingNotBegun, TooManyParticipants } from '../../../src/domains/meetings/errors.ts';
import {
  requireAgenda,
  requireAttendances,
  requireKey,
  requireTimeOfDay,
} from '../../../src/domains/meetings/input-rules.ts';
import type { Participant } from '../../../src/domains/meetings/model.ts';
import * as rules from '../../../src/domains/meetings/rules.ts';

const viewer = (memberId: string, ...visible: string[]): MemberViewer => ({
  kind: 'member',
  organizationId: 'o',
  memberId,
  role: 'MEMBER',
  dataScope: 'OWN',
  visibleMembers: new Set([memberId, ...visible]),
  grants: new Set(['READ', 'WRITE', 'ADMIN']),
  tokenId: 't',
  callerKey: 'c',
});

const invited = (memberId: string, attendance: Participant['attendance'] = null): Participant => ({
  memberId,
  invited: true,
  attendance,
});

const refusal = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
};

describe('who may', () => {
  const meeting = { hostId: 'host' };
  const people = [invited('host'), invited('guest')];

  test.each([
    ['the host', viewer('host'), true, true],
    ['whose data scope covers the host', viewer('boss', 'host'), true, true],
    ['somebody invited', viewer('guest'), false, true],
    ['whose data scope covers somebody invited', viewer('boss', 'guest'), false, false],
  ])('%s', (_name, who, changes, addsItems) => {
    expect(() => rules.requireVisible(who, people)).not.toThrow();
    if (changes) rules.mayChange(who, meeting);
    else expect(() => rules.mayChange(who, meeting)).toThrow(NotAllowed);
    if (addsItems) rules.mayAddActionItem(who, meeting, people);
    else expect(() => rules.mayAddActionItem(who, meeting, people)).toThrow(NotAllowed);
  });

  test('who has nothing to do with a meeting does not see it', () => {
    expect(() => rules.requireVisible(viewer('other'), people)).toThrow(NotFound);
  });

  test('hosting is for oneself and for the data scope', () => {
    rules.mayHost(viewer('a'), 'a');
    rules.mayHost(viewer('a', 'b'), 'b');
    expect(() => rules.mayHost(viewer('a'), 'b')).toThrow(NotAllowed);
  });
});

test('a cancelled meeting takes no change, one that was held is not moved', () => {
  const changes = ['update', 'reschedule', 'cancel', 'recordAttendance', 'recordMinutes'] as const;
  for (const change of changes) {
    rules.requireState({ status: 'SCHEDULED' }, change);
    expect(() => rules.requireState({ status: 'CANCELLED' }, change)).toThrow(WrongState);
  }
  expect(() => rules.requireState({ status: 'HELD' }, 'reschedule')).toThrow(WrongState);
  rules.requireState({ status: 'HELD' }, 'recordAttendance');
});

test('attendance opens half an hour before the start, to the millisecond', () => {
  const startsAt = new Date('2026-03-02T01:00:00.000Z');
  rules.requireBegun({ startsAt }, new Date('2026-03-02T00:30:00.000Z'));
  const early = () => rules.requireBegun({ startsAt }, new Date('2026-03-02T00:29:59.999Z'));
  expect(early).toThrow(MeetingNotBegun);
});

describe('times', () => {
  const startsAt = new Date('2026-03-02T01:00:00.000Z');
  const at = (text: string) => new Date(text);

  test('a length, an end, or the length of the kind', () => {
    const ends = (end: Parameters<typeof rules.timesOf>[1]) =>
      rules.timesOf(startsAt, end, 20).endsAt.toISOString();
    expect(ends({})).toBe('2026-03-02T01:20:00.000Z');
    expect(ends({ minutes: 45 })).toBe('2026-03-02T01:45:00.000Z');
    expect(ends({ endsAt: at('2026-03-02T02:00:30.500Z') })).toBe('2026-03-02T02:00:30.500Z');
    expect(ends({ minutes: 1440 })).toBe('2026-03-03T01:00:00.000Z');
  });

  test.each([
    ['no length', { minutes: 0 }, 'minutes'],
    ['longer than a day', { minutes: 1441 }, 'minutes'],
    ['ends as it begins', { endsAt: startsAt }, 'endsAt'],
    ['ends before it begins', { endsAt: at('2026-03-02T00:59:00.000Z') }, 'endsAt'],
    ['both', { minutes: 5, endsAt: at('2026-03-02T01:05:00.000Z') }, 'minutes'],
  ])('refused: %s', (_name, end, field) => {
    const error = refusal(() => rules.timesOf(startsAt, end, 20));
    expect(error).toBeInstanceOf(InvalidInput);
    expect((error as InvalidInput).inputPath).toEqual(['input', field]);
  });

  test.each(['1999-12-31T23:59:59.999Z', '2100-01-01T00:00:00.000Z'])(
    'refused: begins %s',
    (text) => {
      expect(() => rules.timesOf(at(text), {}, 20)).toThrow(InvalidInput);
    },
  );
});

describe('attendance', () => {
  const people = [
    invited('a', 'PRESENT'),
    invited('b'),
    { ...invited('c', 'LATE'), invited: false },
  ];

  test('only what differs is a change, and a guest is one', () => {
    const changes = rules.attendanceChanges(people, [
      { memberId: 'a', attendance: 'PRESENT' },
      { memberId: 'b', attendance: 'ABSENT' },
      { memberId: 'd', attendance: 'PRESENT' },
      { memberId: 'e', attendance: null },
    ]);
    expect(changes).toEqual([
      { participant: invited('b'), attendance: 'ABSENT' },
      { participant: { memberId: 'd', invited: false, attendance: null }, attendance: 'PRESENT' },
    ]);
  });

  test('a guest who is taken back was not there; who was invited stays', () => {
    const after = rules.participantsAfter(
      people,
      rules.attendanceChanges(people, [
        { memberId: 'a', attendance: null },
        { memberId: 'c', attendance: null },
      ]),
    );
    expect(after).toEqual([invited('a'), invited('b')]);
  });
});

describe('invitations', () => {
  const people = [invited('host'), invited('a')];

  test('who is there already is not invited again; a new host is', () => {
    const {
      invited: added,
      uninvited,
      after,
    } = rules.invitationChanges(people, {
      hostId: 'new',
      invite: ['a', 'b'],
      uninvite: ['host', 'nobody'],
    });
    expect([added, uninvited]).toEqual([['new', 'b'], ['host']]);
    expect(after.map(({ memberId }) => memberId)).toEqual(['a', 'new', 'b']);
  });

  test.each([['host'], ['b']])('%s cannot be uninvited', (id) => {
    const wanted = { hostId: 'host', invite: ['b'], uninvite: ['a', id] };
    const error = refusal(() => rules.invitationChanges(people, wanted));
    expect((error as InvalidInput).inputPath).toEqual(['input', 'uninviteIds', '1']);
  });

  test('400 people, not 401', () => {
    rules.requireRoom(400);
    expect(() => rules.requireRoom(401)).toThrow(TooManyParticipants);
  });
});

describe('input', () => {
  test('an agenda names the place of what is wrong', () => {
    const path = (work: () => unknown) => (refusal(work) as InvalidInput).inputPath;
    const items = (topic: string, minutes?: number) => [{ topic: '进度' }, { topic, minutes }];
    expect(path(() => requireAgenda(items('  '), ['agenda']))).toEqual(['agenda', '1', 'topic']);
    expect(path(() => requireAgenda(items('x'.repeat(201)), ['agenda']))).toEqual([
      'agenda',
      '1',
      'topic',
    ]);
    expect(path(() => requireAgenda(items('x', 0), ['agenda']))).toEqual([
      'agenda',
      '1',
      'minutes',
    ]);
    expect(() => requireAgenda(Array(51).fill({ topic: 'x' }), [])).toThrow(InvalidInput);
    expect(requireAgenda(items(' 士气 ', 5), [])).toEqual([
      { topic: '进度', minutes: null, presenterId: null },
      { topic: '士气', minutes: 5, presenterId: null },
    ]);
  });

  test('attendance: 1 to 100 members, each once', () => {
    const of = (count: number) =>
      Array.from({ length: count }, (_, n) => ({ memberId: `${n}`, attendance: null }));
    requireAttendances(of(100), []);
    expect(() => requireAttendances([], [])).toThrow(InvalidInput);
    expect(() => requireAttendances(of(101), [])).toThrow(InvalidInput);
    expect(() => requireAttendances([...of(2), ...of(1)], [])).toThrow(InvalidInput);
  });

  test('times of the day and keys', () => {
    for (const good of ['00:00', '08:30', '23:59']) expect(requireTimeOfDay(good, [])).toBe(good);
    for (const bad of ['24:00', '8:30', '08:60', '08:30:00', '']) {
      expect(() => requireTimeOfDay(bad, [])).toThrow(InvalidInput);
    }
    for (const good of ['A', 'MORNING_2']) expect(requireKey(good, [])).toBe(good);
    for (const bad of ['', 'morning', '_A', '2A', `A${'B'.repeat(50)}`]) {
      expect(() => requireKey(bad, [])).toThrow(InvalidInput);
    }
  });
});
