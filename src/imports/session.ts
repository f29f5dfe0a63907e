import type { CalendarSettings } from '../calendar/settings.ts';
import type { Database } from '../database/database.ts';
import { transact } from '../database/transact.ts';
import type { Tx } from '../database/transaction.ts';
import type { MemberViewer } from '../database/viewer.ts';
import type { Mapping } from './model.ts';
import type { References } from './references.ts';
import type { Report } from './report.ts';

/** One run of an import. */
export interface Session {
  readonly db: Database;
  readonly viewer: MemberViewer;
  readonly settings: CalendarSettings;
  readonly mapping: Mapping;
  readonly folder: string;
  readonly report: Report;
  readonly references: References;
  /** From when what is imported about people is in force; null: the mapping imports none. */
  readonly membersFrom: Date | null;
  /** The database's time when the import began: nothing may be dated later. */
  readonly startedAt: Date;
  readonly onBytes: (count: number) => void;
  /** Names of the imported members who are no managers, by their ids. */
  readonly sellers: Map<string, string>;
  /** By prefix: where the search for a free employee number goes on. */
  readonly numbersFrom: Map<string, number>;
  /** Ids of members who own an opportunity of these files. */
  readonly owners: Set<string>;
}

/** Most rows of one transaction. */
export const BATCH_ROWS = 500;

/** Runs work in a transaction of its own and gives what it gives. */
export async function inTransaction<T>(session: Session, work: (tx: Tx) => Promise<T>): Promise<T> {
  const { value } = await transact(session.db, session.viewer, 'import', {}, async (tx) => ({
    value: await work(tx),
  }));
  return value;
}
