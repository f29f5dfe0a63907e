import './metrics.ts';
import './scope.ts';
import type { Database } from '../../database/database.ts';
import { checkVersion } from '../../database/errors.ts';
import { newId } from '../../database/ids.ts';
import { type Committed, transact } from '../../database/transact.ts';
import type { Tx } from '../../database/transaction.ts';
import type { MemberViewer } from '../../database/viewer.ts';
import { type ItemGiven, replaceChecklist } from './checklist.ts';
import { type Changed, taskAssigned, taskCreated, taskUpdated } from './events.ts';
import {
  type Difficulty,
  type Importance,
  LIMITS,
  type LockedTask,
  later,
  type Priority,
} from './model.ts';
import { calendarOf, type Links, requireActiveMembers, requireLinks } from './references.ts';
import { dueAtOf, nextStatus, requireMayAssign, requireRight } from './rules.ts';
import { insertItems, insertTask, lockTask, saveTask } from './store.ts';
import { checkDueAt, checkItemTexts, requireAtMost, requiredText, textOrNull } from './values.ts';

export interface TaskOutcome extends Record<string, unknown> {
  id: string;
  version: number;
}

export const outcomeOf = ({ id, version }: LockedTask): TaskOutcome => ({ id, version });

export interface CreateTask extends Links {
  title: string;
  description?: string | null;
  /** Default NORMAL. */
  priority?: Priority | null;
  /** Default NORMAL. */
  difficulty?: Difficulty | null;
  /** Default SMALL. */
  importance?: Importance | null;
  /** Default: what the importance asks for; null: no due time. */
  dueAt?: Date | null;
  /** Default: the viewer; null: nobody yet. */
  assigneeId?: string | null;
  watcherIds?: readonly string[] | null;
  checklist?: readonly string[] | null;
  idempotencyKey?: string | null;
}

/**
 * Makes an open task. Throws InvalidInput, TooMany, NotAllowed (an assignee outside the data scope), NotFound
 * (member, customer, opportunity, meeting), MemberNotActive.
 */
export async function createTask(
  db: Database,
  viewer: MemberViewer,
  input: CreateTask,
): Promise<Committed<TaskOutcome>> {
  const given = checkNew(viewer, input);
  await requireLinks(db, viewer, input);
  return transact(db, viewer, 'createTask', input, async (tx) =>
    outcomeOf(await create(tx, given)),
  );
}

/** For domains whose transaction makes a task along with its own records; the links are theirs to check. */
export async function createTaskIn(tx: Tx, input: CreateTask): Promise<TaskOutcome> {
  return outcomeOf(await create(tx, checkNew(tx.viewer, input)));
}

type Checked = ReturnType<typeof checkNew>;

function checkNew(viewer: MemberViewer, input: CreateTask) {
  const assigneeId = input.assigneeId === undefined ? viewer.memberId : input.assigneeId;
  requireMayAssign(viewer, assigneeId, ['input', 'assigneeId']);
  const watcherIds = [...new Set(input.watcherIds ?? [])];
  requireAtMost(watcherIds.length, LIMITS.watchers, ['input', 'watcherIds']);
  return {
    title: requiredText(input.title, LIMITS.title, ['input', 'title']),
    description: textOrNull(input.description ?? null, LIMITS.description, [
      'input',
      'description',
    ]),
    priority: input.priority ?? 'NORMAL',
    difficulty: input.difficulty ?? 'NORMAL',
    importance: input.importance ?? 'SMALL',
    dueAt: input.dueAt && checkDueAt(input.dueAt, ['input', 'dueAt']),
    assigneeId,
    customerId: input.customerId ?? null,
    opportunityId: input.opportunityId ?? null,
    meetingId: input.meetingId ?? null,
    watcherIds,
    checklist: checkItemTexts(input.checklist ?? [], ['input', 'checklist']),
  } as const;
}

async function create(tx: Tx, { checklist, ...given }: Checked): Promise<LockedTask> {
  const { assigneeId, watcherIds } = given;
  await requireActiveMembers(tx, [
    ...(assigneeId ? [{ id: assigneeId, path: ['input', 'assigneeId'] }] : []),
    ...watcherIds.map((id, index) => ({ id, path: ['input', 'watcherIds', String(index)] })),
  ]);
  const task: LockedTask = {
    ...given,
    id: newId(),
    version: 1,
    status: 'OPEN',
    dueAt:
      given.dueAt === undefined
        ? dueAtOf(given.importance, tx.now, await calendarOf(tx))
        : given.dueAt,
    creatorId: tx.viewer.memberId,
    completedAt: null,
    createdAt: tx.now,
    updatedAt: tx.now,
  };
  insertTask(tx, task);
  const items = checklist.map((text, ordinal) => ({
    ...{ id: newId(), ordinal, text },
    ...{ checkedAt: null, checkedById: null },
  }));
  insertItems(tx, task.id, items);
  tx.event(taskCreated(task));
  return task;
}

/** `undefined` leaves, null clears. */
export interface UpdateTask extends Links {
  id: string;
  expectedVersion: number;
  title?: string | null;
  description?: string | null;
  priority?: Priority | null;
  difficulty?: Difficulty | null;
  /** Leaves the due time as it is. */
  importance?: Importance | null;
  dueAt?: Date | null;
  /** The whole list anew: items with an id are kept and may get another text, the others are new. */
  checklist?: readonly ItemGiven[] | null;
  idempotencyKey?: string | null;
}

const UPDATABLE = [
  'title',
  'description',
  'priority',
  'difficulty',
  'importance',
  'dueAt',
  'customerId',
  'opportunityId',
  'meetingId',
] as const;

/**
 * Changes an open task; what is equal already is no change, and without any there is no event.
 * Throws NotFound, NotAllowed, Conflict, WrongState, InvalidInput, TooMany.
 */
export async function updateTask(
  db: Database,
  viewer: MemberViewer,
  input: UpdateTask,
): Promise<Committed<TaskOutcome>> {
  const wanted = checkUpdate(input);
  await requireLinks(db, viewer, input);
  return transact(db, viewer, 'updateTask', input, async (tx) => {
    const before = await lockTask(tx, input.id);
    requireRight('UPDATE', viewer, before);
    checkVersion('Task', before, input.expectedVersion);
    nextStatus('UPDATE', before.status);
    const after = { ...before, ...wanted };
    const changed: Changed[] = UPDATABLE.filter((key) => !isSame(before[key], after[key]));
    if (input.checklist !== undefined) {
      if (await replaceChecklist(tx, before.id, input.checklist ?? [])) {
        changed.push('checklist');
      }
    }
    if (changed.length === 0) return outcomeOf(before);
    const saved = advanced(tx, after);
    saveTask(tx, before, saved);
    tx.event(taskUpdated(before, saved, changed));
    return outcomeOf(saved);
  });
}

/** The next version of a locked task, at the transaction's time, but never before its last change. */
export const advanced = (tx: Tx, task: LockedTask): LockedTask => ({
  ...task,
  version: task.version + 1,
  updatedAt: later(tx.now, task.updatedAt),
});

function isSame(one: LockedTask[keyof LockedTask], other: LockedTask[keyof LockedTask]): boolean {
  return one instanceof Date && other instanceof Date
    ? one.getTime() === other.getTime()
    : one === other;
}

function checkUpdate(input: UpdateTask): Partial<LockedTask> {
  const wanted: Partial<LockedTask> = {};
  // What a task always has cannot be cleared: null leaves it, as undefined does.
  if (input.title != null) {
    wanted.title = requiredText(input.title, LIMITS.title, ['input', 'title']);
  }
  if (input.description !== undefined) {
    wanted.description = textOrNull(input.description, LIMITS.description, [
      ...['input', 'description'],
    ]);
  }
  if (input.priority) wanted.priority = input.priority;
  if (input.difficulty) wanted.difficulty = input.difficulty;
  if (input.importance) wanted.importance = input.importance;
  if (input.dueAt !== undefined) {
    wanted.dueAt = input.dueAt && checkDueAt(input.dueAt, ['input', 'dueAt']);
  }
  if (input.customerId !== undefined) wanted.customerId = input.customerId;
  if (input.opportunityId !== undefined) wanted.opportunityId = input.opportunityId;
  if (input.meetingId !== undefined) wanted.meetingId = input.meetingId;
  return wanted;
}

export interface AssignTask {
  id: string;
  /** Null: nobody. */
  assigneeId: string | null;
  expectedVersion?: number | null;
  idempotencyKey?: string | null;
}

/**
 * Gives an open task to a member, or to nobody. Throws NotFound (task, member), NotAllowed (not his to give, or a
 * member outside the data scope), MemberNotActive, Conflict, WrongState.
 */
export async function assignTask(
  db: Database,
  viewer: MemberViewer,
  input: AssignTask,
): Promise<Committed<TaskOutcome>> {
  const { assigneeId } = input;
  return transact(db, viewer, 'assignTask', input, async (tx) => {
    const before = await lockTask(tx, input.id);
    requireRight('ASSIGN', viewer, before);
    requireMayAssign(viewer, assigneeId, ['input', 'assigneeId']);
    checkVersion('Task', before, input.expectedVersion);
    nextStatus('ASSIGN', before.status);
    if (before.assigneeId === assigneeId) return outcomeOf(before);
    const path = ['input', 'assigneeId'];
    await requireActiveMembers(tx, assigneeId ? [{ id: assigneeId, path }] : []);
    const after = advanced(tx, { ...before, assigneeId });
    saveTask(tx, before, after);
    tx.event(taskAssigned(before, after));
    return outcomeOf(after);
  });
}
