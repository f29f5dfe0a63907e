import { dayOf, endOfDay, periodContaining } from '../../calendar/periods.ts';
import type { CalendarSettings } from '../../calendar/settings.ts';
import { NotAllowed, NotFound, WrongState } from '../../database/errors.ts';
import { covers, type MemberViewer } from '../../database/viewer.ts';
import {
  type Importance,
  type LockedTask,
  MAJOR_HOURS,
  TASK_STATUSES,
  type TaskStatus,
} from './model.ts';

/**
 * How a viewer stands to a task. SCOPE: the data scope covers its assignee or creator. MANAGER: the same, for a
 * manager or administrator.
 */
export type Standing = 'SCOPE' | 'MANAGER' | 'CREATOR' | 'WATCHER';

export type Act =
  | 'UPDATE'
  | 'ASSIGN'
  | 'START'
  | 'COMPLETE'
  | 'REOPEN'
  | 'CANCEL'
  | 'CHECK_ITEM'
  | 'WATCH'
  | 'ADD_WATCHER'
  | 'COMMENT';

interface Change {
  /** The statuses in which it is allowed. */
  from: readonly TaskStatus[];
  /** The status that it leads to; null: the same. */
  to: TaskStatus | null;
  /** Who may: any of these is enough. Whoever has none of all standings does not see the task at all. */
  by: readonly Standing[];
}

const OPEN: readonly TaskStatus[] = ['OPEN', 'IN_PROGRESS'];
const CLOSED: readonly TaskStatus[] = ['DONE', 'CANCELLED'];
const WHO_SEES_IT: readonly Standing[] = ['SCOPE', 'WATCHER'];

/** Which change is allowed, from which status, to whom: all of it. */
export const CHANGES: Readonly<Record<Act, Change>> = {
  UPDATE: { from: OPEN, to: null, by: ['SCOPE'] },
  ASSIGN: { from: OPEN, to: null, by: ['SCOPE'] },
  START: { from: ['OPEN'], to: 'IN_PROGRESS', by: ['SCOPE'] },
  COMPLETE: { from: OPEN, to: 'DONE', by: ['SCOPE'] },
  REOPEN: { from: CLOSED, to: 'OPEN', by: ['SCOPE'] },
  CANCEL: { from: OPEN, to: 'CANCELLED', by: ['CREATOR', 'MANAGER'] },
  CHECK_ITEM: { from: OPEN, to: null, by: ['SCOPE'] },
  WATCH: { from: TASK_STATUSES, to: null, by: WHO_SEES_IT },
  ADD_WATCHER: { from: TASK_STATUSES, to: null, by: ['SCOPE'] },
  COMMENT: { from: TASK_STATUSES, to: null, by: WHO_SEES_IT },
};

type Sides = Pick<LockedTask, 'assigneeId' | 'creatorId' | 'watcherIds'>;

export function standingsOf(viewer: MemberViewer, task: Sides): ReadonlySet<Standing> {
  const standings = new Set<Standing>();
  if (covers(viewer, task.assigneeId) || covers(viewer, task.creatorId)) {
    standings.add('SCOPE');
    if (viewer.role !== 'MEMBER') standings.add('MANAGER');
  }
  if (task.creatorId === viewer.memberId) standings.add('CREATOR');
  if (task.watcherIds.includes(viewer.memberId)) standings.add('WATCHER');
  return standings;
}

/** Throws NotFound for whoever does not see the task, NotAllowed for whoever sees it and may not do this. */
export function requireRight(act: Act, viewer: MemberViewer, task: Sides): void {
  const standings = standingsOf(viewer, task);
  if (!WHO_SEES_IT.some((standing) => standings.has(standing))) {
    throw new NotFound('There is no such task.', { path: ['input', 'id'] });
  }
  if (!CHANGES[act].by.some((standing) => standings.has(standing))) {
    throw new NotAllowed(
      act === 'CANCEL'
        ? 'A task is cancelled by who made it or by a manager.'
        : 'You watch this task, which does not let you change it.',
    );
  }
}

/** The status that follows. Throws WrongState where the table has no way from the present one. */
export function nextStatus(act: Act, status: TaskStatus): TaskStatus {
  const { from, to } = CHANGES[act];
  if (from.includes(status)) return to ?? status;
  throw new WrongState(`This task is ${status}; ${act} asks for ${from.join(' or ')}.`, {
    data: { state: status },
  });
}

/** Work is given to those whom the data scope covers: a member of his own takes it, a manager hands it out. */
export function requireMayAssign(
  viewer: MemberViewer,
  memberId: string | null,
  path: readonly string[],
): void {
  if (memberId !== null && !covers(viewer, memberId)) {
    throw new NotAllowed('You may give tasks only to members whom your data scope covers.', {
      path,
    });
  }
}

/**
 * When a task is due unless that is said: a small matter by the end of the day, a big one by the end of the week,
 * both in the organization's zone, a major one within four hours.
 */
export function dueAtOf(importance: Importance, from: Date, calendar: CalendarSettings): Date {
  if (importance === 'MAJOR') return new Date(from.getTime() + MAJOR_HOURS * 3_600_000);
  const day = dayOf(calendar, from);
  const end =
    importance === 'SMALL' ? endOfDay(calendar, day) : periodContaining(calendar, 'WEEK', day).end;
  // The last millisecond of the day, so that the time itself lies in the day that it is the end of.
  return new Date((end ?? from).getTime() - 1);
}

export const isOnTime = (dueAt: Date | null, at: Date): boolean => dueAt === null || at <= dueAt;
