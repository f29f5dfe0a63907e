import { rowScope } from '../database/row-scope.ts';
import { type Grain, isCyclic, type KeyDefinition, type TeamKey } from './dataset.ts';
import { modelOf, quote } from './models.ts';
import type { Cut, KeyChoice, Question } from './question.ts';
import type { Source } from './source.ts';
import type { Statement } from './statement.ts';
import { whereSql } from './where.ts';

/** Whether a record counts in several groups by this key. */
export function isMany(question: Question, { field }: KeyChoice): boolean {
  const kind = question.dataset.keys[field]?.kind;
  return kind === 'list' || kind === 'records' || (kind === 'team' && question.rollup);
}

export interface KeyContext {
  question: Question;
  statement: Statement;
  source: Source;
  /** Which of the windows the rows are of. */
  window: number;
  cuts: readonly (Cut | null)[];
}

/** The value of a key; of one with many, an array of them that is never empty. */
export function keySql(context: KeyContext, index: number): string {
  const { question, source } = context;
  const choice = question.keys[index] as KeyChoice;
  const { dataset } = question;
  const time = dataset.times[choice.field];
  if (time) return timeSql(context, index, time.path, choice.by as Grain);
  const key = dataset.keys[choice.field] as KeyDefinition;
  switch (key.kind) {
    case 'value':
    case 'record':
      return source.read(key.path);
    case 'list':
      return `coalesce(nullif(${source.read(key.path)}, '{}'), '{NULL}')`;
    case 'records':
      return recordsSql(context, key.path, key.column);
    case 'team':
      return teamSql(context, key);
    case 'number':
      return `width_bucket(${source.read(key.path)}, ${context.statement.add(choice.bands, 'numeric[]')})`;
  }
}

function recordsSql({ source, question }: KeyContext, path: string, column: string): string {
  const relation = modelOf(question.dataset.model).fields.get(path);
  if (relation?.kind !== 'relation') throw new Error(`${path} is no relation`);
  const other = modelOf(relation.model);
  return `coalesce((SELECT array_agg(DISTINCT r.${quote(column)}) FROM ${other.table} r
    WHERE r.${relation.to} = ${source.alias}.${relation.from}), '{NULL}')`;
}

/** The number of the bucket, from 1, as the calendar has cut the time; of what is cyclic what the clock reads. */
function timeSql(
  { statement, source, window, cuts }: KeyContext,
  index: number,
  path: string,
  by: Grain,
): string {
  const value = source.read(path);
  const isDay = source.isDay(path);
  if (isCyclic(by) && isDay) return `extract(isodow FROM ${value})::integer`;
  if (!isCyclic(by)) {
    const buckets = cuts[index]?.buckets[window] ?? [];
    const days = () => buckets.map(({ from }) => from);
    const moments = () => buckets.map(({ start }) => start.toISOString());
    const starts = isDay
      ? statement.add(days(), 'date[]')
      : statement.add(moments(), 'timestamptz[]');
    const number = `width_bucket(${value}, ${starts})`;
    const counterparts = window === 1 ? cuts[index]?.counterparts : null;
    if (!counterparts) return number;
    // What has no counterpart is a group of nobody's.
    const numbers = counterparts.map((counterpart, i) => counterpart ?? -1 - i);
    return `(${statement.add(numbers, 'integer[]')})[${number}]`;
  }
  const offsets = cuts[index]?.offsets ?? [];
  const starts = offsets.map(({ start }) => new Date(start).toISOString());
  const ahead = offsets.map(({ offset }) => offset);
  const part = `width_bucket(${value}, ${statement.add(starts, 'timestamptz[]')})`;
  const reading = `(${value} AT TIME ZONE 'UTC' + (${statement.add(ahead, 'integer[]')})[${part}] * interval '1 millisecond')`;
  return `extract(${by === 'DAY_OF_WEEK' ? 'isodow' : 'hour'} FROM ${reading})::integer`;
}

/** The moment by which a record belongs to a team: that of the period's column, or now where it has none. */
function momentSql({ question, source, statement }: KeyContext): string {
  const { path } = question.dataset.times[question.periodOf] ?? { path: '' };
  const until = question.asOf ?? question.now;
  const present = statement.add(until, 'timestamptz');
  const value = source.read(path);
  const at = source.isDay(path)
    ? `((${value} + 1)::timestamp AT TIME ZONE ${statement.add(question.calendar.timeZone, 'text')})`
    : value;
  return `least(coalesce(${at}, ${present}), ${present})`;
}

function teamSql(context: KeyContext, { path, earnedIn }: TeamKey): string {
  const { question, source } = context;
  const asItWas = question.teams === 'AS_IT_WAS';
  if (asItWas && earnedIn) {
    const teams = source.read(earnedIn);
    return question.rollup ? `coalesce(nullif(${teams}, '{}'), '{NULL}')` : `(${teams})[1]`;
  }
  const at = asItWas ? momentSql(context) : '';
  const within = (row: string) =>
    asItWas
      ? `${row}."from" <= ${at} AND (${row}."until" IS NULL OR ${row}."until" > ${at})`
      : `${row}."until" IS NULL`;
  const member = source.read(path);
  const membership = source.join(
    `membership ${path}`,
    (own) => `LEFT JOIN membership ${own} ON ${own}."organization_id" = ${source.organization}
    AND ${own}."member_id" = ${member} AND ${within(own)}`,
  );
  if (!question.rollup) return `${membership}."team_id"`;
  return `coalesce((SELECT array_agg(DISTINCT t.above) FROM team_above t
    WHERE t.team = ${membership}."team_id" AND ${within('t')}), '{NULL}')`;
}

/** Every team with itself and the teams above it, and when. */
export const TEAM_ABOVE = (
  organization: string,
): string => `team_above(team, above, "from", "until") AS (
  SELECT id, id, '-infinity'::timestamptz, NULL::timestamptz FROM team WHERE organization_id = ${organization}
  UNION
  SELECT a.team, p.parent_id, greatest(a."from", p."from"), least(a."until", p."until")
  FROM team_above a JOIN team_parentage p ON p.organization_id = ${organization} AND p.team_id = a.above
    AND (a."until" IS NULL OR p."from" < a."until") AND (p."until" IS NULL OR p."until" > a."from")
)`;

/** All values of a key that a gap is filled for, as a SELECT; null where only what occurs is shown. */
export function gapsSql(context: KeyContext, index: number): string | null {
  const { question, cuts } = context;
  const { field, by, bands } = question.keys[index] as KeyChoice;
  if (question.dataset.times[field]) {
    if (by === 'DAY_OF_WEEK') return 'SELECT generate_series(1, 7)';
    if (by === 'HOUR_OF_DAY') return 'SELECT generate_series(0, 23)';
    return `SELECT generate_series(1, ${cuts[index]?.buckets[0]?.length ?? 0})`;
  }
  const key = question.dataset.keys[field] as KeyDefinition;
  switch (key.kind) {
    case 'value':
      return key.type === 'text' ? null : `SELECT unnest(enum_range(NULL::${key.type.enum}))`;
    case 'number':
      return `SELECT generate_series(0, ${bands?.length ?? 0})`;
    case 'team':
      return teamGaps(context);
    case 'record':
    case 'records':
      return key.gaps ? recordGaps(context, key.model, key.gaps) : null;
    case 'list':
      return null;
  }
}

/** Members of the data scope only: to anybody else's name nothing could be seen. */
function membersInScope({ question: { viewer }, statement }: KeyContext, column: string): string {
  const { visibleMembers } = viewer;
  return visibleMembers === 'ALL'
    ? 'true'
    : `${column} = ANY (${statement.add([...visibleMembers], 'uuid[]')})`;
}

function recordGaps(context: KeyContext, model: string, gaps: 'MEMBERS' | object): string {
  const { source, statement, question } = context;
  if (gaps === 'MEMBERS') {
    return `SELECT g.id FROM member g WHERE g.organization_id = ${source.organization} AND g.active
      AND ${membersInScope(context, 'g.id')}`;
  }
  const place = { statement, model: modelOf(model), alias: 'g' };
  const scope = rowScope(model)(question.viewer);
  const seen = scope === null ? '' : ` AND ${whereSql(place, scope)}`;
  return `SELECT g.id FROM ${place.model.table} g WHERE g.organization_id = ${source.organization}
      AND ${whereSql(place, gaps)}${seen}`;
}

/** The present teams; of a narrower data scope those that its members are in, and those above with `rollup`. */
function teamGaps(context: KeyContext): string {
  const { source, question } = context;
  const { organization } = source;
  if (question.viewer.visibleMembers === 'ALL') {
    return `SELECT g.id FROM team g WHERE g.organization_id = ${organization} AND g.archived_at IS NULL`;
  }
  const own = `SELECT g.team_id FROM membership g WHERE g.organization_id = ${organization} AND g."until" IS NULL
      AND ${membersInScope(context, 'g.member_id')}`;
  if (!question.rollup) return own;
  return `SELECT t.above FROM team_above t WHERE t."until" IS NULL AND t.team IN (${own})`;
}
