import { InvalidInput } from '../../database/errors.ts';
import { TooMany } from './errors.ts';
import { LIMITS } from './model.ts';

type Path = readonly string[];

/** Unicode NFC, without white space around it; null when nothing is left. Throws InvalidInput beyond the limit. */
export function textOrNull(value: string | null, limit: number, path: Path): string | null {
  const text = (value ?? '').normalize('NFC').trim();
  // The one character that PostgreSQL's text cannot hold.
  if (text.includes('\u0000')) throw new InvalidInput('A text has no NUL character.', { path });
  const length = [...text].length;
  if (length > limit) {
    throw new InvalidInput(`At most ${limit} characters; ${length} came.`, { path });
  }
  return text === '' ? null : text;
}

export function requiredText(value: string, limit: number, path: Path): string {
  const text = textOrNull(value, limit, path);
  if (text === null) throw new InvalidInput('This cannot be empty.', { path });
  return text;
}

const LATEST = Date.UTC(2200, 0, 1);

/** A due time may lie in the past: matters are also entered late. Throws InvalidInput outside the years 1900 to 2199. */
export function checkDueAt(dueAt: Date, path: Path): Date {
  const time = dueAt.getTime();
  if (!(time >= Date.UTC(1900, 0, 1) && time < LATEST)) {
    throw new InvalidInput('A due time lies in the years 1900 to 2199.', { path });
  }
  return dueAt;
}

export function checkItemTexts(items: readonly string[], path: Path): string[] {
  requireAtMost(items.length, LIMITS.checklist, path);
  return items.map((text, index) => requiredText(text, LIMITS.item, [...path, String(index)]));
}

export function requireAtMost(count: number, limit: number, path: Path): void {
  if (count > limit) {
    throw new TooMany(`At most ${limit}; it would be ${count}.`, { path, data: { limit } });
  }
}
