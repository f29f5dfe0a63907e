import { Prisma } from '../../generated/prisma/client.ts';
import { entriesOf, UnreadableArguments } from './errors.ts';
import type { Column } from './model.ts';
import type { Statement } from './statement.ts';

const COMPARED: Readonly<Record<string, string>> = { lt: '<', lte: '<=', gt: '>', gte: '>=' };
const PATTERNS: Readonly<Record<string, (text: string) => string>> = {
  contains: (text) => `%${text}%`,
  startsWith: (text) => `${text}%`,
  endsWith: (text) => `%${text}`,
};
const OVERLAPS: Readonly<Record<string, string>> = { hasSome: '&&', hasEvery: '@>' };

/** A condition on one column, as Prisma's filters say it: a value, or an object of operators that all must hold. */
export function compareColumn(
  statement: Statement,
  column: Column,
  ref: string,
  filter: unknown,
  path: string,
): string {
  if (column.type === 'Json' || column.type === 'Bytes') {
    throw new UnreadableArguments(`${path}: ${column.type} is not compared`);
  }
  if (filter === null) return `${ref} is null`;
  if (!isOperators(filter)) return `${ref} = ${statement.value(plain(column, filter, path))}`;
  const { mode, ...operators } = Object.fromEntries(entriesOf(filter, path));
  if (mode !== undefined && mode !== 'default' && mode !== 'insensitive') {
    throw new UnreadableArguments(`${path}.mode is ${String(mode)}`);
  }
  const conditions = Object.entries(operators).map(([operator, operand]) =>
    compare({ statement, column, ref, isFolded: mode === 'insensitive' }, operator, operand, path),
  );
  if (conditions.length === 0) throw new UnreadableArguments(`${path} says nothing`);
  return conditions.length === 1 ? (conditions[0] ?? '') : `(${conditions.join(' and ')})`;
}

interface Compared {
  statement: Statement;
  column: Column;
  ref: string;
  /** Without regard to case. */
  isFolded: boolean;
}

function compare(compared: Compared, operator: string, operand: unknown, within: string): string {
  const { statement, column, ref, isFolded } = compared;
  const path = `${within}.${operator}`;
  const like = PATTERNS[operator];
  if (like && column.type === 'String' && !column.isList) {
    const pattern = statement.value(like(String(plain(column, operand, path))));
    return `${ref}::text ${isFolded ? 'ilike' : 'like'} ${pattern}`;
  }
  if (isFolded) throw new UnreadableArguments(`${path} is not read without regard to case`);
  if (operator === 'not') return negated(compared, operand, path);
  if (column.isList) return compareList(compared, operator, operand, path);
  if (operator === 'equals') {
    return operand === null
      ? `${ref} is null`
      : `${ref} = ${statement.value(plain(column, operand, path))}`;
  }
  // An array as one parameter, so that the text does not depend on how many there are.
  if (operator === 'in')
    return `${ref} = any(${statement.value(plainList(column, operand, path))})`;
  if (operator === 'notIn') {
    return `${ref} <> all(${statement.value(plainList(column, operand, path))})`;
  }
  const sign = COMPARED[operator];
  if (!sign) throw new UnreadableArguments(`${path}: an unknown operator`);
  return `${ref} ${sign} ${statement.value(plain(column, operand, path))}`;
}

function negated({ statement, column, ref }: Compared, operand: unknown, path: string): string {
  if (operand === null) return `${ref} is not null`;
  if (!isOperators(operand)) return `${ref} <> ${statement.value(plain(column, operand, path))}`;
  const said = Object.keys(operand).filter((key) => key !== 'mode');
  if (said.length !== 1) throw new UnreadableArguments(`${path}: one operator can be negated`);
  return `not ${compareColumn(statement, column, ref, operand, path)}`;
}

function compareList(
  { statement, column, ref }: Compared,
  operator: string,
  operand: unknown,
  path: string,
): string {
  if (operator === 'has') return `${ref} @> ${statement.value([plain(column, operand, path)])}`;
  const sign = OVERLAPS[operator];
  if (!sign) throw new UnreadableArguments(`${path}: an unknown operator of lists`);
  return `${ref} ${sign} ${statement.value(plainList(column, operand, path))}`;
}

const isOperators = (value: unknown): value is object =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Date) &&
  !Prisma.Decimal.isDecimal(value);

function plainList(column: Column, values: unknown, path: string): unknown[] {
  if (!Array.isArray(values)) throw new UnreadableArguments(`${path} is no list`);
  return values.map((value, index) => plain(column, value, `${path}[${index}]`));
}

/** A value as PostgreSQL reads it. */
function plain({ type }: Column, value: unknown, path: string): string | number | boolean {
  if (value instanceof Date) {
    if (type !== 'DateTime') throw new UnreadableArguments(`${path} is a moment`);
    return momentText(value);
  }
  if (Prisma.Decimal.isDecimal(value)) return value.toFixed();
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return value;
  }
  throw new UnreadableArguments(`${path} is no value of type ${type}`);
}

/** In UTC; years beyond four digits and before the first one in PostgreSQL's way. */
function momentText(moment: Date): string {
  const text = moment.toISOString();
  if (text.startsWith('+')) return text.replace(/^\+0*/, '');
  if (!text.startsWith('-')) return text.startsWith('0000') ? `0001${text.slice(4)} BC` : text;
  const year = 1 - moment.getUTCFullYear();
  return `${String(year).padStart(4, '0')}${text.slice(7)} BC`;
}
