import type { Context } from '../../../api/context.ts';
import type PrismaTypes from '../../../generated/pothos-prisma-types.ts';
import { type AsOf, withAsOf } from './as-of.ts';

type TeamRow = PrismaTypes['Team']['Shape'];
type MemberRow = PrismaTypes['Member']['Shape'];

/** A team by id, seen as of a moment; null for null. */
export async function loadTeam(
  ctx: Context,
  id: string | null,
  asOf: AsOf = null,
): Promise<TeamRow | null> {
  const team = await ctx.load('Team', id);
  return team && withAsOf(team, asOf);
}

export async function loadTeams(
  ctx: Context,
  ids: readonly string[],
  asOf: AsOf = null,
): Promise<TeamRow[]> {
  const teams = await Promise.all(ids.map((id) => loadTeam(ctx, id, asOf)));
  return teams.filter((team) => team !== null);
}

/** A member by id, seen as of a moment; null for null. */
export async function loadMember(
  ctx: Context,
  id: string | null,
  asOf: AsOf = null,
): Promise<MemberRow | null> {
  const member = await ctx.load('Member', id);
  return member && withAsOf(member, asOf);
}
