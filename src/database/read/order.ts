import { entriesOf, UnreadableArguments } from './errors.ts';
import type { Compilation, Source } from './statement.ts';

/** One step of an ORDER BY: `t1."name"` and ` desc nulls last`. */
export interface Step {
  expression: string;
  direction: string;
}

/** Prisma's `orderBy`: steps by columns of the model or of a to-one relation. */
export function compileOrder(
  compilation: Compilation,
  source: Source,
  orderBy: unknown,
  path: string,
): Step[] {
  const steps = Array.isArray(orderBy) ? orderBy : [orderBy];
  return steps.map((step) => compileStep(compilation, source, step, path));
}

function compileStep(compilation: Compilation, source: Source, step: unknown, path: string): Step {
  const [entry, ...others] = entriesOf(step, path);
  if (!entry || others.length > 0) {
    throw new UnreadableArguments(`${path}: each step names one field`);
  }
  const [field, value] = entry;
  const column = source.model.columns.get(field);
  if (column && !column.isList) {
    return { expression: source.ref(column.column), direction: direction(value, path) };
  }
  const relation = source.model.relations.get(field);
  if (!relation || relation.many) {
    throw new UnreadableArguments(`${path}.${field} is no column to order by`);
  }
  const joined = source.join(compilation, relation);
  return compileStep(compilation, joined, value, `${path}.${field}`);
}

function direction(value: unknown, path: string): string {
  if (value === 'asc' || value === 'desc') return ` ${value}`;
  const { sort, nulls, ...others } = Object.fromEntries(entriesOf(value, path));
  const isKnown =
    (sort === 'asc' || sort === 'desc') &&
    (nulls === undefined || nulls === 'first' || nulls === 'last') &&
    Object.keys(others).length === 0;
  if (!isKnown) throw new UnreadableArguments(`${path}: asc or desc, and nulls first or last`);
  return nulls === undefined ? ` ${sort}` : ` ${sort} nulls ${nulls}`;
}

export const orderClause = (steps: readonly Step[]): string =>
  steps.length === 0
    ? ''
    : ` order by ${steps.map(({ expression, direction }) => expression + direction).join(', ')}`;
