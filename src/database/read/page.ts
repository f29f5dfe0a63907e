import { entriesOf, UnreadableArguments } from './errors.ts';
import { type Model, modelNamed, type Relation } from './model.ts';
import { compileOrder, orderClause, type Step } from './order.ts';
import {
  compileSelection,
  type DecodeRow,
  Output,
  readSelection,
  type Selected,
} from './selection.ts';
import { type Compilation, Source, whereClause } from './statement.ts';
import { compileWhere } from './where.ts';

export interface Args {
  where?: unknown;
  orderBy?: unknown;
  take?: unknown;
  skip?: unknown;
  select?: unknown;
  include?: unknown;
}

const KNOWN = new Set(['where', 'orderBy', 'take', 'skip', 'select', 'include']);

export function readArgs(args: unknown, path: string): Args {
  const entries = entriesOf(args, path);
  for (const [key] of entries) {
    if (!KNOWN.has(key)) throw new UnreadableArguments(`${path}.${key} is not known here`);
  }
  return Object.fromEntries(entries);
}

/** A list of records as the FROM of a SELECT, and what is selected of each. */
interface Page {
  from: string;
  order: readonly Step[];
  limit: string;
  output: Output;
  decode: DecodeRow;
}

/** A SELECT of records, one a row. */
export function compileRecords(compilation: Compilation, model: Model, args: Args) {
  const page = compilePage(compilation, model, args, new Output('text'), model.name, () => []);
  const { from, order, limit, output, decode } = page;
  const text = `select ${output.expressions.join(', ')} from ${from}${orderClause(order)}${limit}`;
  return { text, decode };
}

/** A to-many relation, as one JSON value beside its record: an array of arrays. */
export function compileList(
  compilation: Compilation,
  source: Source,
  relation: Relation,
  args: Record<string, unknown>,
  output: Output,
  path: string,
) {
  const model = modelNamed(relation.model);
  const page = compilePage(
    compilation,
    model,
    readArgs(args, path),
    new Output('json'),
    path,
    (inner) => [`${inner.ref(relation.theirs)} = ${source.ref(relation.ours)}`],
  );
  const alias = compilation.statement.alias();
  const values = jsonArray(page.output.expressions);
  source.joins.push(
    `left join lateral (select coalesce(json_agg(${values}${orderClause(page.order)}), '[]') as rows from ${page.from}) ${alias} on true`,
  );
  const at = output.add(`${alias}.rows`);
  const isNested = page.output.expressions.length > MOST_ARGUMENTS;
  const decode = (value: never): unknown => {
    const rows: unknown[][] = output.form === 'text' ? JSON.parse(value) : value;
    return rows.map((row) => page.decode(isNested ? row.flat() : row));
  };
  return { at, decode };
}

/** Of a function, in PostgreSQL. */
const MOST_ARGUMENTS = 100;

/** An array; of more than a function takes, an array of arrays. */
function jsonArray(expressions: readonly string[]): string {
  if (expressions.length <= MOST_ARGUMENTS) return `json_build_array(${expressions.join(', ')})`;
  const parts: string[] = [];
  for (let from = 0; from < expressions.length; from += MOST_ARGUMENTS) {
    parts.push(jsonArray(expressions.slice(from, from + MOST_ARGUMENTS)));
  }
  return jsonArray(parts);
}

/**
 * Relations are joined to the page, not to the list that it is cut from: a limited list with relations, and every
 * limited one inside of JSON, is a subquery of its own.
 */
function compilePage(
  compilation: Compilation,
  model: Model,
  args: Args,
  output: Output,
  path: string,
  link: (source: Source) => string[],
): Page {
  const list = new Source(model, compilation.statement.alias());
  const selected = readSelection(list, args, path);
  const condition =
    args.where === undefined ? null : compileWhere(compilation, list, args.where, `${path}.where`);
  const conditions = [
    ...link(list),
    ...(compilation.rights?.conditions(compilation, list) ?? []),
    ...(condition === null ? [] : [condition]),
  ];
  const limit = limitOf(compilation, args, path);
  const order = orderOf(compilation, list, args, limit !== '', path);
  const isFlat =
    limit === '' ||
    (output.form === 'text' && selected.relations.length + selected.counts.length === 0);
  if (isFlat) {
    const decode = compileSelection(compilation, list, selected, output, path);
    return { from: fromOf(list, conditions), order, limit, output, decode };
  }
  return cutPage(compilation, { list, conditions, order, limit, selected }, output, path);
}

interface Cut {
  list: Source;
  conditions: readonly string[];
  order: readonly Step[];
  limit: string;
  selected: Selected;
}

function cutPage(
  compilation: Compilation,
  { list, conditions, order, limit, selected }: Cut,
  output: Output,
  path: string,
): Page {
  const alias = compilation.statement.alias();
  const page = new Source(list.model, alias);
  const decode = compileSelection(compilation, page, selected, output, path);
  const columns = [
    ...[...page.used].map((column) => list.ref(column)),
    ...order.map(({ expression }, index) => `${expression} as o${index}`),
  ];
  const cut = `select ${columns.join(', ')} from ${fromOf(list, conditions)}${orderClause(order)}${limit}`;
  const joins = page.joins.map((join) => ` ${join}`).join('');
  return {
    from: `(${cut}) ${alias}${joins}`,
    order: order.map(({ direction }, index) => ({ expression: `${alias}.o${index}`, direction })),
    limit: '',
    output,
    decode,
  };
}

function fromOf({ model, alias, joins }: Source, conditions: readonly string[]): string {
  const joined = joins.map((join) => ` ${join}`).join('');
  return `"${model.table}" ${alias}${joined}${whereClause(conditions)}`;
}

/** As in Prisma, a part of a list that has no order is cut in the order of the key. */
function orderOf(
  compilation: Compilation,
  list: Source,
  { orderBy }: Args,
  isCut: boolean,
  path: string,
): Step[] {
  if (orderBy !== undefined) return compileOrder(compilation, list, orderBy, `${path}.orderBy`);
  if (!isCut) return [];
  return list.model.key.map((column) => ({ expression: list.ref(column), direction: ' asc' }));
}

/** The number of rows is a literal: by a parameter PostgreSQL would guess a tenth of the table, and plan anew. */
function limitOf({ statement }: Compilation, { take, skip }: Args, path: string): string {
  const limit = take === undefined ? '' : ` limit ${whole(take, `${path}.take`)}`;
  if (skip === undefined || skip === 0) return limit;
  return `${limit} offset ${statement.value(whole(skip, `${path}.skip`))}`;
}

function whole(value: unknown, path: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new UnreadableArguments(`${path} is a whole number from 0 on`);
}
