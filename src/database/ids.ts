import { createHash } from 'node:crypto';
import { v7, validate } from 'uuid';

/** A new record's id: a version 7 UUID, so that ids grow with time and indexes stay dense. */
export const newId = (): string => v7();

export const isId = (value: string): boolean => validate(value);

/** The same id for the same parts, on every node: for rows that several transactions may want to make at once. */
export function derivedId(...parts: string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(parts)).digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x80;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = hash.toString('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20, 32),
  ].join('-');
}

/** Stands where a column of a key does not apply. */
export const NIL_ID = '00000000-0000-0000-0000-000000000000';
