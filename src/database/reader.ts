import type { PrismaClient } from '../generated/prisma/client.ts';
import type { Database } from './database.ts';
import { Delegate } from './read/delegate.ts';
import { models } from './read/model.ts';
import { Rights } from './read/rights.ts';
import type { Viewer } from './viewer.ts';

type ReadMethod =
  | 'findUnique'
  | 'findUniqueOrThrow'
  | 'findFirst'
  | 'findFirstOrThrow'
  | 'findMany'
  | 'count';

type Property = Extract<keyof PrismaClient, `${Uncapitalize<string>}`>;

/**
 * How a viewer reads: with Prisma's arguments and Prisma's types, one statement a call, the organization and the row
 * scope of its model standing beside every table that the statement reads. It is the one door: there is nothing to
 * write with and no raw SQL, and Pothos is given it for a client.
 *
 * A to-one relation to what the viewer may not see is null, whatever Prisma's type says: its field is nullable, unless
 * whoever sees the one always sees the other. What the reader does not know is refused with UnreadableArguments, models
 * without a declared row scope with an error. A display sees no rows at all.
 */
export type Reader = {
  readonly [Name in Property as PrismaClient[Name] extends { findMany: unknown }
    ? Name
    : never]: Pick<PrismaClient[Name], ReadMethod & keyof PrismaClient[Name]>;
};

class ScopedReader {
  readonly #delegates = new Map<string, Delegate>();
  readonly #db: Database;
  readonly #rights: Rights;

  constructor(db: Database, viewer: Viewer) {
    this.#db = db;
    this.#rights = new Rights(viewer);
  }

  /** Made when it is first asked for: most contexts read few models, or none. */
  static delegate(reader: ScopedReader, model: string): Delegate {
    const known = reader.#delegates.get(model);
    if (known) return known;
    const delegate = new Delegate(reader.#db.pool, reader.#rights, model);
    reader.#delegates.set(model, delegate);
    return delegate;
  }
}

for (const model of models.keys()) {
  const property = `${model.charAt(0).toLowerCase()}${model.slice(1)}`;
  Object.defineProperty(ScopedReader.prototype, property, {
    get(this: ScopedReader) {
      return ScopedReader.delegate(this, model);
    },
  });
}

/** Costs next to nothing to make. */
export function readerFor(db: Database, viewer: Viewer): Reader {
  return new ScopedReader(db, viewer) as unknown as Reader;
}
