// The answer to a question in plain code over rows that were read one by one.
import type { BucketUnit } from '../../../src/calendar/buckets.ts';
import { bucketPairs, type Comparison } from '../../../src/calendar/counterparts.ts';
import { type PeriodInput, resolvePeriod } from '../../../src/calendar/named-periods.ts';
import type { BoundedPeriod } from '../../../src/calendar/periods.ts';
import type { CalendarSettings } from '../../../src/calendar/settings.ts';
import { comparedDays, type Days, dayOf, type Rules, startOf, unitAround } from './calendar.ts';
import type { Company } from './company.ts';
import { isAdditive, runningKey } from './document.ts';
import { compareValues, decimalFigure, Exact, ratioOf, rounded, type Value } from './figures.ts';
import {
  type Adapter,
  bandsOf,
  bucketKeys,
  compareKeys,
  type Key,
  keysOf,
  type World,
} from './keys.ts';
import type { Figure, KeyChoice, Question, Shape } from './question.ts';

export interface OracleRow {
  key: Key[];
  figures: Value[];
  previous?: Value[] | null;
  difference?: Value[] | null;
  percent?: Value[] | null;
  share?: Value;
  running?: Value;
  rank?: Value;
}

export interface OracleAnswer {
  groupCount: number;
  hasNextPage: boolean;
  groups: OracleRow[];
  others: OracleRow | null;
  subtotals: OracleRow[];
  totals: OracleRow;
}

/** Thrown where the API has to refuse: more groups than gaps are filled to. */
export class TooMany extends Error {}

const FILLED = 10_000;

export function answer<Row>(
  company: Company,
  shape: Shape,
  adapter: Adapter<Row>,
  rows: readonly Row[],
  question: Question,
  now: Date,
): OracleAnswer {
  return new Oracle(company, shape, adapter, rows, question, now).answer();
}

class Oracle<Row> {
  readonly #world: World<Row>;
  readonly #question: Question;
  readonly #windows: Row[][];
  readonly #paired = new Map<string, [string, string | null][]>();
  readonly #groups = [new Map<string, Row[]>(), new Map<string, Row[]>()];

  constructor(
    company: Company,
    shape: Shape,
    adapter: Adapter<Row>,
    rows: readonly Row[],
    question: Question,
    now: Date,
  ) {
    const rules: Rules = { ...company.calendar, zone: question.timeZone ?? company.zone };
    const periods = periodsOf(rules, question);
    const inside = (days: Days | null) => (row: Row) =>
      isWithin(rules, shape, question, adapter.time(row, question.periodOf), days);
    const today = dayOf(rules, now.toISOString());
    const all = rows.filter((row) => adapter.matches(row, question.where ?? {}, now, today));
    this.#question = question;
    this.#windows = periods.map((days) => all.filter(inside(days)));
    const ranges = new Map(
      question.groupBy.map((key) => [key, this.#range(rules, shape, adapter, key)]),
    );
    const daysOf = (key: KeyChoice, window: 0 | 1): Days | null =>
      key.field === question.periodOf && periods[0]
        ? (periods[window] ?? null)
        : (ranges.get(key) ?? null);
    this.#world = { company, shape, adapter, question, rules, now, daysOf };
    this.#windows.forEach((own, window) => {
      for (const row of own) {
        for (const key of keysOf(this.#world, row, window as 0 | 1)) {
          this.#add(window, JSON.stringify(this.#asCurrent(key, window)), row);
        }
      }
    });
  }

  #add(window: number, key: string, row: Row): void {
    const groups = this.#groups[window];
    groups?.set(key, [...(groups.get(key) ?? []), row]);
  }

  /** The first and the last day of a time in all the data. */
  #range(rules: Rules, shape: Shape, adapter: Adapter<Row>, key: KeyChoice): Days | null {
    if (!key.by) return null;
    const days = this.#windows.flat().flatMap((row) => {
      const time = adapter.time(row, key.field);
      if (time === null) return [];
      return [shape.days.includes(key.field) ? time : dayOf(rules, time)];
    });
    days.sort();
    const [from] = days;
    const through = days.at(-1);
    return from && through ? { from, through } : null;
  }

  #sequence(key: KeyChoice, window: 0 | 1): string[] {
    return bucketKeys(this.#world, key.by ?? '', this.#world.daysOf(key, window));
  }

  /** Keys of what is compared with as those of the period that they are compared with. */
  #asCurrent(keys: Key[], window: number): Key[] {
    if (window === 0) return keys;
    return keys.map((value, i) => {
      const choice = this.#question.groupBy[i] as KeyChoice;
      if (!this.#moves(choice) || value === null) return value;
      const pair = this.#pairs(choice).find(([, before]) => before === value);
      return pair?.[0] ?? `nobody's ${value}`;
    });
  }

  /**
   * Buckets with what they are compared with. Which belong together is what tests/calendar is about: here it is taken
   * from the calendar.
   */
  #pairs({ by }: KeyChoice): [string, string | null][] {
    const { rules, company } = this.#world;
    const { compareTo } = this.#question;
    const known = this.#paired.get(by ?? '');
    if (known) return known;
    const settings = { ...company.calendar, timeZone: rules.zone };
    const period = periodOfQuestion(settings, this.#question);
    const key = (bucket: { from: string; start: Date }) =>
      by === 'HOUR' ? bucket.start.toISOString() : bucket.from;
    const pairs = bucketPairs(settings, by as BucketUnit, period, compareTo as Comparison).map(
      ({ bucket, counterpart }): [string, string | null] => [
        key(bucket),
        counterpart && key(counterpart),
      ],
    );
    this.#paired.set(by ?? '', pairs);
    return pairs;
  }

  #moves = ({ field, by }: KeyChoice): boolean =>
    field === this.#question.periodOf &&
    by !== undefined &&
    by !== 'DAY_OF_WEEK' &&
    by !== 'HOUR_OF_DAY' &&
    this.#question.period !== null;

  answer(): OracleAnswer {
    const { groupBy, first, others } = this.#question;
    const all = this.#allGroups().map((key) => this.#row(key, this.#rowsOf(key)));
    this.#derive(all);
    const listed = this.#order(all.filter((row) => this.#meets(row)));
    const page = listed.slice(0, first);
    const rest = listed.slice(first).map(({ key }) => JSON.stringify(key));
    const isRest = groupBy.length > 0 && others;
    return {
      groupCount: listed.length,
      hasNextPage: listed.length > first,
      groups: page,
      others: isRest ? this.#others(new Set(rest)) : null,
      subtotals: this.#subtotals(page),
      totals: this.#row([], this.#windows as [Row[], Row[]]),
    };
  }

  #rowsOf(key: Key[]): [Row[], Row[]] {
    const text = JSON.stringify(key);
    return [this.#groups[0]?.get(text) ?? [], this.#groups[1]?.get(text) ?? []];
  }

  #allGroups(): Key[][] {
    const { groupBy, fillGaps } = this.#question;
    if (groupBy.length === 0) return [[]];
    const occurring = [...(this.#groups[0]?.keys() ?? [])].map((key) => JSON.parse(key) as Key[]);
    if (!fillGaps) return occurring;
    const domains = groupBy.map((choice, i) => {
      const values = new Set<Key>(occurring.map((key) => key[i] ?? null));
      for (const gap of this.#gaps(choice)) values.add(gap);
      return [...values];
    });
    const size = domains.reduce((product, domain) => product * domain.length, 1);
    if (size > FILLED) throw new TooMany();
    return domains.reduce<Key[][]>(
      (keys, domain) => keys.flatMap((key) => domain.map((value) => [...key, value])),
      [[]],
    );
  }

  #gaps(choice: KeyChoice): readonly string[] {
    if (choice.by) return this.#sequence(choice, 0);
    if (choice.bands) return bandsOf(choice.bands);
    return this.#world.adapter.gaps(choice.field, this.#question.rollup) ?? [];
  }

  #figure(figure: Figure, rows: readonly Row[]): Value {
    const { adapter, now, rules } = this.#world;
    const today = dayOf(rules, now.toISOString());
    const meeting = (filter: object | null) =>
      filter ? rows.filter((row) => adapter.matches(row, filter, now, today)) : rows;
    const own = meeting(figure.where);
    if (figure.kind === 'COUNT') return own.length;
    if (figure.kind === 'RATIO')
      return ratioOf(own.length, meeting('to' in figure ? figure.to : null).length);
    const field = 'field' in figure ? figure.field : '';
    if (figure.kind === 'DISTINCT') {
      return new Set(own.map((row) => adapter.distinct(row, field)).filter((one) => one !== null))
        .size;
    }
    const values = own.map((row) => adapter.number(row, field)).filter((one) => one !== null);
    return decimalFigure(figure.kind, values, 'p' in figure ? figure.p : 0);
  }

  #row(key: Key[], [rows, before]: [Row[], Row[]] | Row[][]): OracleRow {
    const { figures, compareTo } = this.#question;
    const now = figures.map((figure) => this.#figure(figure, rows ?? []));
    if (!compareTo) return { key, figures: now };
    const isThere = key.every((value, i) => {
      const choice = this.#question.groupBy[i] as KeyChoice;
      if (!this.#moves(choice) || value === null) return true;
      return this.#pairs(choice).some(([own, before]) => own === value && before !== null);
    });
    const nothing = { previous: null, difference: null, percent: null };
    if (!isThere) return { key, figures: now, ...nothing };
    const previous = figures.map((figure) => this.#figure(figure, before ?? []));
    const pairs = now.map((value, i): [Value, Value] => [value, previous[i] ?? null]);
    return {
      key,
      figures: now,
      previous,
      difference: pairs.map(([a, b]) => (a === null || b === null ? null : differenceOf(a, b))),
      percent: pairs.map(([a, b]) => {
        if (a === null || b === null || new Exact(b).isZero()) return null;
        return rounded(new Exact(a).minus(b).times(100).div(new Exact(b).abs()));
      }),
    };
  }

  #derive(all: OracleRow[]): void {
    const { figures, share, rank, groupBy } = this.#question;
    const [figure] = figures;
    if (!figure) return;
    const over = runningKey(this.#question);
    const total = this.#figure(figure, this.#windows[0] ?? []);
    for (const row of all) {
      const value = row.figures[0] ?? null;
      if (share && isAdditive(figure)) {
        row.share = new Exact(total ?? 0).isZero()
          ? null
          : rounded(new Exact(value ?? 0).div(total ?? 1));
      }
      if (over >= 0 && isAdditive(figure)) {
        const choice = groupBy[over] as KeyChoice;
        const sums = all.filter(
          ({ key }) =>
            key.every((part, i) => i === over || part === row.key[i]) &&
            compareKeys(this.#world, choice, key[over] ?? null, row.key[over] ?? null, 1) <= 0,
        );
        row.running = sums
          .reduce((sum, one) => sum.plus(one.figures[0] ?? 0), new Exact(0))
          .toFixed();
      }
      if (rank) {
        const rivals = all.filter(({ key }) => rank.within.every((i) => key[i] === row.key[i]));
        const sign = rank.direction === 'ASC' ? 1 : -1;
        row.rank =
          1 +
          rivals.filter((other) => orderValues(other.figures[0] ?? null, value, sign) < 0).length;
      }
    }
  }

  #meets = ({ figures }: OracleRow): boolean =>
    this.#question.having.every(({ figure, sign, value }) => {
      const own = figures[figure] ?? null;
      if (own === null) return false;
      const compared = compareValues(own, value);
      return { gt: compared > 0, gte: compared >= 0, lt: compared < 0, lte: compared <= 0 }[sign];
    });

  #order(rows: OracleRow[]): OracleRow[] {
    const { orderBy, groupBy } = this.#question;
    const byKey = (a: OracleRow, b: OracleRow, i: number, sign: number) =>
      compareKeys(this.#world, groupBy[i] as KeyChoice, a.key[i] ?? null, b.key[i] ?? null, sign);
    return rows.sort((a, b) => {
      for (const { figure, key, direction } of orderBy) {
        const sign = direction === 'ASC' ? 1 : -1;
        const compared =
          key === undefined
            ? orderValues(a.figures[figure ?? 0] ?? null, b.figures[figure ?? 0] ?? null, sign)
            : byKey(a, b, key, sign);
        if (compared !== 0) return compared;
      }
      for (const i of groupBy.keys()) {
        const compared = byKey(a, b, i, 1);
        if (compared !== 0) return compared;
      }
      return 0;
    });
  }

  /** The records of the groups that are left, each once. */
  #others(rest: ReadonlySet<string>): OracleRow | null {
    const rows = this.#groups.map((groups) => {
      const own = [...groups].flatMap(([key, found]) => (rest.has(key) ? found : []));
      return [...new Set(own)];
    });
    return rest.size > 0 ? this.#row([], rows) : null;
  }

  #subtotals(page: readonly OracleRow[]): OracleRow[] {
    const { groupBy } = this.#question;
    const found: OracleRow[] = [];
    for (let level = 1; level < groupBy.length; level += 1) {
      const prefixes = new Set(page.map(({ key }) => JSON.stringify(key.slice(0, level))));
      for (const prefix of prefixes) {
        const rows = this.#groups.map((groups) => {
          const own = [...groups].flatMap(([key, inside]) =>
            JSON.stringify((JSON.parse(key) as Key[]).slice(0, level)) === prefix ? inside : [],
          );
          return [...new Set(own)];
        });
        if (rows[0]?.length) found.push(this.#row(JSON.parse(prefix) as Key[], rows));
      }
    }
    return found;
  }
}

/** The unknown is last, whichever end is first. */
function orderValues(a: Value, b: Value, sign: number): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return sign * compareValues(a, b);
}

const differenceOf = (a: Value, b: Value): Value =>
  typeof a === 'number' && typeof b === 'number'
    ? a - b
    : new Exact(a ?? 0).minus(b ?? 0).toFixed();

/** The period and, if asked for, what it is compared with; null is all of time. */
function periodsOf(rules: Rules, { period, compareTo }: Question): (Days | null)[] {
  if (!period) return [null];
  const unit = 'unit' in period ? period.unit.unit : null;
  const days =
    'unit' in period ? unitAround(rules, period.unit.unit, period.unit.containing) : period.between;
  if (!compareTo) return [days];
  return [days, comparedDays(rules, days, unit, compareTo)];
}

function periodOfQuestion(settings: CalendarSettings, { period }: Question): BoundedPeriod {
  if (!period) throw new Error('all of time is compared with nothing');
  return resolvePeriod(settings, period as PeriodInput, new Date()) as BoundedPeriod;
}

function isWithin(
  rules: Rules,
  shape: Shape,
  { periodOf }: Question,
  time: string | null,
  days: Days | null,
): boolean {
  if (!days) return true;
  if (time === null) return false;
  const day = shape.days.includes(periodOf) ? time : dayOf(rules, time);
  return days.from <= day && day <= days.through && startOf(rules, day) !== null;
}
