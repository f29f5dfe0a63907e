import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../../src/database/database.ts';
import type { MemberViewer, Viewer } from '../../../src/database/viewer.ts';
import { authenticate } from '../../../src/domains/organization/authenticate.ts';
import { deactivateMember, moveMember, setRole } from '../../../src/domains/people/members.ts';
import { commentOnTask } from '../../../src/domains/tasks/commenting.ts';
import { checkItem, watchTask } from '../../../src/domains/tasks/following.ts';
import { assignTask, updateTask } from '../../../src/domains/tasks/service.ts';
import { followTasks, type TaskFrame } from '../../../src/domains/tasks/stream.ts';
import type { TaskEventFilter } from '../../../src/domains/tasks/stream-rules.ts';
import { cancelTask, completeTask, startTask } from '../../../src/domains/tasks/transitions.ts';
import { createFeed, type Feed } from '../../../src/events/feed.ts';
import { DEFAULT_RESUME_WINDOW } from '../../../src/events/log.ts';
import { liveCounts } from '../../../src/live/counts.ts';
import type { Since } from '../../../src/live/since.ts';
import { deriveScores } from '../../../src/metrics/derive.ts';
import { type Actor, connectedDatabase } from '../../support/seed.ts';
import { newTask, twoTeams, type World } from './world.ts';

let db: Database;
let feed: Feed;
let world: World;

beforeAll(async () => {
  db = await connectedDatabase({ derive: deriveScores });
  feed = createFeed(db, { pollMs: 100 });
  await feed.start();
});

afterEach(async () => {
  for (const stream of open.splice(0)) await stream.return?.();
  expect(liveCounts()).toEqual({ mailboxes: 0, timers: 0 });
  expect(feed.counts()).toMatchObject({ organizations: 0, listeners: 0 });
});

afterAll(async () => {
  await feed.stop();
  await db.close();
});

type Stream = AsyncIterableIterator<TaskFrame, undefined>;
const open: Stream[] = [];

interface Following {
  filter?: TaskEventFilter;
  since?: Since;
  limit?: number;
  present?: () => Promise<Viewer | null>;
}

async function follow(actor: Actor, options: Following = {}): Promise<Stream> {
  const stream = await followTasks({
    feed,
    viewer: await actor.viewer(),
    present: () => authenticate(db, actor.token, { origin: null }),
    filter: {},
    since: null,
    limit: 1_000,
    window: DEFAULT_RESUME_WINDOW,
    ...options,
  });
  open.push(stream);
  return stream;
}

async function take(stream: Stream, count: number): Promise<TaskFrame[]> {
  const frames: TaskFrame[] = [];
  while (frames.length < count) {
    const { value, done } = await stream.next();
    if (done) break;
    frames.push(value);
  }
  return frames;
}

/** Everything up to a task of the viewer's own that is made as the last thing: what came, without it. */
async function kinds(stream: Stream, actor: Actor): Promise<string[]> {
  const last = await newTask(db, await actor.viewer(), { title: '到此为止' });
  const seen: string[] = [];
  for (;;) {
    const { value, done } = await stream.next();
    if (done) throw new Error('the stream has ended');
    if (value.kind === 'RESET') seen.push(`RESET ${value.reason}`);
    else if (value.event.recordId === last) return seen;
    else seen.push(value.kind);
  }
}

async function people() {
  world = await twoTeams(db);
  const { north, south, admin } = world;
  return {
    ...{ north, south, admin },
    boss: await admin.viewer(),
    northManager: await north.manager.viewer(),
    rep: await north.rep.viewer(),
  };
}

test('each change is told as what it is, in order', async () => {
  const { north, rep, northManager } = await people();
  const stream = await follow(north.rep);
  const id = await newTask(db, rep, { checklist: ['一'] });
  const item = await db.prisma.checklistItem.findFirstOrThrow({ where: { taskId: id } });
  await updateTask(db, rep, { id, expectedVersion: 1, priority: 'HIGH' });
  await checkItem(db, rep, { id, itemId: item.id });
  await commentOnTask(db, rep, { id, body: '客户明天回复' });
  await startTask(db, rep, { id });
  await assignTask(db, northManager, { id, assigneeId: north.other.memberId });
  await completeTask(db, northManager, { id });
  const frames = await take(stream, 7);
  expect(
    frames.map((frame) => [frame.kind, 'event' in frame && frame.event.recordVersion]),
  ).toEqual([
    ['CREATED', 1],
    ['UPDATED', 2],
    ['UPDATED', 3],
    ['COMMENTED', 3],
    ['STATUS_CHANGED', 4],
    ['ASSIGNED', 5],
    ['STATUS_CHANGED', 6],
  ]);
  const positions = frames.map(({ position }) => position);
  expect(positions).toEqual([...positions].sort((a, b) => a - b));
});

test('an assignment from one team to another: leaves the one, enters the other', async () => {
  const { north, south, boss } = await people();
  const streams = {
    north: await follow(north.manager),
    south: await follow(south.manager),
    rep: await follow(north.rep),
    other: await follow(north.other),
    taker: await follow(south.rep),
  };
  const id = await newTask(db, boss, { assigneeId: north.rep.memberId });
  await assignTask(db, boss, { id, assigneeId: south.rep.memberId });
  await startTask(db, boss, { id });
  expect(await kinds(streams.north, north.manager)).toEqual(['CREATED', 'LEFT']);
  expect(await kinds(streams.rep, north.rep)).toEqual(['CREATED', 'LEFT']);
  expect(await kinds(streams.south, south.manager)).toEqual(['ENTERED', 'STATUS_CHANGED']);
  expect(await kinds(streams.taker, south.rep)).toEqual(['ENTERED', 'STATUS_CHANGED']);
  expect(await kinds(streams.other, north.other)).toEqual([]);
});

test('watching brings a task into view, and out of it again', async () => {
  const { north, south, rep } = await people();
  const stream = await follow(south.rep);
  const id = await newTask(db, rep);
  await watchTask(db, rep, { id, memberId: south.rep.memberId });
  await startTask(db, rep, { id });
  await commentOnTask(db, await south.rep.viewer(), { id, body: '我来帮忙' });
  await watchTask(db, rep, { id, memberId: south.rep.memberId, watching: false });
  await completeTask(db, rep, { id });
  expect(await kinds(stream, south.rep)).toEqual([
    'ENTERED',
    'STATUS_CHANGED',
    'COMMENTED',
    'LEFT',
  ]);
  expect(north.rep.organizationId).toBe(south.rep.organizationId);
});

describe('the filter', () => {
  test('decides what enters and leaves, by the task before and after each event', async () => {
    const { north, northManager } = await people();
    const filters: Record<string, TaskEventFilter> = {
      open: { status: { in: ['OPEN', 'IN_PROGRESS'] } },
      done: { status: { in: ['DONE'] } },
      rep: { assignee: { in: [north.rep.memberId] } },
      mine: { mine: true },
      urgent: { priority: { in: ['URGENT'] }, status: { in: ['OPEN'] } },
    };
    const streams = new Map<string, Stream>();
    for (const [name, filter] of Object.entries(filters)) {
      streams.set(name, await follow(north.manager, { filter }));
    }
    const id = await newTask(db, northManager, { assigneeId: north.rep.memberId });
    await updateTask(db, northManager, { id, expectedVersion: 1, priority: 'URGENT' });
    await assignTask(db, northManager, { id, assigneeId: northManager.memberId });
    await startTask(db, northManager, { id });
    await completeTask(db, northManager, { id });
    const seen = async (name: string, count: number) =>
      (await take(streams.get(name) as Stream, count)).map(({ kind }) => kind);
    expect(await seen('open', 5)).toEqual([
      ...['CREATED', 'UPDATED', 'ASSIGNED', 'STATUS_CHANGED', 'LEFT'],
    ]);
    expect(await seen('done', 1)).toEqual(['ENTERED']);
    expect(await seen('rep', 3)).toEqual(['CREATED', 'UPDATED', 'LEFT']);
    expect(await seen('mine', 3)).toEqual(['ENTERED', 'STATUS_CHANGED', 'STATUS_CHANGED']);
    expect(await seen('urgent', 3)).toEqual(['ENTERED', 'ASSIGNED', 'LEFT']);
  });

  test('by one task', async () => {
    const { north, rep } = await people();
    const [one, two] = [await newTask(db, rep), await newTask(db, rep)];
    const stream = await follow(north.rep, { filter: { task: { in: [two] } } });
    for (const id of [one, two]) await startTask(db, rep, { id });
    await cancelTask(db, rep, { id: two });
    const frames = await take(stream, 2);
    expect(frames.map((frame) => 'event' in frame && frame.event.recordId)).toEqual([two, two]);
  });
});

describe('present rights', () => {
  test('a manager whose rep moves away is told to read again, and hears no more of him', async () => {
    const { north, south, boss, rep } = await people();
    const stream = await follow(north.manager);
    const id = await newTask(db, rep);
    expect((await take(stream, 1))[0]?.kind).toBe('CREATED');
    const { teamId } = await db.prisma.membership.findFirstOrThrow({
      where: { memberId: south.rep.memberId, until: null },
    });
    await moveMember(db, boss, { id: north.rep.memberId, teamId });
    await startTask(db, rep, { id });
    expect(await kinds(stream, north.manager)).toEqual(['RESET RIGHTS_CHANGED']);
  });

  test('what happened before a change of rights is told by the rights of now', async () => {
    const { north, boss, rep } = await people();
    const { position: since } = await startTask(db, rep, { id: await newTask(db, rep) });
    await newTask(db, rep);
    await newTask(db, await north.other.viewer());
    await setRole(db, boss, { id: north.rep.memberId, role: 'MANAGER', dataScope: 'ORGANIZATION' });
    const stream = await follow(north.rep, { since: { position: since } });
    expect(await kinds(stream, north.rep)).toEqual(['CREATED', 'CREATED', 'RESET RIGHTS_CHANGED']);
  });

  test('who comes to see more is told to read again, then hears of it', async () => {
    const { north, boss } = await people();
    const stream = await follow(north.rep);
    const id = await newTask(db, await north.other.viewer());
    await setRole(db, boss, { id: north.rep.memberId, role: 'MANAGER' });
    expect(await take(stream, 1)).toMatchObject([{ kind: 'RESET', reason: 'RIGHTS_CHANGED' }]);
    await startTask(db, await north.other.viewer(), { id });
    expect(await kinds(stream, north.rep)).toEqual(['STATUS_CHANGED']);
  });

  test('a stream ends when its member is deactivated', async () => {
    const { north, boss, northManager } = await people();
    const stream = await follow(north.rep);
    await newTask(db, northManager, { assigneeId: north.rep.memberId });
    expect((await take(stream, 1))[0]?.kind).toBe('CREATED');
    await deactivateMember(db, boss, { id: north.rep.memberId });
    await expect(stream.next()).rejects.toMatchObject({ code: 'RIGHTS_ENDED' });
    expect(await stream.next()).toEqual({ value: undefined, done: true });
  });

  test('rights are asked for again for every event', async () => {
    const { north, rep } = await people();
    let asked = 0;
    const present = () => {
      asked += 1;
      return authenticate(db, north.rep.token, { origin: null });
    };
    const stream = await follow(north.rep, { present });
    const id = await newTask(db, rep);
    await newTask(db, await north.other.viewer());
    await startTask(db, rep, { id });
    await take(stream, 2);
    // Not for what could not be seen anyway.
    expect(asked).toBe(2);
  });
});

test('replay and live, while 200 writes a second go on: no gap, no double, every version in order', async () => {
  const { north, rep, northManager } = await people();
  const tasks: string[] = [];
  for (let i = 0; i < 10; i += 1) tasks.push(await newTask(db, rep));
  const started = performance.now();
  let writes = 0;
  let stop = false;
  const writer = async (viewer: MemberViewer, offset: number) => {
    for (let i = offset; !stop; i += 1) {
      const id = tasks[i % tasks.length] ?? '';
      const priority = Math.floor(i / tasks.length) % 2 === 0 ? 'HIGH' : 'LOW';
      const { version } = await db.prisma.task.findUniqueOrThrow({ where: { id } });
      await updateTask(db, viewer, { id, expectedVersion: version, priority }).catch(() => {});
      writes += 1;
      const ahead = (writes * 1_000) / 200 - (performance.now() - started);
      if (ahead > 0) await new Promise((resolve) => setTimeout(resolve, ahead));
    }
  };
  const writers = [writer(rep, 0), writer(northManager, 5)];
  const [first = 0] = await taskPositions();
  const seen: { stream: Stream; from: number; replayed: number[] }[] = [];
  for (let from = first - 1; from < first + 9; from += 1) {
    const stream = await follow(north.manager, { since: { position: from } });
    const frames = await take(stream, 20);
    expect(frames).toHaveLength(20);
    seen.push({ stream, from, replayed: frames.map(({ position }) => position) });
  }
  const until = ((await taskPositions()).at(-1) ?? 0) + 100;
  const told = await Promise.all(
    seen.map(async ({ stream, from, replayed }) => {
      const positions = [...replayed];
      for (let at = replayed.at(-1) ?? 0; at < until; ) {
        const [frame] = await take(stream, 1);
        at = frame?.position ?? until;
        positions.push(at);
      }
      return { from, positions };
    }),
  );
  stop = true;
  await Promise.all(writers);
  const logged = await taskPositions();
  for (const { from, positions } of told) {
    const last = positions.at(-1) ?? 0;
    expect(positions).toEqual(logged.filter((position) => position > from && position <= last));
  }
});

async function taskPositions(): Promise<number[]> {
  const events = await db.prisma.event.findMany({
    where: { organizationId: world.organizationId, recordType: 'Task' },
    orderBy: { position: 'asc' },
    select: { position: true },
  });
  return events.map(({ position }) => Number(position));
}

test('a subscriber who reads too slowly is reset once, and follows on', async () => {
  const { north, rep } = await people();
  const stream = await follow(north.rep, { limit: 5 });
  for (let i = 0; i < 12; i += 1) await newTask(db, rep);
  await expect.poll(() => feed.lag().events).toBe(0);
  const [reset] = await take(stream, 1);
  expect(reset).toMatchObject({ kind: 'RESET', reason: 'MAILBOX_FULL' });
  const before = await kinds(stream, north.rep);
  expect(before.every((kind) => kind === 'CREATED')).toBe(true);
  expect(before.length).toBeLessThan(6);
});
