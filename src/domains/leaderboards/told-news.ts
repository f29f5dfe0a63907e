import { LRUCache } from 'lru-cache';
import type { Database } from '../../database/database.ts';
import type { LoggedEvent } from '../../events/logged-event.ts';
import type { Board } from './board.ts';
import { type News, newsOf } from './news.ts';
import { readNames } from './store.ts';

/** The news of an event, with the names of all who occur in it. */
export interface EventNews {
  news: readonly News[];
  names: ReadonlyMap<string, string>;
}

/** Events whose news is remembered, and for how long: as long as all who watch a board ask for it. */
const REMEMBERED = { max: 1_000, ttl: 10_000 };

const memories = new WeakMap<Database, LRUCache<string, Promise<EventNews>>>();

/** The same for everybody who watches the board: worked out once for all who ask at about the same time. */
export function eventNews(
  db: Database,
  epoch: string,
  board: Board,
  event: LoggedEvent,
): Promise<EventNews> {
  const memory = memories.get(db) ?? new LRUCache<string, Promise<EventNews>>(REMEMBERED);
  memories.set(db, memory);
  const versions = board.measures.map(({ version }) => version?.id ?? null);
  const key = JSON.stringify([epoch, board.id, board.version, versions, event.position]);
  const known = memory.get(key);
  if (known) return known;
  const told = read(db, board, event);
  memory.set(key, told);
  told.catch(() => memory.delete(key));
  return told;
}

async function read(db: Database, board: Board, event: LoggedEvent): Promise<EventNews> {
  const news = await newsOf(db, board, event);
  const ids = news.flatMap(({ contestantId, overtaken }) => [contestantId, ...overtaken]);
  if (ids.length === 0) return { news, names: new Map() };
  const rows = await readNames(db.pool, board.organizationId, board.contestants, ids);
  return { news, names: new Map(rows.map(({ id, name }) => [id, name])) };
}
