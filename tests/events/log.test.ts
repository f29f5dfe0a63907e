import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { newId } from '../../src/database/ids.ts';
import { judgeResume, readAt, readMovedHeads, readTail } from '../../src/events/log.ts';
import { testDatabase } from '../support/database.ts';
import { range } from './collector.ts';
import { logWriter, openDatabase } from './log-writer.ts';

const START = { position: 0, loggedAt: null };
const DAY = 86_400_000;
let db: Database;

beforeAll(async () => {
  db = openDatabase(await testDatabase());
  await db.pool.query('SELECT event_partitions_v1(2)');
});
afterAll(() => db.close());

test('an event comes back as it was written, with both of its times', async () => {
  const writer = await logWriter(db);
  const recordId = newId();
  const occurredAt = new Date('2017-11-03T04:00:00.123Z');
  const before = { owners: [newId()], watchers: [newId()] };
  await writer.write({
    type: 'thing.completed',
    recordType: 'Task',
    recordId,
    recordVersion: 7,
    occurredAt,
    payload: { amount: '12345678901234567.8900', nested: { list: [1, null, '是'] } },
    visibility: { before, after: null },
  });
  const [event] = await readTail(db.pool, writer.organizationId, START, 10);
  expect(event).toEqual({
    organizationId: writer.organizationId,
    position: 1,
    loggedAt: expect.any(Date),
    occurredAt,
    type: 'thing.completed',
    version: 1,
    recordType: 'Task',
    recordId,
    recordVersion: 7,
    actorId: writer.viewer.memberId,
    payload: { amount: '12345678901234567.8900', nested: { list: [1, null, '是'] } },
    visibility: { before, after: null },
  });
});

test('pages through the log without gap or double, and reads only the partitions from the known time on', async () => {
  const writer = await logWriter(db);
  for (let i = 0; i < 6; i += 1) await writer.write({}, {});
  const seen: number[] = [];
  let place: { position: number; loggedAt: Date | null } = START;
  for (;;) {
    const page = await readTail(db.pool, writer.organizationId, place, 5);
    seen.push(...page.map(({ position }) => position));
    const last = page.at(-1);
    if (!last) break;
    place = last;
  }
  expect(seen).toEqual(range(1, 12));

  const { rows } = await db.pool.query<{ 'QUERY PLAN': string }>({
    text: `EXPLAIN (COSTS off) SELECT 1 FROM event WHERE organization_id = $1 AND position > $2
             AND logged_at >= $3::timestamptz ORDER BY position LIMIT $4`,
    values: [writer.organizationId, 3, new Date(Date.now() + 31 * DAY), 5],
  });
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
  const present = `event_${new Date().toISOString().slice(0, 7).replace('-', '_')}`;
  expect(plan).not.toContain(present);
});

test('reads events by position, in order, leaving out what is not there', async () => {
  const writer = await logWriter(db);
  await writer.write({}, {}, {}, {});
  const events = await readAt(db.pool, writer.organizationId, [4, 2, 99]);
  expect(events.map(({ position }) => position)).toEqual([2, 4]);
  expect(await readAt(db.pool, writer.organizationId, [])).toEqual([]);
});

test('heads: only those that differ, in either direction, and the epoch always', async () => {
  const [ahead, equal, unknown] = [await logWriter(db), await logWriter(db), newId()];
  await ahead.write({}, {});
  await equal.write({});
  const heads = await readMovedHeads(
    db.pool,
    new Map([
      [ahead.organizationId, 1],
      [equal.organizationId, 1],
      [unknown, 4],
    ]),
  );
  expect(heads.moved).toEqual([
    { organizationId: ahead.organizationId, position: 2, loggedAt: expect.any(Date) },
  ]);
  expect(heads.epoch).toMatch(/^[0-9a-f-]{36}$/);
  const lower = await readMovedHeads(db.pool, new Map([[equal.organizationId, 9]]));
  expect(lower.moved).toMatchObject([{ position: 1 }]);
  expect(await readMovedHeads(db.pool, new Map())).toEqual({ epoch: heads.epoch, moved: [] });
});

test('the resume window: by events, by time, ahead of the log', async () => {
  const writer = await logWriter(db);
  const judge = (position: number, events = 10, milliseconds = DAY) =>
    judgeResume(db.pool, writer.organizationId, position, {
      window: { events, milliseconds },
      shiftMs: db.clock.shiftMs,
    });
  await writer.write({}, {}, {});
  expect(await judge(3)).toBe('RESUMABLE');
  expect(await judge(0)).toBe('RESUMABLE');
  expect(await judge(0, 2)).toBe('CURSOR_TOO_OLD');
  expect(await judge(1, 2)).toBe('RESUMABLE');
  expect(await judge(4)).toBe('CURSOR_AHEAD');
  expect(await judgeResume(db.pool, newId(), 1)).toBe('CURSOR_AHEAD');
  db.clock.shiftMs = 2 * DAY;
  await writer.write({});
  expect(await judge(2)).toBe('CURSOR_TOO_OLD');
  // What was missed since is recent, however old the event that the cursor stands on.
  expect(await judge(3)).toBe('RESUMABLE');
  expect(await judge(4)).toBe('RESUMABLE');
  db.clock.shiftMs = 0;
});
