import type { EventDraft, Json, Visibility } from '../../database/event-draft.ts';
import type { LockedTask, Task } from './model.ts';
import { isOnTime } from './rules.ts';

/** What a filter of `taskEvents` can ask about: in every payload as `task` (after) and, where it changed, `was`. */
export const FACTS = [
  'status',
  'priority',
  'difficulty',
  'importance',
  'dueAt',
  'assigneeId',
  'creatorId',
  'customerId',
  'opportunityId',
  'meetingId',
] as const;

export type Fact = (typeof FACTS)[number];

/** What of a task an update may change, as its payload names it. Texts are named, never told. */
export type Changed = Fact | 'title' | 'description' | 'checklist' | 'watchers';

const told = (value: Task[Fact]): string | null =>
  value instanceof Date ? value.toISOString() : value;

const factsOf = (task: Task): { [key: string]: Json } =>
  Object.fromEntries(FACTS.map((fact) => [fact, told(task[fact])]));

const changedFacts = (before: Task, after: Task): { [key: string]: Json } =>
  Object.fromEntries(
    FACTS.filter((fact) => told(before[fact]) !== told(after[fact])).map((fact) => [
      fact,
      told(before[fact]),
    ]),
  );

export function visibilityOf({ assigneeId, creatorId, watcherIds }: LockedTask): Visibility {
  const owners = assigneeId && assigneeId !== creatorId ? [assigneeId, creatorId] : [creatorId];
  return watcherIds.length > 0 ? { owners, watchers: [...watcherIds] } : { owners };
}

function taskEvent(
  type: string,
  before: LockedTask | null,
  after: LockedTask,
  payload: { [key: string]: Json },
): EventDraft {
  return {
    type,
    version: 1,
    recordType: 'Task',
    recordId: after.id,
    recordVersion: after.version,
    payload: {
      ...payload,
      task: factsOf(after),
      ...(before && { was: changedFacts(before, after) }),
    },
    visibility: { before: before && visibilityOf(before), after: visibilityOf(after) },
  };
}

export const taskCreated = (task: LockedTask): EventDraft =>
  taskEvent('task.created', null, task, {});

export const taskUpdated = (
  before: LockedTask,
  after: LockedTask,
  changed: readonly Changed[],
): EventDraft => taskEvent('task.updated', before, after, { changed: [...changed] });

export const taskAssigned = (before: LockedTask, after: LockedTask): EventDraft =>
  taskEvent('task.assigned', before, after, { from: before.assigneeId, to: after.assigneeId });

/** Scores for the assignee, or for who completed it when it had none. */
export const taskCompleted = (before: LockedTask, after: LockedTask, by: string): EventDraft =>
  taskEvent('task.completed', before, after, {
    from: before.status,
    to: after.status,
    memberId: after.assigneeId ?? by,
    countsAt: after.updatedAt.toISOString(),
    importance: after.importance,
    priority: after.priority,
    difficulty: after.difficulty,
    onTime: isOnTime(after.dueAt, after.updatedAt),
  });

const STATUS_EVENTS = {
  START: 'task.started',
  REOPEN: 'task.reopened',
  CANCEL: 'task.cancelled',
} as const;

export const taskMoved = (
  act: keyof typeof STATUS_EVENTS,
  before: LockedTask,
  after: LockedTask,
): EventDraft =>
  taskEvent(STATUS_EVENTS[act], before, after, { from: before.status, to: after.status });

export const taskWatched = (
  before: LockedTask,
  after: LockedTask,
  memberId: string,
  watching: boolean,
): EventDraft =>
  taskEvent(watching ? 'task.watched' : 'task.unwatched', before, after, { memberId });

export const taskItemChecked = (
  before: LockedTask,
  after: LockedTask,
  itemId: string,
  checked: boolean,
): EventDraft => taskEvent('task.item_checked', before, after, { itemId, checked });

/** A comment leaves the version of the task as it is: whoever edits it need not start again. */
export const taskCommented = (task: LockedTask, commentId: string): EventDraft =>
  taskEvent('task.commented', task, task, { commentId });
