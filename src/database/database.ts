import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import { PrismaClient } from '../generated/prisma/client.ts';
import { type Derive, deriveNothing } from './derived.ts';
import { createPool, type PoolSettings } from './pool.ts';
import { OMITTED } from './read/model.ts';

/**
 * Called after a commit, before the caller hears of it. Must not throw. `waitedMs`: how long the transaction waited for
 * the organization's head; null when it wrote no event and took none.
 */
export type CommitListener = (
  organizationId: string,
  position: number,
  waitedMs: number | null,
) => void;

/** One node's door to PostgreSQL. */
export interface Database {
  readonly url: string;
  readonly pool: pg.Pool;
  /** Unscoped: for the reader, the command line and the rooms below the domains. A viewer reads by `readerFor`. */
  readonly prisma: PrismaClient;
  /** What a transaction's events are worth; the metrics room's, given at the start. */
  readonly derive: Derive;
  readonly commitListeners: Set<CommitListener>;
  /** Tests shift the time of writes by this many milliseconds. */
  readonly clock: { shiftMs: number };
  close(): Promise<void>;
}

export interface DatabaseOptions extends PoolSettings {
  derive?: Derive;
}

export function createDatabase(options: DatabaseOptions): Database {
  const pool = createPool(options);
  const prisma: PrismaClient = new PrismaClient({
    adapter: new PrismaPg(pool, { disposeExternalPool: false }),
    omit: OMITTED,
  });
  return {
    url: options.url,
    pool,
    prisma,
    derive: options.derive ?? deriveNothing,
    commitListeners: new Set(),
    clock: { shiftMs: 0 },
    async close() {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}
