// PostgreSQL of our own: the packaged programs, run on files under a data directory, reachable on
// 127.0.0.1 with a random password only.
import { accessSync, chmodSync, constants, mkdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { openCluster, SUPERUSER } from './embedded-cluster.ts';
import { lockDirectory } from './embedded-lock.ts';
import { EmbeddedError, findRunner, loadBinaries, watchOver } from './embedded-process.ts';
import { end, type Launch, launch, stopLeftover } from './embedded-server.ts';

export { EmbeddedError } from './embedded-process.ts';

export const DATABASE = 'muster';
const MOST_RELAUNCHES = 10;

export interface EmbeddedOptions {
  /** Where the server's files are kept between runs. Made when it is not there. */
  directory: string;
  /** For tests: nothing is flushed to disk, and stopping deletes the directory. */
  throwaway?: boolean;
  /** Hears of what takes time or went wrong, one sentence each. */
  log?: (sentence: string) => void;
}

export interface EmbeddedServer {
  /** Connection string with the password: never log it. */
  readonly url: string;
  /** The process that listens; another one after the server has died and was started again. */
  readonly pid: number;
  /** Ends every connection and the server. May be called more than once. */
  stop(): Promise<void>;
}

/**
 * Starts the server, making its files and its database the first time. A server that a killed
 * Muster left behind is stopped first; one that dies while we run is started again on its port.
 *
 * Throws EmbeddedError, one sentence, when another live Muster has the directory, when PostgreSQL
 * refuses to start, or when we are root on a machine that offers no way around that.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const directory = path.resolve(options.directory);
  const throwaway = options.throwaway ?? false;
  const log = options.log ?? (() => {});
  const binaries = await loadBinaries();
  const data = path.join(directory, 'postgres');
  const runner = findRunner(binaries.postgres, data);
  makeDirectory(directory);
  // Another account that runs the server must be able to pass through, to files that are its own.
  if (runner.user) chmodSync(directory, 0o711);
  const lock = lockDirectory(directory);
  try {
    await stopLeftover(data, log);
    const cluster = openCluster({ data, binaries, runner, throwaway, log });
    const server = await supervise({ binaries, runner, cluster, directory, throwaway, log });
    const url = (database: string) =>
      `postgresql://${SUPERUSER}:${cluster.password}@127.0.0.1:${server.port}/${database}`;
    await createDatabase(url('postgres'));
    let stopped: Promise<void> | null = null;
    const stop = async () => {
      await server.stop();
      lock.release();
      if (throwaway) rmSync(directory, { recursive: true, force: true });
    };
    return {
      url: url(DATABASE),
      get pid() {
        return server.pid();
      },
      stop: () => {
        stopped ??= stop();
        return stopped;
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Keeps the server running on one port until it is stopped. */
async function supervise(options: Launch) {
  const removed = options.throwaway ? options.directory : null;
  let current = await launch(options, null);
  let watch = watchOver(current.pid, removed);
  let stopping = false;
  let relaunches = 0;
  let relaunching: Promise<void> = Promise.resolve();

  const relaunch = async () => {
    watch.release();
    await sleep(100);
    if (stopping) return;
    try {
      current = await launch(options, current.port);
      watch = watchOver(current.pid, removed);
      guard();
    } catch (error) {
      options.log(`The database is gone. ${error instanceof Error ? error.message : error}`);
    }
  };
  const guard = () => {
    current.child.once('exit', (code, signal) => {
      if (stopping) return;
      relaunches += 1;
      options.log(`The database ended by itself (${signal ?? `exit code ${code}`}).`);
      if (relaunches <= MOST_RELAUNCHES) relaunching = relaunch();
    });
    current.child.unref();
  };
  guard();

  return {
    port: current.port,
    pid: () => current.pid,
    stop: async () => {
      stopping = true;
      await relaunching;
      await end(current.pid, options.throwaway ? 'SIGQUIT' : 'SIGINT');
      watch.release();
    },
  };
}

async function createDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
    if (found.rowCount === 0) await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end();
  }
}

/** Throws EmbeddedError, one sentence, where the directory can neither be made nor written. */
function makeDirectory(directory: string): void {
  try {
    makeLevels(directory);
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new EmbeddedError(
      `The directory ${directory} for the embedded database can not be made or written (${code}): set DATA_DIRECTORY to one that can.`,
    );
  }
}

/** Level by level: Node's own `recursive` never comes back where a file system lets nothing be made, such as /proc. */
function makeLevels(directory: string): void {
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory()) return;
  makeLevels(path.dirname(directory));
  mkdirSync(directory, { mode: 0o700 });
}
