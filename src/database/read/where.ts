import { compareColumn } from './comparison.ts';
import { entriesOf, UnreadableArguments } from './errors.ts';
import { modelNamed, type Relation } from './model.ts';
import { type Compilation, Source, whereClause } from './statement.ts';

/**
 * Prisma's `where` as a condition on the rows of a source; null when it says nothing, as `{}` does. Relations lead to
 * what the viewer may see, as if there were nothing else.
 *
 * Otherwise than in Prisma 7, an empty `OR` is never true, and `{}` inside of `OR` or `NOT` is refused: there it means
 * one thing on top and another below an `AND`.
 */
export function compileWhere(
  compilation: Compilation,
  source: Source,
  where: unknown,
  path: string,
): string | null {
  const conditions = entriesOf(where, path).flatMap(([key, value]) => {
    const condition = compileEntry(compilation, source, key, value, `${path}.${key}`);
    return condition === null ? [] : [condition];
  });
  if (conditions.length === 0) return null;
  return conditions.length === 1 ? (conditions[0] ?? null) : `(${conditions.join(' and ')})`;
}

function compileEntry(
  compilation: Compilation,
  source: Source,
  key: string,
  value: unknown,
  path: string,
): string | null {
  const { model } = source;
  if (key === 'AND') {
    const parts = listOf(value).flatMap((part) => {
      const condition = compileWhere(compilation, source, part, path);
      return condition === null ? [] : [condition];
    });
    return parts.length === 0 ? null : parts.join(' and ');
  }
  if (key === 'OR') {
    if (!Array.isArray(value)) throw new UnreadableArguments(`${path} is no list`);
    const parts = value.map((part) => telling(compilation, source, part, path));
    return parts.length === 0 ? 'false' : `(${parts.join(' or ')})`;
  }
  if (key === 'NOT') {
    const parts = listOf(value).map((part) => `not ${telling(compilation, source, part, path)}`);
    return parts.length === 0 ? null : parts.join(' and ');
  }
  const column = model.columns.get(key);
  if (column) {
    return compareColumn(compilation.statement, column, source.ref(column.column), value, path);
  }
  const relation = model.relations.get(key);
  if (relation?.many) return compileMany(compilation, source, relation, value, path);
  if (relation) return compileOne(compilation, source, relation, value, path);
  throw new UnreadableArguments(`${path}: ${model.name} has no such field`);
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

/** A condition that says something, in brackets. */
function telling(compilation: Compilation, source: Source, where: unknown, path: string): string {
  const condition = compileWhere(compilation, source, where, path);
  if (condition === null) throw new UnreadableArguments(`${path} has an empty condition`);
  return `(${condition})`;
}

/**
 * By a join rather than by EXISTS: what is unknown of the related row stays unknown, as in Prisma, and PostgreSQL makes
 * an inner join of it wherever the condition asks for a row.
 */
function compileOne(
  compilation: Compilation,
  source: Source,
  relation: Relation,
  value: unknown,
  path: string,
): string {
  if (value === null) return compileIs(compilation, source, relation, null, path);
  const entries = entriesOf(value, path);
  const isPlain = entries.every(([key]) => key !== 'is' && key !== 'isNot');
  if (isPlain) return compileIs(compilation, source, relation, value, path);
  const conditions = entries.map(([key, inner]) => {
    if (key === 'is') return compileIs(compilation, source, relation, inner, `${path}.is`);
    if (key === 'isNot') return compileIsNot(compilation, source, relation, inner, `${path}.isNot`);
    throw new UnreadableArguments(`${path}.${key} stands beside is or isNot`);
  });
  return conditions.join(' and ');
}

function compileIs(
  compilation: Compilation,
  source: Source,
  relation: Relation,
  where: unknown,
  path: string,
): string {
  const joined = source.join(compilation, relation);
  const found = joined.ref(joined.model.key[0] ?? 'id');
  if (where === null) return `${found} is null`;
  return `(${telling(compilation, joined, where, path)} and ${found} is not null)`;
}

function compileIsNot(
  compilation: Compilation,
  source: Source,
  relation: Relation,
  where: unknown,
  path: string,
): string {
  const joined = source.join(compilation, relation);
  const found = joined.ref(joined.model.key[0] ?? 'id');
  if (where === null) return `${found} is not null`;
  return `(not ${telling(compilation, joined, where, path)} or ${found} is null)`;
}

function compileMany(
  compilation: Compilation,
  source: Source,
  relation: Relation,
  value: unknown,
  path: string,
): string | null {
  const conditions = entriesOf(value, path).flatMap(([key, where]) => {
    const inner = new Source(modelNamed(relation.model), compilation.statement.alias());
    const condition = compileWhere(compilation, inner, where, `${path}.${key}`);
    if (key === 'every') {
      if (condition === null) return [];
      return [`not ${exists(compilation, source, inner, relation, `not (${condition})`)}`];
    }
    if (key !== 'some' && key !== 'none') {
      throw new UnreadableArguments(`${path}.${key}: a list is asked for some, none or every`);
    }
    const found = exists(compilation, source, inner, relation, condition);
    return [key === 'some' ? found : `not ${found}`];
  });
  if (Object.keys(value as object).length === 0) {
    throw new UnreadableArguments(`${path} says nothing`);
  }
  return conditions.length === 0 ? null : conditions.join(' and ');
}

function exists(
  compilation: Compilation,
  source: Source,
  inner: Source,
  relation: Relation,
  condition: string | null,
): string {
  const conditions = [
    `${inner.ref(relation.theirs)} = ${source.ref(relation.ours)}`,
    ...(compilation.rights?.conditions(compilation, inner) ?? []),
    ...(condition === null ? [] : [condition]),
  ];
  const joins = inner.joins.map((join) => ` ${join}`).join('');
  return `exists (select 1 from "${inner.model.table}" ${inner.alias}${joins}${whereClause(conditions)})`;
}
