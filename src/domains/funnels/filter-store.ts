import { type Expression, sql } from 'kysely';
import { dayOf } from '../../calendar/periods.ts';
import type { CalendarSettings } from '../../calendar/settings.ts';
import { type Connection, runText } from '../../database/statements.ts';
import { type Condition, FILTERED, type FilterFacts, type OpportunityFilter } from './filter.ts';
import { beyondLimit } from './rules.ts';

/** As SQL over `opportunity`, or what the table is called there. Each value is one parameter. */
export function sqlWhere(
  conditions: readonly Condition[],
  alias = 'opportunity',
): Expression<boolean> {
  if (conditions.length === 0) return sql<boolean>`true`;
  const parts = conditions.map((condition): Expression<boolean> => {
    if ('any' in condition) {
      if (condition.any.length === 0) return sql<boolean>`false`;
      const branches = condition.any.map((branch) => sqlWhere(branch, alias));
      return sql<boolean>`(${sql.join(branches, sql` OR `)})`;
    }
    const column = sql.ref(`${alias}.${condition.column}`);
    const type = sql.raw(FILTERED[condition.column]);
    if ('in' in condition) return sql<boolean>`${column} = ANY (${condition.in}::${type}[])`;
    if ('notIn' in condition) return sql<boolean>`${column} <> ALL (${condition.notIn}::${type}[])`;
    if ('is' in condition) return sql<boolean>`${column} = ${condition.is}`;
    if ('known' in condition) {
      return condition.known
        ? sql<boolean>`${column} IS NOT NULL`
        : sql<boolean>`${column} IS NULL`;
    }
    const sign = sql.raw({ gte: '>=', lte: '<=', lt: '<' }[condition.at]);
    return sql<boolean>`${column} ${sign} ${condition.value}::${type}`;
  });
  return sql<boolean>`(${sql.join(parts, sql` AND `)})`;
}

export interface FilterContext {
  connection: Connection;
  organizationId: string;
  now: Date;
  calendar: CalendarSettings;
}

const MEMBERS_OF_TEAMS = `/* funnels.filter_teams */
WITH RECURSIVE tree AS (
  SELECT unnest($2::uuid[]) AS id
  UNION
  SELECT p.team_id FROM team_parentage p JOIN tree t ON p.parent_id = t.id
  WHERE p.organization_id = $1 AND p.until IS NULL AND $3
)
SELECT m.member_id AS id FROM membership m
WHERE m.organization_id = $1 AND m.until IS NULL AND m.team_id IN (SELECT id FROM tree)`;

const PRODUCTS_OF_SERIES = `/* funnels.filter_series */
SELECT p.id FROM product p WHERE p.organization_id = $1 AND p.series = ANY ($2::text[])`;

const LIMITED_STAGES = `/* funnels.filter_limits */
SELECT s.id, s.limit_days FROM stage s WHERE s.organization_id = $1 AND s.limit_days IS NOT NULL`;

/** Looks up what a filter refers to; asks nothing that the filter does not need. */
export async function filterFacts(
  filter: OpportunityFilter,
  { connection, organizationId, now, calendar }: FilterContext,
): Promise<FilterFacts> {
  const ids = async (
    text: string,
    values: readonly string[] | null | undefined,
    ...more: unknown[]
  ) => {
    if (!values || values.length === 0) return [];
    const rows = await runText<{ id: string }>(connection, text, [organizationId, values, ...more]);
    return rows.map(({ id }) => id);
  };
  const below = filter.ownerTeam?.below ?? true;
  const [teamIn, teamNotIn, seriesIn, seriesNotIn, limited] = await Promise.all([
    ids(MEMBERS_OF_TEAMS, filter.ownerTeam?.in, below),
    ids(MEMBERS_OF_TEAMS, filter.ownerTeam?.notIn, below),
    ids(PRODUCTS_OF_SERIES, filter.series?.in),
    ids(PRODUCTS_OF_SERIES, filter.series?.notIn),
    typeof filter.overLimit === 'boolean'
      ? runText<{ id: string; limitDays: number }>(connection, LIMITED_STAGES, [organizationId])
      : [],
  ]);
  const limits = limited.map(({ id, limitDays }) => ({
    stageId: id,
    before: beyondLimit(limitDays, now),
  }));
  return { teamIn, teamNotIn, seriesIn, seriesNotIn, limits, today: dayOf(calendar, now) };
}
