import { crc32 } from 'node:zlib';
import { NamedError } from '../database/errors.ts';

/** Thrown when `after` or `before` is no page cursor of this list, or one of another order of it. */
export class BadCursor extends NamedError {
  static {
    NamedError.register('BadCursor', BadCursor);
  }
  override get stored(): boolean {
    return false;
  }
}

export type SortType = 'string' | 'number' | 'decimal' | 'boolean' | 'dateTime' | 'uuid';

/** One step of an order. Nulls come last, whatever the direction. */
export interface SortColumn {
  field: string;
  direction: 'ASC' | 'DESC';
  type: SortType;
  nullable: boolean;
  /** Of an enum or a boolean: its values in the database's order. */
  values?: readonly (string | boolean)[];
}

/** A list's order: total, because its last column is unique. */
export interface SortOrder {
  /** What is listed; part of what a cursor is bound to. */
  list: string;
  columns: readonly SortColumn[];
}

export type SortValue = string | number | boolean | Date | null;

function fingerprint({ list, columns }: SortOrder): string {
  const order = columns.map((column) => `${column.field}:${column.direction}`).join(',');
  return crc32(`${list}(${order})`).toString(36);
}

function toJson(value: unknown, column: SortColumn): string | number | boolean | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.getTime();
  if (column.type === 'number') return Number(value);
  return typeof value === 'boolean' ? value : String(value);
}

export function encodePageCursor(order: SortOrder, row: Record<string, unknown>): string {
  const values = order.columns.map((column) => toJson(row[column.field], column));
  return Buffer.from(JSON.stringify([fingerprint(order), ...values])).toString('base64url');
}

const FITS: Record<SortType, (value: unknown) => boolean> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  decimal: (value) => typeof value === 'string' && /^-?\d{1,16}(\.\d{1,8})?$/.test(value),
  boolean: (value) => typeof value === 'boolean',
  dateTime: (value) => Number.isSafeInteger(value) && Math.abs(Number(value)) <= 8.64e15,
  uuid: (value) =>
    typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value),
};

function parse(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}

/**
 * The sort values in a cursor. It is untrusted input: every value must be a plain one of its
 * column's type, so that nothing but values ever reaches a `where`.
 */
export function decodePageCursor(order: SortOrder, text: string, argument: string): SortValue[] {
  const parsed = parse(text);
  const path = [argument];
  if (!Array.isArray(parsed) || typeof parsed[0] !== 'string') {
    throw new BadCursor(`\`${argument}\` is not a page cursor of this server.`, { path });
  }
  const [made, ...values] = parsed as unknown[];
  if (made !== fingerprint(order) || values.length !== order.columns.length) {
    throw new BadCursor(
      `\`${argument}\` is a cursor of another list or another order: start this one without it.`,
      { path },
    );
  }
  return order.columns.map((column, index) => {
    const value = values[index];
    if (value === null && column.nullable) return null;
    const isKnown = column.values?.includes(value as string | boolean) ?? true;
    if (!FITS[column.type](value) || !isKnown) {
      throw new BadCursor(`\`${argument}\` is not a page cursor of this server.`, { path });
    }
    return column.type === 'dateTime' ? new Date(value as number) : (value as SortValue);
  });
}
