import { derivedId } from '../database/ids.ts';

const MAX_CACHED = 10_000;
const cached = new Map<string, string>();

/** The id of a chain of teams: the same on every node, so that nobody has to look it up. */
export function teamPathId(organizationId: string, teamIds: readonly string[]): string {
  const key = `${organizationId} ${teamIds.join(' ')}`;
  let id = cached.get(key);
  if (id === undefined) {
    id = derivedId('team-path', organizationId, ...teamIds);
    if (cached.size >= MAX_CACHED) cached.clear();
    cached.set(key, id);
  }
  return id;
}
