// A PostgreSQL of our own that keeps what it has committed, however it is stopped; unlike the product's embedded one it
// stays away until it is started again.
import { chmodSync } from 'node:fs';
import path from 'node:path';
import { openCluster, SUPERUSER } from '../../src/database/embedded-cluster.ts';
import { findRunner, loadBinaries, watchOver } from '../../src/database/embedded-process.ts';
import { end, launch, type Postmaster } from '../../src/database/embedded-server.ts';

export interface Postgres {
  /** The connection string of a database on it. */
  url(database: string): string;
  /** `pg_ctl stop -m immediate`: connections break, nothing is flushed, the next start recovers. */
  stopImmediately(): Promise<void>;
  /** On the same port, with the same files; resolves when it accepts connections. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** @param directory of its own; whoever makes it removes it */
export async function startPostgres(directory: string): Promise<Postgres> {
  const binaries = await loadBinaries();
  const data = path.join(directory, 'postgres');
  const runner = findRunner(binaries.postgres, data);
  // Another account that runs the server must be able to pass through.
  if (runner.user) chmodSync(directory, 0o711);
  const log = () => {};
  const cluster = openCluster({ data, binaries, runner, throwaway: false, log });
  const options = { binaries, runner, cluster, directory, throwaway: false, log };
  let running: Postmaster | null = null;
  let watch = { release: () => {} };
  let port: number | null = null;

  const start = async () => {
    running = await launch(options, port);
    running.child.unref();
    if (port !== null && running.port !== port) throw new Error(`Port ${port} was taken.`);
    port = running.port;
    watch = watchOver(running.pid, null);
  };
  const stop = async (signal: 'SIGINT' | 'SIGQUIT') => {
    if (!running) return;
    await end(running.pid, signal);
    watch.release();
    running = null;
  };
  await start();
  return {
    url: (database) =>
      `postgresql://${SUPERUSER}:${cluster.password}@127.0.0.1:${port}/${database}`,
    start,
    stopImmediately: () => stop('SIGQUIT'),
    stop: () => stop('SIGINT'),
  };
}
