import type { Database } from '../../database/database.ts';
import { type EntryRow, readEntries } from '../../metrics/entries.ts';
import { keptRowsAt } from '../../metrics/kept-standings.ts';
import { readStandings, type StandingRow } from '../../metrics/standings.ts';
import { NOW, questionOf } from './question.ts';
import { readNames } from './store.ts';
import type { BoardView } from './view.ts';

export const MAX_CAUSES = 100;

/** How a contestant came from one place to another between two moments of a board. */
export interface StandingChange {
  contestantId: string;
  /** Null: was not on the board. */
  before: StandingRow | null;
  /** Null: is not on the board any more. */
  after: StandingRow | null;
  causes: EntryRow[];
}

export interface Changes {
  changes: StandingChange[];
  /** There were more causes than MAX_CAUSES. */
  moreCauses: boolean;
}

/**
 * What changed on a page since a position: for everybody who was on it or is on it now. Who was, or is, elsewhere is
 * looked up, so that ranks and scores before and after are the board's, not the page's.
 */
export async function changesSince(
  db: Database,
  view: BoardView,
  position: number,
  before: readonly StandingRow[],
): Promise<Changes> {
  const { board, period, standings, question } = view;
  if (!question) return { changes: [], moreCauses: false };
  const ids = [...new Set([...before, ...standings.rows].map(({ contestantId }) => contestantId))];
  const at = async (throughPosition: number, known: readonly StandingRow[]) => {
    const rows = new Map(known.map((row) => [row.contestantId, row]));
    const only = ids.filter((id) => !rows.has(id));
    if (only.length === 0) return rows;
    const past = questionOf(board, period, { ...NOW, throughPosition });
    const page = { first: 0, after: null, around: null, only };
    const found =
      keptRowsAt(db.pool, question, throughPosition, only) ??
      (await readStandings(db.pool, past, page)).rows;
    for (const row of found) rows.set(row.contestantId, row);
    return rows;
  };
  const now = { ...question, throughPosition: standings.position };
  const [was, is, causes] = await Promise.all([
    at(position, before),
    at(standings.position, standings.rows),
    readEntries(db.pool, now, { contestants: ids, afterPosition: position, limit: MAX_CAUSES + 1 }),
  ]);
  const changes = ids.flatMap((contestantId): StandingChange[] => {
    const own = causes.slice(0, MAX_CAUSES).filter((cause) => cause.contestantId === contestantId);
    const change = {
      contestantId,
      before: was.get(contestantId) ?? null,
      after: is.get(contestantId) ?? null,
      causes: own,
    };
    return isChange(change) ? [change] : [];
  });
  return { changes, moreCauses: causes.length > MAX_CAUSES };
}

const isChange = ({ before, after, causes }: StandingChange): boolean =>
  causes.length > 0 ||
  before?.rank !== after?.rank ||
  before?.score !== after?.score ||
  before?.progress !== after?.progress ||
  before?.left !== after?.left;

/** Names of those who changed but are not on the page any more. */
export async function withNames(
  db: Database,
  view: BoardView,
  changes: Changes,
): Promise<BoardView> {
  const missing = changes.changes
    .map(({ contestantId }) => contestantId)
    .filter((id) => !view.names.has(id));
  if (missing.length === 0) return view;
  const { organizationId, contestants } = view.board;
  const names = await readNames(db.pool, organizationId, contestants, missing);
  return {
    ...view,
    names: new Map([...view.names, ...names.map(({ id, name }) => [id, name] as const)]),
  };
}
