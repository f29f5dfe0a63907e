import type { Database } from '../../database/database.ts';
import { covers, type Viewer } from '../../database/viewer.ts';
import {
  countEntries,
  type EntryRow,
  readEntries,
  readEntryOwners,
} from '../../metrics/entries.ts';
import { EntriesOutOfScope } from './errors.ts';
import type { StandingView } from './view.ts';

export type EntryPlace = Pick<EntryRow, 'position' | 'ordinal' | 'versionId'>;

/**
 * Entries of a score, newest first, at most `limit`. Stays inside the viewer's data scope: where one of them is
 * outside, EntriesOutOfScope, never a part that adds up to another figure.
 */
export async function entriesOf(
  db: Database,
  viewer: Viewer,
  { view, row }: StandingView,
  page: { before: EntryPlace | null; limit: number },
): Promise<EntryRow[]> {
  const { question } = view;
  if (!question) return [];
  await mayReadEntries(db, viewer, { view, row });
  return readEntries(db.pool, question, { contestants: [row.contestantId], ...page });
}

/** How many entries the score has. Throws EntriesOutOfScope as `entriesOf` does. */
export async function countEntriesOf(
  db: Database,
  viewer: Viewer,
  { view, row }: StandingView,
): Promise<number> {
  if (!view.question) return 0;
  await mayReadEntries(db, viewer, { view, row });
  return countEntries(db.pool, view.question, row.contestantId);
}

async function mayReadEntries(
  db: Database,
  viewer: Viewer,
  { view, row }: StandingView,
): Promise<void> {
  const { question } = view;
  if (viewer.kind !== 'member')
    throw new EntriesOutOfScope('A display shows boards, not what they are made of.');
  if (viewer.visibleMembers === 'ALL' || !question) return;
  const owners = await readEntryOwners(db.pool, question, row.contestantId);
  if (!owners.every((memberId) => covers(viewer, memberId))) {
    throw new EntriesOutOfScope(
      'This score is made of records outside your data scope: ask somebody whose scope covers them.',
    );
  }
}
