// The doctor in a process of its own, at servers that are really ill.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import pg from 'pg';
import { expect, test } from 'vitest';
import WebSocket from 'ws';
import { updateTask } from '../../src/domains/tasks/service.ts';
import { newTask, twoTeams } from '../domains/tasks/world.ts';
import { testApp } from '../support/app.ts';
import { crowd } from '../support/crowd.ts';
import { testDatabase } from '../support/database.ts';
import { figuresOf, METRICS_TOKEN } from '../support/figures.ts';
import { startProxy } from '../support/proxy.ts';

const DOCTOR = path.resolve('src/commands/doctor.ts');
const SOON = { timeout: 15_000 };

interface Result {
  code: number;
  stdout: string;
}

async function doctor(url: string, args: string[] = [], token = METRICS_TOKEN): Promise<Result> {
  const child = spawn(process.execPath, [DOCTOR, '--url', url, '--seconds', '1', ...args], {
    env: { PATH: process.env.PATH, METRICS_TOKEN: token },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let stdout = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  const [code] = (await once(child, 'close')) as [number];
  return { code, stdout };
}

async function problemsOf(url: string): Promise<string[]> {
  const { code, stdout } = await doctor(url, ['--json']);
  const { ok, problems } = JSON.parse(stdout) as { ok: boolean; problems: { code: string }[] };
  expect([ok, code]).toEqual(problems.length === 0 ? [true, 0] : [false, 1]);
  return problems.map((problem) => problem.code);
}

const environment = { METRICS_TOKEN };
// On a loaded machine a healthy server may be held up too: that is for the rules' own test.
const ILL = (codes: string[]) => codes.filter((code) => !/EVENT_LOOP|SLOW_OPERATIONS/.test(code));

test('finds nothing at a healthy server, and says what it is doing', async () => {
  const { url, app } = await testApp({ environment });
  await expect.poll(() => app.feed.wakeups().connected, SOON).toBe(true);
  expect(ILL(await problemsOf(url))).toEqual([]);
  const { stdout } = await doctor(url);
  expect(stdout).toContain(`Looked at ${url} for 1 s: sockets 0`);
}, 60_000);

test('says what keeps it from looking', async () => {
  const { url } = await testApp({ environment });
  const silent = await testApp();
  expect((await doctor(url, [], 'a-wrong-token-for-it')).stdout).toContain('WRONG_TOKEN');
  expect((await doctor(silent.url)).stdout).toContain('NO_FIGURES');
  const away = await doctor('http://127.0.0.1:1');
  expect(away).toEqual({ code: 1, stdout: expect.stringContaining('NO_ANSWER') });
  expect(await doctor(url, ['--seconds', '0'])).toMatchObject({ code: 1, stdout: '' });
}, 60_000);

test('a transaction left open, those who wait for its lock, and a pool without connections', async () => {
  const { url, app } = await testApp({ environment: { ...environment, POOL_SIZE: '6' } });
  const forgotten = new pg.Client(app.db.url);
  await forgotten.connect();
  await forgotten.query('BEGIN');
  await forgotten.query('LOCK TABLE task');
  const open = async () =>
    (await figuresOf(url)).get('muster_database_oldest_idle_transaction_seconds');
  await expect.poll(open, { timeout: 30_000 }).toBeGreaterThan(8);
  const leave = crowd(app.db.pool, 30, 'task');
  const waiting = async () => (await figuresOf(url)).get('muster_database_waiting_for_locks');
  await expect.poll(waiting, SOON).toBe(6);
  const codes = await problemsOf(url);
  // Who waits for the lock gives up after a while and begins anew: LOCKS may miss that moment.
  expect(codes).toEqual(expect.arrayContaining(['IDLE_TRANSACTION', 'POOL_EXHAUSTED']));
  const { stdout } = await doctor(url);
  expect(stdout).toMatch(/A transaction has been open for \d+ s and does nothing/);
  expect(stdout).toContain('All 6 connections of this node are in use');
  expect(stdout).toContain('pg_terminate_backend');
  await forgotten.query('ROLLBACK');
  await forgotten.end();
  await leave();
  expect(ILL(await problemsOf(url))).toEqual([]);
}, 90_000);

test('a broker that is dead', async () => {
  const dead = { ...environment, WAKEUP: 'redis', REDIS_URL: 'redis://127.0.0.1:1' };
  const { url } = await testApp({ environment: dead });
  expect(ILL(await problemsOf(url))).toEqual(['WAKEUPS_DEAD']);
  expect((await doctor(url)).stdout).toContain('No wake-ups by Redis');
}, 60_000);

test('a database that lacks a migration', async () => {
  const databaseUrl = await testDatabase({ verified: false });
  const { url, app } = await testApp({ environment, databaseUrl });
  await app.db.pool.query(
    'DELETE FROM _prisma_migrations WHERE migration_name = (SELECT max(migration_name) FROM _prisma_migrations)',
  );
  expect(await problemsOf(url)).toContain('MIGRATIONS_PENDING');
}, 60_000);

test('a database that has gone', async () => {
  const databaseUrl = await testDatabase();
  const proxy = await startProxy(databaseUrl);
  const through = new URL(databaseUrl);
  through.port = new URL(proxy.url).port;
  const { url } = await testApp({ environment, databaseUrl: through.href });
  await proxy.close();
  expect(await problemsOf(url)).toContain('DATABASE_AWAY');
}, 60_000);

test('a client that does not read', async () => {
  const { url, app } = await testApp({ environment: { ...environment, MAILBOX_SIZE: '5' } });
  const { north } = await twoTeams(app.db);
  const rep = await north.rep.viewer();
  const id = await newTask(app.db, rep, { description: '跟'.repeat(10_000) });
  const heavy = Array.from({ length: 30 }, (_, index) => `d${index}: description`).join(' ');
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
  const send = (message: object) => socket.send(JSON.stringify(message));
  await once(socket, 'open');
  send({ type: 'connection_init', payload: { authorization: `Bearer ${north.rep.token}` } });
  await once(socket, 'message');
  const query = `subscription { taskEvents { task { ${heavy} } } }`;
  send({ id: 'slow', type: 'subscribe', payload: { query } });
  await expect.poll(() => app.feed.counts().listeners, SOON).toBeGreaterThan(1);
  socket.pause();
  let version = 1;
  const write = async () => {
    const priority = version % 2 === 0 ? 'LOW' : 'HIGH';
    ({ version } = await updateTask(app.db, rep, { id, expectedVersion: version, priority }));
  };
  // What the kernel takes is not seen: until that is full nothing waits here.
  const unsent = async () => {
    await write();
    return (await figuresOf(url)).get('muster_unsent_bytes');
  };
  await expect.poll(unsent, SOON).toBeGreaterThan(0);
  let isLooking = true;
  const looking = problemsOf(url).finally(() => {
    isLooking = false;
  });
  while (isLooking) await write();
  expect(await looking).toContain('SLOW_CONSUMERS');
  socket.terminate();
}, 90_000);
