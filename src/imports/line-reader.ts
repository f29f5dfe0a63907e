import { Decimal } from 'decimal.js';
import type { CalendarDate } from '../calendar/days.ts';
import type { CalendarSettings } from '../calendar/settings.ts';
import { momentOf, readDate } from './dates.ts';
import type { Format, Value } from './model.ts';
import type { ReferenceKind } from './reference-store.ts';
import type { Reference } from './references.ts';
import type { Problem } from './report.ts';
import { type Fields, type FindElsewhere, type Got, getText } from './values.ts';

export const MAX_NAME = 200;
const MAX_TEXT = 10_000;
const DEFAULT_DATES = ['YYYY-MM-DD'];

/** Exact for whatever a line may hold. */
const Exact = Decimal.clone({ precision: 100 });
const LARGEST = new Exact('1e16');

/**
 * Reads the fields of one line as what they should be. What cannot be read becomes a problem and gives null, so that
 * all that is wrong with a line is reported at once; a line with problems must not go in. A value that the mapping
 * leaves out gives undefined: leave the field as it is.
 */
export class LineReader {
  readonly problems: Problem[] = [];
  readonly notes: Problem[] = [];
  readonly #fields: Fields;
  readonly #format: Format;
  readonly #settings: CalendarSettings;
  readonly #find: FindElsewhere;

  constructor(fields: Fields, format: Format, settings: CalendarSettings, find: FindElsewhere) {
    this.#fields = fields;
    this.#format = format;
    this.#settings = settings;
    this.#find = find;
  }

  got(value: Value): Got {
    const got = getText(value, this.#fields, this.#format, this.#find);
    if (got.note) this.notes.push({ column: got.column, value: got.raw, reason: got.note });
    if (got.text?.includes('\uFFFD')) {
      return this.refuse(got, 'is not written in the encoding that the mapping says');
    }
    // NUL and the like cannot be stored.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    if (got.text && /[\u0000-\u0008\u000B\u000C\u000E-\u001F]/.test(got.text)) {
      return this.refuse(got, 'holds control characters');
    }
    return got;
  }

  /** Reports a problem with a text; gives it back as unknown. */
  refuse(got: Got, reason: string): Got {
    this.problems.push({ column: got.column, value: got.raw, reason });
    return { ...got, text: null };
  }

  text(value: Value | undefined, max = MAX_TEXT): string | null | undefined {
    return value === undefined ? undefined : this.#short(this.got(value), max).text;
  }

  /** A text that must be there; empty after it was reported missing. */
  required(value: Value, max: number): string {
    const got = this.got(value);
    if (got.text === null && !this.#reported(got)) this.refuse(got, 'is missing');
    return this.#short(got, max).text ?? '';
  }

  /** What another record is called; which one it is, is looked up later, for many lines at once. */
  reference(kind: ReferenceKind, value: Value | undefined): Reference | null | undefined {
    if (value === undefined) return undefined;
    const got = this.#short(this.got(value), MAX_NAME);
    return got.text === null ? null : { kind, text: got.text, column: got.column, value: got.raw };
  }

  /** A reference that must be there; null after it was reported missing. */
  requiredReference(kind: ReferenceKind, value: Value): Reference | null {
    const before = this.problems.length;
    const found = this.reference(kind, value) ?? null;
    if (!found && this.problems.length === before) {
      this.refuse(getText(value, this.#fields, this.#format, this.#find), 'is missing');
    }
    return found;
  }

  list(value: Value | undefined): string[] | undefined {
    if (value === undefined) return undefined;
    const split = (typeof value === 'object' && value.split) || ';';
    const items = (this.text(value) ?? '').split(split).map((item) => item.trim());
    return [...new Set(items.filter((item) => item !== ''))];
  }

  choice<T extends string>(value: Value | undefined, choices: readonly T[]): T | null | undefined {
    if (value === undefined) return undefined;
    const got = this.got(value);
    if (got.text === null) return null;
    const found = choices.find((choice) => choice === got.text);
    if (found === undefined) this.refuse(got, `is not one of ${choices.join(', ')}`);
    return found ?? null;
  }

  /** An exact decimal that is not negative, as a text. */
  amount(value: Value | undefined): string | null | undefined {
    const number = this.#number(value);
    if (!number) return number;
    if (number.decimalPlaces() > 4) {
      return this.#problem(value, 'has more than four digits after the point');
    }
    if (number.gte(LARGEST)) return this.#problem(value, 'has more than 16 digits');
    return number.toFixed();
  }

  /** An amount that must be there where the mapping names it. */
  requiredAmount(value: Value | undefined): string | null | undefined {
    const before = this.problems.length;
    const amount = this.amount(value);
    if (amount === null && this.problems.length === before) this.#problem(value, 'is missing');
    return amount;
  }

  integer(value: Value | undefined, max: number): number | null | undefined {
    const number = this.#number(value);
    if (!number) return number;
    if (!number.isInteger()) return this.#problem(value, 'is not a whole number');
    if (number.gt(max)) return this.#problem(value, `is more than ${max}`);
    return number.toNumber();
  }

  day(value: Value | undefined): CalendarDate | null | undefined {
    return value === undefined ? undefined : (this.#date(value)?.day ?? null);
  }

  /** A moment; noon in the organization's zone where only the day is told. */
  moment(value: Value | undefined): Date | null | undefined {
    if (value === undefined) return undefined;
    const written = this.#date(value);
    return written && momentOf(this.#settings, written);
  }

  #reported(got: Got): boolean {
    return this.problems.some(({ column, value }) => column === got.column && value === got.raw);
  }

  #short(got: Got, max: number): Got {
    const long = got.text !== null && got.text.length > max;
    return long ? this.refuse(got, `is longer than ${max} characters`) : got;
  }

  #date(value: Value) {
    const got = this.got(value);
    if (got.text === null) return null;
    const own = typeof value === 'object' ? value.dates : undefined;
    const formats = own ?? this.#format.dates ?? DEFAULT_DATES;
    const written = readDate(got.text, formats);
    if (!written) this.refuse(got, `is not a day written ${formats.join(' or ')}`);
    return written;
  }

  #number(value: Value | undefined): Decimal | null | undefined {
    if (value === undefined) return undefined;
    const got = this.got(value);
    if (got.text === null) return null;
    const { groupMark, decimalMark = '.' } = this.#format;
    const plain = groupMark ? got.text.replaceAll(groupMark, '') : got.text;
    const pointed = decimalMark === '.' ? plain : plain.replaceAll('.', 'x').replace(',', '.');
    if (!/^[+-]?\d{1,30}(\.\d{1,30})?$/.test(pointed)) {
      this.refuse(got, 'is not a number');
      return null;
    }
    const scale = (typeof value === 'object' && value.scale) || '1';
    const number = new Exact(pointed).times(scale);
    if (number.isNegative() && !number.isZero()) {
      this.refuse(got, 'is negative');
      return null;
    }
    return number.abs();
  }

  #problem(value: Value | undefined, reason: string): null {
    if (value !== undefined) {
      const got = getText(value, this.#fields, this.#format, this.#find);
      this.problems.push({ column: got.column, value: got.raw, reason });
    }
    return null;
  }
}
