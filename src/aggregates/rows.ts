import { isMany, type KeyContext, keySql, TEAM_ABOVE } from './keys.ts';
import { flags, Inputs, measureColumns } from './measures.ts';
import { modelOf } from './models.ts';
import type { Cut, Question, Window } from './question.ts';
import { Source } from './source.ts';
import { Statement } from './statement.ts';

export interface Compiled {
  text: string;
  values: unknown[];
}

/** What a question comes to once its times are cut. `windows`: the period, and what it is compared with. */
export interface Cutting {
  windows: readonly Window[];
  /** By key; null for what is no time. */
  cuts: readonly (Cut | null)[];
}

/** A page of records by their ids. */
export interface RecordPage {
  after: string | null;
  before: string | null;
  backward: boolean;
  limit: number;
}

/** The records of a question: what groups are made of, and what stands behind them. */
export class Rows {
  readonly question: Question;
  readonly cutting: Cutting;
  readonly statement = new Statement();
  readonly organization: string;
  /** By key, whether a record may count in several groups. */
  readonly many: readonly boolean[];
  /** Of the first window: what gaps are filled from. */
  readonly context: KeyContext;
  readonly #inputs: Inputs;

  constructor(question: Question, cutting: Cutting) {
    this.question = question;
    this.cutting = cutting;
    this.organization = this.statement.add(question.viewer.organizationId, 'uuid');
    this.#inputs = new Inputs(question);
    this.many = question.keys.map((key) => isMany(question, key));
    this.context = this.#contextOf(0);
  }

  compiled(text: string): Compiled {
    return { text, values: this.statement.values };
  }

  /** The measures over rows of `base b`. */
  measures(): string[] {
    return measureColumns(this.question, this.#inputs, this.statement);
  }

  records(keys: readonly (string | null)[], page: RecordPage): Compiled {
    const bound = (sign: string, id: string | null) =>
      id === null ? '' : ` AND b.id ${sign} ${this.statement.add(id, 'uuid')}`;
    const base = this.#records(keys);
    const where = `${base}${bound('>', page.after)}${bound('<', page.before)}`;
    const text = `/* aggregates.records */ ${where}
ORDER BY b.id ${page.backward ? 'DESC' : 'ASC'} LIMIT ${page.limit}`;
    return this.compiled(text);
  }

  recordCount(keys: readonly (string | null)[]): Compiled {
    const text = `/* aggregates.record_count */ SELECT count(*) AS count FROM (${this.#records(keys)}) r`;
    return this.compiled(text);
  }

  #records(keys: readonly (string | null)[]): string {
    const where = this.#withKeys(keys);
    const ctes = [...this.teams(), `base AS (${this.base(0)})`];
    return `WITH RECURSIVE ${ctes.join(', ')} SELECT b.id FROM base b WHERE ${where}`;
  }

  ranges(paths: readonly string[]): Compiled {
    const parts = this.cutting.windows.map((_, window) => {
      const { source } = this.#contextOf(window);
      const columns = paths.map((path, i) => `${source.read(path)} AS t${i}`);
      const where = this.#where(source, window);
      return `SELECT ${columns.join(', ')} FROM ${source.from()} WHERE ${where}`;
    });
    const days = paths.map((path) => this.context.source.isDay(path));
    const ends = paths.map((_, i) => {
      const text = days[i] ? '::text' : '';
      return `min(t${i})${text} AS least${i}, max(t${i})${text} AS most${i}`;
    });
    const text = `/* aggregates.ranges */ SELECT ${ends.join(', ')} FROM (${parts.join(' UNION ALL ')}) r`;
    return this.compiled(text);
  }

  #withKeys(keys: readonly (string | null)[]): string {
    const parts = keys.map((key, i) => {
      if (!this.many[i]) {
        return key === null
          ? `b.k${i} IS NULL`
          : `b.k${i}::text = ${this.statement.add(key, 'text')}`;
      }
      return key === null
        ? `b.k${i}[1] IS NULL`
        : `${this.statement.add(key, 'text')} = ANY (b.k${i}::text[])`;
    });
    return ['true', ...parts].join(' AND ');
  }

  /** The tree of teams, where records count in the teams above. */
  teams(): string[] {
    const { rollup, keys, dataset } = this.question;
    const asked = rollup && keys.some(({ field }) => dataset.keys[field]?.kind === 'team');
    return asked ? [TEAM_ABOVE(this.organization)] : [];
  }

  #contextOf(window: number): KeyContext {
    const source = new Source(this.question, this.statement, this.organization);
    const { cuts } = this.cutting;
    return { question: this.question, statement: this.statement, source, window, cuts };
  }

  /** One row for each record of a window. */
  base(window: number): string {
    const context = this.#contextOf(window);
    const { source } = context;
    const columns = [
      `${window} AS w`,
      this.#id(source.alias),
      ...this.question.keys.map((_, i) => `${keySql(context, i)} AS k${i}`),
      ...flags(this.question, source),
      ...this.#inputs.select(source),
    ];
    const where = this.#where(source, window);
    return `SELECT ${columns.join(', ')} FROM ${source.from()}\n  WHERE ${where}`;
  }

  /** What tells a record from others. */
  #id(alias: string): string {
    const { key } = modelOf(this.question.dataset.model);
    if (key.length === 1) return `${alias}.${key[0]} AS id`;
    return `concat_ws(':', ${key.map((column) => `${alias}.${column}`).join(', ')}) AS id`;
  }

  #where = (source: Source, window: number): string =>
    [
      source.scope(),
      ...this.question.conditions.map((condition) => source.condition(condition)),
      ...this.#within(source, window),
    ].join('\n  AND ');

  #within(source: Source, window: number): string[] {
    const { dataset, periodOf, period, compared, asOf } = this.question;
    const path = dataset.times[periodOf]?.path ?? '';
    const bounds: string[] = [];
    const of = window === 0 ? period : compared;
    if (of?.from && of.through && of.start && of.end) {
      const value = source.read(path);
      const isDay = source.isDay(path);
      bounds.push(
        isDay
          ? `${value} BETWEEN ${this.statement.add(of.from, 'date')} AND ${this.statement.add(of.through, 'date')}`
          : `${value} >= ${this.statement.add(of.start, 'timestamptz')} AND ${value} < ${this.statement.add(of.end, 'timestamptz')}`,
      );
    }
    if (asOf) {
      const since = source.read(dataset.history?.since ?? '');
      bounds.push(`${since} <= ${this.statement.add(asOf, 'timestamptz')}`);
    }
    return bounds;
  }

  keyNames = (prefix: string, upTo = this.question.keys.length): string[] =>
    this.question.keys.slice(0, upTo).map((_, i) => `${prefix}k${i}`);

  /** The keys of a row as one value, which is equal for equal keys, the unknown included. */
  key = (prefix: string, upTo = this.question.keys.length): string =>
    `ARRAY[${this.keyNames(prefix, upTo)
      .map((name) => `${name}::text`)
      .join(', ')}]::text[]`;

  /** One row for each value of the keys with several, of the first so many. */
  unnested = (level: number): string =>
    this.many
      .map((many, i) =>
        many && i < level ? ` CROSS JOIN LATERAL unnest(b.k${i}) AS u${i}(k)` : '',
      )
      .join('');
}
