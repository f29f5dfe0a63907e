import type { Viewer } from '../database/viewer.ts';
import { judgeLogCursor } from '../events/log-cursor.ts';
import { BadLogCursor } from './errors.ts';

/** Why a history stream does not follow on what its reader holds. */
export const RESET_REASONS = {
  CURSOR_TOO_OLD: 'The cursor lies further back than changes are kept for resuming.',
  CURSOR_AHEAD: 'The cursor lies beyond the end of the log.',
  OTHER_EPOCH: 'The database was restored from a backup: earlier cursors mean nothing.',
  OTHER_IDENTITY: 'The cursor was made for somebody else.',
  MAILBOX_FULL: 'Changes came faster than they were read; those that waited were dropped.',
  RIGHTS_CHANGED: 'What the caller may see has changed.',
} as const;

export type ResetReason = keyof typeof RESET_REASONS;

/** Where a stream begins: after a position, afresh because of a reset, or, null, from now on. */
export type Since = { position: number } | { reset: ResetReason } | null;

/**
 * What a client's `since` says. Whether the log still reaches back so far is judged when the stream opens.
 * @param shared an identity that the viewer has in common with others, whose cursors will do too
 * @throws BadLogCursor when it was made elsewhere
 */
export function readSince(
  text: string | null | undefined,
  viewer: Viewer,
  epoch: string,
  shared: string | null = null,
): Since {
  if (text === null || text === undefined) return null;
  const outcome = judgeLogCursor(text, viewer, epoch, shared);
  switch (outcome.kind) {
    case 'VALID':
      return { position: outcome.cursor.position };
    case 'OTHER_EPOCH':
    case 'OTHER_IDENTITY':
      return { reset: outcome.kind };
    default:
      throw new BadLogCursor('`since` is no log cursor of this organization.', { path: ['since'] });
  }
}
