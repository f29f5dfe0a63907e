import { type BucketUnit, bucketsOf, offsetsOf, periodCovering } from '../calendar/buckets.ts';
import { bucketPairs } from '../calendar/counterparts.ts';
import { CalendarError } from '../calendar/errors.ts';
import { type BoundedPeriod, between, isBounded } from '../calendar/periods.ts';
import { InvalidInput } from '../database/errors.ts';
import type { Connection } from '../database/statements.ts';
import { compileRanges } from './compile.ts';
import { type Grain, isCyclic } from './dataset.ts';
import type { Cut, KeyChoice, Question, Window } from './question.ts';
import type { Cutting } from './rows.ts';

/** Keys by time whose range nothing but the data says: those over another column than the period's, or over all of time. */
export const openTimes = (question: Question): number[] =>
  question.keys.flatMap((key, index) =>
    isTime(question, key) && !boundsOf(question, key) ? [index] : [],
  );

const isTime = ({ dataset }: Question, { field }: KeyChoice): boolean => field in dataset.times;

/** The periods that a key's buckets are cut from, one for each window; null when the data has to say. */
function boundsOf(question: Question, { field }: KeyChoice): BoundedPeriod[] | null {
  if (field !== question.periodOf) return null;
  const all = windowsOf(question);
  return all.every(isBounded) ? (all as BoundedPeriod[]) : null;
}

const windowsOf = ({ period, compared }: Question) => (compared ? [period, compared] : [period]);

/** Cuts the times of a question; reads the first and the last of what no period bounds. */
export async function cutTimes(connection: Connection, question: Question): Promise<Cutting> {
  const windows: Window[] = windowsOf(question).map(({ start, end }) => ({ start, end }));
  const open = openTimes(question);
  const ranges = open.length > 0 ? await readRanges(connection, question, windows, open) : [];
  const cuts = question.keys.map((key, index): Cut | null =>
    refusing(index, () => cutKey(key, index)),
  );
  return { windows, cuts };

  function cutKey(key: KeyChoice, index: number): Cut | null {
    if (!isTime(question, key)) return null;
    const bounds = boundsOf(question, key);
    if (bounds) return cutOf(question, key, bounds);
    const range = ranges[open.indexOf(index)];
    return range
      ? cutOf(
          question,
          key,
          windows.map(() => range),
        )
      : { buckets: windows.map(() => []), counterparts: null, offsets: [] };
  }
}

/** What the calendar refuses, such as a hundred years of hours, is the key's fault. */
function refusing<Result>(index: number, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof CalendarError)) throw error;
    throw new InvalidInput(error.message, { path: ['groupBy', String(index), 'by'] });
  }
}

function cutOf(question: Question, { by }: KeyChoice, periods: BoundedPeriod[]): Cut {
  const { calendar, compared } = question;
  if (!isCyclic(by as Grain)) {
    const unit = by as BucketUnit;
    const buckets = periods.map((period) => bucketsOf(calendar, unit, period));
    const [period] = periods;
    const apart = compared && period && periods[1] !== period;
    const pairs = apart ? bucketPairs(calendar, unit, period, compared.comparison) : null;
    const numbers = new Map(
      pairs?.map(({ counterpart }, index) => [counterpart?.start.getTime(), index + 1]),
    );
    const counterparts = pairs
      ? (buckets[1] ?? []).map(({ start }) => numbers.get(start.getTime()) ?? null)
      : null;
    return { buckets, counterparts, offsets: [] };
  }
  const starts = periods.map(({ start }) => start.getTime());
  const ends = periods.map(({ end }) => end.getTime() - 1);
  const all = periodCovering(calendar, new Date(Math.min(...starts)), new Date(Math.max(...ends)));
  return {
    buckets: periods.map(() => []),
    counterparts: null,
    offsets: offsetsOf(calendar, all),
  };
}

interface Range {
  least: Date | string | null;
  most: Date | string | null;
}

async function readRanges(
  connection: Connection,
  question: Question,
  windows: readonly Window[],
  keys: readonly number[],
): Promise<(BoundedPeriod | null)[]> {
  const { text, values } = compileRanges(question, windows, keys);
  const { rows } = await connection.query({ text, values });
  const [row] = rows as Record<string, Range['least']>[];
  return keys.map((key, i) => refusing(key, () => rangeOf(row, i)));

  function rangeOf(row: Record<string, Range['least']> | undefined, i: number) {
    const least = row?.[`least${i}`] ?? null;
    const most = row?.[`most${i}`] ?? null;
    if (least === null || most === null) return null;
    return typeof least === 'string' || typeof most === 'string'
      ? between(question.calendar, String(least), String(most))
      : periodCovering(question.calendar, least, most);
  }
}
