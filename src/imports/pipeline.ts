import path from 'node:path';
import { NamedError } from '../database/errors.ts';
import { sqlState } from '../database/transact.ts';
import type { Tx } from '../database/transaction.ts';
import { readCsv } from './csv-file.ts';
import { type Draft, LineProblem, nameOfColumn, type Reading, type Resolved } from './draft.ts';
import { LineReader } from './line-reader.ts';
import { type Lookups, readLookups } from './lookups.ts';
import { type Format, ImportError, type Source, type SourceKind, type Value } from './model.ts';
import type { BatchWriter, RowOutcome, RowWriter } from './ports.ts';
import type { Found, Reference } from './references.ts';
import type { Change, Problem } from './report.ts';
import { BATCH_ROWS, inTransaction, type Session } from './session.ts';
import { stagesByName } from './stage-store.ts';
import { columnsOf } from './values.ts';

/** How the lines of a source become records of one kind. */
export interface Importer<S extends Source, Row> {
  kind: SourceKind;
  /** All values of the source. */
  values: (source: S) => (Value | undefined)[];
  externalId: (source: S) => Value;
  read: (line: LineReader, source: S, session: Session) => Reading<Row>;
  write: { batch: BatchWriter<Row> } | { row: RowWriter<Row> };
  /** Hears of every row that went in or was there. */
  after?: (session: Session, row: Row, id: string) => void;
}

/** Reads one source and writes its records, batch by batch. */
export async function importSource<S extends Source, Row>(
  session: Session,
  importer: Importer<S, Row>,
  source: S,
): Promise<void> {
  const run = new SourceRun(session, importer, source);
  await run.all();
}

/** A line that does not go in, or not yet. */
interface Failed<Row> {
  draft: Draft<Row>;
  problem: Problem;
}

class SourceRun<S extends Source, Row> {
  readonly #session: Session;
  readonly #importer: Importer<S, Row>;
  readonly #source: S;
  readonly #format: Format;
  readonly #seen = new Map<string, { line: number; says: string | null }>();
  #waiting: Failed<Row>[] = [];

  constructor(session: Session, importer: Importer<S, Row>, source: S) {
    this.#session = session;
    this.#importer = importer;
    this.#source = source;
    this.#format = { ...session.mapping, ...source };
  }

  async all(): Promise<void> {
    const { folder, report, onBytes } = this.#session;
    const { file } = this.#source;
    const values = this.#importer.values(this.#source);
    const lookups = await readLookups(folder, values, this.#session.mapping, onBytes);
    const columns = values.flatMap(columnsOf);
    report.watch(file);
    let batch: Draft<Row>[] = [];
    for await (const row of readCsv(path.join(folder, file), {
      ...this.#format,
      columns,
      onBytes,
    })) {
      report.count(this.#importer.kind).read += 1;
      if ('broken' in row) {
        const problem = { column: '', value: row.value, reason: row.broken };
        report.refused(this.#importer.kind, { file, line: row.line }, [problem]);
        continue;
      }
      const draft = this.#read(row.line, row.fields, lookups);
      if (draft) batch.push(draft);
      if (batch.length === BATCH_ROWS) {
        await this.#import(batch);
        batch = [];
      }
    }
    await this.#import(batch);
    await this.#importWaiting();
  }

  #read(line: number, fields: Readonly<Record<string, string>>, lookups: Lookups) {
    const { report, settings } = this.#session;
    const { kind } = this.#importer;
    const origin = { file: this.#source.file, line };
    const reader = new LineReader(fields, this.#format, settings, lookups);
    const reading = this.#importer.read(reader, this.#source, this.#session);
    const externalIdColumn = nameOfColumn(this.#importer.externalId(this.#source));
    const draft: Draft<Row> = { ...reading, ...origin, externalIdColumn };
    if (reader.problems.length === 0) {
      const twin = this.#twin(draft);
      if (twin === 'repeated') {
        report.count(kind).repeated += 1;
        return null;
      }
      if (twin) reader.problems.push(twin);
    }
    if (reader.problems.length > 0) {
      report.refused(kind, origin, reader.problems);
      return null;
    }
    for (const note of reader.notes) report.noted(origin, note);
    return draft;
  }

  /** Two lines about one record: agreeing ones of a `distinct` source are one. */
  #twin(draft: Draft<Row>): 'repeated' | Problem | null {
    const says = this.#source.distinct ? JSON.stringify(draft.says) : null;
    const before = this.#seen.get(draft.externalId);
    if (!before) {
      this.#seen.set(draft.externalId, { line: draft.line, says });
      return null;
    }
    if (says !== null && says === before.says) return 'repeated';
    const reason =
      says === null
        ? `line ${before.line} has the same external id`
        : `line ${before.line} says something else about the same record`;
    return { column: draft.externalIdColumn, value: draft.externalId, reason };
  }

  async #import(drafts: Draft<Row>[]): Promise<void> {
    if (drafts.length === 0) return;
    const { write } = this.#importer;
    if ('batch' in write) return this.#importBatch(drafts, write.batch);
    for (const draft of drafts) await this.#importRow(draft, write.row);
  }

  /** A batch that fails as a whole is halved until the line that it fails for is alone. */
  async #importBatch(drafts: Draft<Row>[], write: BatchWriter<Row>): Promise<void> {
    try {
      const done = await inTransaction(this.#session, async (tx) => {
        const { ready, failed, waiting } = await this.#complete(tx, drafts);
        const rows = ready.map(({ row }) => row);
        const outcomes = rows.length > 0 ? await write(tx, rows) : [];
        return { ready, failed, waiting, outcomes };
      });
      this.#waiting.push(...done.waiting);
      for (const { draft, problem } of done.failed) this.#refuse(draft, problem);
      for (const [index, { draft, row }] of done.ready.entries()) {
        this.#record(draft, row, done.outcomes[index]);
      }
    } catch (error) {
      if (!isAboutRows(error)) throw error;
      const [first] = drafts;
      if (first && drafts.length === 1)
        return this.#refuse(first, problemOf(first, error, this.#source));
      const middle = Math.ceil(drafts.length / 2);
      await this.#importBatch(drafts.slice(0, middle), write);
      await this.#importBatch(drafts.slice(middle), write);
    }
  }

  async #importRow(draft: Draft<Row>, write: RowWriter<Row>): Promise<void> {
    const { ready, failed, waiting } = await inTransaction(this.#session, (tx) =>
      this.#complete(tx, [draft]),
    );
    this.#waiting.push(...waiting);
    for (const { problem } of failed) this.#refuse(draft, problem);
    for (const { row } of ready) {
      try {
        this.#record(draft, row, await write(this.#session, row));
      } catch (error) {
        if (!isAboutRows(error)) throw error;
        this.#refuse(draft, problemOf(draft, error, this.#source));
      }
    }
  }

  /** Those whose parent stands further down have waited for it; as long as some of them get in, others may. */
  async #importWaiting(): Promise<void> {
    while (this.#waiting.length > 0) {
      const drafts = this.#waiting.map(({ draft }) => draft);
      this.#waiting = [];
      for (let at = 0; at < drafts.length; at += BATCH_ROWS) {
        await this.#import(drafts.slice(at, at + BATCH_ROWS));
      }
      if (this.#waiting.length === drafts.length) break;
    }
    for (const { draft, problem } of this.#waiting) this.#refuse(draft, problem);
    this.#waiting = [];
  }

  async #complete(tx: Tx, drafts: readonly Draft<Row>[]) {
    const references = drafts.flatMap((draft) => draft.references.filter((one) => !!one));
    const found = await this.#session.references.resolve(tx, references);
    const stageOf = await stagesByName(tx, this.#importer.kind);
    const resolved: Resolved = {
      idOf: (reference) => (reference ? idFound(reference, found.get(reference)) : reference),
      stageOf,
    };
    const ready: { draft: Draft<Row>; row: Row }[] = [];
    const failed: Failed<Row>[] = [];
    const waiting: Failed<Row>[] = [];
    for (const draft of drafts) {
      try {
        ready.push({ draft, row: draft.complete(resolved) });
      } catch (error) {
        if (!(error instanceof LineProblem)) throw error;
        const problem = told(error);
        if (this.#mayComeLater(draft, found)) waiting.push({ draft, problem });
        else failed.push({ draft, problem });
      }
    }
    return { ready, failed, waiting };
  }

  /** Whether all that is unknown is of this kind, and so may stand further down. */
  #mayComeLater(draft: Draft<Row>, found: ReadonlyMap<Reference, Found>): boolean {
    const missing = draft.references.flatMap((reference) => {
      const what = reference && found.get(reference);
      return what && !('id' in what) ? [{ kind: reference.kind, unknown: what.unknown }] : [];
    });
    return (
      missing.length > 0 &&
      missing.every(({ kind, unknown }) => unknown && `${kind}s` === this.#importer.kind)
    );
  }

  #record(draft: Draft<Row>, row: Row, outcome: RowOutcome | undefined): void {
    if (!outcome) throw new ImportError(`${this.#importer.kind}: a row came back without outcome.`);
    if (outcome.outcome === 'REFUSED') {
      this.#refuse(draft, problemOf(draft, outcome.error, this.#source));
      return;
    }
    const change: Change = outcome.outcome;
    this.#session.report.changed(this.#importer.kind, change);
    this.#importer.after?.(this.#session, row, outcome.id);
  }

  #refuse({ file, line }: Draft<Row>, problem: Problem): void {
    this.#session.report.refused(this.#importer.kind, { file, line }, [problem]);
  }
}

function idFound(reference: Reference, found: Found | undefined): string {
  if (found && 'id' in found) return found.id;
  throw new LineProblem(found?.reason ?? 'is unknown', reference.column, reference.value);
}

const told = ({ message, column, value }: LineProblem): Problem => ({
  column,
  value,
  reason: message,
});

/** Refused by a rule, or by a constraint or type of the database: what single rows can be guilty of. */
const isAboutRows = (error: unknown): error is Error =>
  error instanceof NamedError || /^2[23]/.test(sqlState(error) ?? '');

/** What a rule of the domain objects to: its path names the row's field, and the source the column of that. */
function problemOf(draft: Draft<unknown>, error: Error, source: Source): Problem {
  const [, field = ''] = error instanceof NamedError ? (error.inputPath ?? []) : [];
  const values: Partial<Record<string, unknown>> = { ...source };
  const value = values[field] ?? values[field.replace(/Id$/, '')];
  const column = isValue(value) ? nameOfColumn(value) : field;
  return {
    column: column || draft.externalIdColumn,
    value: draft.externalId,
    reason: error.message,
  };
}

const isValue = (value: unknown): value is Value =>
  typeof value === 'string' || (typeof value === 'object' && value !== null);
