import type { Context } from '../../../api/context.ts';
import { readPeriod } from '../../../api/period.ts';
import { endOfDay } from '../../../calendar/periods.ts';

/** Rides on a team or member that was read as of a past day, so that what hangs below it is of that day too. */
const AS_OF = Symbol('asOf');

/** The first moment after a day; null is the present. */
export type AsOf = Date | null;

export function withAsOf<Row extends object>(row: Row, asOf: AsOf): Row {
  return asOf === null ? row : Object.assign({ ...row }, { [AS_OF]: asOf });
}

export function asOfOf(row: object): AsOf {
  const asOf: unknown = Reflect.get(row, AS_OF);
  return asOf instanceof Date ? asOf : null;
}

/** The end of the day in the organization's zone. Throws InvalidInput outside the years 1900 to 2200. */
export async function readAsOf(ctx: Context, day: string | null | undefined): Promise<AsOf> {
  if (!day) return null;
  const calendar = await ctx.calendar();
  return readPeriod(() => endOfDay(calendar, day), ['asOf']);
}

/** What a stay (membership, parentage, leadership) must meet to hold at that moment. */
export const holdsAt = (asOf: AsOf) =>
  asOf === null
    ? { until: null }
    : { from: { lt: asOf }, OR: [{ until: null }, { until: { gte: asOf } }] };
