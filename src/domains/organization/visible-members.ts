import type { Database } from '../../database/database.ts';
import { membersCovered, type WhoSees } from './data-scope-store.ts';

export type Visible = 'ALL' | ReadonlySet<string>;

/** Member ids that all remembered sets of one node may hold together; some 40 MB at the most. */
const REMEMBERED = 300_000;

interface Remembered {
  sets: Map<string, ReadonlySet<string>>;
  size: number;
}

const remembered = new WeakMap<Database, Remembered>();

/**
 * Whose records a member's data scope covers now. `revision` is the organization's (LogHead), read before: every
 * change of teams, members and leaders raises it, so that a set remembered under it is never stale.
 */
export async function visibleMembers(
  db: Database,
  who: WhoSees,
  revision: number,
): Promise<Visible> {
  if (who.dataScope === 'ORGANIZATION') return 'ALL';
  if (who.dataScope === 'OWN') return new Set([who.memberId]);
  const memory = memoryOf(db);
  const key = [who.organizationId, revision, who.memberId, who.dataScope].join(':');
  const known = memory.sets.get(key);
  if (known) return known;
  const visible = new Set([who.memberId, ...(await membersCovered(db, who))]);
  remember(memory, key, visible);
  return visible;
}

function memoryOf(db: Database): Remembered {
  let memory = remembered.get(db);
  if (!memory) {
    memory = { sets: new Map(), size: 0 };
    remembered.set(db, memory);
  }
  return memory;
}

/** Forgets the oldest first: those of past revisions are never asked for again. */
function remember(memory: Remembered, key: string, visible: ReadonlySet<string>): void {
  if (memory.sets.has(key)) return;
  memory.sets.set(key, visible);
  memory.size += visible.size;
  for (const [oldest, set] of memory.sets) {
    if (memory.size <= REMEMBERED) break;
    memory.sets.delete(oldest);
    memory.size -= set.size;
  }
}
