import type { Database } from '../../database/database.ts';
import { checkVersion, NotFound } from '../../database/errors.ts';
import { newId } from '../../database/ids.ts';
import { transact } from '../../database/transact.ts';
import type { Tx } from '../../database/transaction.ts';
import type { MemberViewer } from '../../database/viewer.ts';
import { lockCommented } from './commentable.ts';
import { commentAdded, commentEdited } from './events.ts';
import type { Comment } from './model.ts';
import { cleanBody, edit } from './rules.ts';
import './scope.ts';
import * as store from './store.ts';

interface Keyed {
  idempotencyKey?: string | null | undefined;
}

export interface CommentOn {
  recordType: string;
  recordId: string;
  body: string;
}
export type AddComment = { record: { type: string; id: string }; body: string } & Keyed;
export type EditComment = { id: string; expectedVersion: number; body: string } & Keyed;

/**
 * Writes a comment on any record, in the caller's transaction, with the event that the record's type has for it.
 * Throws InvalidInput, and NotFound for a record that is not there for the viewer.
 */
export async function commentOn(tx: Tx, { recordType, recordId, body }: CommentOn) {
  const text = cleanBody(body);
  const record = await lockCommented(tx, recordType, recordId);
  const authorId = tx.viewer.memberId;
  const comment: Comment = { id: newId(), version: 1, recordType, recordId, authorId, body: text };
  store.insertComment(tx, comment);
  tx.event(record.commented?.(comment.id) ?? commentAdded(comment, record.visibility));
  return { id: comment.id, recordType, recordId };
}

/** Throws what `commentOn` throws. */
export const addComment = (db: Database, viewer: MemberViewer, input: AddComment) =>
  transact(db, viewer, 'addComment', input, (tx) =>
    commentOn(tx, {
      recordType: input.record.type,
      recordId: input.record.id,
      body: input.body,
    }),
  );

/** Throws NotFound, NotAllowed for somebody else's comment, Conflict and InvalidInput. */
export const editComment = (db: Database, viewer: MemberViewer, input: EditComment) => {
  const body = cleanBody(input.body);
  return transact(db, viewer, 'editComment', input, async (tx) => {
    const on = await store.recordOf(tx, input.id);
    if (!on) throw noComment();
    const { visibility } = await lockCommented(tx, on.recordType, on.recordId).catch(
      (error: unknown) => {
        throw error instanceof NotFound ? noComment() : error;
      },
    );
    const comment = await store.lockComment(tx, input.id);
    if (!comment) throw noComment();
    const edited = edit(comment, body, viewer.memberId);
    checkVersion('Comment', comment, input.expectedVersion);
    if (edited) {
      store.saveBody(tx, edited);
      tx.event(commentEdited(edited, visibility));
    }
    return { id: comment.id, ...on };
  });
};

const noComment = () => new NotFound('There is no such comment.', { path: ['input', 'id'] });

export { readRecordOf } from './store.ts';
