import type { KeyDefinition } from './dataset.ts';
import { gapsSql } from './keys.ts';
import { isZeroWithoutRows } from './measures.ts';
import { LIMITS } from './question.ts';
import type { Rows } from './rows.ts';

/** Groups out of records: `grouped` at every level that is asked for, `filled` with what has none. */
export class Groups {
  readonly #rows: Rows;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  /** Whether there is a grid of all that groups could be made by. */
  get isGridded(): boolean {
    return this.#rows.question.fillGaps && this.#rows.question.keys.length > 0;
  }

  /** The levels that anything asks for: all keys, and fewer for subtotals, none for totals. */
  #levels(): number[] {
    const { keys, parts, derived } = this.#rows.question;
    const levels = new Set<number>();
    if (parts.groups || parts.others || parts.subtotals || derived.length > 0)
      levels.add(keys.length);
    if (parts.subtotals) for (let level = 1; level < keys.length; level += 1) levels.add(level);
    if (parts.totals || derived.some(({ kind }) => kind === 'SHARE')) levels.add(0);
    return levels.size > 0 ? [...levels] : [0];
  }

  /** One row for each group, subtotal and total of each window. */
  grouped(): string {
    const measures = this.#rows.measures();
    const levels = this.#levels();
    return this.#rows.many.includes(true)
      ? levels.map((level) => this.#passSql(level, measures)).join('\nUNION ALL\n')
      : this.#setsSql(levels, measures);
  }

  /** All levels in one scan. */
  #setsSql(levels: readonly number[], measures: readonly string[]): string {
    const keys = this.#rows.question.keys;
    // Only totals may be asked for, whatever the keys are.
    const top = Math.max(...levels);
    const names = this.#rows.keyNames('b.', top);
    const sets = levels.map((level) => `(${names.slice(0, level).join(', ')})`);
    const cases = levels.map((one) => `WHEN ${2 ** (top - one) - 1} THEN ${one}`);
    const level = top === 0 ? '0' : `CASE GROUPING(${names.join(', ')}) ${cases.join(' ')} END`;
    const columns = keys.map((_, i) => `${names[i] ?? this.#nullKey(i)} AS k${i}`);
    const key = top === keys.length ? this.#rows.key('b.') : "'{}'::text[]";
    const by = top === 0 ? 'b.w' : `b.w, GROUPING SETS (${sets.join(', ')})`;
    const all = ['b.w', `${level} AS level`, ...columns, `${key} AS key`, ...measures];
    return `SELECT ${all.join(', ')} FROM base b GROUP BY ${by}`;
  }

  /** A pass of its own for a level, as a record counts once in each group of it. */
  #passSql(level: number, measures: readonly string[]): string {
    const names = this.#rows.question.keys.map((_, i) => {
      if (i < level) return this.#rows.many[i] ? `u${i}.k` : `b.k${i}`;
      return null;
    });
    const keys = names.map((name, i) => `${name ?? this.#nullKey(i)} AS k${i}`);
    const array = `ARRAY[${names.map((name) => (name ? `${name}::text` : 'NULL')).join(', ')}]::text[] AS key`;
    const by = ['b.w', ...names.filter((name) => name !== null)];
    return `SELECT b.w, ${level} AS level, ${[...keys, array, ...measures].join(', ')}
FROM base b${this.#rows.unnested(level)} GROUP BY ${by.join(', ')}`;
  }

  /** A null of the type that the key has elsewhere. */
  #nullKey(index: number): string {
    const { keys, dataset } = this.#rows.question;
    const { field } = keys[index] ?? { field: '' };
    if (dataset.times[field]) return 'NULL::integer';
    const key = dataset.keys[field] as KeyDefinition;
    if (key.kind === 'value') return key.type === 'text' ? 'NULL::text' : `NULL::${key.type.enum}`;
    if (key.kind === 'number') return 'NULL::integer';
    return key.kind === 'list' ? 'NULL::text' : 'NULL::uuid';
  }

  /** The groups of the period, with those that stand for nothing where gaps are to be filled. */
  filled(): string[] {
    const { keys, measures } = this.#rows.question;
    const level = keys.length;
    const figures = measures.map((measure, i) =>
      isZeroWithoutRows(measure) ? `coalesce(g.m${i}, 0) AS m${i}` : `g.m${i}`,
    );
    if (level === 0) {
      // Without keys there is one group, also of nothing.
      const columns = ["'{}'::text[] AS key", ...figures].join(', ');
      return [
        `filled AS (SELECT ${columns} FROM (VALUES (1)) one LEFT JOIN grouped g ON g.w = 0 AND g.level = 0)`,
      ];
    }
    if (!this.isGridded)
      return [`filled AS (SELECT * FROM grouped WHERE w = 0 AND level = ${level})`];
    const domains = keys.map((_, i) => {
      const occurring = `SELECT k${i} AS k FROM grouped WHERE w = 0 AND level = ${level}`;
      const gaps = gapsSql(this.#rows.context, i);
      return `domain${i} AS (${occurring} UNION ${gaps ?? occurring})`;
    });
    const grid = keys.map((_, i) => `domain${i} d${i}`).join(' CROSS JOIN ');
    const names = keys.map((_, i) => `d${i}.k AS k${i}`);
    const array = `ARRAY[${keys.map((_, i) => `d${i}.k::text`).join(', ')}]::text[] AS key`;
    return [
      ...domains,
      `grid AS (SELECT ${[...names, array].join(', ')} FROM ${grid} LIMIT ${LIMITS.filled + 1})`,
      `filled AS (SELECT ${['d.*', ...figures].join(', ')} FROM grid d
  LEFT JOIN grouped g ON g.w = 0 AND g.level = ${level} AND g.key = d.key)`,
    ];
  }
}
