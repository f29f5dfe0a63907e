import { COMPARISONS, type Comparison } from '../../../src/calendar/counterparts.ts';
// Random questions, as plain data: what is sent to the API and what the oracle answers.

import { globalId } from '../../support/mutate.ts';
import { fc } from '../../support/properties.ts';
import { type Company, ZONES } from './company.ts';

export type Filter = Record<string, Record<string, unknown> | boolean>;

export type Figure =
  | { kind: 'COUNT'; where: Filter | null }
  | { kind: 'RATIO'; where: Filter; to: Filter | null }
  | { kind: 'DISTINCT'; field: string; where: Filter | null }
  | { kind: string; field: string; where: Filter | null; p: number };

export interface KeyChoice {
  field: string;
  by?: string;
  bands?: string[];
}

export interface Question {
  viewer: number;
  timeZone: string | null;
  where: Filter | null;
  period:
    | { between: { from: string; through: string } }
    | { unit: { unit: string; containing: string } }
    | null;
  periodOf: string;
  compareTo: Comparison | null;
  groupBy: KeyChoice[];
  teams: 'AS_IT_WAS' | 'AS_IT_IS';
  rollup: boolean;
  fillGaps: boolean;
  figures: Figure[];
  having: { figure: number; sign: 'gt' | 'gte' | 'lt' | 'lte'; value: string }[];
  orderBy: { figure?: number; key?: number; direction: 'ASC' | 'DESC' }[];
  first: number;
  others: boolean;
  /** What is selected: everything, or a part alone. */
  only: 'all' | 'totals' | 'groups';
  share: boolean;
  rank: { within: number[]; direction: 'ASC' | 'DESC' } | null;
  running: boolean;
}

/** What differs from dataset to dataset. */
export interface Shape {
  field: string;
  filterType: string;
  times: readonly string[];
  /** Days of the calendar, which have no hours. */
  days: readonly string[];
  keys: readonly string[];
  numbers: readonly string[];
  decimals: Readonly<Record<string, string>>;
  distinct: readonly string[];
  filter(company: Company): fc.Arbitrary<Filter>;
}

const GRAINS = [
  ...['DAY', 'WEEK', 'TEN_DAYS', 'MONTH', 'QUARTER', 'HALF_YEAR', 'YEAR'],
  ...['FISCAL_MONTH', 'FISCAL_QUARTER', 'FISCAL_YEAR', 'DAY_OF_WEEK', 'HOUR_OF_DAY', 'HOUR'],
];
const UNITS = ['TEN_DAYS', 'MONTH', 'QUARTER', 'YEAR', 'FISCAL_MONTH', 'FISCAL_QUARTER'];
export const DECIMAL_KINDS = ['SUM', 'AVG', 'MIN', 'MAX', 'MEDIAN', 'PERCENTILE', 'STDDEV'];

const dayWithin = ({ first, last }: Company): fc.Arbitrary<string> =>
  fc
    .integer({
      min: Math.floor(first.getTime() / 864e5) - 40,
      max: Math.floor(last.getTime() / 864e5) + 60,
    })
    .map((day) => new Date(day * 864e5).toISOString().slice(0, 10));

function periods(company: Company): fc.Arbitrary<Question['period']> {
  const between = fc
    .tuple(dayWithin(company), dayWithin(company))
    .map(([a, b]) => ({ between: a < b ? { from: a, through: b } : { from: b, through: a } }));
  const unit = fc
    .tuple(fc.constantFrom(...UNITS), dayWithin(company))
    .map(([name, containing]) => ({ unit: { unit: name, containing } }));
  return fc.oneof(
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: 4, arbitrary: fc.oneof(between, unit) },
  );
}

function keys({ times, days, keys: names, numbers }: Shape): fc.Arbitrary<KeyChoice> {
  const time = fc
    .tuple(fc.constantFrom(...times), fc.constantFrom(...GRAINS))
    .map(([field, by]) => ({
      field,
      by: days.includes(field) && by.startsWith('HOUR') ? 'DAY' : by,
    }));
  const value = fc.constantFrom(...names).map((field) => ({ field }));
  const band = fc
    .tuple(fc.constantFrom(...numbers), fc.constantFrom(['0'], ['0', '100', '1000.5'], ['-10']))
    .map(([field, bands]) => ({ field, bands: [...bands] }));
  return fc.oneof(
    { weight: 3, arbitrary: time },
    { weight: 4, arbitrary: value },
    ...(numbers.length > 0 ? [{ weight: 1, arbitrary: band }] : []),
  );
}

function figures(shape: Shape, filter: fc.Arbitrary<Filter>): fc.Arbitrary<Figure> {
  const where = fc.option(filter, { nil: null });
  const decimals = Object.keys(shape.decimals);
  return fc.oneof(
    where.map((one): Figure => ({ kind: 'COUNT', where: one })),
    fc.tuple(filter, where).map(([of, to]): Figure => ({ kind: 'RATIO', where: of, to })),
    fc
      .tuple(fc.constantFrom(...shape.distinct), where)
      .map(([field, one]): Figure => ({ kind: 'DISTINCT', field, where: one })),
    ...(decimals.length === 0
      ? []
      : [
          fc
            .tuple(
              fc.constantFrom(...DECIMAL_KINDS),
              fc.constantFrom(...decimals),
              where,
              fc.constantFrom(0, 0.1, 0.333, 0.9, 1),
            )
            .map(([kind, field, one, p]): Figure => ({ kind, field, where: one, p })),
        ]),
  );
}

const uniqueKeys = (all: KeyChoice[]): KeyChoice[] =>
  all.filter((key, i) => all.findIndex((other) => other.field === key.field) === i);

export function questions(company: Company, shape: Shape): fc.Arbitrary<Question> {
  const filter = shape.filter(company);
  const sign = fc.constantFrom('gt', 'gte', 'lt', 'lte') as fc.Arbitrary<'gt'>;
  const direction = fc.constantFrom('ASC', 'DESC') as fc.Arbitrary<'ASC' | 'DESC'>;
  return fc
    .record({
      viewer: fc.nat({ max: company.viewers.length - 1 }),
      timeZone: fc.option(fc.constantFrom(...ZONES), { nil: null }),
      where: fc.option(filter, { nil: null }),
      period: periods(company),
      periodOf: fc.constantFrom(...shape.times),
      compareTo: fc.constantFrom(null, null, ...(Object.keys(COMPARISONS) as Comparison[])),
      groupBy: fc.array(keys(shape), { maxLength: 3 }).map(uniqueKeys),
      teams: fc.constantFrom('AS_IT_WAS', 'AS_IT_IS'),
      rollup: fc.boolean(),
      fillGaps: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
      figures: fc.array(figures(shape, filter), { minLength: 1, maxLength: 4 }),
      having: fc.array(
        fc.record({
          figure: fc.nat({ max: 3 }),
          sign,
          value: fc.constantFrom('0', '1', '2', '100.5'),
        }),
        { maxLength: 1 },
      ),
      orderBy: fc.array(
        fc.oneof(
          fc.record({ figure: fc.nat({ max: 3 }), direction }),
          fc.record({ key: fc.nat({ max: 2 }), direction }),
        ),
        { maxLength: 2 },
      ),
      first: fc.constantFrom(0, 1, 2, 5, 1000),
      others: fc.boolean(),
      only: fc.constantFrom('all', 'all', 'all', 'totals', 'groups'),
      share: fc.boolean(),
      rank: fc.option(fc.record({ within: fc.constantFrom([], [0]), direction }), { nil: null }),
      running: fc.boolean(),
    })
    .map((given) => fitting(given as Question));
}

/** Takes out what refers to nothing. */
function fitting(question: Question): Question {
  const { groupBy, figures: all } = question;
  const rank = question.rank && {
    ...question.rank,
    within: question.rank.within.filter((key) => key < groupBy.length),
  };
  return {
    ...question,
    compareTo: question.period ? question.compareTo : null,
    having: question.having.filter(({ figure }) => figure < all.length),
    orderBy: question.orderBy.filter(({ figure, key }) =>
      key === undefined ? (figure ?? 0) < all.length : key < groupBy.length,
    ),
    rank,
  };
}

export const idOf = (type: string, id: string): string => globalId(type, id);
