import { CalendarError } from '../../../calendar/errors.ts';
import { InvalidInput } from '../../../database/errors.ts';

/** Runs a calendar function on a caller's value: what it refuses is InvalidInput. */
export function parseInput<T>(read: () => T, path: readonly string[]): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof CalendarError) throw new InvalidInput(error.message, { path });
    throw error;
  }
}
