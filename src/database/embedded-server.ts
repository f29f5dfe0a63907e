// One run of the embedded server's process: start it, wait until it accepts connections, end it.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from './embedded-cluster.ts';
import {
  type Binaries,
  commandOf,
  EmbeddedError,
  processMark,
  type Runner,
  serverEnvironment,
  waitForEnd,
} from './embedded-process.ts';

const LOG_LIMIT = 10 * 1024 * 1024;
const SLOW_START = 5_000;

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '128MB',
  max_locks_per_transaction: '256',
  // Our statements are short: compiling them costs more than it saves.
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

const THROWAWAY_SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
};

export interface Launch {
  binaries: Binaries;
  runner: Runner;
  cluster: Cluster;
  /** Where the server's log goes. */
  directory: string;
  throwaway: boolean;
  log: (sentence: string) => void;
}

/** A running server. */
export interface Postmaster {
  child: ChildProcess;
  pid: number;
  port: number;
}

/** Starts the server and waits until it accepts connections, on `port` if that is still free. */
export async function launch(options: Launch, port: number | null): Promise<Postmaster> {
  const logFile = path.join(options.directory, 'postgres.log');
  let wanted = port;
  for (let attempt = 1; ; attempt += 1) {
    const from = prepareLog(logFile);
    const at = wanted ?? (await freePort());
    const child = spawnServer(options, logFile, at);
    if (child.pid !== undefined && (await untilReady(options, child, child.pid))) {
      return { child, pid: child.pid, port: at };
    }
    const said = existsSync(logFile) ? readFileSync(logFile).subarray(from).toString() : '';
    if (attempt < 5 && /could not bind|could not create any TCP/.test(said)) {
      wanted = null;
    } else if (attempt < 50 && /pre-existing shared memory|already exists/.test(said)) {
      // Its predecessor was killed, and that one's workers are still on their way out.
      await sleep(200);
    } else {
      const cause = said.split('\n').filter((line) => /FATAL|PANIC|ERROR|HINT/.test(line));
      throw new EmbeddedError(
        `The embedded database did not start: ${cause.join(' ').trim() || said.trim() || 'no reason given'} ` +
          `(the whole log is ${logFile}).`,
      );
    }
  }
}

function spawnServer(options: Launch, logFile: string, port: number): ChildProcess {
  const settings = { ...SETTINGS, port, ...(options.throwaway ? THROWAWAY_SETTINGS : {}) };
  const [command = '', ...args] = [
    ...options.runner.prefix,
    options.binaries.postgres,
    '-D',
    options.cluster.data,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
  const output = openSync(logFile, 'a', 0o600);
  try {
    const child = spawn(command, args, {
      // In a session of its own, so that Ctrl-C reaches only us, and we end it in order.
      detached: true,
      stdio: ['ignore', output, output],
      env: serverEnvironment(),
      cwd: options.cluster.data,
      ...options.runner.user,
    });
    child.on('error', () => {});
    return child;
  } finally {
    closeSync(output);
  }
}

/** True when it accepts connections, false when it has ended instead. */
async function untilReady(options: Launch, child: ChildProcess, pid: number): Promise<boolean> {
  const started = Date.now();
  let told = false;
  while (child.exitCode === null && child.signalCode === null) {
    const found = readPostmasterFile(options.cluster.data);
    if (found?.pid === pid && found.ready) return true;
    if (!told && Date.now() - started > SLOW_START) {
      told = true;
      options.log('The embedded database is recovering after an interruption; please wait.');
    }
    await sleep(15);
  }
  return false;
}

/** Stops the server that a killed Muster left running on these files, if there is one. */
export async function stopLeftover(data: string, log: (sentence: string) => void): Promise<void> {
  const found = readPostmasterFile(data);
  if (!found) return;
  if (processMark(found.pid) !== null) {
    const command = commandOf(found.pid);
    if (command.includes(data)) {
      log('Stopping the database that an interrupted Muster left running.');
      await end(found.pid);
      return;
    }
    // Where the system does not tell whose process that is, PostgreSQL decides.
    if (command === '') return;
  }
  rmSync(path.join(data, 'postmaster.pid'), { force: true });
}

/** Ends a server in order, and by force when it does not end in time. */
export async function end(pid: number, first: 'SIGINT' | 'SIGQUIT' = 'SIGINT'): Promise<void> {
  for (const [signal, patience] of [
    [first, 15_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if (processMark(pid) === null) return;
      throw new EmbeddedError(
        `The database process ${pid} cannot be stopped: ${error instanceof Error ? error.message : error}.`,
      );
    }
    if (await waitForEnd(pid, patience)) return;
  }
}

function readPostmasterFile(data: string): { pid: number; ready: boolean } | null {
  try {
    const lines = readFileSync(path.join(data, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(lines[0]), ready: (lines[7] ?? '').startsWith('ready') };
  } catch {
    return null;
  }
}

function prepareLog(file: string): number {
  if (!existsSync(file)) return 0;
  const { size } = statSync(file);
  if (size <= LOG_LIMIT) return size;
  rmSync(file);
  return 0;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
