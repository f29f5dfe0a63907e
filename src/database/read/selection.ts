import { decoderOf, expressionOf, type Form } from './decode.ts';
import { entriesOf, UnreadableArguments } from './errors.ts';
import { type Column, modelNamed, plainColumns, type Relation } from './model.ts';
import { compileList } from './page.ts';
import { type Compilation, Source, whereClause } from './statement.ts';
import { compileWhere } from './where.ts';

type Row = readonly unknown[];
export type DecodeRow = (row: Row) => Record<string, unknown>;

/** What a SELECT gives, by position. */
export class Output {
  readonly form: Form;
  readonly expressions: string[] = [];
  readonly #places = new Map<string, number>();

  constructor(form: Form) {
    this.form = form;
  }

  add(expression: string): number {
    const known = this.#places.get(expression);
    if (known !== undefined) return known;
    this.#places.set(expression, this.expressions.length);
    return this.expressions.push(expression) - 1;
  }
}

/** Which columns and relations of a record, and how deep: Prisma's `select` or `include`. */
export interface Selected {
  columns: Column[];
  relations: { relation: Relation; args: Record<string, unknown> }[];
  counts: { relation: Relation; where: unknown }[];
}

export function readSelection(
  source: Source,
  { select, include }: { select?: unknown; include?: unknown },
  path: string,
): Selected {
  if (select !== undefined && include !== undefined) {
    throw new UnreadableArguments(`${path}: select or include, not both`);
  }
  const selected: Selected = {
    columns: select === undefined ? plainColumns(source.model) : [],
    relations: [],
    counts: [],
  };
  const part = select ?? include;
  if (part === undefined) return selected;
  for (const [name, value] of entriesOf(part, path)) {
    if (value === false) continue;
    addField(selected, source, name, value, `${path}.${name}`, select !== undefined);
  }
  const { columns, relations, counts } = selected;
  if (columns.length + relations.length + counts.length === 0) {
    throw new UnreadableArguments(`${path} selects nothing`);
  }
  return selected;
}

function addField(
  selected: Selected,
  { model }: Source,
  name: string,
  value: unknown,
  path: string,
  isSelect: boolean,
): void {
  if (name === '_count') {
    selected.counts.push(...readCounts(model.relations, value, path));
    return;
  }
  const relation = model.relations.get(name);
  const column = isSelect ? model.columns.get(name) : undefined;
  if (relation) {
    const args = value === true ? {} : Object.fromEntries(entriesOf(value, path));
    selected.relations.push({ relation, args });
  } else if (column && value === true) {
    selected.columns.push(column);
  } else {
    throw new UnreadableArguments(`${path}: ${model.name} has no such field to select`);
  }
}

function readCounts(relations: ReadonlyMap<string, Relation>, value: unknown, path: string) {
  const lists = [...relations.values()].filter(({ many }) => many);
  if (value === true) return lists.map((relation) => ({ relation, where: null }));
  const { select, ...others } = Object.fromEntries(entriesOf(value, path));
  if (Object.keys(others).length > 0) throw new UnreadableArguments(`${path} takes a select only`);
  return entriesOf(select, `${path}.select`).flatMap(([name, counted]) => {
    const relation = relations.get(name);
    if (!relation?.many) throw new UnreadableArguments(`${path}: ${name} is no list`);
    if (counted === false) return [];
    if (counted === true) return [{ relation, where: null }];
    const { where = null, ...beside } = Object.fromEntries(entriesOf(counted, path));
    if (Object.keys(beside).length > 0) throw new UnreadableArguments(`${path}: where only`);
    return [{ relation, where }];
  });
}

/** Puts what was selected into the output, and gives what makes a record of a row of it. */
export function compileSelection(
  compilation: Compilation,
  source: Source,
  selected: Selected,
  output: Output,
  path: string,
): DecodeRow {
  const fields: { name: string; at: number; decode: (value: never, row: Row) => unknown }[] = [];
  for (const column of selected.columns) {
    const at = output.add(expressionOf(column, source.ref(column.column), output.form));
    fields.push({ name: column.name, at, decode: decoderOf(column, output.form) });
  }
  for (const { relation, args } of selected.relations) {
    const here = `${path}.${relation.name}`;
    const field = relation.many
      ? compileList(compilation, source, relation, args, output, here)
      : compileOne(compilation, source, relation, args, output, here);
    fields.push({ name: relation.name, ...field });
  }
  const counts = selected.counts.map(({ relation, where }) => {
    const at = output.add(countOf(compilation, source, relation, where, path));
    return { name: relation.name, at };
  });
  return (row) => {
    const record: Record<string, unknown> = {};
    for (const { name, at, decode } of fields) {
      const value = row[at];
      record[name] = value === null ? null : decode(value as never, row);
    }
    if (counts.length > 0) {
      record._count = Object.fromEntries(counts.map(({ name, at }) => [name, Number(row[at])]));
    }
    return record;
  };
}

/** A to-one relation stands in the same row; its key tells that it is there. */
function compileOne(
  compilation: Compilation,
  source: Source,
  relation: Relation,
  { select, include, ...others }: Record<string, unknown>,
  output: Output,
  path: string,
) {
  const [other] = Object.keys(others);
  if (other !== undefined) throw new UnreadableArguments(`${path}.${other}: it is one record`);
  const joined = source.join(compilation, relation);
  const selected = readSelection(joined, { select, include }, path);
  const at = output.add(joined.ref(joined.model.key[0] ?? 'id'));
  const decode = compileSelection(compilation, joined, selected, output, path);
  return { at, decode: (_key: never, row: Row) => decode(row) };
}

function countOf(
  compilation: Compilation,
  source: Source,
  relation: Relation,
  where: unknown,
  path: string,
): string {
  const inner = new Source(modelNamed(relation.model), compilation.statement.alias());
  return countQuery(compilation, inner, where, path, [
    `${inner.ref(relation.theirs)} = ${source.ref(relation.ours)}`,
  ]);
}

/** How many rows there are, as a subquery. */
export function countQuery(
  compilation: Compilation,
  source: Source,
  where: unknown,
  path: string,
  link: readonly string[],
): string {
  const { rights } = compilation;
  const condition = where === null ? null : compileWhere(compilation, source, where, path);
  const conditions = [
    ...link,
    ...(rights?.conditions(compilation, source) ?? []),
    ...(condition === null ? [] : [condition]),
  ];
  const joins = source.joins.map((join) => ` ${join}`).join('');
  return `(select count(*)::integer from "${source.model.table}" ${source.alias}${joins}${whereClause(conditions)})`;
}
