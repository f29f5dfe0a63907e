import { closeSync, existsSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'csv-stringify/sync';

/** One line of a report: what was wrong, or what was done. */
export interface Finding {
  file: string;
  line: number;
  column: string;
  value: string;
  reason: string;
}

const HEADER = ['file', 'line', 'column', 'value', 'reason'];
const FIRST_LINE = `\uFEFF${HEADER.join(',')}\n`;
const MOST_BUFFERED = 200;
const MOST_OF_VALUE = 500;

/**
 * A CSV file of findings beside the input, begun with the first of them. Where that folder cannot be written to, it is
 * in the working directory. Fields that a spreadsheet would run as formulas are escaped.
 */
export class ReportFile {
  readonly #wanted: string;
  readonly #fallback: string;
  #buffer: Finding[] = [];
  #open: { path: string; descriptor: number } | null = null;

  /** `suffix` as in `refused`: `customers.csv` is reported on in `customers.refused.csv`. */
  constructor(folder: string, input: string, suffix: string, workingDirectory: string) {
    const name = `${path.basename(input, path.extname(input))}.${suffix}.csv`;
    this.#wanted = path.join(folder, name);
    this.#fallback = path.join(workingDirectory, name);
  }

  /** Where it was written, and whether that is not beside the input; null: there was nothing to write. */
  get written(): { path: string; elsewhere: boolean } | null {
    return this.#open && { path: this.#open.path, elsewhere: this.#open.path !== this.#wanted };
  }

  add(finding: Finding): void {
    this.#buffer.push(finding);
    if (this.#buffer.length >= MOST_BUFFERED) this.#flush();
  }

  /** Writes what is left. A report of an earlier run that has nothing to say any more is removed. */
  close(): void {
    this.#flush();
    if (this.#open) closeSync(this.#open.descriptor);
    for (const file of [this.#wanted, this.#fallback]) {
      if (file !== this.#open?.path && isReport(file)) rmSync(file, { force: true });
    }
  }

  #flush(): void {
    if (this.#buffer.length === 0) return;
    this.#open ??= this.#begin();
    const rows = this.#buffer.map(({ file, line, column, value, reason }) => [
      file,
      line,
      column,
      value.slice(0, MOST_OF_VALUE),
      reason,
    ]);
    writeSync(this.#open.descriptor, stringify(rows, { escape_formulas: true }));
    this.#buffer = [];
  }

  #begin(): { path: string; descriptor: number } {
    let target = this.#wanted;
    let descriptor: number;
    try {
      descriptor = openSync(target, 'w');
    } catch {
      target = this.#fallback;
      descriptor = openSync(target, 'w');
    }
    writeSync(descriptor, FIRST_LINE);
    return { path: target, descriptor };
  }
}

/** Whether a file begins as ours do: nothing else is removed. */
function isReport(file: string): boolean {
  if (!existsSync(file)) return false;
  try {
    const descriptor = openSync(file, 'r');
    try {
      const start = Buffer.alloc(Buffer.byteLength(FIRST_LINE));
      readSync(descriptor, start);
      return start.toString('utf8') === FIRST_LINE;
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return false;
  }
}
