import type { Database } from '../../database/database.ts';
import { checkVersion, NotFound } from '../../database/errors.ts';
import { type Committed, transact } from '../../database/transact.ts';
import type { MemberViewer } from '../../database/viewer.ts';
import { taskItemChecked, taskWatched } from './events.ts';
import { LIMITS } from './model.ts';
import { requireActiveMembers } from './references.ts';
import { nextStatus, requireRight } from './rules.ts';
import { advanced, outcomeOf, type TaskOutcome } from './service.ts';
import {
  deleteWatcher,
  insertWatchers,
  lockTask,
  readChecklist,
  saveItem,
  saveTask,
} from './store.ts';
import type { Transition } from './transitions.ts';
import { requireAtMost } from './values.ts';

export interface WatchTask extends Transition {
  /** Default: the viewer. */
  memberId?: string | null;
  /** Default: true. False: watches no longer. */
  watching?: boolean | null;
}

/**
 * Lets a member see a task and hear of it, whatever the data scope: oneself, or, for whoever may change the task,
 * somebody else. Throws NotFound, NotAllowed, MemberNotActive, TooMany, Conflict.
 */
export async function watchTask(
  db: Database,
  viewer: MemberViewer,
  input: WatchTask,
): Promise<Committed<TaskOutcome>> {
  const memberId = input.memberId ?? viewer.memberId;
  const watching = input.watching ?? true;
  return transact(db, viewer, 'watchTask', input, async (tx) => {
    const before = await lockTask(tx, input.id);
    requireRight(memberId === viewer.memberId ? 'WATCH' : 'ADD_WATCHER', viewer, before);
    checkVersion('Task', before, input.expectedVersion);
    const { watcherIds } = before;
    if (watcherIds.includes(memberId) === watching) return outcomeOf(before);
    const others = watcherIds.filter((id) => id !== memberId);
    const after = advanced(tx, {
      ...before,
      watcherIds: watching ? [...others, memberId] : others,
    });
    if (watching) {
      requireAtMost(after.watcherIds.length, LIMITS.watchers, ['input', 'memberId']);
      await requireActiveMembers(tx, [{ id: memberId, path: ['input', 'memberId'] }]);
      insertWatchers(tx, before.id, [memberId], after.updatedAt);
    } else {
      deleteWatcher(tx, before.id, memberId);
    }
    saveTask(tx, before, after);
    tx.event(taskWatched(before, after, memberId, watching));
    return outcomeOf(after);
  });
}

export interface CheckItem extends Transition {
  itemId: string;
  /** Default: true. False: not done after all. */
  checked?: boolean | null;
}

/** Ticks an item of an open task's checklist. Throws NotFound (task, item), NotAllowed, Conflict, WrongState. */
export async function checkItem(
  db: Database,
  viewer: MemberViewer,
  input: CheckItem,
): Promise<Committed<TaskOutcome>> {
  const checked = input.checked ?? true;
  return transact(db, viewer, 'checkItem', input, async (tx) => {
    const before = await lockTask(tx, input.id);
    requireRight('CHECK_ITEM', viewer, before);
    checkVersion('Task', before, input.expectedVersion);
    nextStatus('CHECK_ITEM', before.status);
    const item = (await readChecklist(tx, before.id)).find(({ id }) => id === input.itemId);
    if (!item) {
      throw new NotFound('The task has no such checklist item.', { path: ['input', 'itemId'] });
    }
    if ((item.checkedAt !== null) === checked) return outcomeOf(before);
    const after = advanced(tx, before);
    saveItem(tx, {
      ...item,
      checkedAt: checked ? after.updatedAt : null,
      checkedById: checked ? viewer.memberId : null,
    });
    saveTask(tx, before, after);
    tx.event(taskItemChecked(before, after, item.id, checked));
    return outcomeOf(after);
  });
}
