import type { Database } from '../database/database.ts';
import type { Connection } from '../database/statements.ts';
import { compileQuestion, compileRecordCount, compileRecords } from './compile.ts';
import { refuseDear } from './cost.ts';
import { cutTimes, openTimes } from './cutting.ts';
import { TooDear } from './errors.ts';
import { isZeroWithoutRows } from './measures.ts';
import { LIMITS, type Measure, type Question } from './question.ts';
import type { Compiled, Cutting, RecordPage } from './rows.ts';

/** A count as a number, anything else as an exact decimal; null where there is nothing. */
export type Figure = number | string | null;

export interface Row {
  /** From 1; null for what is no group. */
  place: number | null;
  /** How many of the keys it is for; null for the others. */
  level: number | null;
  /** As text: ids, values, numbers of buckets and bands. */
  keys: readonly (string | null)[];
  figures: readonly Figure[];
  /** Those of the period compared with; null without one. */
  previous: readonly Figure[] | null;
  derived: readonly Figure[];
}

export interface Answer {
  question: Question;
  cutting: Cutting;
  /** The place in the log of the snapshot that it was read from. */
  position: number;
  groups: Row[];
  /** How many groups there are, before the page is cut. */
  found: number;
  subtotals: Row[];
  others: Row | null;
  totals: Row | null;
}

/**
 * Answers a question in one statement; in one more, of the same snapshot, where nothing bounds a time.
 * @throws TooDear
 */
export async function answerQuestion(db: Database, question: Question): Promise<Answer> {
  return inSnapshot(db, openTimes(question).length > 0, async (connection) => {
    const cutting = await cutTimes(connection, question);
    const compiled = compileQuestion(question, cutting);
    await refuseDear(connection, question.viewer.organizationId, compiled);
    const rows = await read<RawRow>(connection, compiled);
    return answerOf(question, cutting, rows);
  });
}

/** Ids of the records that a row with these leading keys stands for, in the order of making. */
export async function recordIds(
  db: Database,
  { question, cutting }: Answer,
  keys: readonly (string | null)[],
  page: RecordPage,
): Promise<string[]> {
  const rows = await read<{ id: string }>(db.pool, compileRecords(question, cutting, keys, page));
  return rows.map(({ id }) => id);
}

export async function countRecords(
  db: Database,
  { question, cutting }: Answer,
  keys: readonly (string | null)[],
): Promise<number> {
  const [row] = await read<{ count: string }>(db.pool, compileRecordCount(question, cutting, keys));
  return Number(row?.count ?? 0);
}

async function inSnapshot<Result>(
  db: Database,
  several: boolean,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  if (!several) return work(db.pool);
  const client = await db.pool.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const result = await work(client);
    await client.query('COMMIT');
    client.release();
    return result;
  } catch (error) {
    // The connection goes with whatever state it was left in.
    client.release(true);
    throw error;
  }
}

const CANCELLED = '57014';

/** Without a name, so that the statement is planned for the values at hand. */
async function read<Result>(connection: Connection, { text, values }: Compiled): Promise<Result[]> {
  try {
    return (await connection.query({ text, values })).rows as Result[];
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === CANCELLED) {
      throw new TooDear(
        'The question took longer than a statement may: ask for a shorter period, fewer keys or fewer figures.',
        { data: { limit: null, actual: null } },
      );
    }
    throw error;
  }
}

type RawRow = Record<string, string | null> & { position: string; part: string | null };

function answerOf(question: Question, cutting: Cutting, rows: readonly RawRow[]): Answer {
  const [head] = rows;
  if (!head) throw new Error('an organization without a log');
  const of = (part: string): Row[] =>
    rows.filter((row) => row.part === part).map((row) => rowOf(question, row));
  const found = Number(head.found);
  if (Number(head.filled) > LIMITS.filled) {
    throw new TooDear(
      `With gaps filled there would be more than ${LIMITS.filled} groups: leave \`fillGaps\` out, or group by less.`,
      { path: ['fillGaps'], data: { limit: LIMITS.filled, actual: null } },
    );
  }
  return {
    question,
    cutting,
    position: Number(head.position),
    groups: of('G'),
    found,
    subtotals: of('S'),
    others: of('O')[0] ?? null,
    totals: of('T')[0] ?? null,
  };
}

function rowOf(question: Question, raw: RawRow): Row {
  const { keys, measures, derived, compared } = question;
  const previous = measures.map((measure, i) => figureOf(measure, raw[`p${i}`] ?? null));
  return {
    place: raw.place === null ? null : Number(raw.place),
    level: raw.level === null ? null : Number(raw.level),
    keys: keys.map((_, i) => raw[`k${i}`] ?? null),
    figures: measures.map((measure, i) => figureOf(measure, raw[`m${i}`] ?? null)),
    previous: compared ? previous : null,
    derived: derived.map(({ kind }, i) => {
      const value = raw[`x${i}`] ?? null;
      return value !== null && kind === 'RANK' ? Number(value) : value;
    }),
  };
}

function figureOf(measure: Measure, value: string | null): Figure {
  if (value === null) return isZeroWithoutRows(measure) ? zeroOf(measure) : null;
  return isCount(measure) ? Number(value) : value;
}

const isCount = ({ kind }: Measure): boolean => kind === 'COUNT' || kind === 'DISTINCT';
const zeroOf = (measure: Measure): Figure => (isCount(measure) ? 0 : '0');
