import { beforeAll, describe, expect, test } from 'vitest';
import { type TestApp, testApp } from '../../support/app.ts';
import { type Actor, type Organization, org } from '../../support/seed.ts';
import { changed, create, idOf, logged, mutate, names, score, uuidOf } from './world.ts';

let app: TestApp;
let admin: Organization;
let manager: Actor;
let rep: Actor;

beforeAll(async () => {
  app = await testApp();
  admin = await org(app.app.db);
  const team = await admin.team('华东');
  manager = await admin.manager({ team });
  rep = await admin.rep({ team });
});

interface Made {
  id: string;
  version: number;
  [field: string]: unknown;
}

async function add(actor: Actor, input: Record<string, unknown>): Promise<Made> {
  return (await mutate(app, actor, 'addContact', 'contact', input)).contact as Made;
}

async function log(actor: Actor, input: Record<string, unknown>): Promise<Made> {
  return (await mutate(app, actor, 'logActivity', 'activity', input)).activity as Made;
}

const activitiesOf = async (actor: Actor, id: string) => {
  const { node } = (await app.expectData<Record<string, unknown>>(
    `query ($id: ID!) { node(id: $id) { ... on Customer { lastActivityAt
      activities(first: 10) { totalCount nodes { id kind } } } } }`,
    { id },
    { token: actor.token },
  )) as { node: { lastActivityAt: string | null; activities: { nodes: Made[] } } };
  return node;
};

describe('contacts', () => {
  test('are added, found, changed and put out of use', async () => {
    const { id: customerId } = await create(app, rep, { name: '联络公司' });
    const contact = await add(rep, {
      customerId,
      name: '欧阳雪',
      post: '采购经理',
      role: '决策',
      phones: ['13755556666'],
    });
    expect(contact).toMatchObject({ version: 1, post: '采购经理', archivedAt: null });
    expect(await names(app, rep, { search: '阳雪' })).toEqual(['联络公司']);
    expect(await names(app, rep, { search: '5555' })).toEqual(['联络公司']);

    const update = (input: Record<string, unknown>) =>
      mutate(app, rep, 'updateContact', 'contact', { id: contact.id, ...input });
    expect(
      (await update({ expectedVersion: 1, name: '欧阳霜', phones: null })).contact,
    ).toMatchObject({ version: 2, name: '欧阳霜', phones: [] });
    expect(await update({ expectedVersion: 1, name: '欧阳雨' })).toMatchObject({
      code: 'CONFLICT',
    });
    expect(await names(app, rep, { search: '阳雪' })).toEqual([]);
    expect(await names(app, rep, { search: '5555' })).toEqual([]);
    expect(await names(app, rep, { search: '阳霜' })).toEqual(['联络公司']);

    await update({ expectedVersion: 2, archived: true });
    expect(await names(app, rep, { search: '阳霜' })).toEqual([]);
    await update({ expectedVersion: 3, archived: false });
    expect(await names(app, rep, { search: '阳霜' })).toEqual(['联络公司']);
    expect(await logged(app, contact.id)).toEqual([
      'contact.added',
      'contact.updated',
      'contact.updated',
      'contact.updated',
    ]);
  });

  test('stay in the search when the customer is renamed', async () => {
    const { id: customerId } = await create(app, rep, { name: '旧名公司' });
    await add(rep, { customerId, name: '司马光' });
    await changed(app, rep, 'updateCustomer', {
      id: customerId,
      expectedVersion: 1,
      name: '新名厂',
    });
    expect(await names(app, rep, { search: '司马' })).toEqual(['新名厂']);
    expect(await names(app, rep, { search: '旧名' })).toEqual([]);
  });

  test('of one customer that are added at once are all found', async () => {
    const { id: customerId } = await create(app, rep, { name: '并发公司' });
    const people = [...'赵钱孙李周吴郑王'].map((surname) => `${surname}并发`);
    await Promise.all(people.map((name) => add(rep, { customerId, name })));
    for (const name of people) {
      expect(await names(app, rep, { search: name })).toEqual(['并发公司']);
    }
  });

  test('cannot be changed by who cannot see the customer', async () => {
    const { id: customerId } = await create(app, admin, { name: '隐藏公司' });
    const contact = await add(admin, { customerId, name: '隐者' });
    const before = await logged(app, contact.id);
    expect(
      await mutate(app, rep, 'addContact', 'contact', { customerId, name: 'x' }),
    ).toMatchObject({ code: 'NOT_FOUND' });
    expect(
      await mutate(app, rep, 'updateContact', 'contact', {
        id: contact.id,
        expectedVersion: 1,
        name: 'x',
      }),
    ).toMatchObject({ code: 'NOT_FOUND', message: 'There is no such contact.' });
    expect(await logged(app, contact.id)).toEqual(before);
  });
});

describe('activities', () => {
  test('score for their author when they happened and move the last activity', async () => {
    const { id: customerId } = await create(app, rep, { name: '往来公司' });
    const contact = await add(rep, { customerId, name: '接洽人' });
    const calls = await score(app, rep, 'calls');
    const earlier = '2026-01-05T02:00:00.000Z';
    const call = await log(rep, {
      customerId,
      kind: 'CALL',
      contactId: contact.id,
      result: '有意向',
      body: '下周报价',
      happenedAt: earlier,
      nextFollowUpAt: '2026-01-12T02:00:00.000Z',
    });
    expect(call).toMatchObject({
      happenedAt: earlier,
      contact: { id: contact.id },
      author: { id: idOf(rep) },
    });
    expect(await score(app, rep, 'calls')).toBe(calls + 1);
    expect((await activitiesOf(rep, customerId)).lastActivityAt).toBe(earlier);
    const visit = await log(rep, { customerId, kind: 'VISIT' });
    await log(rep, { customerId, kind: 'NOTE', happenedAt: '2025-01-05T02:00:00Z' });
    const node = await activitiesOf(rep, customerId);
    expect(node.lastActivityAt).toBe(visit.happenedAt);
    expect(node.activities.nodes.map(({ kind }) => kind)).toEqual(['VISIT', 'CALL', 'NOTE']);
  });

  test('do not lie in the future, nor end before they begin, nor name a stranger', async () => {
    const { id: customerId } = await create(app, rep, { name: '未来公司' });
    const { id: otherId } = await create(app, rep, { name: '别家公司' });
    const stranger = await add(rep, { customerId: otherId, name: '别人' });
    const position = await head();
    const soon = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
    for (const [input, code, path] of [
      [{ happenedAt: soon(7) }, 'INVALID_INPUT', 'happenedAt'],
      [{ nextFollowUpAt: soon(-60) }, 'INVALID_INPUT', 'nextFollowUpAt'],
      [{ contactId: stranger.id }, 'NOT_FOUND', 'contactId'],
      [{ body: '长'.repeat(10_001) }, 'INVALID_INPUT', 'body'],
    ] as const) {
      const outcome = await mutate(app, rep, 'logActivity', 'activity', {
        customerId,
        kind: 'CALL',
        ...input,
      });
      expect(outcome).toMatchObject({ code, path: ['input', path] });
    }
    expect(await head()).toBe(position);
    expect(await log(rep, { customerId, kind: 'CALL', happenedAt: soon(3) })).toBeTruthy();
  });

  test('that were entered wrongly are taken back with their score', async () => {
    const { id: customerId } = await create(app, rep, { name: '错录公司' });
    const first = await log(rep, { customerId, kind: 'CALL', happenedAt: '2026-01-05T02:00:00Z' });
    const calls = await score(app, rep, 'calls');
    const wrong = await log(rep, { customerId, kind: 'CALL' });
    expect(await score(app, rep, 'calls')).toBe(calls + 1);
    const retract = (actor: Actor) =>
      mutate(app, actor, 'retractActivity', 'activity', { id: wrong.id });
    expect((await retract(rep)).activity).toMatchObject({ id: wrong.id });
    expect(await retract(rep)).toMatchObject({ code: 'WRONG_STATE' });
    expect(await score(app, rep, 'calls')).toBe(calls);
    const node = await activitiesOf(rep, customerId);
    expect(node.activities.nodes.map(({ id }) => id)).toEqual([first.id]);
    expect(node.lastActivityAt).toBe('2026-01-05T02:00:00.000Z');
    expect(await logged(app, wrong.id)).toEqual(['activity.logged', 'activity.retracted']);
  });

  test('are taken back by their author or a manager only', async () => {
    const { id: customerId } = await create(app, rep, { name: '旁人公司' });
    const peer = await admin.rep({ scope: 'ORGANIZATION' });
    const outsider = await admin.rep();
    const { id } = await log(rep, { customerId, kind: 'VISIT' });
    const retract = (actor: Actor) => mutate(app, actor, 'retractActivity', 'activity', { id });
    expect(await retract(peer)).toMatchObject({ code: 'NOT_ALLOWED' });
    expect(await retract(outsider)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await logged(app, id)).toEqual(['activity.logged']);
    expect((await retract(manager)).activity).toMatchObject({ id });
  });

  test('stay visible to their author when the customer has passed on, the customer does not', async () => {
    const author = await admin.rep();
    const { id: customerId } = await create(app, author, { name: '转走公司' });
    const contact = await add(author, { customerId, name: '转走的人' });
    const { id } = await log(author, { customerId, kind: 'CALL', contactId: contact.id });
    await changed(app, admin, 'transferCustomer', { id: customerId, ownerId: idOf(rep) });
    const seen = await app.expectData(
      `query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Activity { kind customer { id } contact { id } } } }`,
      { ids: [id, customerId, contact.id] },
      { token: author.token },
    );
    expect(seen).toEqual({
      nodes: [{ id, kind: 'CALL', customer: null, contact: null }, null, null],
    });
  });
});

async function head(): Promise<string> {
  const { rows } = await app.app.db.pool.query<{ position: string }>(
    'select position from log_head where organization_id = $1',
    [rep.organizationId],
  );
  return String(rows[0]?.position);
}

test('texts of contacts and activities stay out of the log', async () => {
  const { id: customerId } = await create(app, rep, { name: '保密公司' });
  const contact = await add(rep, { customerId, name: '保密人', phones: ['13700001111'] });
  const activity = await log(rep, {
    customerId,
    kind: 'MESSAGE',
    method: '微信保密',
    result: '保密结果',
    body: '保密内容',
  });
  const { rows } = await app.app.db.pool.query(
    'select payload, visibility from event where record_id = any($1::uuid[])',
    [[customerId, contact.id, activity.id].map(uuidOf)],
  );
  expect(rows).toHaveLength(3);
  expect(JSON.stringify(rows)).not.toMatch(/保密|1370/);
});
