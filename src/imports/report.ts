import type { Kind } from './model.ts';
import { type Finding, ReportFile } from './report-file.ts';

export type Change = 'CREATED' | 'UPDATED' | 'UNCHANGED';

/** Of one kind of record. `read` = created + updated + unchanged + refused, but for lines that repeat a record. */
export interface Count {
  read: number;
  created: number;
  updated: number;
  unchanged: number;
  /** Lines of a `distinct` source that say again what an earlier one said. */
  repeated: number;
  refused: number;
}

/** What was done to many lines alike. */
export interface NoteCount {
  file: string;
  column: string;
  note: string;
  lines: number;
}

/** Where a line stands. */
export interface Origin {
  file: string;
  line: number;
}

export interface Problem {
  column: string;
  value: string;
  reason: string;
}

/** Gathers what became of every line. */
export class Report {
  readonly counts = new Map<Kind, Count>();
  readonly notes = new Map<string, NoteCount>();
  /** Sentences about the whole. */
  readonly remarks: string[] = [];
  readonly #files = new Map<string, ReportFile>();
  readonly #folder: string;
  readonly #workingDirectory: string;

  constructor(folder: string, workingDirectory: string) {
    this.#folder = folder;
    this.#workingDirectory = workingDirectory;
  }

  count(kind: Kind): Count {
    let count = this.counts.get(kind);
    if (!count) {
      count = { read: 0, created: 0, updated: 0, unchanged: 0, repeated: 0, refused: 0 };
      this.counts.set(kind, count);
    }
    return count;
  }

  changed(kind: Kind, change: Change): void {
    const count = this.count(kind);
    if (change === 'CREATED') count.created += 1;
    else if (change === 'UPDATED') count.updated += 1;
    else count.unchanged += 1;
  }

  /** A line that does not go in, with everything that is wrong with it. */
  refused(kind: Kind, origin: Origin, problems: readonly Problem[]): void {
    this.count(kind).refused += 1;
    const file = this.#file(origin.file, 'refused');
    for (const problem of problems) file.add({ ...origin, ...problem });
  }

  /** Something that was filled in or read otherwise in a line that goes in. */
  noted(origin: Origin, problem: Problem): void {
    const key = [origin.file, problem.column, problem.reason].join('\n');
    const known = this.notes.get(key);
    if (known) known.lines += 1;
    else {
      const { file } = origin;
      this.notes.set(key, { file, column: problem.column, note: problem.reason, lines: 1 });
    }
    this.#file(origin.file, 'notes').add({ ...origin, ...problem } satisfies Finding);
  }

  get refusals(): number {
    return [...this.counts.values()].reduce((sum, count) => sum + count.refused, 0);
  }

  /** A file that is read: its reports of earlier runs are removed where there is nothing to report now. */
  watch(file: string): void {
    this.#file(file, 'refused');
    this.#file(file, 'notes');
  }

  /** Writes what is left of the report files. */
  close(): void {
    for (const file of this.#files.values()) file.close();
  }

  /** The report files that have something to say. */
  get files(): { path: string; elsewhere: boolean }[] {
    return [...this.#files.values()].flatMap((file) => file.written ?? []);
  }

  #file(input: string, suffix: 'refused' | 'notes'): ReportFile {
    const key = `${input}\n${suffix}`;
    let file = this.#files.get(key);
    if (!file) {
      file = new ReportFile(this.#folder, input, suffix, this.#workingDirectory);
      this.#files.set(key, file);
    }
    return file;
  }
}
