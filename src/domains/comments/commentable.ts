import { NotFound } from '../../database/errors.ts';
import type { EventDraft, Visibility } from '../../database/event-draft.ts';
import type { Tx } from '../../database/transaction.ts';

/** A record that comments are written on, locked and visible to the viewer. */
export interface CommentedRecord {
  /** Whose record it is: who hears of the comment. */
  visibility: Visibility;
  /** The record's own event for a comment on it. Default: comment.added. */
  commented?: (commentId: string) => EventDraft;
}

/** Locks the record; null when it is not there or the viewer may not see it. */
export type FindCommented = (tx: Tx, id: string) => Promise<CommentedRecord | null>;

const declared = new Map<string, FindCommented>();

/**
 * Lets comments be written on the records of a type: its name in GraphQL and in Prisma, which must be the same, as
 * whoever may read such a record may read its comments.
 */
export function declareCommentable(recordType: string, find: FindCommented): void {
  declared.set(recordType, find);
}

/** Sorted. */
export const commentableTypes = (): string[] => [...declared.keys()].sort();

/** Throws NotFound for a record that is not there for the viewer, or of a type that takes no comments. */
export async function lockCommented(
  tx: Tx,
  recordType: string,
  recordId: string,
): Promise<CommentedRecord> {
  const record = await declared.get(recordType)?.(tx, recordId);
  if (!record) {
    throw new NotFound('There is no such record to comment on.', { path: ['input', 'recordId'] });
  }
  return record;
}
