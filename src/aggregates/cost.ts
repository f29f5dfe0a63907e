import type { Connection } from '../database/statements.ts';
import { TooDear } from './errors.ts';
import type { Compiled } from './rows.ts';

/**
 * The planner's units that a question may cost. A million opportunities counted by owner and month are some 100,000;
 * this is what runs for seconds.
 */
export const COST_LIMIT = 3_000_000;

/** Estimates that are remembered, by text and organization, for so long. */
const REMEMBERED = 1_000;
const MINUTES = 10;

const known = new Map<string, { cost: number; until: number }>();

/**
 * Asks the planner before a question of a new form runs.
 * @throws TooDear
 */
export async function refuseDear(
  connection: Connection,
  organizationId: string,
  { text, values }: Compiled,
  limit: number = COST_LIMIT,
): Promise<void> {
  const key = `${organizationId} ${text}`;
  const before = known.get(key);
  const cost =
    before && before.until > Date.now() ? before.cost : await estimate(connection, text, values);
  if (known.size >= REMEMBERED) known.clear();
  known.set(key, { cost, until: before?.until ?? Date.now() + MINUTES * 60_000 });
  if (cost > limit) {
    throw new TooDear(
      `The question would cost ${Math.round(cost)} of the planner's units; ${limit} are allowed. Ask for a shorter period, fewer keys or fewer figures.`,
      { data: { limit, actual: Math.round(cost) } },
    );
  }
}

async function estimate(
  connection: Connection,
  text: string,
  values: readonly unknown[],
): Promise<number> {
  const { rows } = await connection.query({
    text: `EXPLAIN (FORMAT JSON) ${text}`,
    values: [...values],
  });
  const [row] = rows as { 'QUERY PLAN': [{ Plan: { 'Total Cost': number } }] }[];
  return row?.['QUERY PLAN'][0].Plan['Total Cost'] ?? 0;
}
