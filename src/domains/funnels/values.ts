import { isCalendarDate } from '../../calendar/days.ts';
import { InvalidInput } from '../../database/errors.ts';
import { isAmount, plainDecimal } from './model.ts';

type Path = readonly string[];

// Lines may break in a text, and tabs stand in it; no other control character is kept.
const CONTROL_IN_NAME = /\p{Cc}/u;
const CONTROL_IN_TEXT = /[^\P{Cc}\n\r\t]/u;

function clean(value: string, most: number, path: Path, refused: RegExp): string {
  const text = value.normalize('NFC').trim();
  if (text === '' || [...text].length > most) {
    throw new InvalidInput(`This needs 1 to ${most} characters.`, { path });
  }
  if (refused.test(text)) {
    throw new InvalidInput('Control characters are not kept here.', { path });
  }
  return text;
}

/** One line, Unicode NFC, without blanks around it. Throws InvalidInput for nothing and for more than `most` characters. */
export const checkName = (value: string, most: number, path: Path): string =>
  clean(value, most, path, CONTROL_IN_NAME);

/** The same for what may have several lines. */
export const checkText = (value: string, most: number, path: Path): string =>
  clean(value, most, path, CONTROL_IN_TEXT);

/** Throws InvalidInput for a negative amount and for one that has too many digits. */
export function checkAmount<T extends string | null | undefined>(amount: T, path: Path): T {
  if (amount === null || amount === undefined) return amount;
  if (!isAmount(amount)) {
    throw new InvalidInput(
      'An amount is not negative, with at most 16 digits before and 4 after the point.',
      { path },
    );
  }
  return plainDecimal(amount) as T;
}

/** Throws InvalidInput for what is not a day of the years 1900 to 2200 as YYYY-MM-DD. */
export function checkDay<T extends string | null | undefined>(day: T, path: Path): T {
  if (day === null || day === undefined || isCalendarDate(day)) return day;
  throw new InvalidInput('A day is written YYYY-MM-DD and lies in the years 1900 to 2200.', {
    path,
  });
}
