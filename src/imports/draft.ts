import type { Value } from './model.ts';
import type { Reference } from './references.ts';
import type { Origin } from './report.ts';

/** Answers a reference with an id; null and undefined stay what they are. */
export type IdOf = <Absent extends null | undefined>(
  reference: Reference | Absent,
) => string | Absent;

export interface Resolved {
  idOf: IdOf;
  /** A stage of a funnel by its name; throws LineProblem for another. */
  stageOf: (funnelId: string, name: string) => string;
}

/** What a line becomes, once its references are known. */
export interface Reading<Row> {
  externalId: string;
  references: (Reference | null | undefined)[];
  /** Throws LineProblem for what only shows now. */
  complete: (resolved: Resolved) => Row;
  /** What lines about the same record must agree on. */
  says: unknown;
}

export interface Draft<Row> extends Reading<Row>, Origin {
  /** The text that the external id stood as; for the report. */
  externalIdColumn: string;
}

/** Thrown when a line cannot go in for a reason that is found while it is completed. */
export class LineProblem extends Error {
  override readonly name = 'LineProblem';
  readonly column: string;
  readonly value: string;

  constructor(reason: string, column: string, value: string) {
    super(reason);
    this.column = column;
    this.value = value;
  }
}

export const nameOfColumn = (value: Value): string =>
  typeof value === 'string' ? value : (value.column ?? value.template ?? '');
