import { Decimal } from 'decimal.js';
import { InvalidInput } from '../../database/errors.ts';
import { cleanName } from '../organization/limits.ts';

const AMOUNT = /^\d{1,16}(\.\d{1,4})?$/;

/** An amount as it is kept: exact, not negative, at most 16 digits before and 4 after the point. Throws InvalidInput. */
export function cleanAmount(
  value: string | null | undefined,
  field: string,
): string | null | undefined {
  if (value === null || value === undefined) return value;
  if (!AMOUNT.test(value)) {
    throw new InvalidInput(
      `${field} is 0 or more, with at most 16 digits before and 4 after the point.`,
      { path: ['input', field] },
    );
  }
  return new Decimal(value).toFixed();
}

/** A whole number in its bounds. Throws InvalidInput. */
export function cleanNumber(
  value: number | null | undefined,
  field: string,
  least: number,
  most: number,
): number | null | undefined {
  if (value === null || value === undefined) return value;
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new InvalidInput(`${field} is a whole number from ${least} to ${most}.`, {
      path: ['input', field],
    });
  }
  return value;
}

/** Each value once, in the order given, as `key` compares them. Throws InvalidInput above `most`. */
export function cleanNames(
  values: readonly string[],
  field: string,
  most: number,
  key: (value: string) => string = (value) => value,
  length?: number,
): string[] {
  if (values.length > most) {
    throw new InvalidInput(`${field} has at most ${most} values.`, { path: ['input', field] });
  }
  const kept = new Map<string, string>();
  for (const value of values) {
    const name = cleanName(value, field, length);
    if (!kept.has(key(name))) kept.set(key(name), name);
  }
  return [...kept.values()];
}

/** The fields of `patch` that say something other than `record` does. Lists count in their order. */
export function changedFields<Fields extends object>(
  record: Fields,
  patch: Partial<Fields>,
): (keyof Fields & string)[] {
  return (Object.keys(patch) as (keyof Fields & string)[]).filter(
    (field) => patch[field] !== undefined && !isSame(record[field], patch[field]),
  );
}

function isSame(a: unknown, b: unknown): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return a === b;
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

/** For what a record cannot be without: undefined leaves it as it is. Throws InvalidInput for null. */
export function notCleared<T>(value: T | null | undefined, field: string): T | undefined {
  if (value === null) {
    throw new InvalidInput(`${field} cannot be cleared.`, { path: ['input', field] });
  }
  return value;
}
