import { InvalidInput, NotAllowed } from '../../database/errors.ts';
import { cleanText } from '../organization/limits.ts';
import type { Comment } from './model.ts';

/** Throws InvalidInput for an empty text, or one of more than 10,000 characters. */
export function cleanBody(body: string): string {
  const text = cleanText(body, 'body');
  if (text === null) {
    throw new InvalidInput('A comment says something.', { path: ['input', 'body'] });
  }
  return text;
}

/** Null when the text is the same. Throws NotAllowed for somebody else's comment. */
export function edit(comment: Comment, body: string, memberId: string): Comment | null {
  if (comment.authorId !== memberId) {
    throw new NotAllowed('A comment is changed by its author only.');
  }
  return comment.body === body ? null : { ...comment, body, version: comment.version + 1 };
}
