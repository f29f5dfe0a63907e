import { type AddressInfo, createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { createFeed, type Feed } from '../../src/events/feed.ts';
import { postgresWakeups } from '../../src/events/postgres-wakeups.ts';
import { redisWakeups } from '../../src/events/redis-wakeups.ts';
import { readWakeups, WakeupBatch } from '../../src/events/wakeup-batch.ts';
import type { Wakeups } from '../../src/events/wakeups.ts';
import { testDatabase } from '../support/database.ts';
import { startProxy } from '../support/proxy.ts';
import { answeringRedis, findRedis, NO_REDIS, startRedis } from '../support/redis.ts';
import { collector } from './collector.ts';
import { logWriter, openDatabase } from './log-writer.ts';

const A = '01a20106-c851-7466-8706-26415783f5af';
const B = '01a20106-c866-73dc-aeff-9262698e5322';

test('hints are gathered, the newest of each organization, in payloads that PostgreSQL takes', async () => {
  const sent: string[] = [];
  const batch = new WakeupBatch((payload) => sent.push(payload));
  batch.add(A, 3);
  batch.add(B, 1);
  batch.add(A, 2);
  await expect.poll(() => sent).toHaveLength(1);
  expect(readWakeups(sent[0] ?? '')).toEqual([
    [A, 3],
    [B, 1],
  ]);
  sent.length = 0;
  for (let n = 0; n < 1_000; n++) batch.add(A.slice(0, -4) + String(1_000 + n), n + 1);
  await expect.poll(() => sent.flatMap(readWakeups)).toHaveLength(1_000);
  expect(Math.max(...sent.map((payload) => Buffer.byteLength(payload)))).toBeLessThan(8_000);
  expect(readWakeups(`nonsense\n${A} x\n${A} 1 2\n`)).toEqual([]);
});

test('a listener whose server has gone without a word comes back to it', async () => {
  const url = new URL(await testDatabase());
  const proxy = await startProxy(`http://${url.host}`);
  url.port = new URL(proxy.url).port;
  const wakeups = postgresWakeups(url.href, () => {});
  const heard: number[] = [];
  wakeups.subscribe((_, position) => heard.push(position));
  await wakeups.start?.();
  const say = (position: number) => () => {
    wakeups.publish(A, position);
    return heard.includes(position);
  };
  await expect.poll(say(1), { timeout: 10_000 }).toBe(true);
  proxy.freeze();
  await expect
    .poll(() => say(2)() || wakeups.isConnected?.(), { timeout: 20_000, interval: 100 })
    .toBe(false);
  proxy.thaw();
  await expect.poll(say(3), { timeout: 20_000 }).toBe(true);
  await wakeups.stop?.();
  await proxy.close();
}, 60_000);

/** Takes every subscription but breaks off: after the first, and instead of the second. */
async function brittleRedis() {
  let subscriptions = 0;
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes) => {
      for (const command of bytes
        .toString()
        .toLowerCase()
        .split(/^(?=\*\d+\r\n\$)/m)) {
        const isSubscribe = command.includes('subscribe');
        if (isSubscribe) subscriptions += 1;
        if (isSubscribe && subscriptions === 2) socket.destroy();
        else if (isSubscribe)
          socket.write('*3\r\n$9\r\nsubscribe\r\n$14\r\nmuster:wakeups\r\n:1\r\n');
        else if (command.includes('info')) socket.write('$20\r\nredis_version:7.0.15\r\n');
        else socket.write('+OK\r\n');
        if (isSubscribe && subscriptions === 1) setImmediate(() => socket.destroy());
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `redis://127.0.0.1:${port}`, server, subscriptions: () => subscriptions };
}

test('a Redis that goes away while it is being listened to again harms nobody', async () => {
  const { url, server, subscriptions } = await brittleRedis();
  const wakeups = redisWakeups(url, () => {});
  await wakeups.start?.();
  // A rejection that nobody handles would end a node, and fails this run.
  await expect.poll(subscriptions, { timeout: 15_000 }).toBeGreaterThanOrEqual(3);
  await wakeups.stop?.();
  server.close();
});

const redisProgram = findRedis();
const redis = redisProgram ? await startRedis(redisProgram) : null;
const redisUrl = redis ? `redis://127.0.0.1:${redis.port}` : await answeringRedis();
afterAll(() => redis?.stop());
if (!redisUrl) console.log(`skipped: wake-ups by Redis, as none answers and ${NO_REDIS}`);
const kinds: [name: string, make: (url: string) => Wakeups][] = [
  ['postgres', (url) => postgresWakeups(url, () => {})],
  ...(redisUrl
    ? [['redis', () => redisWakeups(redisUrl, () => {})] as [string, () => Wakeups]]
    : []),
];

describe.each(kinds)('two nodes with wake-ups by %s', (kind, make) => {
  let url: string;
  let databases: Database[];
  const feeds: Feed[] = [];
  beforeAll(async () => {
    url = await testDatabase();
    databases = [openDatabase(url), openDatabase(url)];
  });
  afterEach(async () => {
    for (const feed of feeds.splice(0)) await feed.stop();
  });
  afterAll(async () => {
    for (const db of databases) await db.close();
  });

  async function nodes(pollMs: number): Promise<[Database, Feed]> {
    const [here, there] = databases as [Database, Database];
    for (const db of [here, there]) {
      const feed = createFeed(db, { wakeups: make(url), pollMs });
      feeds.push(feed);
      await feed.start();
    }
    return [here, feeds[1] as Feed];
  }

  test('the other node hears of a commit by the wake-up, long before the poll', async () => {
    const [here, there] = await nodes(60_000);
    const writer = await logWriter(here);
    const seen = collector();
    const hold = await there.follow(writer.organizationId, seen);
    // The connections come up by themselves: until then a hint may be lost, so write until one arrives.
    await expect
      .poll(async () => {
        await writer.write();
        return seen.positions.length;
      })
      .toBeGreaterThan(0);
    const position = await writer.write();
    await seen.reached(position);
    expect(there.wakeups().connected).toBe(true);
    expect(there.wakeups().heard).toBeGreaterThan(0);
    hold.release();
  });

  if (kind === 'postgres') {
    test('a listener whose backend is terminated comes back; what it missed is found by the poll', async () => {
      const [here, there] = await nodes(50);
      const writer = await logWriter(here);
      const seen = collector();
      const hold = await there.follow(writer.organizationId, seen);
      for (let round = 0; round < 5; round++) {
        await here.pool.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE application_name = 'muster wake-ups' AND datname = current_database()`,
        );
        await seen.reached(await writer.write());
      }
      expect(seen.positions).toEqual([1, 2, 3, 4, 5]);
      hold.release();
    });
  }

  test('without any wake-up the poll finds everything, in order', async () => {
    const [here] = databases as [Database, Database];
    const dead = createFeed(databases[1] as Database, {
      wakeups:
        kind === 'redis'
          ? redisWakeups('redis://127.0.0.1:1', () => {})
          : postgresWakeups('postgres://127.0.0.1:1/no', () => {}),
      pollMs: 20,
    });
    feeds.push(dead);
    await dead.start();
    expect(dead.wakeups()).toEqual({ connected: false, heard: 0 });
    const writer = await logWriter(here);
    const seen = collector();
    const hold = await dead.follow(writer.organizationId, seen);
    for (let n = 0; n < 3; n++) await writer.write();
    await seen.reached(3);
    expect(seen.positions).toEqual([1, 2, 3]);
    hold.release();
  });
});
