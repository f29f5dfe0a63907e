import path from 'node:path';
import { readCsv } from './csv-file.ts';
import type { Format, Lookup, Value, ValueObject } from './model.ts';
import { type Fields, type FindElsewhere, lookupsOf } from './values.ts';

export type Lookups = FindElsewhere;

const SEPARATOR = '\u0000';

/** Reads the files that the values of a source look into, once each lookup, and gives what answers them. */
export async function readLookups(
  folder: string,
  values: readonly (Value | undefined)[],
  format: Format,
  onBytes: (count: number) => void,
): Promise<Lookups> {
  const tables = new Map<ValueObject, Map<string, string>>();
  for (const value of values.flatMap(lookupsOf)) {
    const { lookup } = value;
    if (lookup) tables.set(value, await readLookup(folder, lookup, format, onBytes));
  }
  return (value: ValueObject, fields: Fields) => {
    const columns = Object.values(value.lookup?.where ?? {});
    return tables.get(value)?.get(keyOf(fields, columns)) ?? null;
  };
}

async function readLookup(
  folder: string,
  lookup: Lookup,
  format: Format,
  onBytes: (count: number) => void,
): Promise<Map<string, string>> {
  const there = Object.keys(lookup.where);
  const columns = [...there, lookup.column];
  const counts = new Map<string, Map<string, number>>();
  const options = { ...format, columns, onBytes };
  for await (const row of readCsv(path.join(folder, lookup.file), options)) {
    if ('broken' in row) continue;
    const text = (row.fields[lookup.column] ?? '').trim().normalize('NFC');
    if (text === '' || format.unknown?.includes(text)) continue;
    const key = keyOf(row.fields, there);
    const of = counts.get(key) ?? new Map<string, number>();
    counts.set(key, of.set(text, (of.get(text) ?? 0) + 1));
  }
  return new Map([...counts].map(([key, of]) => [key, choose(lookup, of)]));
}

function choose({ choose: how }: Lookup, counts: ReadonlyMap<string, number>): string {
  const texts = [...counts.keys()];
  switch (how) {
    case 'FIRST':
      return texts[0] ?? '';
    case 'LEAST':
      return texts.reduce((a, b) => (b < a ? b : a));
    case 'GREATEST':
      return texts.reduce((a, b) => (b > a ? b : a));
    case 'MOST_FREQUENT':
      return texts.reduce((a, b) => ((counts.get(b) ?? 0) > (counts.get(a) ?? 0) ? b : a));
  }
}

const keyOf = (fields: Fields, columns: readonly string[]): string =>
  columns.map((column) => (fields[column] ?? '').trim().normalize('NFC')).join(SEPARATOR);
