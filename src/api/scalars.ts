import { GraphQLError, Kind, type ValueNode } from 'graphql';

/** Anything that prints itself without an exponent: Prisma's and decimal.js's decimals. */
export interface PrintsFixed {
  toFixed(): string;
}

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?$/;
const WHOLE_DIGITS = 16;
const FRACTION_DIGITS = 4;

/** The shortest exact form: no exponent, no `+`, no leading or trailing zeros, no negative zero. */
export function canonicalDecimal(text: string): string | null {
  const match = DECIMAL.exec(text);
  if (!match) return null;
  const whole = (match[2] ?? '').replace(/^0+(?=\d)/, '');
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  const digits = fraction === '' ? whole : `${whole}.${fraction}`;
  return match[1] === '-' && digits !== '0' ? `-${digits}` : digits;
}

function refuse(scalar: string, given: unknown, wanted: string): GraphQLError {
  const shown = typeof given === 'string' ? JSON.stringify(given.slice(0, 40)) : String(given);
  return new GraphQLError(`${shown} is not a ${scalar}: ${wanted}.`, {
    extensions: { code: 'BAD_USER_INPUT' },
  });
}

const DECIMAL_WANTED = `give a string such as "1153214.00", with at most ${WHOLE_DIGITS} digits before and ${FRACTION_DIGITS} after the point, or an integer`;

export function parseDecimal(value: unknown): string {
  const isSafe = typeof value === 'number' && Number.isSafeInteger(value);
  const text = isSafe ? String(value) : value;
  const canonical = typeof text === 'string' ? canonicalDecimal(text) : null;
  if (canonical === null) throw refuse('Decimal', value, DECIMAL_WANTED);
  const [whole = '', fraction = ''] = canonical.replace('-', '').split('.');
  if (whole.length > WHOLE_DIGITS || fraction.length > FRACTION_DIGITS) {
    throw refuse('Decimal', value, DECIMAL_WANTED);
  }
  return canonical;
}

export function printDecimal(value: string | PrintsFixed): string {
  const text = typeof value === 'string' ? value : value.toFixed();
  const canonical = canonicalDecimal(text);
  if (canonical === null) throw new TypeError(`A Decimal left the server as ${text}`);
  return canonical;
}

const DATE_TIME =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?([Zz]|[+-]\d{2}:\d{2})$/;
const DATE_TIME_WANTED =
  'give an RFC 3339 moment with its zone, such as "2026-03-01T09:30:00Z" or "2026-03-01T17:30:00+08:00"';

/** Fractions beyond milliseconds are cut off: the database keeps milliseconds. */
export function parseDateTime(value: unknown): Date {
  const match = typeof value === 'string' ? DATE_TIME.exec(value) : null;
  if (!match) throw refuse('DateTime', value, DATE_TIME_WANTED);
  const [, year, month, day, hour, minute, second, fraction = '', zone = 'Z'] = match;
  const milliseconds = `${fraction}000`.slice(0, 3);
  const moment = new Date(
    `${year}-${month}-${day}T${hour}:${minute}:${second}.${milliseconds}${zone.toUpperCase()}`,
  );
  const isReal = isCalendarDay(`${year}-${month}-${day}`) && Number(hour) < 24;
  if (!isReal || Number.isNaN(moment.getTime())) {
    throw refuse('DateTime', value, DATE_TIME_WANTED);
  }
  return moment;
}

export function printDateTime(value: Date | string): string {
  return (value instanceof Date ? value : new Date(value)).toISOString();
}

function isCalendarDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

const DATE_WANTED = 'give a calendar day such as "2026-03-01"';

export function parseDate(value: unknown): string {
  const isDay = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value);
  if (!isDay || !isCalendarDay(value)) throw refuse('Date', value, DATE_WANTED);
  return value;
}

/** A `Date` object is the database's `date`: midnight UTC of the day. */
export function printDate(value: Date | string): string {
  return value instanceof Date ? value.toISOString().slice(0, 10) : value;
}

const CURSOR_LENGTH = 400;

/** Only the form is checked here; what a cursor says is judged where it is used. */
export function parseCursor(value: unknown): string {
  const isOpaque =
    typeof value === 'string' && value.length <= CURSOR_LENGTH && /^[\w-]+$/.test(value);
  if (!isOpaque) throw refuse('Cursor', value, 'give back a cursor that this server handed out');
  return value;
}

/** A literal in a document: integers and strings only, so that `1.5` without quotes is refused. */
export function literalText(node: ValueNode): unknown {
  if (node.kind === Kind.STRING) return node.value;
  if (node.kind === Kind.INT) return Number(node.value);
  return node.kind === Kind.FLOAT ? Number(node.value) : node.kind;
}
