import type { Dataset } from '../../aggregates/dataset.ts';
import {
  type DecimalMeasure,
  type Derived,
  LIMITS,
  MEASURE_KINDS,
  type Measure,
} from '../../aggregates/question.ts';
import { InvalidInput } from '../../database/errors.ts';
import type { Selected } from './selected.ts';

/** A figure as a client names it: with its filters, which are positions only once they are known. */
export interface MeasureSpec {
  kind: Measure['kind'];
  field?: string | undefined;
  where?: unknown;
  to?: unknown;
  p?: number | null | undefined;
}

/** What is worked out over all groups, as a client names it. */
export interface DerivedSpec {
  kind: Derived['kind'];
  of: MeasureSpec;
  over?: string | undefined;
  within?: readonly string[] | undefined;
  direction?: 'ASC' | 'DESC' | undefined;
}

/** JSON with the keys of objects in order, and nothing of what is not given. */
const stable = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) => {
    if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) return inner;
    const entries = Object.entries(inner).filter(([, one]) => one !== null && one !== undefined);
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  });

/** Every figure that a question needs, each once: what is selected, and what it is ordered and filtered by. */
export class Plan {
  readonly dataset: Dataset;
  readonly measures: MeasureSpec[] = [];
  readonly derived: DerivedSpec[] = [];
  readonly #measures = new Map<string, number>();
  readonly #derived = new Map<string, number>();

  constructor(dataset: Dataset) {
    this.dataset = dataset;
  }

  /** The position of a figure; the same for the same. */
  measure(spec: MeasureSpec, path: readonly string[] = []): number {
    const known = this.#measures.get(stable(spec));
    if (known !== undefined) return known;
    if (this.measures.length === LIMITS.measures) {
      throw new InvalidInput(`A question has at most ${LIMITS.measures} different figures.`, {
        path,
      });
    }
    if (spec.kind === 'PERCENTILE' && !(Number(spec.p) >= 0 && Number(spec.p) <= 1)) {
      throw new InvalidInput('A percentile needs `p`, 0 to 1.', { path: [...path, 'p'] });
    }
    this.#measures.set(stable(spec), this.measures.length);
    return this.measures.push(spec) - 1;
  }

  derive(spec: DerivedSpec): number {
    const known = this.#derived.get(stable(spec));
    if (known !== undefined) return known;
    this.measure(spec.of);
    this.#derived.set(stable(spec), this.derived.length);
    return this.derived.push(spec) - 1;
  }

  indexOf = (spec: MeasureSpec): number => this.#measures.get(stable(spec)) ?? -1;

  derivedIndexOf = (spec: DerivedSpec): number => this.#derived.get(stable(spec)) ?? -1;

  /** Takes in the figures that are asked for below a row, or below what it is compared with. */
  take(fields: readonly Selected[]): void {
    for (const { name, args, below } of fields) {
      const spec = measureOf(name, args);
      if (spec) this.measure(spec);
      const derived = derivedOf(this.dataset, name, args);
      if (derived) this.derive(derived);
      if (['previous', 'difference', 'percent'].includes(name)) this.take(below());
      const decimal = decimalNamed(this.dataset, name);
      if (!decimal) continue;
      for (const figure of below()) {
        const kind = figure.name.toUpperCase() as DecimalMeasure;
        if (!MEASURE_KINDS.includes(kind)) continue;
        const p = figure.args.p as number | undefined;
        this.measure({ kind, field: decimal, where: args.where, p });
      }
    }
  }
}

const decimalNamed = ({ decimals }: Dataset, field: string): string | undefined =>
  Object.entries(decimals).find(([, decimal]) => decimal.field === field)?.[0];

/** The figure that a field of a row stands for; null for fields that are none. */
export function measureOf(name: string, args: Record<string, unknown>): MeasureSpec | null {
  if (name === 'count') return { kind: 'COUNT', where: args.where };
  if (name === 'ratio') return { kind: 'RATIO', where: args.of, to: args.to };
  if (name === 'distinct') {
    return { kind: 'DISTINCT', field: String(args.field), where: args.where };
  }
  return null;
}

export function derivedOf(
  dataset: Dataset,
  name: string,
  args: Record<string, unknown>,
): DerivedSpec | null {
  if (name !== 'share' && name !== 'running' && name !== 'rank') return null;
  const of = namedMeasure(dataset, { ...args, measure: String(args.of) });
  const kind = name.toUpperCase() as Derived['kind'];
  if (kind === 'SHARE') return { kind, of };
  if (kind === 'RUNNING') return { kind, of, over: String(args.over) };
  const within = (args.within as string[] | null | undefined) ?? [];
  return { kind, of, within, direction: (args.direction as 'ASC' | 'DESC' | null) ?? 'DESC' };
}

export const measureNames = ({ decimals, distinct }: Dataset): string[] => [
  'COUNT',
  'RATIO',
  ...Object.keys(distinct).map((name) => `DISTINCT_${name}`),
  ...Object.keys(decimals).flatMap((name) => MEASURE_KINDS.map((kind) => `${name}_${kind}`)),
];

/** The figure that a value of the enum of measures stands for. */
export function namedMeasure(
  { decimals, distinct }: Dataset,
  given: { measure: string; where?: unknown; to?: unknown; p?: unknown },
): MeasureSpec {
  const { measure, where } = given;
  if (measure === 'COUNT') return { kind: 'COUNT', where };
  if (measure === 'RATIO') return { kind: 'RATIO', where, to: given.to };
  const once = Object.keys(distinct).find((name) => measure === `DISTINCT_${name}`);
  if (once) return { kind: 'DISTINCT', field: once, where };
  for (const field of Object.keys(decimals)) {
    const kind = MEASURE_KINDS.find((one) => measure === `${field}_${one}`);
    if (!kind) continue;
    return { kind, field, where, ...(kind === 'PERCENTILE' && { p: given.p as number }) };
  }
  throw new Error(`there is no measure ${measure}`);
}
