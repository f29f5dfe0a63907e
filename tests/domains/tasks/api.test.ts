import { beforeAll, describe, expect, test } from 'vitest';
import { encodeGlobalId } from '../../../src/api/global-ids.ts';
import { systemViewer } from '../../../src/database/viewer.ts';
import { type TestApp, testApp } from '../../support/app.ts';
import type { Transport } from '../../support/client.ts';
import type { Actor } from '../../support/seed.ts';
import { statementsOf } from './statements.ts';
import { newTask, twoTeams, type World } from './world.ts';

let app: TestApp;
let world: World;

beforeAll(async () => {
  app = await testApp();
  world = await twoTeams(app.app.db);
});

const gid = encodeGlobalId;

type Json = Record<string, unknown>;
interface Made {
  id: string;
  version: number;
}

async function mutate(actor: Actor, name: string, input: Json, fields: string): Promise<Json> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const data = await app.expectData<Record<string, Json>>(
    `mutation ($input: ${type}Input!) {
      ${name}(input: $input) {
        __typename
        ... on ${type}Payload { ${fields} }
        ... on UserError { code path }
      }
    }`,
    { input },
    { token: actor.token },
  );
  return data[name] ?? {};
}

async function createTask(actor: Actor, input: Json = {}): Promise<Made> {
  const made = await mutate(
    actor,
    'createTask',
    { title: '拜访客户', ...input },
    'task { id version }',
  );
  return made.task as Made;
}

test('the whole of a task, made by a manager for a rep', async () => {
  const { manager, rep, other } = world.north;
  const made = await mutate(
    manager,
    'createTask',
    {
      title: '准备投标书',
      description: '按模板',
      priority: 'HIGH',
      difficulty: 'HARD',
      importance: 'MAJOR',
      assigneeId: gid('Member', rep.memberId),
      watcherIds: [gid('Member', other.memberId)],
      checklist: ['报价', '盖章'],
    },
    `task { version title description status priority difficulty importance overdue
       assignee { name } creator { name } watchers { name } customer { id }
       checklist { text checked } statusHistory { status until by { name } }
       assignmentHistory { member { name } } comments { nodes { body } totalCount } }`,
  );
  expect(made).toEqual({
    __typename: 'CreateTaskPayload',
    task: {
      version: 1,
      title: '准备投标书',
      description: '按模板',
      status: 'OPEN',
      priority: 'HIGH',
      difficulty: 'HARD',
      importance: 'MAJOR',
      overdue: false,
      assignee: { name: '李伟' },
      creator: { name: '王经理' },
      watchers: [{ name: '张敏' }],
      customer: null,
      checklist: [
        { text: '报价', checked: false },
        { text: '盖章', checked: false },
      ],
      statusHistory: [{ status: 'OPEN', until: null, by: { name: '王经理' } }],
      assignmentHistory: [{ member: { name: '李伟' } }],
      comments: { nodes: [], totalCount: 0 },
    },
  });
});

test('every mutation answers with the task and its position', async () => {
  const { rep } = world.north;
  const { id } = await createTask(rep, { checklist: ['一'] });
  const item = await app.expectData<{ node: { checklist: { id: string }[] } }>(
    'query ($id: ID!) { node(id: $id) { ... on Task { checklist { id } } } }',
    { id },
    { token: rep.token },
  );
  const itemId = item.node.checklist[0]?.id;
  const steps: [string, Json, Json][] = [
    ['updateTask', { expectedVersion: 1, title: '新标题' }, { version: 2, title: '新标题' }],
    ['checkItem', { itemId }, { version: 3 }],
    ['startTask', { expectedVersion: 3 }, { version: 4, status: 'IN_PROGRESS' }],
    ['commentOnTask', { body: '已联系' }, { version: 4 }],
    ['watchTask', {}, { version: 5 }],
    ['assignTask', {}, { version: 6, assignee: null }],
    ['completeTask', {}, { version: 7, status: 'DONE' }],
    ['reopenTask', {}, { version: 8, status: 'OPEN' }],
    ['cancelTask', {}, { version: 9, status: 'CANCELLED' }],
  ];
  for (const [name, input, expected] of steps) {
    const fields = 'task { version title status assignee { id } }';
    const answer = await mutate(rep, name, { id, ...input }, fields);
    expect(answer.task, name).toMatchObject(expected);
  }
  const { body, extensions } = await app.query(
    `mutation ($id: ID!) { reopenTask(input: { id: $id }) { __typename } }`,
    { id },
    { token: rep.token },
  );
  expect(body).toContain('ReopenTaskPayload');
  expect(extensions.position).toMatch(/^\d+$/);
});

test('refusals are named, with their place', async () => {
  const { rep } = world.north;
  const { id } = await createTask(rep);
  const stranger = gid('Member', world.south.rep.memberId);
  const refusals: [string, Json, Json][] = [
    ['completeTask', { id, expectedVersion: 7 }, { code: 'CONFLICT' }],
    ['reopenTask', { id }, { code: 'WRONG_STATE' }],
    ['assignTask', { id, assigneeId: stranger }, { code: 'NOT_ALLOWED' }],
    ['createTask', { title: ' ' }, { code: 'INVALID_INPUT', path: ['input', 'title'] }],
    [
      'createTask',
      { title: 'x', checklist: Array(101).fill('x') },
      { code: 'TOO_MANY', path: ['input', 'checklist'] },
    ],
    [
      'startTask',
      { id: gid('Task', world.organizationId) },
      { code: 'NOT_FOUND', path: ['input', 'id'] },
    ],
    ['startTask', { id: stranger }, { code: 'INVALID_INPUT', path: ['input', 'id'] }],
  ];
  for (const [name, input, expected] of refusals) {
    expect(await mutate(rep, name, input, 'task { id }'), name).toMatchObject(expected);
  }
});

describe('lists', () => {
  const LIST = `query ($filter: TaskFilter, $orderBy: [TaskOrder!], $first: Int, $after: String) {
    tasks(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
      nodes { title } totalCount position pageInfo { hasNextPage endCursor }
    }
  }`;
  interface List {
    tasks: {
      nodes: { title: string }[];
      totalCount: number;
      position: string;
      pageInfo: { hasNextPage: boolean; endCursor: string };
    };
  }
  let scene: World;
  const list = (actor: Actor, variables: Json = {}) =>
    app.expectData<List>(LIST, variables, { token: actor.token });
  const titles = async (actor: Actor, variables: Json = {}) =>
    (await list(actor, variables)).tasks.nodes.map(({ title }) => title);

  beforeAll(async () => {
    scene = await twoTeams(app.app.db);
    const { db } = app.app;
    const { north, south } = scene;
    const due = (day: number) => new Date(Date.UTC(2020, 0, day));
    const [rep, other, southRep] = [north.rep, north.other, south.rep];
    const repViewer = await rep.viewer();
    await newTask(db, repViewer, { title: 'a', priority: 'LOW', dueAt: due(3) });
    await newTask(db, repViewer, { title: 'b', priority: 'URGENT', dueAt: null });
    await newTask(db, repViewer, { title: 'c', priority: 'HIGH', dueAt: due(1) });
    await newTask(db, await other.viewer(), {
      title: 'd',
      dueAt: new Date(Date.UTC(2100, 0, 1)),
      watcherIds: [southRep.memberId],
    });
    await newTask(db, await southRep.viewer(), { title: 'e', dueAt: due(2) });
  });

  test('show what the data scope covers and what is watched', async () => {
    expect(await titles(scene.north.rep)).toEqual(['c', 'b', 'a']);
    expect(await titles(scene.north.manager)).toEqual(['d', 'c', 'b', 'a']);
    expect(await titles(scene.south.rep)).toEqual(['e', 'd']);
    expect(await titles(scene.south.manager)).toEqual(['e']);
    expect(await titles(scene.admin)).toEqual(['e', 'd', 'c', 'b', 'a']);
    expect((await list(scene.north.rep)).tasks.totalCount).toBe(3);
  });

  test('are filtered', async () => {
    const assignee = { in: [gid('Member', scene.north.rep.memberId)] };
    const watcher = { in: [gid('Member', scene.south.rep.memberId)] };
    const cases: [Json, string[]][] = [
      [{ assignee }, ['c', 'b', 'a']],
      [{ assignee, priority: { in: ['HIGH', 'URGENT'] } }, ['c', 'b']],
      [{ watcher }, ['d']],
      [{ status: { in: ['DONE'] } }, []],
      [{ overdue: true }, ['e', 'c', 'a']],
      [{ overdue: false }, ['d', 'b']],
      [{ mine: false }, ['e', 'd', 'c', 'b', 'a']],
      [{ mine: true }, []],
      [{ assigned: false }, []],
      [{ dueAt: { from: '2020-01-02T00:00:00Z', before: '2020-01-03T00:00:00Z' } }, ['e']],
      [{ creator: { in: [] } }, []],
    ];
    for (const [filter, expected] of cases) {
      expect(await titles(scene.admin, { filter }), JSON.stringify(filter)).toEqual(expected);
    }
  });

  test('are ordered and paged by their values, what has none last', async () => {
    const orderBy = [{ field: 'DUE_AT', direction: 'ASC' }];
    expect(await titles(scene.admin, { orderBy })).toEqual(['c', 'e', 'a', 'd', 'b']);
    const priority = [{ field: 'PRIORITY', direction: 'DESC' }];
    expect((await titles(scene.admin, { orderBy: priority })).slice(0, 2)).toEqual(['b', 'c']);
    const seen: string[] = [];
    for (let after: string | null = null; ; ) {
      const page: List = await list(scene.admin, { orderBy, first: 2, after });
      seen.push(...page.tasks.nodes.map(({ title }) => title));
      if (!page.tasks.pageInfo.hasNextPage) break;
      after = page.tasks.pageInfo.endCursor;
    }
    expect(seen).toEqual(['c', 'e', 'a', 'd', 'b']);
  });

  test('read what they show of their tasks in as many statements as there are kinds of it', async () => {
    const read = (first: number) =>
      app.expectData(
        `query ($first: Int) { tasks(first: $first) { position nodes {
          title overdue assignee { name } creator { name } watchers { name }
          checklist { text checkedBy { name } } customer { name } statusHistory { by { name } }
        } } }`,
        { first },
        { token: scene.admin.token },
      );
    await read(2);
    const [few, more] = [await statementsOf(() => read(2)), await statementsOf(() => read(5))];
    expect(more.map(({ text }) => text)).toHaveLength(few.length);
  });

  test('node(id:) gives nothing that a list would not', async () => {
    const id = gid('Task', await newTask(app.app.db, await scene.north.rep.viewer()));
    const read = async (actor: Actor) =>
      (await app.expectData('query ($id: ID!) { node(id: $id) { id } }', { id }, actor)).node;
    for (const actor of [scene.north.rep, scene.north.manager, scene.admin]) {
      expect(await read(actor)).toEqual({ id });
    }
    for (const actor of [scene.north.other, scene.south.manager, world.admin]) {
      expect(await read(actor)).toBeNull();
    }
  });
});

describe.each<Transport>(['websocket', 'sse'])('taskEvents over %s', (over) => {
  const EVENTS = `subscription ($filter: TaskEventFilter, $since: Cursor) {
    taskEvents(filter: $filter, since: $since) {
      __typename cursor occurredAt taskId taskVersion actor { name }
      task { title version status assignee { name } }
      ... on TaskAssigned { from { name } to { name } }
      ... on TaskStatusChanged { old: from new: to }
      ... on TaskUpdated { changes }
      ... on TaskCommented { comment { body author { name } } }
      ... on TaskStreamReset { reason }
    }
  }`;
  interface Told {
    taskEvents: Json & { __typename: string; cursor: string; task: Json | null };
  }
  const subscribe = (actor: Actor, variables: Json = {}) =>
    app.subscribe<Told>(EVENTS, variables, { token: actor.token, over });
  const told = async (stream: ReturnType<typeof subscribe>) => {
    const { data, errors } = await stream.next();
    if (!data) throw new Error(JSON.stringify(errors));
    return data.taskEvents;
  };

  test('from the position of a list: every change, as it is for this viewer', async () => {
    const { manager, rep, other } = world.north;
    const { tasks } = await app.expectData<{ tasks: { position: string } }>(
      '{ tasks(first: 1) { position } }',
      {},
      { token: rep.token },
    );
    const { id } = await createTask(manager, { assigneeId: gid('Member', rep.memberId) });
    const stream = subscribe(rep, { since: tasks.position });
    expect(await told(stream)).toMatchObject({
      __typename: 'TaskCreated',
      taskId: id,
      taskVersion: 1,
      actor: { name: '王经理' },
      task: { title: '拜访客户', assignee: { name: '李伟' } },
    });
    await mutate(rep, 'updateTask', { id, expectedVersion: 1, priority: 'LOW' }, 'task { id }');
    expect(await told(stream)).toMatchObject({ __typename: 'TaskUpdated', changes: ['PRIORITY'] });
    await mutate(rep, 'startTask', { id }, 'task { id }');
    expect(await told(stream)).toMatchObject({
      __typename: 'TaskStatusChanged',
      old: 'OPEN',
      new: 'IN_PROGRESS',
      taskVersion: 3,
    });
    await mutate(manager, 'commentOnTask', { id, body: '加油' }, 'comment { body }');
    const commented = await told(stream);
    expect(commented).toMatchObject({
      __typename: 'TaskCommented',
      comment: { body: '加油', author: { name: '王经理' } },
    });
    await mutate(
      manager,
      'assignTask',
      { id, assigneeId: gid('Member', other.memberId) },
      'task { id }',
    );
    expect(await told(stream)).toMatchObject({
      __typename: 'TaskLeftView',
      taskId: id,
      taskVersion: 4,
      task: null,
    });

    const managers = subscribe(manager, { since: await cursorOf(manager) });
    await mutate(manager, 'completeTask', { id }, 'task { id }');
    expect(await told(managers)).toMatchObject({ __typename: 'TaskStatusChanged', new: 'DONE' });

    const resumed = subscribe(rep, { since: commented.cursor });
    expect(await told(resumed)).toMatchObject({ __typename: 'TaskLeftView', taskId: id });
  });

  async function cursorOf(actor: Actor): Promise<string> {
    const { tasks } = await app.expectData<{ tasks: { position: string } }>(
      '{ tasks(first: 0) { position } }',
      {},
      { token: actor.token },
    );
    return tasks.position;
  }

  test('a cursor of somebody else resets, one of another organization is refused', async () => {
    const { rep, manager } = world.north;
    const stream = subscribe(rep, { since: await cursorOf(manager) });
    expect(await told(stream)).toMatchObject({
      __typename: 'TaskStreamReset',
      reason: 'OTHER_IDENTITY',
      task: null,
      taskId: null,
    });
    const elsewhere = await twoTeams(app.app.db);
    const refused = subscribe(rep, { since: await cursorOf(elsewhere.north.rep) });
    const answer = await refused.next().catch((error: Error) => error.message);
    expect(JSON.stringify(answer)).toContain('no log cursor of this organization');
  });

  test('signing out ends the stream', async () => {
    const { db } = app.app;
    const someone = (await twoTeams(db)).north.rep;
    const stream = subscribe(someone, { since: await cursorOf(someone) });
    await createTask(someone);
    expect(await told(stream)).toMatchObject({ __typename: 'TaskCreated' });
    await db.pool.query('UPDATE access_token SET revoked_at = now() WHERE member_id = $1', [
      someone.memberId,
    ]);
    await newTask(db, systemViewer(someone.organizationId, someone.memberId, 'test'));
    const ending = await stream.next().then(
      ({ errors }) => JSON.stringify(errors),
      (error: Error) => error.message,
    );
    expect(ending).toContain('"code":"RIGHTS_ENDED"');
    await stream.ended.catch(() => {});
  });
});
