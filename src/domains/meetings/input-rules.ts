import { InvalidInput } from '../../database/errors.ts';
import { type AgendaEntry, type AttendanceGiven, LIMITS } from './model.ts';

type Path = readonly string[];

/** A name or topic: Unicode NFC, without white space around it, not empty. */
export function requireText(value: string, limit: number, path: Path): string {
  const text = withinLimit(value.normalize('NFC').trim(), limit, path);
  if (text === '') throw new InvalidInput('This cannot be empty.', { path });
  return text;
}

/** A text that may be missing: a blank one is none. */
export function optionalText(
  value: string | null | undefined,
  limit: number,
  path: Path,
): string | null {
  const text = (value ?? '').normalize('NFC').trim();
  return text === '' ? null : withinLimit(text, limit, path);
}

function withinLimit(text: string, limit: number, path: Path): string {
  // The one character that PostgreSQL's text cannot hold.
  if (text.includes('\u0000')) throw new InvalidInput('A text has no NUL character.', { path });
  const length = [...text].length;
  if (length > limit) {
    throw new InvalidInput(`At most ${limit} characters; ${length} came.`, { path });
  }
  return text;
}

export function requireMinutes(value: number, path: Path): number {
  if (Number.isInteger(value) && value >= 1 && value <= LIMITS.minutes) return value;
  throw new InvalidInput(`A whole number of minutes from 1 to ${LIMITS.minutes}.`, { path });
}

/** "08:30": a time of the day in the organization's zone. */
export function requireTimeOfDay(value: string, path: Path): string {
  if (/^([01]\d|2[0-3]):[0-5]\d$/.test(value)) return value;
  throw new InvalidInput('A time of the day is written "08:30", from 00:00 to 23:59.', { path });
}

/** Stable names for programs, such as MORNING. */
export function requireKey(value: string, path: Path): string {
  if (/^[A-Z][A-Z0-9_]{0,49}$/.test(value)) return value;
  throw new InvalidInput(
    'A key is a capital letter and up to 49 capital letters, digits or underscores.',
    { path },
  );
}

export interface AgendaItemGiven {
  topic: string;
  minutes?: number | null;
  presenterId?: string | null;
}

/** An agenda as it is kept. Throws InvalidInput with the place of the wrong item. */
export function requireAgenda(items: readonly AgendaItemGiven[], path: Path): AgendaEntry[] {
  if (items.length > LIMITS.agenda) {
    throw new InvalidInput(`At most ${LIMITS.agenda} agenda items; ${items.length} came.`, {
      path,
    });
  }
  return items.map((item, index) => {
    const here = [...path, String(index)];
    return {
      topic: requireText(item.topic, LIMITS.topic, [...here, 'topic']),
      minutes: item.minutes == null ? null : requireMinutes(item.minutes, [...here, 'minutes']),
      presenterId: item.presenterId ?? null,
    };
  });
}

/** At least one, at most 100, each member once. */
export function requireAttendances(given: readonly AttendanceGiven[], path: Path): void {
  if (given.length === 0 || given.length > LIMITS.attendances) {
    throw new InvalidInput(`1 to ${LIMITS.attendances} members at a time; ${given.length} came.`, {
      path,
    });
  }
  const seen = new Set<string>();
  for (const [index, { memberId }] of given.entries()) {
    if (seen.has(memberId)) {
      throw new InvalidInput('Each member once.', { path: [...path, String(index), 'memberId'] });
    }
    seen.add(memberId);
  }
}
