import type { Parameters } from './statement-parameters.ts';

export interface Page {
  first: number;
  /** The contestant after whose place the page begins; after the place that it had, should it be gone. */
  after: { contestantId: string; place: number } | null;
  /** The contestant in whose middle the page stands. */
  around: string | null;
  /** Only these contestants, in place of a page. */
  only?: readonly string[] | null;
}

export type Ranking = 'STANDARD' | 'DENSE' | 'ORDINAL';

const ORDER = 'ORDER BY by_score, by_tie, c';

/**
 * `totals` and `ranked` of the CTE `standing`, whose rows are ordered by (by_score, by_tie, c). Only the page and the
 * row before it are sorted out and ranked: what stands before them is counted, which costs much less.
 */
export function pageSql(page: Page, ranking: Ranking, p: Parameters): string {
  const totals = 'totals AS (SELECT count(*) AS total, max(score) AS best FROM standing)';
  if (page.only) {
    const chosen = `c = ANY (${p.add(page.only, 'uuid[]')})`;
    return `${totals},
ranked AS (SELECT * FROM (${ranksSql('standing', ranking, null)}) r WHERE ${chosen})`;
  }
  const first = Number.isSafeInteger(page.first) ? page.first : 0;
  if (!page.around && !page.after) {
    return `${totals},
page AS (SELECT * FROM standing ${ORDER} LIMIT ${first}),
ranked AS (${ranksSql('page', ranking, null)})`;
  }
  return `${totals},
${page.around ? aroundSql(page.around, first, p) : afterSql(page.after, first, p)},
before AS (
  SELECT s.places, ${betterSql(ranking)} AS ranks
  FROM skipped s LEFT JOIN (SELECT * FROM page ${ORDER} LIMIT 1) f ON true
),
ranked AS (
  SELECT r.* FROM (${ranksSql('page', ranking, 'before')}) r, skipped s
  WHERE r.place > s.count AND r.place <= s.count + ${first}
)`;
}

/** `skipped`: how many places stand before the page, and before the rows of `page`, which are a few more. */
function afterSql(after: Page['after'], first: number, p: Parameters): string {
  const place = `coalesce((SELECT (SELECT count(*) FROM standing b WHERE (b.by_score, b.by_tie, b.c) <= (m.by_score, m.by_tie, m.c))
    FROM standing m WHERE m.c = ${p.add(after?.contestantId, 'uuid')}), ${p.add(after?.place, 'bigint')})`;
  return `skipped AS (SELECT count, greatest(count - 1, 0) AS places FROM (SELECT ${place} AS count) s),
page AS (SELECT * FROM standing ${ORDER} OFFSET (SELECT places FROM skipped) LIMIT ${first} + 1)`;
}

/** Picks the neighbours out on both sides: sorting the whole board for its end would take as long as all the rest. */
function aroundSql(around: string, first: number, p: Parameters): string {
  // Who is not on the board stands behind its end.
  const isAbove = '((b.by_score, b.by_tie, b.c) < (m.by_score, m.by_tie, m.c)) IS NOT FALSE';
  const board = 'standing b LEFT JOIN middle m ON true';
  // The page slides inwards at both ends, so that it is full wherever the board is long enough.
  return `middle AS MATERIALIZED (SELECT by_score, by_tie, c FROM standing WHERE c = ${p.add(around, 'uuid')}),
skipped AS (
  SELECT greatest(least(a.count - ${Math.floor(first / 2)}, t.total - ${first}), 0) AS count,
    greatest(a.count - ${first} - 1, 0) AS places
  FROM totals t, (SELECT count(*) FROM ${board} WHERE ${isAbove}) a
),
page AS (
  (SELECT b.* FROM ${board} WHERE ${isAbove} ORDER BY b.by_score DESC, b.by_tie DESC, b.c DESC LIMIT ${first} + 1)
  UNION ALL (SELECT b.* FROM ${board} WHERE NOT (${isAbove})
    ORDER BY b.by_score, b.by_tie, b.c LIMIT ${first})
)`;
}

/** How many ranks are better than that of the page's first row, f. */
function betterSql(ranking: Ranking): string {
  if (ranking === 'ORDINAL') return '0';
  const counted = ranking === 'STANDARD' ? '*' : 'DISTINCT (b.by_score, b.by_tie)';
  return `(SELECT count(${counted}) FROM standing b WHERE (b.by_score, b.by_tie) < (f.by_score, f.by_tie))`;
}

/** Places, ranks and gaps of rows in a row; `before` has what precedes them. */
function ranksSql(rows: string, ranking: Ranking, before: string | null): string {
  const tied = 'OVER (ORDER BY by_score, by_tie)';
  const place = `row_number() OVER (${ORDER})${before ? ' + places' : ''}`;
  const rank = {
    // Rows that are tied with the first one have its rank, which began before the page.
    STANDARD: before
      ? `CASE rank() ${tied} WHEN 1 THEN ranks + 1 ELSE rank() ${tied} + places END`
      : `rank() ${tied}`,
    DENSE: `dense_rank() ${tied}${before ? ' + ranks' : ''}`,
    ORDINAL: place,
  }[ranking];
  return `SELECT ${rows}.*, ${place} AS place, ${rank} AS rank, lag(score) OVER (${ORDER}) - score AS gap_to_next
  FROM ${rows}${before ? `, ${before}` : ''}`;
}
