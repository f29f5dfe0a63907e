import { once } from 'node:events';
import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import pg from 'pg';
import { expect, test } from 'vitest';
import WebSocket from 'ws';
import { updateTask } from '../../src/domains/tasks/service.ts';
import { createMetrics } from '../../src/server/metrics.ts';
import { makeBoard } from '../domains/leaderboards/support.ts';
import { newTask, twoTeams } from '../domains/tasks/world.ts';
import { testApp } from '../support/app.ts';
import { crowd } from '../support/crowd.ts';
import { figuresOf, METRICS_TOKEN } from '../support/figures.ts';
import { org } from '../support/seed.ts';

const muster = await testApp({ environment: { METRICS_TOKEN } });
const closed = await testApp();
const { db } = muster.app;
const figures = () => figuresOf(muster.url);
const figure = async (name: string) => (await figures()).get(name);

const SOON = { timeout: 10_000 };

const scrape = (url: string, token?: string) =>
  fetch(new URL('/metrics', url), { headers: token ? { authorization: `Bearer ${token}` } : {} });

test('the figures of a node are there for whoever brings the token, and hold nothing of anybody', async () => {
  const acme = await org(db, { name: 'Secret Company' });
  await muster.expectData('{ viewer { organization { name } } }', {}, { token: acme.token });
  await muster.query('{ viewer { kind } }');
  const stream = muster.subscribe(
    'subscription { taskEvents { cursor } }',
    {},
    { token: acme.token },
  );
  await expect.poll(() => muster.app.feed.counts().listeners, SOON).toBeGreaterThan(1);
  const response = await scrape(muster.url, METRICS_TOKEN);
  expect(response.status).toBe(200);
  const text = await response.text();
  expect(text).toMatch(/^muster_sockets 1$/m);
  expect(text).toMatch(/^muster_feed_organizations 1$/m);
  expect(text).toMatch(/^muster_feed_lag_events 0$/m);
  expect(text).toMatch(/^muster_feed_lag_seconds 0$/m);
  expect(text).toMatch(/^muster_operation_seconds_count\{type="query",outcome="ok"\} 1$/m);
  expect(text).toMatch(/^muster_operation_seconds_count\{type="query",outcome="errors"\} 1$/m);
  expect(text).toMatch(/^muster_wakeups_connected\{kind="postgres"\} [01]$/m);
  expect(text).toMatch(/^muster_database_up 1$/m);
  expect(text).toMatch(/^muster_pool_size 8$/m);
  expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
  // Nothing is embedded here.
  expect(text).not.toMatch(/^muster_data_directory_free_bytes /m);
  expect(text).not.toContain('Secret');
  expect(text).not.toContain(acme.organizationId);
  await stream.close();
});

test('without the token, or where none is set, there is nothing to see', async () => {
  expect((await scrape(muster.url)).status).toBe(401);
  expect((await scrape(muster.url, 'a wrong secret')).status).toBe(401);
  expect((await scrape(closed.url, METRICS_TOKEN)).status).not.toBe(200);
});

test('what a subscriber gets is counted in answers and in bytes', async () => {
  const { north } = await twoTeams(db);
  const rep = await north.rep.viewer();
  const id = await newTask(db, rep, {});
  const before = await figures();
  const grown = async (name: string) => ((await figure(name)) ?? 0) - (before.get(name) ?? 0);
  const stream = muster.subscribe(
    'subscription { taskEvents { cursor taskVersion } }',
    {},
    { token: north.rep.token },
  );
  await expect.poll(() => muster.app.feed.counts().listeners, SOON).toBeGreaterThan(1);
  await updateTask(db, rep, { id, expectedVersion: 1, priority: 'HIGH' });
  const got = JSON.stringify(await stream.next());
  expect(await grown('muster_frames_total{from="subscriber"}')).toBe(1);
  expect(await grown('muster_executions_total{for="subscriber"}')).toBe(1);
  expect(await grown('muster_log_head_wait_seconds_count')).toBe(1);
  expect(await grown('muster_sent_bytes_total{transport="webSocket"}')).toBeGreaterThan(got.length);
  await stream.close();
  await expect.poll(() => grown('muster_socket_closes_total{code="1000"}'), SOON).toBe(1);
  // What a closed socket has sent stays counted.
  expect(await grown('muster_sent_bytes_total{transport="webSocket"}')).toBeGreaterThan(got.length);
});

test('subscribers of one group are counted in it, and its answers once', async () => {
  const acme = await org(db);
  const watch = `subscription ($id: ID!) { leaderboard(id: $id) { cursor } }`;
  const id = await makeBoard(muster, acme);
  const before = await figures();
  const streams = Array.from({ length: 3 }, () =>
    muster.subscribe(watch, { id }, { token: acme.token }),
  );
  for (const stream of streams) await stream.next();
  const now = await figures();
  expect(now.get('muster_groups')).toBe(1);
  expect(now.get('muster_group_members')).toBe(3);
  expect(now.get('muster_group_subscribers_bucket{le="2"}')).toBe(0);
  expect(now.get('muster_group_subscribers_bucket{le="5"}')).toBe(1);
  expect(now.get('muster_group_subscribers_sum')).toBe(3);
  const frames = 'muster_frames_total{from="group"}';
  expect((now.get(frames) ?? 0) - (before.get(frames) ?? 0)).toBe(3);
  for (const stream of streams) await stream.close();
  await expect.poll(() => figure('muster_group_members'), SOON).toBe(0);
});

test('the room that the embedded database has is told', async () => {
  const directory = tmpdir();
  const metrics = createMetrics(() => ({
    ...{ db, feed: muster.app.feed, replica: null, wakeup: 'process', dataDirectory: directory },
    connections: muster.app.server.connections,
    clients: () => [],
    sentBytes: () => ({ webSocket: 0, http: 0 }),
    groups: muster.app.server.sharing,
    groupSizes: () => [],
  }));
  const before = await statfs(directory);
  const [, told] = /^muster_data_directory_free_bytes (.+)$/m.exec(await metrics.text()) ?? [];
  // Others write there at the same time.
  expect(Number(told) / (before.bavail * before.bsize)).toBeCloseTo(1, 1);
});

test('a client cannot make a series by closing with a number of its own', async () => {
  for (const code of [3001, 4999]) {
    const socket = new WebSocket(muster.url.replace('http', 'ws'), 'graphql-transport-ws');
    await once(socket, 'open');
    socket.close(code);
    await once(socket, 'close');
  }
  await expect.poll(() => figure('muster_socket_closes_total{code="other"}'), SOON).toBe(2);
  expect([...(await figures()).keys()].filter((name) => /4999|3001/.test(name))).toEqual([]);
});

test('a transaction that somebody left open, and who waits for it, are seen with an exhausted pool too', async () => {
  expect(await figure('muster_database_oldest_idle_transaction_seconds')).toBe(0);
  const holder = new pg.Client(db.url);
  await holder.connect();
  await holder.query('BEGIN');
  await holder.query('LOCK TABLE task');
  const leave = crowd(db.pool, 20, 'task');
  await expect.poll(() => figure('muster_database_waiting_for_locks'), SOON).toBe(8);
  const now = await figures();
  expect(now.get('muster_pool_connections')).toBe(8);
  expect(now.get('muster_pool_idle')).toBe(0);
  expect(now.get('muster_pool_waiting')).toBeGreaterThanOrEqual(12);
  expect(now.get('muster_database_oldest_idle_transaction_seconds')).toBeGreaterThan(0);
  expect(now.get('muster_database_oldest_transaction_seconds')).toBeGreaterThan(0);
  expect(now.get('muster_database_connections')).toBeGreaterThanOrEqual(9);
  expect(now.get('muster_database_connection_limit')).toBeGreaterThan(9);
  await holder.query('ROLLBACK');
  await leave();
  await holder.end();
  await expect.poll(() => figure('muster_database_oldest_transaction_seconds'), SOON).toBe(0);
});
