import type { ModelName } from '../database/row-scope.ts';

/**
 * What a domain says of a kind of record, so that questions can be asked about it. A path leads from the record over
 * to-one relations to a column: `ownerId`, `customer.industry`. A related record that is out of the viewer's sight is
 * as if there were none. Names are those of the schema's enums.
 */
export interface Dataset {
  /** What the types of the schema begin with: `Opportunity`. */
  name: string;
  model: ModelName;
  /** What a period can apply to, and be bucketed by: a moment, or a day of the calendar. */
  times: Readonly<Record<string, TimeDefinition>>;
  keys: Readonly<Record<string, KeyDefinition>>;
  /** Exact numbers that can be summed up. */
  decimals: Readonly<Record<string, DecimalDefinition>>;
  /** What can be counted once each. */
  distinct: Readonly<Record<string, DistinctDefinition>>;
  /** What is dated, for `asOf`; nothing else can be asked about then, but for what never changes. */
  history?: History;
}

export interface TimeDefinition {
  path: string;
  description: string;
}

interface KeyBase {
  path: string;
  description: string;
}

/** One value. Texts are ordered by code point, enums as the database has them, and filled in whole. */
export interface ValueKey extends KeyBase {
  kind: 'value';
  type: 'text' | { enum: string };
}

/** A text column with several values: a record counts in each. */
export interface ListKey extends KeyBase {
  kind: 'list';
}

/** Another record, by its id. */
export interface RecordKey extends KeyBase {
  kind: 'record';
  model: ModelName;
  /** Column that the records are ordered by. */
  orderBy: string;
  /** Which records of the model a gap is filled for; none of them without it. Members are those in the data scope. */
  gaps?: 'MEMBERS' | object;
}

/** Several other records by a relation to many: a record counts in each. */
export interface RecordsKey extends KeyBase {
  kind: 'records';
  /** The relation, and the column there. */
  column: string;
  model: ModelName;
  orderBy: string;
  gaps?: 'MEMBERS';
}

/** The team of the member at the path. */
export interface TeamKey extends KeyBase {
  kind: 'team';
  /** Where the team of that time, and those above it, stand already: a list of ids, the own team first. */
  earnedIn?: string;
}

/** A number, put into bands. */
export interface NumberKey extends KeyBase {
  kind: 'number';
}

export type KeyDefinition = ValueKey | ListKey | RecordKey | RecordsKey | TeamKey | NumberKey;

export interface DecimalDefinition {
  path: string;
  /** Of a duration: the time that it ends at; `path` is where it begins. The value is in seconds. */
  until?: string;
  /** The field of the schema: `wonAmount`. */
  field: string;
  description: string;
}

export interface DistinctDefinition {
  path: string;
  description: string;
}

/** Where the dated values of columns stand. */
export interface History {
  /** When a record began to be. */
  since: string;
  /** Columns that never change. */
  fixed: readonly string[];
  tables: readonly HistoryTable[];
}

export interface HistoryTable {
  model: ModelName;
  /** The column there that names the record. */
  of: string;
  /** Column of the record: column of the history, in the same row. */
  columns: Readonly<Record<string, string>>;
}

export const GRAINS = {
  HOUR: 'An hour of the clock; the one that it reads twice is two.',
  DAY: 'A calendar day.',
  WEEK: 'A week, from the first day of the week of the organization.',
  TEN_DAYS: 'A third of a month: days 1 to 10, 11 to 20, and 21 to its end.',
  MONTH: 'A calendar month.',
  QUARTER: 'A calendar quarter.',
  HALF_YEAR: 'Half of a calendar year.',
  YEAR: 'A calendar year.',
  FISCAL_MONTH: 'A fiscal month.',
  FISCAL_QUARTER: 'A fiscal quarter.',
  FISCAL_YEAR: 'A fiscal year.',
  DAY_OF_WEEK: 'Mondays, Tuesdays, ...: the day of the week, 1 is Monday.',
  HOUR_OF_DAY: 'The hour that the clock reads, 0 to 23, whatever the day.',
} as const;

export type Grain = keyof typeof GRAINS;

export const isCyclic = (grain: Grain): grain is 'DAY_OF_WEEK' | 'HOUR_OF_DAY' =>
  grain === 'DAY_OF_WEEK' || grain === 'HOUR_OF_DAY';
