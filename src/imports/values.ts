import type { Format, Value, ValueObject } from './model.ts';

/** A text got from a line, with what was done on the way, for the report. */
export interface Got {
  /** Null: unknown. */
  text: string | null;
  /** The column that the text stood in, or columns; for the report. */
  column: string;
  /** What stood there. */
  raw: string;
  /** What a reader of the report should know; null: it was taken as it stands. */
  note: string | null;
}

export type Fields = Readonly<Record<string, string>>;

/** Answers of a lookup in another file; null: no line agrees, or it is unknown there. */
export type FindElsewhere = (value: ValueObject, fields: Fields) => string | null;

/** Gets a value's text from a line. A field that the file's line has not is as if it were empty. */
export function getText(value: Value, fields: Fields, format: Format, find: FindElsewhere): Got {
  if (typeof value === 'string') return column(value, fields, format.unknown, undefined);
  const got = source(value, fields, format, find);
  const alias = got.text === null ? undefined : value.aliases?.[got.text];
  if (alias !== undefined) {
    return { ...got, text: alias, note: `"${got.text}" was read as "${alias}"` };
  }
  if (got.text !== null) return got;
  if (value.default !== undefined) {
    return { ...got, text: value.default, note: `unknown: "${value.default}" was taken` };
  }
  return value.reportUnknown ? { ...got, note: 'unknown' } : got;
}

function source(value: ValueObject, fields: Fields, format: Format, find: FindElsewhere): Got {
  if (value.column !== undefined) {
    return column(value.column, fields, format.unknown, value.unknown);
  }
  if (value.value !== undefined) return { text: value.value, column: '', raw: '', note: null };
  if (value.template !== undefined) return template(value.template, fields, format);
  if (value.lookup !== undefined) {
    const columns = Object.values(value.lookup.where);
    const raw = columns.map((name) => fields[name] ?? '').join(', ');
    return { text: find(value, fields), column: columns.join(', '), raw, note: null };
  }
  let last: Got = { text: null, column: '', raw: '', note: null };
  for (const one of value.firstOf ?? []) {
    last = getText(one, fields, format, find);
    if (last.text !== null) break;
  }
  return last;
}

function column(
  name: string,
  fields: Fields,
  unknown: readonly string[] | undefined,
  unknownHere: readonly string[] | undefined,
): Got {
  const raw = fields[name] ?? '';
  const text = raw.trim().normalize('NFC');
  const isUnknown =
    text === '' || (unknown?.includes(text) ?? false) || (unknownHere?.includes(text) ?? false);
  return { text: isUnknown ? null : text, column: name, raw, note: null };
}

const BRACED = /\{([^{}]+)\}/g;

function template(text: string, fields: Fields, format: Format): Got {
  const names: string[] = [];
  let known = true;
  const filled = text.replace(BRACED, (_, name: string) => {
    names.push(name);
    const got = column(name, fields, format.unknown, undefined);
    known &&= got.text !== null;
    return got.text ?? '';
  });
  const raw = names.map((name) => fields[name] ?? '').join(', ');
  return { text: known ? filled : null, column: names.join(', '), raw, note: null };
}

/** The columns that a value reads in its own file. */
export function columnsOf(value: Value | undefined): string[] {
  if (value === undefined) return [];
  if (typeof value === 'string') return [value];
  if (value.column !== undefined) return [value.column];
  if (value.template !== undefined) {
    return [...value.template.matchAll(BRACED)].map((match) => match[1] ?? '');
  }
  if (value.lookup !== undefined) return Object.values(value.lookup.where);
  return (value.firstOf ?? []).flatMap(columnsOf);
}

/** The lookups inside a value. */
export function lookupsOf(value: Value | undefined): ValueObject[] {
  if (value === undefined || typeof value === 'string') return [];
  return value.lookup ? [value] : (value.firstOf ?? []).flatMap(lookupsOf);
}
