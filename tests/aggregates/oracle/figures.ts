// Figures over rows, in exact decimals.
import { Decimal } from 'decimal.js';

export const Exact = Decimal.clone({ precision: 120, rounding: Decimal.ROUND_HALF_UP });

export type Value = number | string | null;

/** At most four decimals, as the API prints them. */
export const rounded = (value: Decimal): string => value.toDecimalPlaces(4).toFixed();

const ascending = (values: readonly string[]): Decimal[] =>
  values.map((value) => new Exact(value)).sort((a, b) => a.cmp(b));

export function decimalFigure(kind: string, values: readonly string[], p: number): Value {
  const sorted = ascending(values);
  const sum = sorted.reduce((total, value) => total.plus(value), new Exact(0));
  if (kind === 'SUM') return sum.toFixed();
  const [least] = sorted;
  const most = sorted.at(-1);
  if (!least || !most) return null;
  switch (kind) {
    case 'AVG':
      return rounded(sum.div(sorted.length));
    case 'MIN':
      return least.toFixed();
    case 'MAX':
      return most.toFixed();
    case 'MEDIAN':
      return percentile(sorted, new Exact('0.5'));
    case 'PERCENTILE':
      return percentile(sorted, new Exact(p));
    case 'STDDEV':
      return deviation(sorted, sum);
    default:
      throw new Error(`the oracle knows no ${kind}`);
  }
}

function percentile(sorted: readonly Decimal[], p: Decimal): string {
  const place = p.times(sorted.length - 1);
  const low = place.floor().toNumber();
  const at = sorted[low] ?? new Exact(0);
  const next = sorted[Math.min(low + 1, sorted.length - 1)] ?? at;
  return rounded(at.plus(next.minus(at).times(place.minus(low))));
}

function deviation(values: readonly Decimal[], sum: Decimal): Value {
  if (values.length < 2) return null;
  const mean = sum.div(values.length);
  const squares = values.reduce(
    (total, value) => total.plus(value.minus(mean).pow(2)),
    new Exact(0),
  );
  return rounded(squares.div(values.length - 1).sqrt());
}

export const ratioOf = (count: number, to: number): Value =>
  to === 0 ? null : rounded(new Exact(count).div(to));

export function compareValues(a: Value, b: Value): number {
  return new Exact(a ?? 0).cmp(new Exact(b ?? 0));
}
