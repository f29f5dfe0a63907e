// What the API has answered, in the form of the oracle's answer.
import { camelCase } from './document.ts';
import type { Value } from './figures.ts';
import type { Key } from './keys.ts';
import type { OracleAnswer, OracleRow } from './oracle.ts';
import type { KeyChoice, Question } from './question.ts';

type Json = Record<string, unknown>;

export interface RawAnswer {
  groupCount?: number;
  pageInfo?: { hasNextPage: boolean };
  groups?: Json[];
  others?: Json | null;
  subtotals?: Json[];
  totals?: Json;
}

/** What was not selected is left out. */
export function actualAnswer(raw: RawAnswer, question: Question): Partial<OracleAnswer> {
  const { groupBy } = question;
  const { groups, others, subtotals, totals } = raw;
  return {
    ...(raw.groupCount !== undefined && { groupCount: raw.groupCount }),
    ...(raw.pageInfo && { hasNextPage: raw.pageInfo.hasNextPage }),
    ...(groups && { groups: groups.map((row) => rowOf(row, question, groupBy.length)) }),
    ...(others !== undefined && { others: others && rowOf(others, question, 0) }),
    ...(subtotals && {
      subtotals: subtotals.map((row) => rowOf(row, question, Number(row.level))),
    }),
    ...(totals && { totals: rowOf(totals, question, 0) }),
  };
}

function rowOf(row: Json, question: Question, level: number): OracleRow {
  const key = (row.key ?? {}) as Json;
  const compared = (name: string) => (row[name] ? figuresOf(row[name] as Json, question) : null);
  return {
    key: question.groupBy.slice(0, level).map((choice) => keyOf(key, choice)),
    figures: figuresOf(row, question),
    ...(question.compareTo && {
      previous: compared('previous'),
      difference: compared('difference'),
      percent: compared('percent'),
    }),
    ...('share' in row && { share: row.share as Value }),
    ...('running' in row && { running: row.running as Value }),
    ...('rank' in row && { rank: row.rank as Value }),
  };
}

const figuresOf = (row: Json, { figures }: Question): Value[] =>
  figures.map((_, i) => {
    const value = row[`f${i}`];
    return (
      value !== null && typeof value === 'object' ? (value as { v: Value }).v : value
    ) as Value;
  });

function keyOf(key: Json, { field, by, bands }: KeyChoice): Key {
  const value = key[camelCase(field)] as Json | string | null;
  if (value === null || typeof value === 'string') return value;
  if (by === 'DAY_OF_WEEK' || by === 'HOUR_OF_DAY') return `#${value.number}`;
  if (by) return by === 'HOUR' ? String(value.start) : String(value.from);
  if (bands) return `${value.from ?? ''}|${value.below ?? ''}`;
  return String(value.id);
}
