import type { Rows } from './rows.ts';

/** What a statement gives back: groups of the page, subtotals, totals, others, in one form. */
export class Results {
  readonly #rows: Rows;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  page(): string {
    const { after, first } = this.#rows.question;
    return `SELECT * FROM listed WHERE place > ${after} AND place <= ${after + first}`;
  }

  parts(): string[] {
    const { keys, parts } = this.#rows.question;
    const none = `SELECT ${this.#result('N', 'g', null, { place: 'NULL', level: 'NULL' })} FROM grouped g WHERE false`;
    return [
      none,
      ...(parts.groups
        ? [
            `SELECT ${this.#result('G', 'l', 'c', { place: 'l.place', level: `${keys.length}` })}
FROM page l ${this.#compared('l', `${keys.length}`)}`,
          ]
        : []),
      ...(parts.subtotals && keys.length > 1 ? [this.#subtotals()] : []),
      ...(parts.totals
        ? [
            `SELECT ${this.#result('T', 'g', 'c', { place: 'NULL', level: '0' })}
FROM (VALUES (1)) one LEFT JOIN grouped g ON g.w = 0 AND g.level = 0
${this.#rows.question.compared ? 'LEFT JOIN grouped c ON c.w = 1 AND c.level = 0' : ''}`,
          ]
        : []),
      ...(parts.others && keys.length > 0 ? [this.#others()] : []),
    ];
  }

  #compared = (alias: string, level: string): string =>
    this.#rows.question.compared
      ? `LEFT JOIN grouped c ON c.w = 1 AND c.level = ${level} AND c.key = ${alias}.key`
      : '';

  #result(
    part: string,
    alias: string,
    compared: string | null,
    { place, level }: { place: string; level: string },
  ): string {
    const { keys, measures, derived } = this.#rows.question;
    const isGroup = part === 'G';
    return [
      `'${part}' AS part`,
      `${place}::bigint AS place`,
      `${level}::integer AS level`,
      ...keys.map((_, i) => `${part === 'O' ? 'NULL' : `${alias}.k${i}`}::text AS k${i}`),
      ...measures.map((_, i) => `${alias}.m${i}`),
      ...measures
        .map((_, i) =>
          compared && this.#rows.question.compared ? `${compared}.m${i} AS p${i}` : `NULL AS p${i}`,
        )
        .map((column, i) =>
          column.startsWith('NULL') ? `NULL::${this.#typeOf(i)} AS p${i}` : column,
        ),
      ...derived.map(
        (one, i) =>
          `${isGroup ? `${alias}.x${i}` : 'NULL'}::${one.kind === 'RANK' ? 'bigint' : 'numeric'} AS x${i}`,
      ),
    ].join(', ');
  }

  #typeOf(index: number): string {
    const kind = this.#rows.question.measures[index]?.kind;
    return kind === 'COUNT' || kind === 'DISTINCT' ? 'bigint' : 'numeric';
  }

  /** Those that a group of the page is part of. */
  #subtotals(): string {
    const { keys } = this.#rows.question;
    const levels = keys.slice(1).map((_, i) => i + 1);
    const parts = levels.map(
      (level) => `SELECT ${this.#result('S', 'g', 'c', { place: 'NULL', level: `${level}` })}
FROM grouped g ${this.#compared('g', `${level}`)} WHERE g.w = 0 AND g.level = ${level}
  AND g.key[1:${level}] IN (SELECT l.key[1:${level}] FROM page l)`,
    );
    return parts.join('\nUNION ALL\n');
  }

  /** The rest of the list after the page in one row, made from its records: each counts once. */
  #others(): string {
    const { keys, after, first } = this.#rows.question;
    const measures = this.#rows.measures();
    const key = `ARRAY[${keys.map((_, i) => (this.#rows.many[i] ? `u${i}.k::text` : `b.k${i}::text`)).join(', ')}]::text[]`;
    const rest = `(SELECT key FROM listed WHERE place > ${after + first})`;
    const from = this.#rows.many.includes(true)
      ? `base b WHERE (b.w, b.id) IN (SELECT b.w, b.id FROM base b${this.#rows.unnested(keys.length)} WHERE ${key} IN ${rest})`
      : `base b WHERE ${key} IN ${rest}`;
    const folded = `SELECT b.w, ${measures.join(', ')} FROM ${from} GROUP BY b.w`;
    const compared = this.#rows.question.compared ? 'LEFT JOIN folded c ON c.w = 1' : '';
    return `(WITH folded AS (${folded}) SELECT ${this.#result('O', 'g', 'c', { place: 'NULL', level: 'NULL' })}
FROM (SELECT 1 WHERE EXISTS ${rest}) one LEFT JOIN folded g ON g.w = 0 ${compared})`;
  }
}
