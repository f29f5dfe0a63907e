import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase, type Database } from '../src/database/database.ts';
import { startEmbedded } from '../src/database/embedded.ts';
import { migrate } from '../src/database/migrate.ts';
import { deriveScores } from '../src/metrics/derive.ts';

/** At least five; ROUNDS changes it. */
export const ROUNDS = Number(process.env.ROUNDS ?? 5);

export interface Server {
  /** Of a migrated, empty database. */
  readonly url: string;
  readonly pid: number;
  /** Another migrated, empty database. */
  fresh(): Promise<string>;
}

/** An embedded server of its own, durable as in production, gone afterwards. */
export async function withServer(work: (server: Server) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'muster-bench-'));
  const embedded = await startEmbedded({ directory });
  try {
    await migrate(embedded.url);
    let made = 0;
    const fresh = async () => {
      made += 1;
      const url = new URL(embedded.url);
      url.pathname = `/bench_${made}`;
      const db = createDatabase({ url: embedded.url, size: 1, pipeline: true });
      await db.pool.query(`CREATE DATABASE bench_${made}`);
      await db.close();
      await migrate(url.href);
      return url.href;
    };
    await work({ url: embedded.url, pid: embedded.pid, fresh });
  } finally {
    await embedded.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

export function openDatabase(url: string, size = 20): Database {
  return createDatabase({
    url,
    size,
    pipeline: true,
    derive: deriveScores,
    statementTimeoutMs: 600_000,
    onError: () => {},
  });
}

export async function withDatabase(work: (db: Database, server: Server) => Promise<void>) {
  await withServer(async (server) => {
    const db = openDatabase(server.url);
    try {
      await work(db, server);
    } finally {
      await db.close();
    }
  });
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** One line of figures; what docs/benchmarks.md is written from. */
export function report(name: string, figures: Record<string, number>): void {
  const text = Object.entries(figures).map(
    ([key, value]) => `${key} ${value < 100 ? value.toFixed(2) : Math.round(value)}`,
  );
  console.log(`${name}: ${text.join(', ')}`);
}
