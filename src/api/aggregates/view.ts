import { Decimal } from 'decimal.js';
import { isCyclic } from '../../aggregates/dataset.ts';
import type { DecimalMeasure } from '../../aggregates/question.ts';
import type { Answer, Figure, Row } from '../../aggregates/run.ts';
import type { SortOrder } from '../page-cursor.ts';
import type { DerivedSpec, MeasureSpec, Plan } from './plan.ts';
import type { BandView, BucketView, DecimalView } from './shared-types.ts';

/** What an aggregate field has found, for the fields below it. */
export interface AggregateView {
  plan: Plan;
  answer: Answer;
  /** Of the groups, for their cursors. */
  order: SortOrder;
}

/** A row with its figures: as they are, as they were, or by how much they have changed. */
export interface FiguresView {
  figure(spec: MeasureSpec): Figure;
}

export interface RowView extends FiguresView {
  of: AggregateView;
  row: Row;
  derived(spec: DerivedSpec): Figure;
}

export const rowView = (of: AggregateView, row: Row): RowView => ({
  of,
  row,
  figure: (spec) => row.figures[of.plan.indexOf(spec)] ?? null,
  derived: (spec) => row.derived[of.plan.derivedIndexOf(spec)] ?? null,
});

/** Precise enough for the largest sums that there are. */
const Exact = Decimal.clone({ precision: 60 });

/** The figures of the period compared with; null where there is none, or none such bucket in it. */
export function previousView(view: RowView): FiguresView | null {
  const { row, of } = view;
  const { previous } = row;
  if (!previous || !hasPrevious(view)) return null;
  return { figure: (spec) => previous[of.plan.indexOf(spec)] ?? null };
}

/** A 31st day has no other in a month of thirty. */
function hasPrevious({ row, of: { answer } }: RowView): boolean {
  const { question, cutting } = answer;
  return question.keys.every(({ field, by }, i) => {
    if (field !== question.periodOf || by === null || isCyclic(by)) return true;
    const key = row.keys[i];
    if (key === null || key === undefined || i >= (row.level ?? 0)) return true;
    return cutting.cuts[i]?.counterparts?.includes(Number(key)) ?? true;
  });
}

export function differenceView(view: RowView): FiguresView | null {
  const before = previousView(view);
  if (!before) return null;
  return {
    figure(spec) {
      const now = view.figure(spec);
      const then = before.figure(spec);
      if (now === null || then === null) return null;
      if (typeof now === 'number' && typeof then === 'number') return now - then;
      return new Exact(now).minus(then).toFixed();
    },
  };
}

export function percentView(view: RowView): FiguresView | null {
  const before = previousView(view);
  if (!before) return null;
  return {
    figure(spec) {
      const now = view.figure(spec);
      const then = before.figure(spec);
      if (now === null || then === null) return null;
      const from = new Exact(then);
      if (from.isZero()) return null;
      const change = new Exact(now).minus(from).times(100).div(from.abs());
      return change.toDecimalPlaces(4, Decimal.ROUND_HALF_UP).toFixed();
    },
  };
}

export const decimalView = (view: FiguresView, field: string, where: unknown): DecimalView => ({
  figure: (kind: DecimalMeasure, p) => view.figure({ kind, field, where, p }),
});

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** The bucket that a group's key stands for. */
export function bucketView({ row, of: { answer } }: RowView, index: number): BucketView | null {
  const key = row.keys[index];
  if (key === null || key === undefined) return null;
  const number = Number(key);
  const { by } = answer.question.keys[index] ?? { by: null };
  const none = { from: null, through: null, start: null, end: null };
  if (by === 'DAY_OF_WEEK') return { ...none, number, label: WEEKDAYS[number - 1] ?? '' };
  if (by === 'HOUR_OF_DAY') {
    return { ...none, number, label: `${String(number).padStart(2, '0')}:00` };
  }
  const bucket = answer.cutting.cuts[index]?.buckets[0]?.[number - 1];
  if (!bucket) throw new Error(`there is no bucket ${number}`);
  const { from, through, start, end, label } = bucket;
  return { number, label, from, through, start, end };
}

export function bandView({ row, of: { answer } }: RowView, index: number): BandView | null {
  const key = row.keys[index];
  if (key === null || key === undefined) return null;
  const bands = answer.question.keys[index]?.bands ?? [];
  return { from: bands[Number(key) - 1] ?? null, below: bands[Number(key)] ?? null };
}
