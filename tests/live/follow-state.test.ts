import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { NotAllowed } from '../../src/database/errors.ts';
import { databaseNow } from '../../src/events/clock.ts';
import { createFeed, type Feed } from '../../src/events/feed.ts';
import { liveCounts } from '../../src/live/counts.ts';
import {
  type FollowStateOptions,
  followState,
  type StateCause,
} from '../../src/live/follow-state.ts';
import { type LogWriter, logWriter, openDatabase } from '../events/log-writer.ts';
import { testDatabase } from '../support/database.ts';

let db: Database;
let feed: Feed;
let writer: LogWriter;

beforeAll(async () => {
  db = openDatabase(await testDatabase());
  feed = createFeed(db, { pollMs: 3_600_000 });
  await feed.start();
  writer = await logWriter(db);
});

afterEach(() => {
  db.clock.shiftMs = 0;
  expect(liveCounts()).toEqual({ mailboxes: 0, timers: 0 });
  expect(feed.counts()).toMatchObject({ organizations: 0, listeners: 0 });
});

afterAll(async () => {
  await feed.stop();
  await db.close();
});

/** A state that is the log's position and what made it. */
interface Seen {
  position: number;
  cause: StateCause;
}

function watch(options: Partial<FollowStateOptions<Seen>> = {}) {
  return followState<Seen>({
    feed,
    organizationId: writer.organizationId,
    topics: ({ type }) => type === 'thing.scored',
    compute: async (cause) => ({ position: await head(), cause }),
    position: ({ position }) => position,
    ...options,
  });
}

async function head(): Promise<number> {
  const { rows } = await db.pool.query<{ position: string }>(
    'SELECT position FROM log_head WHERE organization_id = $1',
    [writer.organizationId],
  );
  return Number(rows[0]?.position);
}

async function value<State>(stream: AsyncIterableIterator<State, undefined>): Promise<State> {
  const { value: next, done } = await stream.next();
  if (done) throw new Error('the stream has ended');
  return next;
}

const scored = { type: 'thing.scored' };

test('first the state as it is, then again when an event of its topics comes, and only then', async () => {
  const stream = await watch();
  const first = await value(stream);
  expect(first.cause).toMatchObject({ first: true, boundary: false, events: [] });
  const next = value(stream);
  await writer.write({}, {});
  const position = await writer.write({}, scored);
  const second = await next;
  expect(second.position).toBe(position);
  expect(second.cause.first).toBe(false);
  expect(second.cause.events.map((event) => event.position)).toEqual([position]);
  await stream.return?.();
});

test('an event between subscribing and the first state is in it, and computes nothing again', async () => {
  let computed = 0;
  const stream = await watch({
    compute: async (cause) => {
      computed += 1;
      return { position: await head(), cause };
    },
  });
  const position = await writer.write(scored);
  expect((await value(stream)).position).toBe(position);
  const next = value(stream);
  const later = await writer.write(scored);
  expect((await next).position).toBe(later);
  expect(computed).toBe(2);
  await stream.return?.();
});

test('a burst: the first at once after quiet, the rest together at the end of the window', async () => {
  const windowMs = 700;
  const quiet = performance.now() + windowMs;
  const stream = await watch({ windowMs });
  await value(stream);
  while (performance.now() < quiet) await writer.write({});
  const started = performance.now();
  const next = value(stream);
  const positions = [await writer.write(scored)];
  const { cause: leading } = await next;
  expect(performance.now() - started).toBeLessThan(windowMs - 50);
  for (let i = 0; i < 20; i += 1) positions.push(await writer.write(scored));
  const { cause: rest } = await value(stream);
  expect(performance.now() - started).toBeGreaterThan(windowMs - 10);
  const seen = [...leading.events, ...rest.events].map(({ position }) => position);
  expect(seen).toEqual(positions);
  await stream.return?.();
});

test('a reader that takes nothing costs nothing, and then gets the newest', async () => {
  let computed = 0;
  const stream = await watch({
    windowMs: 0,
    maxEvents: 5,
    compute: async (cause) => {
      computed += 1;
      return { position: await head(), cause };
    },
  });
  await value(stream);
  let position = 0;
  for (let i = 0; i < 12; i += 1) position = await writer.write(scored);
  await expect.poll(() => feed.lag().events).toBe(0);
  expect(computed).toBe(1);
  const newest = await value(stream);
  expect(newest.position).toBe(position);
  expect(newest.cause.events).toHaveLength(5);
  expect(newest.cause.moreEvents).toBe(true);
  expect(computed).toBe(2);
  await stream.return?.();
});

test('a boundary of time: computed again without an event, when the database says that it has passed', async () => {
  const day = 86_400_000;
  const now = await databaseNow(db);
  const midnight = new Date(Math.ceil(now.getTime() / day) * day);
  db.clock.shiftMs = midnight.getTime() - now.getTime() - 150;
  const stream = await watch({
    boundary: (_, asOf) => new Date((Math.floor(asOf.getTime() / day) + 1) * day),
  });
  const before = await value(stream);
  expect(before.cause.asOf.getTime()).toBeLessThan(midnight.getTime());
  const after = await value(stream);
  expect(after.cause).toMatchObject({ boundary: true, events: [] });
  expect(after.cause.asOf.getTime()).toBeGreaterThanOrEqual(midnight.getTime());
  expect(after.cause.asOf.getTime()).toBeLessThan(midnight.getTime() + 5_000);
  expect(liveCounts().timers).toBe(1);
  await stream.return?.();
});

test('a failure that is no answer is tried again; a named error ends the stream', async () => {
  let attempts = 0;
  const stream = await watch({
    compute: async (cause) => {
      attempts += 1;
      if (attempts < 3) throw new Error('cut');
      if (!cause.first) throw new NotAllowed('no longer yours');
      return { position: await head(), cause };
    },
  });
  expect((await value(stream)).cause.first).toBe(true);
  expect(attempts).toBe(3);
  const next = stream.next();
  await writer.write(scored);
  await expect(next).rejects.toThrow('no longer yours');
  expect(await stream.next()).toEqual({ value: undefined, done: true });
});

test('return() while waiting, in the window, and while computing', async () => {
  const waiting = await watch();
  await value(waiting);
  const next = waiting.next();
  await waiting.return?.();
  expect(await next).toEqual({ value: undefined, done: true });

  const windowed = await watch({ windowMs: 3_600_000 });
  await value(windowed);
  await writer.write(scored);
  const inWindow = windowed.next();
  await expect.poll(() => liveCounts().timers).toBe(1);
  await windowed.return?.();
  expect(await inWindow).toEqual({ value: undefined, done: true });

  let release = () => {};
  const gate = new Promise<void>((resolve) => (release = resolve));
  let begun = () => {};
  const computing = new Promise<void>((resolve) => (begun = resolve));
  const busy = await watch({
    compute: async (cause) => {
      begun();
      await gate;
      return { position: 0, cause };
    },
    boundary: (_, asOf) => new Date(asOf.getTime() + 10_000),
  });
  const pending = busy.next();
  await computing;
  await busy.return?.();
  release();
  expect(await pending).toEqual({ value: undefined, done: true });
});
