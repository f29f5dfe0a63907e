// npm run start:check: `npm start` as a newcomer meets it, in a data directory of its own. Starts with
// the customary port taken, answers, stops on Ctrl-C, starts again, survives kill -9, and refuses in one
// sentence what cannot be. Prints a line for each, and fails when one of them does not hold.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { processMark, waitForEnd } from '../src/database/embedded-process.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const CUSTOMARY_PORT = 4000;
const PATIENCE = 90_000;

interface Run {
  child: ChildProcess;
  said: () => string;
  url: Promise<URL>;
  /** Exit status; Ctrl-C counts as 130 or 0, as npm likes. */
  ended: Promise<number | null>;
}

const directory = mkdtempSync(path.join(tmpdir(), 'muster start '));
const data = path.join(directory, 'data');
const runs: Run[] = [];

function start(settings: Record<string, string> = {}): Run {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|PORT$|HOST$|DATABASE_URL$|DEMO$|MIGRATE$|NODE_ENV$)/.test(name),
  );
  const child = spawn('npm', ['start'], {
    cwd: ROOT,
    env: { ...Object.fromEntries(kept), DATA_DIRECTORY: data, ...settings },
    // A group of its own is what a terminal gives it, and Ctrl-C reaches all of it.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const url = Promise.withResolvers<URL>();
  url.promise.catch(() => {});
  const hear = (chunk: Buffer) => {
    said += chunk.toString();
    const found = /https?:\/\/(?:127\.0\.0\.1|localhost):\d+/.exec(said);
    if (found) url.resolve(new URL(found[0]));
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const ended = once(child, 'close').then(([code]) => {
    url.reject(new Error(`It ended instead of starting:\n${said}`));
    return typeof code === 'number' ? code : null;
  });
  const run = { child, said: () => said, url: url.promise, ended };
  runs.push(run);
  return run;
}

async function within<T>(promise: Promise<T>, what: string): Promise<T> {
  const late = sleep(PATIENCE, undefined, { ref: false }).then(() => {
    throw new Error(`No ${what} after ${PATIENCE / 1000} s.`);
  });
  late.catch(() => {});
  return Promise.race([promise, late]);
}

function check(holds: boolean, what: string, run?: Run): void {
  if (!holds) throw new Error(`${what}: this does not hold.\n${run?.said() ?? ''}`);
  console.log(`ok  ${what}`);
}

async function untilReady(run: Run): Promise<URL> {
  const url = await within(run.url, 'address');
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const status = await fetch(new URL('/health/ready', url)).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 200) return url;
    if (Date.now() > deadline) throw new Error(`/health/ready answers ${status}.\n${run.said()}`);
    await sleep(50);
  }
}

async function interrupt(run: Run): Promise<void> {
  process.kill(-(run.child.pid ?? 0), 'SIGINT');
  await within(run.ended, 'end after Ctrl-C');
}

function pidIn(file: string): number {
  const full = path.join(data, file);
  return existsSync(full) ? Number.parseInt(readFileSync(full, 'utf8'), 10) : 0;
}

/** Takes the port unless somebody has it already. */
async function occupy(port: number): Promise<Server> {
  const server = createServer().on('error', () => {});
  server.listen(port, '127.0.0.1');
  await Promise.race([once(server, 'listening'), once(server, 'error')]);
  return server;
}

async function checkStart(): Promise<void> {
  const first = start();
  const url = await untilReady(first);
  check(
    url.port !== String(CUSTOMARY_PORT),
    'with port 4000 taken it says which port it took',
    first,
  );
  const page = await fetch(new URL('/graphql', url), { headers: { accept: 'text/html' } });
  check(page.ok && /graphiql/i.test(await page.text()), 'GraphiQL is there', first);
  const second = start();
  check(
    (await within(second.ended, 'end')) === 1,
    'a second Muster on the same data ends with 1',
    second,
  );
  check(
    /^Another Muster \(process \d+\) is using .+\.$/m.test(second.said()),
    'and says why',
    second,
  );
  const muster = pidIn('muster.pid');
  const postgres = pidIn('postgres/postmaster.pid');
  await interrupt(first);
  check(
    processMark(muster) === null && processMark(postgres) === null && pidIn('muster.pid') === 0,
    'Ctrl-C stops everything',
    first,
  );
}

async function checkRecovery(): Promise<void> {
  const began = Date.now();
  const again = start();
  await untilReady(again);
  console.log(`ok  it starts again, ready after ${Date.now() - began} ms`);
  const muster = pidIn('muster.pid');
  const postgres = pidIn('postgres/postmaster.pid');
  process.kill(muster, 'SIGKILL');
  await waitForEnd(muster, 5_000);
  const recovered = start();
  await untilReady(recovered);
  check(processMark(postgres) === null, 'after kill -9 it recovers by itself', recovered);
  await interrupt(recovered);
}

async function checkRefusals(): Promise<void> {
  const port = String(CUSTOMARY_PORT);
  const taken = start({ PORT: port });
  check((await within(taken.ended, 'end')) === 1, 'with PORT set and taken it ends with 1', taken);
  check(
    taken.said().includes(port) && !/^\s+at /m.test(taken.said()),
    'and says so without a stack',
    taken,
  );
  check(pidIn('muster.pid') === 0, 'and leaves nothing running', taken);
  const wrong = start({ PORT: 'many' });
  check((await within(wrong.ended, 'end')) === 1, 'a wrong setting ends the start with 1', wrong);
  check(wrong.said().includes('PORT is "many": it must be'), 'and is named in one sentence', wrong);
}

const occupant = await occupy(CUSTOMARY_PORT);
try {
  await checkStart();
  await checkRecovery();
  await checkRefusals();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  occupant.close();
  for (const { child } of runs) {
    if (child.exitCode === null && child.signalCode === null && child.pid) {
      process.kill(-child.pid, 'SIGKILL');
    }
  }
  await waitForEnd(pidIn('postgres/postmaster.pid') || -1, 10_000);
  rmSync(directory, { recursive: true, force: true });
}
