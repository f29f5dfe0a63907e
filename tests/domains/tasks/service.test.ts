import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../../src/database/database.ts';
import { Conflict, NotAllowed, NotFound, WrongState } from '../../../src/database/errors.ts';
import { newId } from '../../../src/database/ids.ts';
import type { MemberViewer } from '../../../src/database/viewer.ts';
import { checkItem, watchTask } from '../../../src/domains/tasks/following.ts';
import { assignTask, createTask, updateTask } from '../../../src/domains/tasks/service.ts';
import {
  cancelTask,
  completeTask,
  reopenTask,
  startTask,
} from '../../../src/domains/tasks/transitions.ts';
import '../../../src/schema.ts';
import { deriveScores } from '../../../src/metrics/derive.ts';
import { connectedDatabase } from '../../support/seed.ts';
import { statementsOf } from './statements.ts';
import { COMPLETIONS, eventsOf, newTask, twoTeams, type World } from './world.ts';

let db: Database;
let world: World;
let rep: MemberViewer;
let manager: MemberViewer;

beforeAll(async () => {
  db = await connectedDatabase({ derive: deriveScores });
  world = await twoTeams(db);
  rep = await world.north.rep.viewer();
  manager = await world.north.manager.viewer();
});
afterAll(() => db.close());

const read = (id: string) =>
  db.prisma.task.findUniqueOrThrow({
    where: { id },
    include: {
      watchers: true,
      checklist: { orderBy: { ordinal: 'asc' } },
      statusChanges: { orderBy: [{ from: 'asc' }, { id: 'asc' }] },
      assignments: { orderBy: [{ from: 'asc' }, { id: 'asc' }] },
    },
  });

const typesOf = async (id: string) =>
  (await eventsOf(db, world.organizationId, id)).map(({ type }) => type);

async function score(memberId: string): Promise<number> {
  const { rows } = await db.pool.query<{ score: string | null }>(
    `SELECT sum(e.amount) AS score FROM score_entry e
     JOIN metric_version v ON v.id = e.metric_version_id AND v.state = 'ACTIVE'
     JOIN metric m ON m.id = v.metric_id AND m.key = $3
     WHERE e.organization_id = $1 AND e.member_id = $2`,
    [world.organizationId, memberId, COMPLETIONS],
  );
  return Number(rows[0]?.score ?? 0);
}

test('a new task: defaults, history from its making on, one event without texts', async () => {
  const { id, version } = await createTask(db, rep, {
    title: '  给客户回电话 ',
    checklist: ['查合同', '打电话'],
    watcherIds: [manager.memberId, manager.memberId],
  });
  const task = await read(id);
  expect(version).toBe(1);
  expect(task).toMatchObject({
    title: '给客户回电话',
    status: 'OPEN',
    priority: 'NORMAL',
    difficulty: 'NORMAL',
    importance: 'SMALL',
    assigneeId: rep.memberId,
    creatorId: rep.memberId,
  });
  expect(task.dueAt?.getTime()).toBeGreaterThan(task.createdAt.getTime());
  expect(task.checklist.map(({ text }) => text)).toEqual(['查合同', '打电话']);
  expect(task.watchers.map(({ memberId }) => memberId)).toEqual([manager.memberId]);
  expect(task.statusChanges).toMatchObject([{ status: 'OPEN', from: task.createdAt, until: null }]);
  expect(task.assignments).toMatchObject([{ memberId: rep.memberId, until: null }]);

  const [event, ...rest] = await eventsOf(db, world.organizationId, id);
  expect(rest).toEqual([]);
  expect(event).toMatchObject({
    type: 'task.created',
    recordVersion: 1,
    actorId: rep.memberId,
    visibility: {
      before: null,
      after: { owners: [rep.memberId], watchers: [manager.memberId] },
    },
    payload: { task: { status: 'OPEN', assigneeId: rep.memberId } },
  });
  expect(JSON.stringify(event)).not.toMatch(/电话|合同/);
});

test('due: by importance, by what is said, or not at all', async () => {
  const said = new Date('2030-01-01T00:00:00.000Z');
  const due = async (input: { importance?: 'MAJOR'; dueAt?: Date | null }) => {
    const { dueAt, createdAt } = await read(await newTask(db, rep, input));
    return dueAt && dueAt.getTime() - createdAt.getTime();
  };
  expect(await due({ importance: 'MAJOR' })).toBe(4 * 3_600_000);
  expect(await due({ importance: 'MAJOR', dueAt: null })).toBeNull();
  expect((await read(await newTask(db, rep, { dueAt: said }))).dueAt).toEqual(said);
});

test('the life of a task: status and assignee as they were, one event each, score given and taken', async () => {
  const before = await score(rep.memberId);
  const id = await newTask(db, manager, { assigneeId: null });
  await assignTask(db, manager, { id, assigneeId: rep.memberId });
  await startTask(db, rep, { id });
  await completeTask(db, rep, { id, expectedVersion: 3 });
  expect(await score(rep.memberId)).toBe(before + 1);
  const done = await read(id);
  expect(done.completedAt).toEqual(done.updatedAt);
  await reopenTask(db, rep, { id });
  expect(await score(rep.memberId)).toBe(before);
  await cancelTask(db, manager, { id });
  await reopenTask(db, rep, { id });
  expect(await score(rep.memberId)).toBe(before);

  const task = await read(id);
  expect(task).toMatchObject({ version: 7, status: 'OPEN', completedAt: null });
  expect(task.statusChanges.map(({ status }) => status)).toEqual([
    'OPEN',
    'IN_PROGRESS',
    'DONE',
    'OPEN',
    'CANCELLED',
    'OPEN',
  ]);
  expect(task.assignments.map(({ memberId }) => memberId)).toEqual([null, rep.memberId]);
  for (const history of [task.statusChanges, task.assignments]) {
    const gaps = history.slice(1).map(({ from }, i) => Number(from) - Number(history[i]?.until));
    expect(gaps).toEqual(gaps.map(() => 0));
    expect(history.at(-1)?.until).toBeNull();
  }
  const events = await eventsOf(db, world.organizationId, id);
  expect(events.map(({ type, recordVersion }) => [type, recordVersion])).toEqual([
    ['task.created', 1],
    ['task.assigned', 2],
    ['task.started', 3],
    ['task.completed', 4],
    ['task.reopened', 5],
    ['task.cancelled', 6],
    ['task.reopened', 7],
  ]);
  expect(events[1]?.visibility).toEqual({
    before: { owners: [manager.memberId] },
    after: { owners: [rep.memberId, manager.memberId] },
  });
  expect(events[3]?.payload).toMatchObject({
    ...{ from: 'IN_PROGRESS', to: 'DONE', memberId: rep.memberId, onTime: true },
    was: { status: 'IN_PROGRESS' },
  });
});

test('50 completions at once: one effect, 49 refusals; with one key: one effect, 50 equal answers', async () => {
  const before = await score(rep.memberId);
  const [alone, keyed] = [await newTask(db, rep), await newTask(db, rep)];
  const fifty = Array.from({ length: 50 }, () => 0);
  const outcomes = await Promise.allSettled(fifty.map(() => completeTask(db, rep, { id: alone })));
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
  expect(outcomes.length - refused.length).toBe(1);
  expect(refused.every(({ reason }) => reason instanceof WrongState)).toBe(true);

  const input = { id: keyed, idempotencyKey: newId() };
  const answers = await Promise.all(fifty.map(() => completeTask(db, rep, input)));
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);

  for (const id of [alone, keyed]) {
    expect(await typesOf(id)).toEqual(['task.created', 'task.completed']);
    expect((await read(id)).version).toBe(2);
  }
  expect(await score(rep.memberId)).toBe(before + 2);
});

test('under contention the log has every version of a task in order, and the history no overlap', async () => {
  const id = await newTask(db, manager, { assigneeId: rep.memberId });
  const acts = [startTask, completeTask, reopenTask, cancelTask];
  await Promise.allSettled(
    Array.from({ length: 80 }, (_, i) => acts[i % 4]?.(db, i % 3 ? manager : rep, { id })),
  );
  const events = await eventsOf(db, world.organizationId, id);
  const task = await read(id);
  expect(events.map(({ recordVersion }) => recordVersion)).toEqual(
    events.map((_, index) => index + 1),
  );
  expect(task.version).toBe(events.length);
  expect(task.statusChanges).toHaveLength(events.length);
  expect(task.statusChanges.filter(({ until }) => until === null)).toHaveLength(1);
});

test('update: only what differs, null clears, undefined leaves; no change, no event', async () => {
  const id = await newTask(db, rep, { description: '按合同', priority: 'HIGH' });
  const same = await updateTask(db, rep, { id, expectedVersion: 1, priority: 'HIGH' });
  expect(same.version).toBe(1);
  const changed = await updateTask(db, rep, {
    ...{ id, expectedVersion: 1, title: null, description: null, dueAt: null },
    priority: 'URGENT',
  });
  expect(changed.version).toBe(2);
  expect(await read(id)).toMatchObject({
    ...{ title: '给客户回电话', description: null, dueAt: null, priority: 'URGENT' },
  });
  const events = await eventsOf(db, world.organizationId, id);
  expect(events).toHaveLength(2);
  expect(events[1]?.payload).toMatchObject({
    changed: ['description', 'priority', 'dueAt'],
    was: { priority: 'HIGH' },
    task: { priority: 'URGENT', dueAt: null },
  });
  await expect(updateTask(db, rep, { id, expectedVersion: 1 })).rejects.toThrow(Conflict);
});

test('the checklist: replaced as a whole, kept items keep their ticks; ticking again is no change', async () => {
  const id = await newTask(db, rep, { checklist: ['一', '二', '三'] });
  const [one, two] = (await read(id)).checklist;
  const itemId = two?.id ?? '';
  expect((await checkItem(db, rep, { id, itemId })).version).toBe(2);
  expect((await checkItem(db, rep, { id, itemId })).version).toBe(2);
  await updateTask(db, rep, {
    ...{ id, expectedVersion: 2 },
    checklist: [{ id: itemId, text: '二' }, { text: '四' }, { id: one?.id, text: '一！' }],
  });
  const { checklist } = await read(id);
  expect(checklist.map(({ text, checkedById }) => [text, checkedById])).toEqual([
    ['二', rep.memberId],
    ['四', null],
    ['一！', null],
  ]);
  await checkItem(db, rep, { id, itemId, checked: false });
  expect((await read(id)).checklist[0]?.checkedAt).toBeNull();
  await expect(checkItem(db, rep, { id, itemId: newId() })).rejects.toThrow(NotFound);
  const twice = [
    { id: itemId, text: '二' },
    { id: itemId, text: '二' },
  ];
  await expect(updateTask(db, rep, { id, expectedVersion: 4, checklist: twice })).rejects.toThrow(
    NotFound,
  );
  expect(await typesOf(id)).toEqual([
    'task.created',
    'task.item_checked',
    'task.updated',
    'task.item_checked',
  ]);
});

describe('watching', () => {
  test('whoever may change a task lets others see it; whoever sees it may stop watching', async () => {
    const outsider = await world.south.rep.viewer();
    const id = await newTask(db, rep);
    await expect(watchTask(db, outsider, { id })).rejects.toThrow(NotFound);
    await watchTask(db, rep, { id, memberId: outsider.memberId });
    await expect(completeTask(db, outsider, { id })).rejects.toThrow(NotAllowed);
    await expect(watchTask(db, outsider, { id, memberId: manager.memberId })).rejects.toThrow(
      NotAllowed,
    );
    await watchTask(db, outsider, { id, watching: false });
    await expect(watchTask(db, outsider, { id })).rejects.toThrow(NotFound);
    const events = await eventsOf(db, world.organizationId, id);
    expect(events.map(({ type, visibility }) => [type, visibility.after?.watchers])).toEqual([
      ['task.created', undefined],
      ['task.watched', [outsider.memberId]],
      ['task.unwatched', undefined],
    ]);
  });

  test('a completion that waited for a watcher to be added counts him in', async () => {
    const outsider = await world.south.rep.viewer();
    const id = await newTask(db, rep);
    await Promise.all([
      watchTask(db, rep, { id, memberId: outsider.memberId }),
      completeTask(db, rep, { id }),
    ]);
    const events = await eventsOf(db, world.organizationId, id);
    const watched = events.findIndex(({ type }) => type === 'task.watched');
    const completed = events.find(({ type }) => type === 'task.completed');
    const expected = watched === 1 ? [outsider.memberId] : undefined;
    expect(completed?.visibility.after?.watchers).toEqual(expected);
  });
});

test('a completion is seven statements in three flights: open, lock, write and commit', async () => {
  const [first, second] = [await newTask(db, rep), await newTask(db, rep)];
  // The first one reads what scores are made of; it is kept for as long as nothing of it changes.
  await completeTask(db, rep, { id: first });
  const sent = await statementsOf(() => completeTask(db, rep, { id: second }));
  const nameOf = (text: string) =>
    /^(BEGIN|COMMIT)$|tasks\.\w+|finish_v\d+|log_head/.exec(text)?.[0] ?? text;
  expect(sent.map(({ flight, text }) => [flight, nameOf(text)])).toEqual([
    [1, 'BEGIN'],
    [1, 'log_head'],
    [2, 'tasks.lock'],
    [2, 'tasks.watchers'],
    [3, 'tasks.move'],
    [3, 'finish_v2'],
    [3, 'COMMIT'],
  ]);
});
