import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../../src/database/database.ts';
import { Conflict, NotAllowed, NotFound, WrongState } from '../../../src/database/errors.ts';
import { newId } from '../../../src/database/ids.ts';
import type { MemberViewer } from '../../../src/database/viewer.ts';
import { deactivateMember } from '../../../src/domains/people/members.ts';
import { MemberNotActive, TooMany } from '../../../src/domains/tasks/errors.ts';
import { watchTask } from '../../../src/domains/tasks/following.ts';
import { assignTask, createTask, updateTask } from '../../../src/domains/tasks/service.ts';
import {
  cancelTask,
  completeTask,
  reopenTask,
  startTask,
} from '../../../src/domains/tasks/transitions.ts';
import { deriveScores } from '../../../src/metrics/derive.ts';
import '../../../src/schema.ts';
import { connectedDatabase, org } from '../../support/seed.ts';
import { eventsOf, newTask, twoTeams, type World } from './world.ts';

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
  db.prisma.task.findUniqueOrThrow({ where: { id }, include: { watchers: true, checklist: true } });

const typesOf = async (id: string) =>
  (await eventsOf(db, world.organizationId, id)).map(({ type }) => type);

describe('refused, and nothing changed', () => {
  const refusals: [string, (id: string) => Promise<unknown>, unknown][] = [
    ['a title of nothing', () => createTask(db, rep, { title: ' \n' }), 'InvalidInput'],
    ['a title too long', () => createTask(db, rep, { title: '长'.repeat(201) }), 'InvalidInput'],
    [
      'a checklist too long',
      () => createTask(db, rep, { title: 'x', checklist: Array(101).fill('x') }),
      TooMany,
    ],
    [
      'an assignee outside the data scope',
      async () =>
        createTask(db, manager, {
          title: 'x',
          assigneeId: (await world.south.rep.viewer()).memberId,
        }),
      NotAllowed,
    ],
    [
      'an unknown assignee',
      async () => createTask(db, await world.admin.viewer(), { title: 'x', assigneeId: newId() }),
      NotFound,
    ],
    [
      'an unknown customer',
      () => createTask(db, rep, { title: 'x', customerId: newId() }),
      NotFound,
    ],
    [
      'a due time beyond all years',
      () => createTask(db, rep, { title: 'x', dueAt: new Date(8e15) }),
      'InvalidInput',
    ],
    ['an unknown task', () => completeTask(db, rep, { id: newId() }), NotFound],
    ['a stale version', (id) => completeTask(db, rep, { id, expectedVersion: 9 }), Conflict],
    ['a step that is not there', (id) => reopenTask(db, rep, { id }), WrongState],
    [
      'to assign beyond the data scope',
      (id) => assignTask(db, rep, { id, assigneeId: manager.memberId }),
      NotAllowed,
    ],
    [
      'a task outside the data scope',
      async (id) => completeTask(db, await world.south.manager.viewer(), { id }),
      NotFound,
    ],
    [
      "a colleague's task",
      async (id) => updateTask(db, await world.north.other.viewer(), { id, expectedVersion: 1 }),
      NotFound,
    ],
  ];
  test.each(refusals)('%s', async (_, attempt, error) => {
    const id = await newTask(db, rep);
    const position = async () =>
      (await db.prisma.logHead.findUnique({ where: { organizationId: world.organizationId } }))
        ?.position;
    const [task, at] = [await read(id), await position()];
    const expected =
      typeof error === 'string' ? expect.objectContaining({ name: error }) : (error as Error);
    await expect(attempt(id)).rejects.toThrow(expected);
    expect(await read(id)).toEqual(task);
    expect(await position()).toBe(at);
  });

  test('to cancel what others gave', async () => {
    const id = await newTask(db, manager, { assigneeId: rep.memberId });
    await expect(cancelTask(db, rep, { id })).rejects.toThrow(NotAllowed);
    expect(await typesOf(id)).toEqual(['task.created']);
  });

  test("another organization's task, customer or member", async () => {
    const elsewhere = await org(db);
    const stranger = await elsewhere.viewer();
    const id = await newTask(db, rep);
    for (const act of [startTask, completeTask, cancelTask, reopenTask, watchTask]) {
      await expect(act(db, stranger, { id })).rejects.toThrow(NotFound);
    }
    await expect(
      createTask(db, stranger, { title: 'x', assigneeId: rep.memberId }),
    ).rejects.toThrow(NotFound);
    expect(await typesOf(id)).toEqual(['task.created']);
  });

  test('a member who has left', async () => {
    const company = await org(db);
    const admin = await company.viewer();
    const left = await company.rep();
    await deactivateMember(db, admin, { id: left.memberId });
    await expect(createTask(db, admin, { title: 'x', assigneeId: left.memberId })).rejects.toThrow(
      MemberNotActive,
    );
  });
});
