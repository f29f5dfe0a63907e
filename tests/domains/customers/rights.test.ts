import { beforeAll, describe, expect, test } from 'vitest';
import { encodeGlobalId } from '../../../src/api/global-ids.ts';
import { type TestApp, testApp } from '../../support/app.ts';
import { type Actor, type Organization, org } from '../../support/seed.ts';
import { create, idOf, list, mutate, names, uuidOf } from './world.ts';

let app: TestApp;
let admin: Organization;
let other: Organization;
const actors: Record<string, Actor> = {};
let teamId: string;

beforeAll(async () => {
  app = await testApp();
  admin = await org(app.app.db);
  other = await org(app.app.db);
  teamId = await admin.team('一组');
  actors.admin = admin;
  actors.manager = await admin.manager({ team: teamId });
  actors.rep = await admin.rep({ team: teamId });
  actors.peer = await admin.rep({ team: teamId, scope: 'TEAM' });
  actors.outsider = await admin.rep();
  actors.stranger = other;
});

const actor = (name: string) => actors[name] as Actor;

/** Everything that could have been touched. */
async function state(id: string): Promise<string> {
  const { rows } = await app.app.db.pool.query(
    `select row_to_json(c) as customer, (select count(*) from event) as events,
       (select count(*) from customer_ownership) as stays from customer c where id = $1`,
    [uuidOf(id)],
  );
  return JSON.stringify(rows);
}

const CHANGES: [string, (id: string) => Record<string, unknown>][] = [
  ['updateCustomer', (id) => ({ id, expectedVersion: 1, region: '华东' })],
  ['transferCustomer', (id) => ({ id, ownerId: idOf(actor('peer')) })],
  ['archiveCustomer', (id) => ({ id })],
  ['archiveCustomer', (id) => ({ id, asMistake: true })],
];

describe('who may change a customer of a member', () => {
  const expected: Record<string, (string | null)[]> = {
    //         update, transfer, archive, as a mistake; null: may
    admin: [null, null, null, null],
    manager: [null, null, null, null],
    rep: [null, 'NOT_ALLOWED', null, null],
    peer: [null, 'NOT_ALLOWED', null, null],
    outsider: ['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND'],
    stranger: ['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND'],
  };

  for (const [name, codes] of Object.entries(expected)) {
    test(`${name}`, async () => {
      for (const [index, [mutation, input]] of CHANGES.entries()) {
        const { id } = await create(app, actor('rep'), { name: '权限公司' });
        const before = await state(id);
        const outcome = await mutate(app, actor(name), mutation, 'customer', input(id));
        expect([mutation, outcome.code ?? null]).toEqual([mutation, codes[index]]);
        if (codes[index] === null) expect(await state(id)).not.toBe(before);
        else expect(await state(id)).toBe(before);
      }
    });
  }

  test('an owner gives it to a colleague in his scope, and to nobody else', async () => {
    const peer = actor('peer');
    const { id } = await create(app, peer, { name: '同事公司' });
    const give = (to: string) =>
      mutate(app, peer, 'transferCustomer', 'customer', { id, ownerId: idOf(actor(to)) });
    expect(await give('outsider')).toMatchObject({ code: 'NOT_ALLOWED' });
    expect(await give('stranger')).toMatchObject({ code: 'NOT_ALLOWED' });
    expect((await give('rep')).customer).toMatchObject({ owner: { id: idOf(actor('rep')) } });
    expect(await give('peer')).toMatchObject({ code: 'NOT_ALLOWED' });
  });
});

test('whom a new customer may be given to', async () => {
  const give = async (by: string, to: string) => {
    const outcome = await mutate(app, actor(by), 'createCustomer', 'customer', {
      name: '分配公司',
      ownerId: idOf(actor(to)),
    });
    return outcome.code ?? null;
  };
  expect(await give('admin', 'outsider')).toBeNull();
  expect(await give('manager', 'rep')).toBeNull();
  expect(await give('manager', 'outsider')).toBe('NOT_ALLOWED');
  expect(await give('rep', 'rep')).toBeNull();
  expect(await give('rep', 'peer')).toBe('NOT_ALLOWED');
  expect(await give('peer', 'rep')).toBe('NOT_ALLOWED');
  expect(await give('admin', 'stranger')).toBe('NOT_FOUND');
});

test('a customer is not put below one that the caller cannot see', async () => {
  const hidden = await create(app, actor('outsider'), { name: '看不见的母公司' });
  const foreign = await create(app, actor('stranger'), { name: '外面的母公司' });
  for (const parentId of [hidden.id, foreign.id]) {
    const made = await mutate(app, actor('rep'), 'createCustomer', 'customer', {
      name: '子公司',
      parentId,
    });
    expect(made).toMatchObject({ code: 'NOT_FOUND', path: ['input', 'parentId'] });
  }
});

describe('what is not mine does not show', () => {
  const SECRET = '绝密工业';
  let id: string;
  let contactId: string;
  let activityId: string;

  beforeAll(async () => {
    const rep = actor('rep');
    id = (await create(app, rep, { name: SECRET, phones: ['13299998888'], tags: ['绝密'] })).id;
    const contact = await mutate(app, rep, 'addContact', 'contact', {
      customerId: id,
      name: '绝密人',
    });
    contactId = (contact.contact as { id: string }).id;
    const activity = await mutate(app, rep, 'logActivity', 'activity', {
      customerId: id,
      kind: 'CALL',
    });
    activityId = (activity.activity as { id: string }).id;
  });

  test.each(['outsider', 'stranger'])('to the %s', async (name) => {
    const viewer = actor(name);
    const { nodes } = await app.expectData<{ nodes: unknown[] }>(
      'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
      { ids: [id, contactId, activityId] },
      { token: viewer.token },
    );
    expect(nodes).toEqual([null, null, null]);
    for (const variables of [
      { search: '绝密' },
      { search: '密' },
      { search: '9999' },
      { search: '密人' },
      { filter: { tags: { hasSome: ['绝密'] } } },
      { filter: { owner: { in: [idOf(actor('rep'))] } } },
      { filter: { ownerTeam: { in: [encodeGlobalId('Team', teamId)] } } },
      { filter: { parent: { in: [id] } } },
    ]) {
      const found = await list(app, viewer, variables);
      expect([found.nodes, found.totalCount]).toEqual([[], 0]);
    }
  });

  test.each(['admin', 'manager', 'rep', 'peer'])('but to the %s it does', async (name) => {
    expect(await names(app, actor(name), { search: '绝密' })).toEqual([SECRET]);
    expect(await names(app, actor(name), { search: '9999' })).toEqual([SECRET]);
    expect(await names(app, actor(name), { search: '密人' })).toEqual([SECRET]);
  });

  test('the parent of a visible customer included', async () => {
    const outsider = actor('outsider');
    const child = await create(app, admin, { name: '可见子公司', parentId: id });
    await mutate(app, admin, 'transferCustomer', 'customer', {
      id: child.id,
      ownerId: idOf(outsider),
    });
    const seen = await app.expectData(
      'query ($id: ID!) { node(id: $id) { ... on Customer { name parent { name } } } }',
      { id: child.id },
      { token: outsider.token },
    );
    expect(seen).toEqual({ node: { name: '可见子公司', parent: null } });
    const filtered = (filter: object) => names(app, outsider, { filter });
    expect(await filtered({ parent: { in: [id] } })).toEqual([]);
    expect(await filtered({ parent: { known: true } })).toEqual([]);
    expect(await filtered({ parent: { known: false } })).toContain('可见子公司');
    expect(await names(app, admin, { filter: { parent: { known: true } } })).toContain(
      '可见子公司',
    );
  });
});

test('nobody reads or writes without signing in', async () => {
  for (const document of [
    '{ customers { nodes { id } } }',
    '{ customerSources }',
    'mutation { createCustomer(input: { name: "x" }) { __typename } }',
  ]) {
    const { errors, data } = await app.query(document);
    expect(errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
    expect(data ?? null).toBeNull();
  }
});
