import { InvalidInput, NamedError } from '../../database/errors.ts';

/** Most rows of one batch, which is one transaction. */
export const IMPORT_ROWS = 500;

/** What became of one row of a batch, in the order of the rows. A refused row leaves nothing; the others go in. */
export type ImportResult =
  | { outcome: 'CREATED' | 'UPDATED' | 'UNCHANGED'; id: string }
  | { outcome: 'REFUSED'; error: NamedError };

export const refused = (error: NamedError): ImportResult => ({ outcome: 'REFUSED', error });

/** Runs `read` for a row; what it refuses is the row's result. */
export function attempt<T>(read: () => T): T | NamedError {
  try {
    return read();
  } catch (error) {
    if (error instanceof NamedError) return error;
    throw error;
  }
}

/** Throws InvalidInput for a batch that is too large. */
export function requireBatch(rows: readonly unknown[]): void {
  if (rows.length > IMPORT_ROWS) {
    throw new InvalidInput(`A batch has at most ${IMPORT_ROWS} rows; ${rows.length} came.`);
  }
}

/** For what a concurrent transaction changed since it was looked at: `transact` tries again. */
export const overtaken = (what: string): Error =>
  Object.assign(new Error(`${what} was changed meanwhile`), { code: '40001' });
