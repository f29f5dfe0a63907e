import type { EventDraft, Visibility } from '../../database/event-draft.ts';
import type { Comment } from './model.ts';

function draft(type: string, comment: Comment, visibility: Visibility): EventDraft {
  return {
    type,
    version: 1,
    recordType: comment.recordType,
    recordId: comment.recordId,
    recordVersion: null,
    payload: { commentId: comment.id },
    visibility: { before: visibility, after: visibility },
  };
}

/** Both are events of the record that is commented on. */
export const commentAdded = (comment: Comment, visibility: Visibility): EventDraft =>
  draft('comment.added', comment, visibility);

export const commentEdited = (comment: Comment, visibility: Visibility): EventDraft =>
  draft('comment.edited', comment, visibility);
