import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { createFeed, type Feed, type FeedOptions } from '../../src/events/feed.ts';
import { processWakeups } from '../../src/events/wakeups.ts';
import { testDatabase } from '../support/database.ts';
import { collector, range } from './collector.ts';
import { logWriter, openDatabase } from './log-writer.ts';

const NEVER = 3_600_000;
let url: string;
let db: Database;
const open: { feeds: Feed[]; databases: Database[] } = { feeds: [], databases: [] };

beforeAll(async () => {
  url = await testDatabase();
  db = openDatabase(url);
});

afterEach(async () => {
  for (const feed of open.feeds.splice(0)) {
    expect(feed.counts()).toMatchObject({ organizations: 0, listeners: 0, waiters: 0 });
    await feed.stop();
    expect(feed.counts().timers).toBe(0);
  }
  for (const other of open.databases.splice(0)) await other.close();
  expect(db.commitListeners.size).toBe(0);
});

afterAll(async () => {
  await db.close();
});

/** A node; without `pollMs` it never polls, so that whatever arrives came by a commit or a wake-up. */
async function node(database: Database, options: FeedOptions = {}): Promise<Feed> {
  const feed = createFeed(database, { pollMs: NEVER, ...options });
  open.feeds.push(feed);
  await feed.start();
  return feed;
}

/** Another process's connections: commits here are unknown to feeds on `db`. */
function elsewhere(): Database {
  const other = openDatabase(url, 4);
  open.databases.push(other);
  return other;
}

test('a local commit reaches every listener of its organization, and of no other', async () => {
  const feed = await node(db);
  const [one, two] = [await logWriter(db), await logWriter(db)];
  const [first, second, stranger] = [collector(), collector(), collector()];
  const holds = [
    await feed.follow(one.organizationId, first),
    await feed.follow(one.organizationId, second),
    await feed.follow(two.organizationId, stranger),
  ];
  await one.write({ payload: { n: 1 } }, { payload: { n: 2 } });
  await one.write({ payload: { n: 3 } });
  await Promise.all([first.reached(3), second.reached(3)]);
  expect(first.received.map(({ position, payload }) => [position, payload.n])).toEqual([
    [1, 1],
    [2, 2],
    [3, 3],
  ]);
  expect(second.positions).toEqual([1, 2, 3]);
  expect(stranger.positions).toEqual([]);
  for (const hold of holds) hold.release();
});

test('keeps the order and loses and doubles nothing under concurrent writers and joiners', async () => {
  const feed = await node(db, { pageSize: 7 });
  const writer = await logWriter(db);
  const joined: { at: number; seen: ReturnType<typeof collector>; release: () => void }[] = [];
  const join = async () => {
    const seen = collector();
    const hold = await feed.follow(writer.organizationId, seen);
    joined.push({ at: hold.position, seen, release: hold.release });
  };
  await join();
  const writers = range(1, 8).map(async (n) => {
    for (let i = 0; i < 25; i += 1) {
      await writer.write({}, {});
      if (i % 8 === n % 8) await join();
    }
  });
  await Promise.all(writers);
  for (const { at, seen, release } of joined) {
    await seen.reached(400);
    expect(seen.positions).toEqual(range(at + 1, 400));
    release();
  }
});

test('a crash between commit and wake-up loses nothing: the poll finds it', async () => {
  const feed = await node(db, { pollMs: 20 });
  const other = elsewhere();
  const writer = await logWriter(other);
  const seen = collector();
  const hold = await feed.follow(writer.organizationId, seen);
  for (let i = 0; i < 3; i += 1) await writer.write({});
  await seen.reached(3);
  expect(seen.positions).toEqual([1, 2, 3]);
  hold.release();
});

test('a wake-up from another node is enough, and a wrong one does no harm', async () => {
  const wakeups = processWakeups();
  const feed = await node(db, { wakeups });
  const other = elsewhere();
  await node(other, { wakeups });
  const writer = await logWriter(other);
  const seen = collector();
  const hold = await feed.follow(writer.organizationId, seen);
  wakeups.publish(writer.organizationId, 1_000);
  wakeups.publish('00000000-0000-0000-0000-000000000001', 5);
  await writer.write({});
  await seen.reached(1);
  wakeups.publish(writer.organizationId, 1);
  await writer.write({});
  await seen.reached(2);
  expect(seen.positions).toEqual([1, 2]);
  expect(feed.head(writer.organizationId)).toBe(2);
  hold.release();
});

test('survives connections that are cut and a database that refuses', async () => {
  const failures: unknown[] = [];
  const watching = openDatabase(url, 2);
  open.databases.push(watching);
  const feed = await node(watching, { pollMs: 15, onError: (error) => failures.push(error) });
  const writer = await logWriter(db);
  const seen = collector();
  const hold = await feed.follow(writer.organizationId, seen);
  await writer.write({});
  await seen.reached(1);

  await db.pool.query('ALTER TABLE log_head RENAME TO log_head_away');
  await db.pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = 'muster' AND state = 'idle'`,
  );
  await expect.poll(() => failures.length, { interval: 5 }).toBeGreaterThan(2);
  expect(feed.lag().milliseconds).toBeGreaterThan(0);
  await db.pool.query('ALTER TABLE log_head_away RENAME TO log_head');
  await writer.write({});
  await seen.reached(2);
  expect(seen.positions).toEqual([1, 2]);
  await expect.poll(() => feed.lag()).toEqual({ events: 0, milliseconds: 0 });
  hold.release();
});

test('a failed read is tried again, by itself', async () => {
  const watching = openDatabase(url, 2);
  open.databases.push(watching);
  let failures = 0;
  const feed = await node(watching, { onError: () => (failures += 1) });
  const wakeups = processWakeups();
  const woken = await node(watching, { wakeups, onError: () => (failures += 1) });
  const writer = await logWriter(db);
  const seen = collector();
  const hold = await woken.follow(writer.organizationId, seen);
  await db.pool.query('ALTER TABLE event RENAME COLUMN payload TO payload_away');
  wakeups.publish(writer.organizationId, 1);
  await expect.poll(() => failures, { interval: 5 }).toBeGreaterThan(0);
  await db.pool.query('ALTER TABLE event RENAME COLUMN payload_away TO payload');
  await writer.write({});
  wakeups.publish(writer.organizationId, 1);
  await seen.reached(1);
  expect(feed.counts().organizations).toBe(0);
  hold.release();
});

test('known heads: a commit advances them before the mutation answers', async () => {
  const feed = await node(db);
  const writer = await logWriter(db);
  expect(feed.head(writer.organizationId)).toBeUndefined();
  const position = await writer.write({}, {});
  expect(feed.head(writer.organizationId)).toBe(position);
  expect(await feed.waitFor(writer.organizationId, position, 0)).toBe(true);
});

test('waitFor: finds what another node committed, waits for what comes, gives up in time', async () => {
  const feed = await node(db, { pollMs: 20 });
  const writer = await logWriter(elsewhere());
  const position = await writer.write({});
  expect(await feed.waitFor(writer.organizationId, position, 5_000)).toBe(true);
  const waiting = feed.waitFor(writer.organizationId, position + 1, 10_000);
  await writer.write({});
  expect(await waiting).toBe(true);
  expect(await feed.waitFor(writer.organizationId, position + 100, 30)).toBe(false);
});

test('a restored database is noticed: listeners hear of it and go on at the new head', async () => {
  const restored = openDatabase(await testDatabase({ verified: false }));
  open.databases.push(restored);
  const feed = await node(restored, { pollMs: 20 });
  const writer = await logWriter(restored);
  const seen = collector();
  await writer.write({}, {}, {});
  const hold = await feed.follow(writer.organizationId, seen);
  const before = feed.epoch;
  await restored.pool.query('DELETE FROM event WHERE organization_id = $1', [
    writer.organizationId,
  ]);
  await restored.pool.query('UPDATE log_head SET position = 1 WHERE organization_id = $1', [
    writer.organizationId,
  ]);
  await restored.pool.query('UPDATE log_epoch SET epoch = gen_random_uuid()');
  await seen.until(({ resets }) => resets.length > 0);
  expect(seen.resets).toEqual([1]);
  expect(feed.epoch).not.toBe(before);
  await writer.write({ payload: { after: 'restore' } });
  await seen.reached(2);
  expect(seen.received.map(({ payload }) => payload)).toEqual([{ after: 'restore' }]);
  hold.release();
});

test('a hold that is released while others open the same tail leaves them a working one', async () => {
  const feed = await node(db);
  const writer = await logWriter(db);
  const seen = collector();
  const brief = feed.hold(writer.organizationId).then((hold) => hold.release());
  const hold = await feed.follow(writer.organizationId, seen);
  await brief;
  await writer.write({});
  await seen.reached(1);
  hold.release();
  hold.release();
});

test('a listener may not begin before what has been delivered', async () => {
  const feed = await node(db);
  const writer = await logWriter(db);
  await writer.write({}, {});
  const hold = await feed.hold(writer.organizationId);
  expect(hold.position).toBe(2);
  expect(() => hold.listen(collector(), 1)).toThrow('delivered already');
  const late = collector();
  hold.listen(late, 4);
  await writer.write({}, {}, {});
  await late.reached(5);
  expect(late.positions).toEqual([5]);
  hold.release();
});

test('a listener that throws is reported and hurts no other', async () => {
  const failures: unknown[] = [];
  const feed = await node(db, { onError: (error) => failures.push(error) });
  const writer = await logWriter(db);
  const seen = collector();
  const failing = await feed.follow(writer.organizationId, {
    events: () => {
      throw new Error('careless');
    },
    reset: () => {},
  });
  const hold = await feed.follow(writer.organizationId, seen);
  await writer.write({});
  await seen.reached(1);
  expect(failures).toEqual([new Error('careless')]);
  failing.release();
  hold.release();
});
