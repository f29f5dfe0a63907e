import { createReadStream } from 'node:fs';
import path from 'node:path';
import { Transform } from 'node:stream';
import { parse } from 'csv-parse';
import { type Format, ImportError } from './model.ts';

export interface CsvRow {
  /** Where the record begins, from 1; a quoted field may go over several lines. */
  line: number;
  fields: Readonly<Record<string, string>>;
}

/** A record that cannot be taken apart. */
export interface BrokenRow {
  line: number;
  value: string;
  broken: string;
}

export interface CsvOptions extends Format {
  /** Columns that the header must have. */
  columns: Iterable<string>;
  /** Hears how many bytes were read since it last heard. */
  onBytes?: (count: number) => void;
}

const MOST_CHARACTERS = 1_000_000;

interface Parsed {
  record: Record<string, string>;
  info: { lines: number };
  raw: string;
}

/**
 * The records of a CSV file, one after the other, however large it is: the first line names the columns, fields may
 * be quoted and then hold delimiters and line breaks. A record that is broken comes as such, and the next ones follow.
 * Throws ImportError when the file cannot be read, or its header has not the columns that are asked for.
 */
export async function* readCsv(
  file: string,
  options: CsvOptions,
): AsyncGenerator<CsvRow | BrokenRow> {
  const broken: BrokenRow[] = [];
  let header: string[] | null = null;
  const bytes = createReadStream(file);
  bytes.on('data', (chunk) => options.onBytes?.(chunk.length));
  const parser = parse({
    bom: true,
    columns: (names: string[]) => {
      header = names.map((name) => name.trim());
      requireColumns(path.basename(file), header, options.columns);
      return header;
    },
    delimiter: options.delimiter ?? ',',
    info: true,
    raw: true,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: MOST_CHARACTERS,
    on_skip: (error, raw) => {
      const end = typeof error?.lines === 'number' ? error.lines : 0;
      const line = end - lineBreaks(raw ?? '');
      broken.push({ line, value: '', broken: explain(error?.code ?? '', error?.message ?? '') });
    },
  });
  const text = bytes.pipe(decoder(options.encoding ?? 'utf-8'));
  bytes.on('error', (error) => parser.destroy(error));
  text.on('error', (error) => parser.destroy(error));
  text.pipe(parser);
  try {
    for await (const { record, info, raw } of parser as AsyncIterable<Parsed>) {
      const line = info.lines - lineBreaks(raw);
      // The parser reads ahead: what it found broken may lie further down.
      while (broken[0] && broken[0].line < line) yield broken.shift() as BrokenRow;
      yield { line, fields: record };
    }
    if (!header) throw new ImportError(`${path.basename(file)} is empty: not even a header.`);
    yield* broken;
  } catch (error) {
    if (error instanceof ImportError || !isFileError(error)) throw error;
    throw new ImportError(`${path.basename(file)} cannot be read: ${error.message}`);
  } finally {
    bytes.destroy();
    parser.destroy();
  }
}

function requireColumns(name: string, header: readonly string[], columns: Iterable<string>): void {
  const missing = [...new Set(columns)].filter((column) => !header.includes(column));
  if (missing.length > 0) {
    throw new ImportError(
      `${name} has no column ${missing.map((column) => `"${column}"`).join(', ')}; it has ${header.join(', ')}.`,
    );
  }
  const twice = header.filter((column, index) => header.indexOf(column) !== index);
  const asked = twice.filter((column) => [...columns].includes(column));
  if (asked.length > 0) throw new ImportError(`${name} has the column "${asked[0]}" twice.`);
}

const isFileError = (error: unknown): error is Error =>
  error instanceof Error && 'syscall' in error;

/**
 * Bytes in, text out: characters may lie across chunks, what is no text comes out as U+FFFD, and every line break as
 * "\n", because the parser counts those inside quotes right only then.
 */
function decoder(encoding: string): Transform {
  const decode = new TextDecoder(encoding);
  let held = '';
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const text = held + decode.decode(chunk, { stream: true });
      held = text.endsWith('\r') ? '\r' : '';
      done(null, text.slice(0, text.length - held.length).replace(/\r\n?/g, '\n'));
    },
    flush(done) {
      done(null, (held + decode.decode()).replace(/\r\n?/g, '\n'));
    },
  });
}

/** Inside a record, without what ends it and the empty lines before. */
const lineBreaks = (raw: string): number => raw.trim().split('\n').length - 1;

function explain(code: string, message: string): string {
  switch (code) {
    case 'CSV_RECORD_INCONSISTENT_COLUMNS': {
      const [, columns, fields] = /length is (\d+), got (\d+)/.exec(message) ?? [];
      return `has ${fields} fields where the header has ${columns}`;
    }
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'a quote is opened and never closed: nothing after it could be read';
    case 'CSV_MAX_RECORD_SIZE':
      return `is longer than ${MOST_CHARACTERS} characters: is a quote not closed?`;
    default:
      return message;
  }
}
