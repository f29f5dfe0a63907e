import type { Bucket } from '../calendar/buckets.ts';
import type { Comparison } from '../calendar/counterparts.ts';
import type { BoundedPeriod, Period } from '../calendar/periods.ts';
import type { CalendarSettings } from '../calendar/settings.ts';
import type { MemberViewer } from '../database/viewer.ts';
import type { Dataset, Grain } from './dataset.ts';

/** A condition: Prisma's `where`, or one that a store has put together with Kysely, on the table by its own name. */
export type Condition =
  | { where: object }
  | { compiled: { sql: string; parameters: readonly unknown[] } };

/** One step of `groupBy`. */
export interface KeyChoice {
  /** A name of the dataset's keys or times. */
  field: string;
  /** Of a time. */
  by: Grain | null;
  /** Of a number: where bands begin, ascending. */
  bands: readonly string[] | null;
}

export const MEASURE_KINDS = [
  ...['SUM', 'AVG', 'MIN', 'MAX', 'MEDIAN', 'PERCENTILE', 'STDDEV'],
] as readonly DecimalMeasure[];
export type DecimalMeasure = 'SUM' | 'AVG' | 'MIN' | 'MAX' | 'MEDIAN' | 'PERCENTILE' | 'STDDEV';

/** A figure. `where` and `to` are positions in the question's `filters`. */
export type Measure =
  | { kind: 'COUNT'; where: number | null }
  | { kind: 'RATIO'; where: number | null; to: number | null }
  | { kind: 'DISTINCT'; field: string; where: number | null }
  | { kind: 'PERCENTILE'; field: string; where: number | null; p: number }
  | { kind: Exclude<DecimalMeasure, 'PERCENTILE'>; field: string; where: number | null };

/** What is worked out over all groups. `measure` is a position in `measures`, `over` and `within` in `keys`. */
export type Derived =
  | { kind: 'SHARE'; measure: number }
  | { kind: 'RUNNING'; measure: number; over: number }
  | { kind: 'RANK'; measure: number; within: readonly number[]; direction: 'ASC' | 'DESC' };

export interface Having {
  measure: number;
  sign: '>' | '>=' | '<' | '<=';
  value: string;
}

export type OrderStep = { direction: 'ASC' | 'DESC' } & ({ measure: number } | { key: number });

/** A run of time that a period or a range of the data is; null is without bound. */
export interface Window {
  start: Date | null;
  end: Date | null;
}

/** How a time is cut, for each of the windows. */
export interface Cut {
  /** Of what is cut into buckets: in time order, per window. */
  buckets: readonly (readonly Bucket[])[];
  /** For each bucket of what is compared with, the number of the one that it is compared with; null: none. */
  counterparts: readonly (number | null)[] | null;
  /** Of what is cut by the clock: its offsets, for all windows together. */
  offsets: readonly { start: number; offset: number }[];
}

export interface Question {
  dataset: Dataset;
  viewer: MemberViewer;
  /** With the zone that was asked for. */
  calendar: CalendarSettings;
  now: Date;
  /** All must hold. */
  conditions: readonly Condition[];
  filters: readonly Condition[];
  periodOf: string;
  period: Period;
  /** What is compared with; null: nothing. */
  compared: (BoundedPeriod & { comparison: Comparison }) | null;
  asOf: Date | null;
  keys: readonly KeyChoice[];
  /** Which team a member's record belongs to: that of the time of the record, or the present one. */
  teams: 'AS_IT_WAS' | 'AS_IT_IS';
  rollup: boolean;
  fillGaps: boolean;
  measures: readonly Measure[];
  derived: readonly Derived[];
  having: readonly Having[];
  order: readonly OrderStep[];
  first: number;
  /** Groups before the page. */
  after: number;
  parts: Parts;
}

/** Which rows are wanted. */
export interface Parts {
  groups: boolean;
  others: boolean;
  subtotals: boolean;
  totals: boolean;
}

export const LIMITS = {
  keys: 6,
  measures: 60,
  filters: 60,
  bands: 50,
  having: 10,
  order: 6,
  first: 1_000,
  /** Groups that gaps are filled to. */
  filled: 10_000,
} as const;
