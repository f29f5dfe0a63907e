import { Groups } from './groups.ts';
import { Listed } from './listed.ts';
import type { Question, Window } from './question.ts';
import { Results } from './results.ts';
import { type Compiled, type Cutting, type RecordPage, Rows } from './rows.ts';

/**
 * The one statement of a question. Its rows: `part` is G for a group, S for a subtotal, T for the totals, O for the
 * others; `k0`... the keys as text, `m0`... the measures, `p0`... those of what is compared, `x0`... what is derived;
 * `place` of a group; and on each row the log position of the snapshot, and how many groups were `found` and `filled`.
 */
export function compileQuestion(question: Question, cutting: Cutting): Compiled {
  const rows = new Rows(question, cutting);
  const groups = new Groups(rows);
  const results = new Results(rows);
  const { parts, derived, dataset, keys } = question;
  const isListed = parts.groups || parts.subtotals || parts.others || derived.length > 0;
  const base = cutting.windows.map((_, window) => rows.base(window));
  const ctes = [
    ...rows.teams(),
    `base AS (${base.join('\nUNION ALL\n')})`,
    `grouped AS (${groups.grouped()})`,
    ...(isListed ? [...groups.filled(), `listed AS (${new Listed(rows).sql()})`] : []),
    `page AS (${isListed ? results.page() : 'SELECT NULL::text[] AS key WHERE false'})`,
    `result AS (${results.parts().join('\nUNION ALL\n')})`,
  ];
  const found = isListed ? '(SELECT count(*) FROM listed)' : '0';
  const filled = isListed && groups.isGridded ? '(SELECT count(*) FROM grid)' : '0';
  const order = ['r.part', 'r.place', 'r.level', ...keys.map((_, i) => `r.k${i}`)];
  return rows.compiled(`/* aggregates.${dataset.name} */ WITH RECURSIVE ${ctes.join(',\n')}
SELECT h.position, ${found} AS found, ${filled} AS filled, r.* FROM log_head h LEFT JOIN result r ON true
WHERE h.organization_id = ${rows.organization} ORDER BY ${order.join(', ')}`);
}

/** The ids of the records behind a row: those with these leading keys, in the order of making. */
export const compileRecords = (
  question: Question,
  cutting: Cutting,
  keys: readonly (string | null)[],
  page: RecordPage,
): Compiled => new Rows(question, cutting).records(keys, page);

/** How many records a row stands for, in the same way. */
export const compileRecordCount = (
  question: Question,
  cutting: Cutting,
  keys: readonly (string | null)[],
): Compiled => new Rows(question, cutting).recordCount(keys);

/** The first and the last of the times at these keys, as `least0`, `most0`, ... */
export function compileRanges(
  question: Question,
  windows: readonly Window[],
  keys: readonly number[],
): Compiled {
  const cutting = { windows, cuts: question.keys.map(() => null) };
  return new Rows({ ...question, keys: [], measures: [], filters: [] }, cutting).ranges(
    keys.map((key) => question.dataset.times[question.keys[key]?.field ?? '']?.path ?? ''),
  );
}
