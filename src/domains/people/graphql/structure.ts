import DataLoader from 'dataloader';
import type { Context } from '../../../api/context.ts';
import { type AsOf, holdsAt } from './as-of.ts';

/** Who belongs where at one moment, as ids, batched. */
export interface Structure {
  parentOf(teamId: string): Promise<string | null>;
  /** By name. */
  childrenOf(teamId: string): Promise<string[]>;
  leaderOf(teamId: string): Promise<string | null>;
  teamOf(memberId: string): Promise<string | null>;
  teamsLedBy(memberId: string): Promise<string[]>;
}

const structures = new WeakMap<Context, Map<number | null, Structure>>();

/** The structure of the organization at a moment; what was read is kept for this request or event. */
export function structureOf(ctx: Context, asOf: AsOf): Structure {
  const known = structures.get(ctx) ?? new Map<number | null, Structure>();
  structures.set(ctx, known);
  const key = asOf?.getTime() ?? null;
  let structure = known.get(key);
  if (!structure) {
    structure = createStructure(ctx, asOf);
    known.set(key, structure);
  }
  return structure;
}

function createStructure({ reader }: Context, asOf: AsOf): Structure {
  const holds = holdsAt(asOf);
  const parents = pairs(async (ids) =>
    (await reader.teamParentage.findMany({ where: { teamId: { in: ids }, AND: [holds] } })).map(
      (row) => [row.teamId, row.parentId],
    ),
  );
  const children = pairs(async (ids) => {
    const rows = await reader.teamParentage.findMany({
      where: { parentId: { in: ids }, AND: [holds] },
      orderBy: [{ team: { name: 'asc' } }, { teamId: 'asc' }],
    });
    return rows.map((row) => [row.parentId, row.teamId]);
  });
  const leaders = pairs(async (ids) =>
    (await reader.teamLeadership.findMany({ where: { teamId: { in: ids }, AND: [holds] } })).map(
      (row) => [row.teamId, row.memberId],
    ),
  );
  const led = pairs(async (ids) => {
    const rows = await reader.teamLeadership.findMany({
      where: { memberId: { in: ids }, AND: [holds] },
      orderBy: [{ team: { name: 'asc' } }, { teamId: 'asc' }],
    });
    return rows.map((row) => [row.memberId, row.teamId]);
  });
  const teams = pairs(async (ids) =>
    (await reader.membership.findMany({ where: { memberId: { in: ids }, AND: [holds] } })).map(
      (row) => [row.memberId, row.teamId],
    ),
  );
  const one = async (loader: DataLoader<string, string[]>, id: string) =>
    (await loader.load(id))[0] ?? null;
  return {
    parentOf: (id) => one(parents, id),
    childrenOf: (id) => children.load(id),
    leaderOf: (id) => one(leaders, id),
    teamOf: (id) => one(teams, id),
    teamsLedBy: (id) => led.load(id),
  };
}

type Pair = readonly [key: string, value: string];

/** A loader of what stands beside each key, in the order of the rows. */
function pairs(read: (ids: string[]) => Promise<Pair[]>): DataLoader<string, string[]> {
  return new DataLoader(async (ids) => {
    const byKey = new Map<string, string[]>(ids.map((id) => [id, []]));
    for (const [key, value] of await read([...ids])) byKey.get(key)?.push(value);
    return ids.map((id) => byKey.get(id) ?? []);
  });
}

/** These teams and all below them. */
export async function withTeamsBelow(
  structure: Structure,
  teamIds: readonly string[],
): Promise<string[]> {
  const found = new Set(teamIds);
  let level = [...found];
  while (level.length > 0) {
    const below = (await Promise.all(level.map((id) => structure.childrenOf(id)))).flat();
    level = below.filter((id) => !found.has(id));
    for (const id of level) found.add(id);
  }
  return [...found];
}

/** The teams above one, nearest first. */
export async function teamsAbove(structure: Structure, teamId: string): Promise<string[]> {
  const above: string[] = [];
  let parent = await structure.parentOf(teamId);
  while (parent !== null && !above.includes(parent)) {
    above.push(parent);
    parent = await structure.parentOf(parent);
  }
  return above;
}
