import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { NotAllowed } from '../../src/database/errors.ts';
import { createFeed, type Feed } from '../../src/events/feed.ts';
import type { LoggedEvent } from '../../src/events/logged-event.ts';
import { liveCounts } from '../../src/live/counts.ts';
import { type FollowLogOptions, followLog, type LogFrame } from '../../src/live/follow-log.ts';
import { range } from '../events/collector.ts';
import { logWriter, openDatabase } from '../events/log-writer.ts';
import { testDatabase } from '../support/database.ts';

let db: Database;
let feed: Feed;

beforeAll(async () => {
  db = openDatabase(await testDatabase());
  feed = createFeed(db, { pollMs: 50, pageSize: 20 });
  await feed.start();
});

afterEach(() => {
  expect(liveCounts()).toEqual({ mailboxes: 0, timers: 0 });
  expect(feed.counts()).toMatchObject({ organizations: 0, listeners: 0 });
});

afterAll(async () => {
  await feed.stop();
  await db.close();
});

type Stream = AsyncIterableIterator<LogFrame<number>, undefined>;

function follow(
  organizationId: string,
  options: Partial<FollowLogOptions<number>> = {},
): Promise<Stream> {
  return followLog<number>({
    feed,
    organizationId,
    since: null,
    concerns: () => true,
    items: ({ position }) => [position],
    ...options,
  });
}

async function take(stream: Stream, count: number): Promise<LogFrame<number>[]> {
  const frames: LogFrame<number>[] = [];
  while (frames.length < count) {
    const { value, done } = await stream.next();
    if (done) break;
    frames.push(value);
  }
  return frames;
}

const positions = (frames: LogFrame<number>[]) => frames.map(({ position }) => position);

test('from now on: what is committed between subscribing and the first next() is not lost', async () => {
  const writer = await logWriter(db);
  await writer.write({}, {});
  const stream = await follow(writer.organizationId);
  await writer.write({}, {}, {});
  expect(positions(await take(stream, 3))).toEqual([3, 4, 5]);
  await stream.return?.();
});

test('replay and live: no gap and no double while writes go on', async () => {
  const writer = await logWriter(db);
  await Promise.all(range(1, 10).map(() => writer.write({}, {}, {})));
  let writing = true;
  const writes = range(1, 4).map(async () => {
    while (writing) await writer.write({}, {});
  });
  const streams = await Promise.all(
    range(0, 29).map(async (from) => ({
      from,
      stream: await follow(writer.organizationId, { since: { position: from }, limit: 30 }),
    })),
  );
  await Promise.all(
    streams.map(async ({ from, stream }) => {
      const frames = await take(stream, 300);
      expect(frames.filter(({ kind }) => kind === 'reset')).toEqual([]);
      expect(positions(frames)).toEqual(range(from + 1, from + 300));
    }),
  );
  writing = false;
  await Promise.all(writes);
  for (const { stream } of streams) await stream.return?.();
});

test('a long replay waits for its reader instead of overflowing', async () => {
  const writer = await logWriter(db);
  await writer.write(...range(1, 500).map(() => ({})));
  const stream = await follow(writer.organizationId, { since: { position: 0 }, limit: 25 });
  await writer.write({});
  expect(positions(await take(stream, 501))).toEqual(range(1, 501));
  await stream.return?.();
});

test('a slow reader of what comes gets one reset, then what follows it', async () => {
  const writer = await logWriter(db);
  const stream = await follow(writer.organizationId, { limit: 10 });
  await writer.write(...range(1, 25).map(() => ({})));
  await expect.poll(() => feed.lag().events).toBe(0);
  const [first, ...rest] = await take(stream, 4);
  expect(first).toEqual({ kind: 'reset', reason: 'MAILBOX_FULL', position: expect.any(Number) });
  const at = first?.position ?? 0;
  expect(positions(rest)).toEqual(range(at + 1, at + 3));
  await take(stream, 25 - at - 3);
  await writer.write({});
  expect(positions(await take(stream, 1))).toEqual([26]);
  await stream.return?.();
});

test('cursors that cannot be followed: a reset that says why, then what comes', async () => {
  const writer = await logWriter(db);
  await writer.write({}, {}, {});
  const openings = [
    [{ position: 0 }, { window: { events: 2, milliseconds: 1_000_000 } }, 'CURSOR_TOO_OLD'],
    [{ position: 9 }, {}, 'CURSOR_AHEAD'],
    [{ reset: 'OTHER_EPOCH' }, {}, 'OTHER_EPOCH'],
  ] as const;
  const streams: Stream[] = [];
  for (const [since, options, reason] of openings) {
    const stream = await follow(writer.organizationId, { since, ...options });
    expect(await take(stream, 1)).toEqual([{ kind: 'reset', reason, position: 3 }]);
    streams.push(stream);
  }
  await writer.write({});
  for (const stream of streams) {
    expect(positions(await take(stream, 1))).toEqual([4]);
    await stream.return?.();
  }
});

test('what does not concern is left out; several items of one event share it, only the last passes it', async () => {
  const writer = await logWriter(db);
  const stream = await follow(writer.organizationId, {
    concerns: ({ type }) => type === 'thing.counted',
    items: async ({ payload }) => range(1, Number(payload.n)),
  });
  await writer.write(
    {},
    { type: 'thing.counted', payload: { n: 0 } },
    { type: 'thing.counted', payload: { n: 3 } },
    {},
    { type: 'thing.counted', payload: { n: 1 } },
  );
  const frames = await take(stream, 4);
  expect(frames.map((frame) => [frame.kind === 'item' && frame.item, frame.position])).toEqual([
    [1, 2],
    [2, 2],
    [3, 3],
    [1, 5],
  ]);
  await stream.return?.();
});

test('a named error ends the stream; another failure is tried again', async () => {
  const writer = await logWriter(db);
  let failures = 0;
  const shaky = await follow(writer.organizationId, {
    items: ({ position }) => {
      failures += 1;
      if (failures < 3) throw new Error('the connection was cut');
      return [position];
    },
  });
  const refused = await follow(writer.organizationId, {
    items: () => {
      throw new NotAllowed('no longer');
    },
  });
  await writer.write({});
  expect(positions(await take(shaky, 1))).toEqual([1]);
  expect(failures).toBe(3);
  await expect(refused.next()).rejects.toThrow('no longer');
  expect(await refused.next()).toEqual({ value: undefined, done: true });
  await shaky.return?.();
});

test('return() at any moment: waiting, replaying, computing', async () => {
  const writer = await logWriter(db);
  await writer.write(...range(1, 60).map(() => ({})));
  const waiting = await follow(writer.organizationId);
  const next = waiting.next();
  await waiting.return?.();
  expect(await next).toEqual({ value: undefined, done: true });

  const replaying = await follow(writer.organizationId, { since: { position: 0 }, limit: 10 });
  await take(replaying, 3);
  await replaying.return?.();
  expect(await replaying.next()).toEqual({ value: undefined, done: true });

  let release = () => {};
  const gate = new Promise<void>((resolve) => (release = resolve));
  let begun: (event: LoggedEvent) => void = () => {};
  const computing = new Promise<LoggedEvent>((resolve) => (begun = resolve));
  const busy = await follow(writer.organizationId, {
    since: { position: 59 },
    items: async (event) => {
      begun(event);
      await gate;
      return [1];
    },
  });
  const pending = busy.next();
  await computing;
  await busy.return?.();
  release();
  expect(await pending).toEqual({ value: undefined, done: true });
});

test('for await leaves nothing behind after break', async () => {
  const writer = await logWriter(db);
  const stream = await follow(writer.organizationId);
  await writer.write({}, {});
  for await (const frame of stream) {
    expect(frame.position).toBe(1);
    break;
  }
});
