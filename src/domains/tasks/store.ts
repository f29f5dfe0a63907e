import { NotFound } from '../../database/errors.ts';
import { newId } from '../../database/ids.ts';
import type { Tx } from '../../database/transaction.ts';
import type { ChecklistItem, LockedTask, Task } from './model.ts';

const COLUMNS = [
  'id',
  'version',
  'title',
  'description',
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
  'completedAt',
  'createdAt',
  'updatedAt',
] as const;

// Written by hand, as are the other statements of a completion: what compiles them costs as much as sending them.
const LOCK = `/* tasks.lock */ SELECT id, version, title, description, status, priority, difficulty, importance,
    due_at, assignee_id, creator_id, customer_id, opportunity_id, meeting_id, completed_at, created_at, updated_at
  FROM task WHERE organization_id = $1 AND id = $2 FOR NO KEY UPDATE`;

const WATCHERS = `/* tasks.watchers */ SELECT member_id FROM task_watcher
  WHERE organization_id = $1 AND task_id = $2 ORDER BY member_id`;

/** Locks a task. Throws NotFound for an unknown id; whether the viewer may know of it is the rules' to say. */
export async function lockTask(tx: Tx, id: string): Promise<LockedTask> {
  const key = [tx.organizationId, id];
  // One trip, two statements: the second sees what was committed while the first waited for the lock.
  const [[task], watchers] = await Promise.all([
    tx.text<Task>(LOCK, key),
    tx.text<{ memberId: string }>(WATCHERS, key),
  ]);
  if (!task) throw new NotFound('There is no such task.', { path: ['input', 'id'] });
  return { ...task, watcherIds: watchers.map(({ memberId }) => memberId) };
}

// The insert reads from what it must come after: PostgreSQL promises no other order.
const MOVE = `/* tasks.move */ WITH moved AS (
    UPDATE task SET status = $3::"TaskStatus", completed_at = $4, version = $5, updated_at = $6
    WHERE organization_id = $1 AND id = $2
  ), closed AS (
    UPDATE task_status_change SET until = $6
    WHERE organization_id = $1 AND task_id = $2 AND until IS NULL RETURNING 1
  )
  INSERT INTO task_status_change (id, organization_id, task_id, status, "from", by_id)
  SELECT $7, $1, $2, $3::"TaskStatus", $6, $8 FROM (SELECT count(*) FROM closed) AS after_closing`;

/** Writes a task's new status and its history. Sent, not awaited. */
export function moveTask(tx: Tx, after: LockedTask): void {
  const { id, status, completedAt, version, updatedAt } = after;
  const { organizationId, viewer } = tx;
  const state = [organizationId, id, status, completedAt, version, updatedAt];
  const sent = tx.text(MOVE, [...state, newId(), viewer.memberId]);
  sent.catch(() => {}); // Awaited at the end, where it fails the transaction.
  tx.sent.push(sent);
}

/** Writes a new task and the beginnings of its history. Sent, not awaited. */
export function insertTask(tx: Tx, { watcherIds, ...task }: LockedTask): void {
  tx.send(tx.insertInto('task', [task]));
  openStatus(tx, task, task.createdAt);
  openAssignment(tx, task, task.createdAt);
  insertWatchers(tx, task.id, watcherIds, task.createdAt);
}

/** Writes what has changed of a task, but not a status, and the history that follows from it. Sent, not awaited. */
export function saveTask(tx: Tx, before: LockedTask, after: LockedTask): void {
  const changed = COLUMNS.filter((column) => before[column] !== after[column]);
  const values = Object.fromEntries(changed.map((column) => [column, after[column]]));
  tx.send(tx.updateTable('task').set(values).where('id', '=', after.id));
  const at = after.updatedAt;
  if (before.assigneeId !== after.assigneeId) {
    tx.send(
      tx
        .updateTable('taskAssignment')
        .set({ until: at })
        .where('taskId', '=', after.id)
        .where('until', 'is', null),
    );
    openAssignment(tx, after, at);
  }
}

const historyRow = (tx: Tx, taskId: string, from: Date) => ({
  id: newId(),
  taskId,
  from,
  until: null,
  byId: tx.viewer.memberId,
});

function openStatus(tx: Tx, { id, status }: Task | Omit<LockedTask, 'watcherIds'>, at: Date): void {
  tx.send(tx.insertInto('taskStatusChange', [{ ...historyRow(tx, id, at), status }]));
}

function openAssignment(tx: Tx, { id, assigneeId }: Task, at: Date): void {
  tx.send(tx.insertInto('taskAssignment', [{ ...historyRow(tx, id, at), memberId: assigneeId }]));
}

export function insertWatchers(
  tx: Tx,
  taskId: string,
  memberIds: readonly string[],
  since: Date,
): void {
  if (memberIds.length === 0) return;
  const rows = memberIds.map((memberId) => ({ taskId, memberId, since }));
  tx.send(tx.insertInto('taskWatcher', rows));
}

export function deleteWatcher(tx: Tx, taskId: string, memberId: string): void {
  tx.send(
    tx.deleteFrom('taskWatcher').where('taskId', '=', taskId).where('memberId', '=', memberId),
  );
}

const ITEM = ['id', 'ordinal', 'text', 'checkedAt', 'checkedById'] as const;

/** In order. The task must be locked: its lock stands for its checklist's too. */
export function readChecklist(tx: Tx, taskId: string): Promise<ChecklistItem[]> {
  return tx.run(
    tx.selectFrom('checklistItem').select(ITEM).where('taskId', '=', taskId).orderBy('ordinal'),
  );
}

export function insertItems(tx: Tx, taskId: string, items: readonly ChecklistItem[]): void {
  if (items.length === 0) return;
  tx.send(
    tx.insertInto(
      'checklistItem',
      items.map((item) => ({ ...item, taskId })),
    ),
  );
}

export function saveItem(tx: Tx, { id, ...values }: ChecklistItem): void {
  tx.send(tx.updateTable('checklistItem').set(values).where('id', '=', id));
}

export function deleteItems(tx: Tx, ids: readonly string[]): void {
  if (ids.length === 0) return;
  tx.send(tx.deleteFrom('checklistItem').where('id', 'in', ids));
}

/** Whether these members are active; who does not exist is left out. Read only, and not locked. */
export function readMembers(
  tx: Tx,
  ids: readonly string[],
): Promise<{ id: string; active: boolean }[]> {
  return tx.text(
    'SELECT id, active FROM member WHERE organization_id = $1 AND id = ANY ($2::uuid[])',
    [tx.organizationId, ids],
  );
}
