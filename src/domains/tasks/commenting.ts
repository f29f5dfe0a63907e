import type { Database } from '../../database/database.ts';
import { checkVersion, NotFound } from '../../database/errors.ts';
import { type Committed, transact } from '../../database/transact.ts';
import type { Tx } from '../../database/transaction.ts';
import type { MemberViewer } from '../../database/viewer.ts';
import { type CommentedRecord, declareCommentable } from '../comments/commentable.ts';
import { commentOn } from '../comments/service.ts';
import { taskCommented, visibilityOf } from './events.ts';
import { requireRight } from './rules.ts';
import { lockTask } from './store.ts';
import type { Transition } from './transitions.ts';

declareCommentable('Task', findCommented);

async function findCommented(tx: Tx, id: string): Promise<CommentedRecord | null> {
  try {
    const task = await lockTask(tx, id);
    requireRight('COMMENT', tx.viewer, task);
    return {
      visibility: visibilityOf(task),
      commented: (commentId) => taskCommented(task, commentId),
    };
  } catch (error) {
    if (error instanceof NotFound) return null;
    throw error;
  }
}

export interface CommentOnTask extends Transition {
  /** 1 to 10,000 characters. */
  body: string;
}

export interface CommentOutcome extends Record<string, unknown> {
  id: string;
  commentId: string;
}

/** Writes a comment on a task that the viewer may see. Throws NotFound, Conflict, InvalidInput. */
export async function commentOnTask(
  db: Database,
  viewer: MemberViewer,
  { id, body, expectedVersion, idempotencyKey }: CommentOnTask,
): Promise<Committed<CommentOutcome>> {
  const input = { id, body, expectedVersion, idempotencyKey };
  return transact(db, viewer, 'commentOnTask', input, async (tx) => {
    const task = await lockTask(tx, id);
    requireRight('COMMENT', viewer, task);
    checkVersion('Task', task, expectedVersion);
    const comment = await commentOn(tx, { recordType: 'Task', recordId: id, body });
    return { id, commentId: comment.id };
  });
}
