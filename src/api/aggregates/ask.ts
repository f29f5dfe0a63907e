import type { Dataset, Grain } from '../../aggregates/dataset.ts';
import { isCyclic } from '../../aggregates/dataset.ts';
import { columnAt, modelOf } from '../../aggregates/models.ts';
import {
  type Condition,
  type Derived,
  type Having,
  type KeyChoice,
  LIMITS,
  type Measure,
  type OrderStep,
  type Parts,
  type Question,
} from '../../aggregates/question.ts';
import { type Comparison, comparedPeriod } from '../../calendar/counterparts.ts';
import { type PeriodInput, resolvePeriod } from '../../calendar/named-periods.ts';
import { ALL_TIME, isBounded, type Period } from '../../calendar/periods.ts';
import { type CalendarSettings, inTimeZone } from '../../calendar/settings.ts';
import { InvalidInput } from '../../database/errors.ts';
import { type Context, memberOf } from '../context.ts';
import { readPeriod } from '../period.ts';
import { type DerivedSpec, type MeasureSpec, namedMeasure, type Plan } from './plan.ts';

type Given<Value> = Value | null | undefined;

export interface KeyInput {
  field: string;
  by?: Given<Grain>;
  bands?: Given<readonly string[]>;
}

interface MeasureInput {
  measure: string;
  where?: unknown;
  to?: unknown;
  p?: Given<number>;
}

export interface HavingInput extends MeasureInput {
  gt?: Given<string>;
  gte?: Given<string>;
  lt?: Given<string>;
  lte?: Given<string>;
}

export interface OrderInput extends Partial<MeasureInput> {
  key?: Given<string>;
  direction: 'ASC' | 'DESC';
}

/** The arguments of every aggregate. */
export interface AggregateArgs {
  where?: unknown;
  search?: Given<string>;
  period?: Given<PeriodInput>;
  periodOf: string;
  timeZone?: Given<string>;
  compareTo?: Given<Comparison>;
  asOf?: Given<Date>;
  groupBy?: Given<readonly KeyInput[]>;
  teams: 'AS_IT_WAS' | 'AS_IT_IS';
  rollup: boolean;
  fillGaps: boolean;
  having?: Given<readonly HavingInput[]>;
  orderBy?: Given<readonly OrderInput[]>;
  first: number;
  others: boolean;
}

/** What a filter comes to; `path` is where it stands, for errors. */
export type ResolveFilter = (
  ctx: Context,
  filter: unknown,
  path: readonly string[],
) => Promise<Condition>;

export interface Asked {
  ctx: Context;
  args: AggregateArgs;
  plan: Plan;
  parts: Parts;
  after: number;
  resolveFilter: ResolveFilter;
  conditions: readonly Condition[];
}

/** The question that a client asks: everything by position, every limit kept. Throws InvalidInput. */
export async function askedQuestion(asked: Asked): Promise<Question> {
  const { ctx, args, plan, parts, after, conditions } = asked;
  const { dataset } = plan;
  const keys = keysOf(dataset, args);
  const having = havingOf(plan, args.having ?? []);
  const order = orderOf(plan, keys, args.orderBy ?? []);
  const [settings, now] = await Promise.all([ctx.calendar(), ctx.now()]);
  const calendar = inZone(settings, args.timeZone);
  const period = args.period
    ? readPeriod(() => resolvePeriod(calendar, args.period as PeriodInput, now))
    : ALL_TIME;
  const filters = new Filters(asked);
  const measures = plan.measures.map((spec) => measureOf(spec, filters));
  const derived = plan.derived.map((spec) => derivedOf(plan, keys, spec));
  return {
    dataset,
    viewer: memberOf(ctx),
    calendar,
    now,
    conditions,
    filters: await filters.resolved(),
    periodOf: args.periodOf,
    period,
    compared: comparedOf(calendar, period, args),
    asOf: args.asOf ?? null,
    keys,
    teams: args.teams,
    rollup: args.rollup,
    fillGaps: args.fillGaps,
    measures,
    derived,
    having,
    order,
    first: pageSize(args.first),
    after,
    parts,
  };
}

function tooMany(what: string, given: number, limit: number, path: string): void {
  if (given <= limit) return;
  throw new InvalidInput(`A question has at most ${limit} ${what}; ${given} came.`, {
    path: [path],
  });
}

function pageSize(first: number): number {
  if (first >= 0 && first <= LIMITS.first) return first;
  throw new InvalidInput(`\`first\` is 0 to ${LIMITS.first}; ${first} came.`, { path: ['first'] });
}

const inZone = (settings: CalendarSettings, zone: Given<string>): CalendarSettings =>
  zone ? readPeriod(() => inTimeZone(settings, zone), ['timeZone']) : settings;

function comparedOf(
  calendar: CalendarSettings,
  period: Period,
  { compareTo }: AggregateArgs,
): Question['compared'] {
  if (!compareTo) return null;
  if (!isBounded(period)) {
    throw new InvalidInput('All of time has nothing to compare with: give a `period`.', {
      path: ['compareTo'],
    });
  }
  const compared = readPeriod(() => comparedPeriod(calendar, period, compareTo), ['compareTo']);
  return { ...compared, comparison: compareTo };
}

function keysOf(dataset: Dataset, { groupBy }: AggregateArgs): KeyChoice[] {
  tooMany('keys', groupBy?.length ?? 0, LIMITS.keys, 'groupBy');
  const keys = (groupBy ?? []).map((key, index) => keyOf(dataset, key, index));
  const names = keys.map(({ field, by }) => `${field} ${by}`);
  if (new Set(names).size < names.length) {
    throw new InvalidInput('A question is grouped by each key once.', { path: ['groupBy'] });
  }
  return keys;
}

function keyOf(dataset: Dataset, { field, by, bands }: KeyInput, index: number): KeyChoice {
  const path = (name: string) => ['groupBy', String(index), name];
  const isTime = field in dataset.times;
  const isNumber = dataset.keys[field]?.kind === 'number';
  if (isTime !== Boolean(by)) {
    throw new InvalidInput(
      isTime ? `${field} is grouped \`by\` a run of time: say which.` : `${field} is no time.`,
      { path: path('by') },
    );
  }
  const { path: column } = dataset.times[field] ?? {};
  const isDay = column !== undefined && columnAt(modelOf(dataset.model), column).isDay;
  if (isDay && (by === 'HOUR' || by === 'HOUR_OF_DAY')) {
    throw new InvalidInput(`${field} is a day: it has no hours.`, { path: path('by') });
  }
  if (isNumber !== Boolean(bands?.length)) {
    throw new InvalidInput(
      isNumber ? `${field} is grouped in \`bands\`: say where each begins.` : `${field} has none.`,
      { path: path('bands') },
    );
  }
  tooMany('bands', bands?.length ?? 0, LIMITS.bands, 'bands');
  const ascends = bands?.every((band, i) => i === 0 || Number(bands[i - 1]) < Number(band)) ?? true;
  if (!ascends) throw new InvalidInput('`bands` ascend.', { path: path('bands') });
  return { field, by: by ?? null, bands: bands ?? null };
}

const SIGNS = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

function havingOf(plan: Plan, having: readonly HavingInput[]): Having[] {
  tooMany('conditions in `having`', having.length, LIMITS.having, 'having');
  return having.flatMap((input, index) => {
    const path = ['having', String(index)];
    const measure = plan.measure(namedMeasure(plan.dataset, input), path);
    const bounds = Object.entries(SIGNS).flatMap(([name, sign]) => {
      const value = input[name as keyof typeof SIGNS];
      return value === null || value === undefined ? [] : [{ measure, sign, value }];
    });
    if (bounds.length === 0) {
      throw new InvalidInput('A condition compares with gt, gte, lt or lte.', { path });
    }
    return bounds;
  });
}

function orderOf(
  plan: Plan,
  keys: readonly KeyChoice[],
  order: readonly OrderInput[],
): OrderStep[] {
  tooMany('steps of order', order.length, LIMITS.order, 'orderBy');
  return order.map((input, index) => {
    const path = ['orderBy', String(index)];
    const { key, measure, direction } = input;
    if (Boolean(key) === Boolean(measure)) {
      throw new InvalidInput('A step orders by a `measure` or by a `key`.', { path });
    }
    if (key) return { direction, key: indexOfKey(keys, key, [...path, 'key']) };
    const spec = namedMeasure(plan.dataset, { ...input, measure: measure as string });
    return { direction, measure: plan.measure(spec, path) };
  });
}

function indexOfKey(keys: readonly KeyChoice[], field: string, path: readonly string[]): number {
  const index = keys.findIndex((key) => key.field === field);
  if (index >= 0) return index;
  throw new InvalidInput(`The question is not grouped by ${field}.`, { path });
}

function measureOf(spec: MeasureSpec, filters: Filters): Measure {
  const where = filters.position(spec.where);
  const { kind, field = '' } = spec;
  switch (kind) {
    case 'COUNT':
      return { kind, where };
    case 'RATIO':
      return { kind, where, to: filters.position(spec.to) };
    case 'PERCENTILE':
      return { kind, field, where, p: spec.p ?? 0 };
    default:
      return { kind, field, where };
  }
}

const ADDITIVE: readonly Measure['kind'][] = ['COUNT', 'SUM'];

function derivedOf(plan: Plan, keys: readonly KeyChoice[], spec: DerivedSpec): Derived {
  const measure = plan.measure(spec.of);
  if (spec.kind === 'RANK') {
    const within = (spec.within ?? []).map((field) => indexOfKey(keys, field, ['within']));
    return { kind: 'RANK', measure, within, direction: spec.direction ?? 'DESC' };
  }
  if (!ADDITIVE.includes(spec.of.kind)) {
    throw new InvalidInput('Only counts and sums can be shared out and added up.', {
      path: ['of'],
    });
  }
  if (spec.kind === 'SHARE') return { kind: 'SHARE', measure };
  const over = indexOfKey(keys, spec.over ?? '', ['over']);
  const { by } = keys[over] ?? { by: null };
  if (by === null || isCyclic(by)) {
    throw new InvalidInput('A running total runs over a time.', { path: ['over'] });
  }
  return { kind: 'RUNNING', measure, over };
}

/** The filters of all figures, each resolved once. */
class Filters {
  readonly #asked: Asked;
  readonly #known = new Map<string, number>();
  readonly #all: unknown[] = [];

  constructor(asked: Asked) {
    this.#asked = asked;
  }

  position(filter: unknown): number | null {
    if (filter === null || filter === undefined) return null;
    const key = JSON.stringify(filter);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#known.set(key, this.#all.length);
    return this.#all.push(filter) - 1;
  }

  resolved(): Promise<Condition[]> {
    const { ctx, resolveFilter } = this.#asked;
    return Promise.all(this.#all.map((filter) => resolveFilter(ctx, filter, ['where'])));
  }
}
