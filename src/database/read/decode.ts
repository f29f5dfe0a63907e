import pg from 'pg';
import { Prisma } from '../../generated/prisma/client.ts';
import type { Column } from './model.ts';

/** How a column leaves PostgreSQL: as the text of a column of its own, or inside of JSON. */
export type Form = 'text' | 'json';

export type Decode = (value: never) => unknown;

/** What stands in the SELECT for a column: what JSON would round or misprint goes as text. */
export function expressionOf({ type, isList }: Column, ref: string, form: Form): string {
  if (isList) return form === 'text' ? `to_json(${ref})` : ref;
  if (type === 'Bytes') return `encode(${ref}, 'hex')`;
  return form === 'json' && (type === 'Decimal' || type === 'BigInt') ? `${ref}::text` : ref;
}

const same = (value: unknown): unknown => value;

/** Gives Prisma's value of a column that is not null. */
export function decoderOf({ type, isList }: Column, form: Form): Decode {
  if (isList) {
    if (type === 'Decimal' || type === 'BigInt' || type === 'DateTime' || type === 'Bytes') {
      throw new Error(`lists of ${type} are not read`);
    }
    return form === 'text' ? (text: string) => JSON.parse(text) : same;
  }
  switch (type) {
    case 'Int':
    case 'Float':
      return form === 'text' ? Number : same;
    case 'Boolean':
      return form === 'text' ? (text: string) => text === 't' : same;
    case 'Json':
      return form === 'text' ? (text: string) => JSON.parse(text) : same;
    case 'BigInt':
      return BigInt;
    case 'Decimal':
      return (text: string) => new Prisma.Decimal(text);
    case 'DateTime':
      return moment;
    case 'Bytes':
      return (text: string) => new Uint8Array(Buffer.from(text, 'hex'));
    default:
      return same;
  }
}

const { TIMESTAMPTZ } = pg.types.builtins;
const parseTimestamp = pg.types.getTypeParser(TIMESTAMPTZ, 'text') as (text: string) => Date;

// `2026-03-01 09:30:00.5+00` and `2026-03-01T09:30:00.5+00:00`, as a server in UTC prints them, and a day.
const USUAL =
  /^([1-9]\d{3})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d):(\d\d)(?:\.(\d{1,3}))?\+00(?::00)?)?$/;

/** Other zones, years and eras are left to pg's parser. */
function moment(text: string): Date {
  const match = USUAL.exec(text);
  if (!match) return parseTimestamp(text.replace('T', ' '));
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = ''] = match;
  return new Date(
    Date.UTC(
      Number(year),
      Number(month) - 1,
      Number(day),
      Number(hour),
      Number(minute),
      Number(second),
      Number(fraction.padEnd(3, '0')),
    ),
  );
}
