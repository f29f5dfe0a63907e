import { describe, expect, test } from 'vitest';
import { DEFAULT_CALENDAR_SETTINGS } from '../../../src/calendar/settings.ts';
import { NotAllowed, NotFound, WrongState } from '../../../src/database/errors.ts';
import type { MemberViewer, Role } from '../../../src/database/viewer.ts';
import type { TaskStatus } from '../../../src/domains/tasks/model.ts';
import {
  type Act,
  CHANGES,
  dueAtOf,
  isOnTime,
  nextStatus,
  requireMayAssign,
  requireRight,
} from '../../../src/domains/tasks/rules.ts';

const STATUSES = ['OPEN', 'IN_PROGRESS', 'DONE', 'CANCELLED'] as const;
const ACTS = Object.keys(CHANGES) as Act[];

/** Written down by hand: what each act makes of each status; - is refused. */
const EXPECTED: Record<Act, Record<TaskStatus, TaskStatus | '-'>> = {
  UPDATE: { OPEN: 'OPEN', IN_PROGRESS: 'IN_PROGRESS', DONE: '-', CANCELLED: '-' },
  ASSIGN: { OPEN: 'OPEN', IN_PROGRESS: 'IN_PROGRESS', DONE: '-', CANCELLED: '-' },
  START: { OPEN: 'IN_PROGRESS', IN_PROGRESS: '-', DONE: '-', CANCELLED: '-' },
  COMPLETE: { OPEN: 'DONE', IN_PROGRESS: 'DONE', DONE: '-', CANCELLED: '-' },
  REOPEN: { OPEN: '-', IN_PROGRESS: '-', DONE: 'OPEN', CANCELLED: 'OPEN' },
  CANCEL: { OPEN: 'CANCELLED', IN_PROGRESS: 'CANCELLED', DONE: '-', CANCELLED: '-' },
  CHECK_ITEM: { OPEN: 'OPEN', IN_PROGRESS: 'IN_PROGRESS', DONE: '-', CANCELLED: '-' },
  WATCH: { OPEN: 'OPEN', IN_PROGRESS: 'IN_PROGRESS', DONE: 'DONE', CANCELLED: 'CANCELLED' },
  ADD_WATCHER: { OPEN: 'OPEN', IN_PROGRESS: 'IN_PROGRESS', DONE: 'DONE', CANCELLED: 'CANCELLED' },
  COMMENT: { OPEN: 'OPEN', IN_PROGRESS: 'IN_PROGRESS', DONE: 'DONE', CANCELLED: 'CANCELLED' },
};

function viewer(memberId: string, role: Role, ...sees: string[]): MemberViewer {
  return {
    kind: 'member',
    organizationId: 'o',
    memberId,
    role,
    dataScope: 'OWN',
    visibleMembers: role === 'ADMIN' ? 'ALL' : new Set([memberId, ...sees]),
    grants: new Set(['READ', 'WRITE']),
    tokenId: 't',
    callerKey: 'c',
  };
}

describe.each(ACTS)('%s', (act) => {
  test.each(STATUSES)('of a task that is %s', (status) => {
    const expected = EXPECTED[act][status];
    if (expected === '-') {
      expect(() => nextStatus(act, status)).toThrow(WrongState);
      expect(() => nextStatus(act, status)).toThrow(
        expect.objectContaining({ data: { state: status }, code: 'WRONG_STATE' }),
      );
    } else {
      expect(nextStatus(act, status)).toBe(expected);
    }
  });
});

// Task: made by the manager, assigned to the assignee, watched by the watcher.
const task = { assigneeId: 'assignee', creatorId: 'manager', watcherIds: ['watcher'] };
const WHO = {
  admin: viewer('admin', 'ADMIN'),
  manager: viewer('manager', 'MANAGER', 'assignee'),
  otherManager: viewer('other', 'MANAGER', 'assignee'),
  assignee: viewer('assignee', 'MEMBER'),
  watcher: viewer('watcher', 'MEMBER'),
  strangeManager: viewer('strange', 'MANAGER', 'nobody'),
  stranger: viewer('stranger', 'MEMBER'),
};
const MAY: Record<keyof typeof WHO, readonly Act[]> = {
  admin: ACTS,
  manager: ACTS,
  otherManager: ACTS,
  assignee: ACTS.filter((act) => act !== 'CANCEL'),
  watcher: ['WATCH', 'COMMENT'],
  strangeManager: [],
  stranger: [],
};

describe.each(Object.keys(WHO) as (keyof typeof WHO)[])('%s', (who) => {
  test.each(ACTS)('%s', (act) => {
    const attempt = () => requireRight(act, WHO[who], task);
    if (MAY[who].includes(act)) expect(attempt).not.toThrow();
    else expect(attempt).toThrow(MAY[who].length > 0 ? NotAllowed : NotFound);
  });
});

test('who made a task may cancel it, without being a manager', () => {
  const own = { assigneeId: null, creatorId: 'assignee', watcherIds: [] };
  expect(() => requireRight('CANCEL', WHO.assignee, own)).not.toThrow();
});

test('tasks are given to whom the data scope covers, or to nobody', () => {
  const path = ['input', 'assigneeId'];
  expect(() => requireMayAssign(WHO.assignee, 'assignee', path)).not.toThrow();
  expect(() => requireMayAssign(WHO.assignee, null, path)).not.toThrow();
  expect(() => requireMayAssign(WHO.assignee, 'watcher', path)).toThrow(NotAllowed);
  expect(() => requireMayAssign(WHO.manager, 'assignee', path)).not.toThrow();
  expect(() => requireMayAssign(WHO.admin, 'anybody', path)).not.toThrow();
});

describe('due unless said otherwise', () => {
  const shanghai = { ...DEFAULT_CALENDAR_SETTINGS, timeZone: 'Asia/Shanghai' };
  const losAngeles = { ...shanghai, timeZone: 'America/Los_Angeles', firstDayOfWeek: 7 };
  // 03:30 on Thursday, March 5 in Shanghai; 11:30 on Wednesday, March 4 in Los Angeles.
  const now = new Date('2026-03-04T19:30:00.000Z');

  test('a small matter by the end of the day in the zone of the organization', () => {
    expect(dueAtOf('SMALL', now, shanghai)).toEqual(new Date('2026-03-05T15:59:59.999Z'));
    expect(dueAtOf('SMALL', now, losAngeles)).toEqual(new Date('2026-03-05T07:59:59.999Z'));
  });
  test('a big one by the end of its week, through a change of the clock', () => {
    expect(dueAtOf('BIG', now, shanghai)).toEqual(new Date('2026-03-08T15:59:59.999Z'));
    // From Sunday to Saturday; the clock changes on Sunday, March 8.
    expect(dueAtOf('BIG', now, losAngeles)).toEqual(new Date('2026-03-08T07:59:59.999Z'));
    const sunday = new Date('2026-03-08T20:00:00.000Z');
    expect(dueAtOf('BIG', sunday, losAngeles)).toEqual(new Date('2026-03-15T06:59:59.999Z'));
  });
  test('a major one within four hours', () => {
    expect(dueAtOf('MAJOR', now, shanghai)).toEqual(new Date('2026-03-04T23:30:00.000Z'));
  });
  test('on time is not later than due; without a due time always', () => {
    const due = new Date(1_000);
    expect([999, 1_000, 1_001].map((ms) => isOnTime(due, new Date(ms)))).toEqual([
      true,
      true,
      false,
    ]);
    expect(isOnTime(null, new Date())).toBe(true);
  });
});
