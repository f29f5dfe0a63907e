import type { Measure, Question } from './question.ts';
import type { Source } from './source.ts';
import type { Statement } from './statement.ts';

/** The columns of `base` that measures are made of, each once. */
export class Inputs {
  /** By the name of the definition: the column, and what it is read from. */
  readonly #columns = new Map<string, { name: string; path: string; until: string | undefined }>();

  constructor(question: Question) {
    const { decimals, distinct } = question.dataset;
    for (const measure of question.measures) {
      if (measure.kind === 'COUNT' || measure.kind === 'RATIO') continue;
      const of: Record<string, { path: string; until?: string }> =
        measure.kind === 'DISTINCT' ? distinct : decimals;
      const definition = of[measure.field];
      if (!definition) throw new Error(`${question.dataset.name} has no ${measure.field}`);
      const { path, until } = definition;
      const key = keyOf(measure);
      const name = `v${this.#columns.size}`;
      if (!this.#columns.has(key)) this.#columns.set(key, { name, path, until });
    }
  }

  column(measure: Measure & { field: string }): string {
    return this.#columns.get(keyOf(measure))?.name ?? '';
  }

  select(source: Source): string[] {
    return [...this.#columns.values()].map(({ name, path, until }) =>
      until === undefined
        ? `${source.read(path)} AS ${name}`
        : `extract(epoch FROM ${source.read(until)} - ${source.read(path)}) AS ${name}`,
    );
  }
}

const keyOf = ({ kind, field }: Measure & { field: string }): string =>
  `${kind === 'DISTINCT' ? 'distinct' : 'decimal'} ${field}`;

/** The columns that say which rows a measure's own filter lets through. */
export const flags = (question: Question, source: Source): string[] =>
  question.filters.map((filter, index) => `${source.condition(filter)} AS f${index}`);

/** Each measure over rows of `base`, called `b`, as `m0`, `m1`, ... */
export function measureColumns(question: Question, inputs: Inputs, statement: Statement): string[] {
  return question.measures.map(
    (measure, index) => `${measureSql(measure, inputs, statement)} AS m${index}`,
  );
}

const filtered = (where: number | null): string =>
  where === null ? '' : ` FILTER (WHERE b.f${where})`;

function measureSql(measure: Measure, inputs: Inputs, statement: Statement): string {
  const filter = filtered(measure.where);
  if (measure.kind === 'COUNT') return `count(*)${filter}`;
  if (measure.kind === 'RATIO') {
    return `round((count(*)${filter})::numeric / nullif(count(*)${filtered(measure.to)}, 0), 4)`;
  }
  const value = `b.${inputs.column(measure)}`;
  switch (measure.kind) {
    case 'DISTINCT':
      return `count(DISTINCT ${value})${filter}`;
    case 'SUM':
      return `coalesce(sum(${value})${filter}, 0)`;
    case 'AVG':
      return `round(avg(${value})${filter}, 4)`;
    case 'STDDEV':
      return `round(stddev_samp(${value})${filter}, 4)`;
    case 'MIN':
    case 'MAX':
      return `${measure.kind.toLowerCase()}(${value})${filter}`;
    case 'MEDIAN':
      return percentileSql(value, measure.where, '0.5');
    case 'PERCENTILE':
      return percentileSql(value, measure.where, statement.add(String(measure.p), 'numeric'));
  }
}

/** As percentile_cont interpolates, but exactly. PostgreSQL works equal aggregates out once. */
function percentileSql(value: string, where: number | null, p: string): string {
  const counted = where === null ? '' : ` AND b.f${where}`;
  const sorted = `(array_agg(${value} ORDER BY ${value}) FILTER (WHERE ${value} IS NOT NULL${counted}))`;
  const count = `(count(${value})${filtered(where)})`;
  const place = `(${p} * (${count} - 1))`;
  const low = `floor(${place})::integer`;
  const at = `${sorted}[${low} + 1]`;
  const next = `${sorted}[least(${low} + 2, ${count})]`;
  return `round(${at} + (${place} - floor(${place})) * (${next} - ${at}), 4)`;
}

/** What a measure is where there are no rows: null, unless it counts or adds up. */
export const isZeroWithoutRows = ({ kind }: Measure): boolean =>
  kind === 'COUNT' || kind === 'DISTINCT' || kind === 'SUM';
