import { InvalidInput } from '../../database/errors.ts';

/** Most characters of a name, a title and the like. */
export const NAME_LENGTH = 200;
/** Most characters of a reason, a note, a description. */
export const TEXT_LENGTH = 10_000;

const CONTROL = /\p{Cc}/u;

/**
 * A name as it is kept: Unicode NFC, without white space around it.
 * Throws InvalidInput when nothing is left, it is longer than `most` characters, or has control characters.
 */
export function cleanName(value: string, field: string, most = NAME_LENGTH): string {
  const name = value.normalize('NFC').trim();
  const path = ['input', field];
  if (name === '') throw new InvalidInput(`${field} must not be empty.`, { path });
  if ([...name].length > most) {
    throw new InvalidInput(`${field} has at most ${most} characters.`, { path });
  }
  if (CONTROL.test(name)) {
    throw new InvalidInput(`${field} must not contain line breaks or other control characters.`, {
      path,
    });
  }
  return name;
}

/** The same for what may be missing: null and blank are null, undefined stays undefined. */
export function cleanOptionalName(
  value: string | null | undefined,
  field: string,
  most = NAME_LENGTH,
): string | null | undefined {
  if (value === undefined || value === null) return value;
  return value.trim() === '' ? null : cleanName(value, field, most);
}

/** A longer text, in which lines may break; null and blank are null. */
export function cleanText(
  value: string | null | undefined,
  field: string,
  most = TEXT_LENGTH,
): string | null {
  const text = (value ?? '').normalize('NFC').trim();
  if ([...text].length > most) {
    throw new InvalidInput(`${field} has at most ${most} characters.`, { path: ['input', field] });
  }
  return text === '' ? null : text;
}

const EARLIEST = Date.UTC(1900, 0, 2);
const LATEST = Date.UTC(2200, 11, 31);

/** A moment that the calendar can place in every zone. Throws InvalidInput outside the years 1900 to 2200. */
export function requireCalendarMoment(moment: Date, field: string): Date {
  const time = moment.getTime();
  if (time >= EARLIEST && time < LATEST) return moment;
  throw new InvalidInput(`${field} lies in the years 1900 to 2200.`, { path: ['input', field] });
}

type Cleared<Input, Key extends keyof Input> = Omit<Input, Key> & {
  [K in Key]?: Exclude<Input[K], null>;
};

/** Throws InvalidInput where null is given for what cannot be cleared. */
export function refuseNull<Input extends object, Key extends keyof Input & string>(
  input: Input,
  ...keys: readonly Key[]
): Cleared<Input, Key> {
  for (const key of keys) {
    if (input[key] === null) {
      throw new InvalidInput(`${key} cannot be cleared: leave it out to keep it.`, {
        path: ['input', key],
      });
    }
  }
  return input as Cleared<Input, Key>;
}
