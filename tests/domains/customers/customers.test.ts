import { beforeAll, describe, expect, test } from 'vitest';
import { encodeGlobalId } from '../../../src/api/global-ids.ts';
import { type TestApp, testApp } from '../../support/app.ts';
import { type Actor, type Organization, org } from '../../support/seed.ts';
import { changed, create, idOf, logged, mutate, score, uuidOf } from './world.ts';

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

describe('a customer is entered', () => {
  test('with what is known of it, and defaults for the rest', async () => {
    const customer = await create(app, rep, {
      name: ' 上海华信科技有限公司 ',
      tags: ['VIP', 'vip'],
      phones: ['021 6888 1234'],
      annualRevenue: '1100000.5',
      grade: 'B',
    });
    expect(customer).toMatchObject({
      version: 1,
      name: '上海华信科技有限公司',
      kind: 'COMPANY',
      lifecycle: 'POTENTIAL',
      grade: 'B',
      tags: ['vip'],
      annualRevenue: '1100000.5',
      owner: { id: idOf(rep) },
      archivedAt: null,
      lastActivityAt: null,
    });
    expect(customer.ownershipHistory).toMatchObject([
      { until: null, owner: { id: idOf(rep) }, by: { id: idOf(rep) } },
    ]);
    expect(customer.lifecycleHistory).toMatchObject([{ until: null, stage: 'POTENTIAL' }]);
    expect(await logged(app, customer.id)).toEqual(['customer.created']);
  });

  test('and no text of it is in the log', async () => {
    const customer = await create(app, rep, {
      name: '王小明',
      kind: 'PERSON',
      phones: ['13912345678'],
      source: '李四介绍',
      address: '南京路1号',
      industry: '教育',
    });
    await changed(app, rep, 'updateCustomer', {
      id: customer.id,
      expectedVersion: 1,
      name: '王大明',
      emails: ['wang@example.cn'],
      grade: 'A',
    });
    const { rows } = await app.app.db.pool.query(
      'select payload, visibility from event where record_id = $1',
      [uuidOf(customer.id)],
    );
    const text = JSON.stringify(rows);
    for (const secret of ['明', '1391', '李四', '南京', '教育', 'example']) {
      expect(text).not.toContain(secret);
    }
    expect(rows[1].payload).toMatchObject({
      changes: expect.arrayContaining(['name', 'grade', 'emails']),
      grade: { from: null, to: 'A' },
    });
  });

  test('once, however often it is sent with one key', async () => {
    const input = { name: '幂等公司', idempotencyKey: 'once' };
    const twins = await Promise.all(Array.from({ length: 10 }, () => create(app, rep, input)));
    expect(new Set(twins.map(({ id }) => id)).size).toBe(1);
    const other = await mutate(app, rep, 'createCustomer', 'customer', {
      ...input,
      name: '另一家',
    });
    expect(other.code).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  test('by one of two who bring the same external id at once', async () => {
    const input = { name: '同号公司', externalId: 'E-1' };
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, () => mutate(app, rep, 'createCustomer', 'customer', input)),
    );
    expect(outcomes.filter(({ customer }) => customer)).toHaveLength(1);
    expect(outcomes.filter(({ code }) => code === 'ALREADY_EXISTS')).toHaveLength(7);
  });

  test('unless something is wrong with it, and then nothing is left', async () => {
    const before = await score(app, rep, 'new-customers');
    const member = encodeGlobalId('Member', '00000000-0000-7000-8000-000000000000');
    const customer = encodeGlobalId('Customer', '00000000-0000-7000-8000-000000000000');
    for (const [input, code, path] of [
      [{ name: '' }, 'INVALID_INPUT', 'name'],
      [{ name: 'x', foundedYear: 3000 }, 'INVALID_INPUT', 'foundedYear'],
      [{ name: 'x', phones: ['?'] }, 'INVALID_INPUT', 'phones'],
      [{ name: 'x', parentId: customer }, 'NOT_FOUND', 'parentId'],
      [{ name: 'x', parentId: member }, 'INVALID_INPUT', 'parentId'],
      [{ name: 'x', ownerId: member }, 'NOT_FOUND', 'ownerId'],
    ] as const) {
      const outcome = await mutate(app, admin, 'createCustomer', 'customer', input);
      expect(outcome).toMatchObject({ code, path: ['input', path] });
    }
    expect(await score(app, rep, 'new-customers')).toBe(before);
  });
});

describe('a customer is changed', () => {
  test('against the version that the change was made from', async () => {
    const { id } = await create(app, rep, { name: '版本公司' });
    const update = (expectedVersion: number, region: string | null) =>
      mutate(app, rep, 'updateCustomer', 'customer', { id, expectedVersion, region });
    expect((await update(1, '华东')).customer).toMatchObject({ version: 2 });
    expect(await update(1, '华南')).toMatchObject({
      code: 'CONFLICT',
      current: { id },
      currentVersion: 2,
    });
    expect((await update(2, '华东')).customer).toMatchObject({ version: 2 });
    expect((await update(2, null)).customer).toMatchObject({ version: 3 });
    expect(await logged(app, id)).toEqual([
      'customer.created',
      'customer.updated',
      'customer.updated',
    ]);
  });

  test('by one of those who try at once', async () => {
    const { id } = await create(app, rep, { name: '竞争公司' });
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        mutate(app, rep, 'updateCustomer', 'customer', {
          id,
          expectedVersion: 1,
          region: `区${index}`,
        }),
      ),
    );
    expect(outcomes.filter(({ customer }) => customer)).toHaveLength(1);
    expect(outcomes.filter(({ code }) => code === 'CONFLICT')).toHaveLength(7);
    expect(await logged(app, id)).toEqual(['customer.created', 'customer.updated']);
  });

  test('and its stages of life follow each other without a gap', async () => {
    const { id } = await create(app, rep, { name: '成长公司' });
    let version = 1;
    for (const lifecycle of ['DEVELOPING', 'FIRST_DEAL', 'ACTIVE']) {
      ({ version } = await changed(app, rep, 'updateCustomer', {
        id,
        expectedVersion: version,
        lifecycle,
      }));
    }
    const { customer } = await app.expectData<{
      customer: { lifecycleHistory: { stage: string; from: string; until: string | null }[] };
    }>(
      `query ($id: ID!) { customer: node(id: $id) { ... on Customer {
        lifecycle lifecycleHistory { stage from until } } } }`,
      { id },
      { token: rep.token },
    );
    const history = customer.lifecycleHistory;
    expect(history.map(({ stage }) => stage)).toEqual([
      'ACTIVE',
      'FIRST_DEAL',
      'DEVELOPING',
      'POTENTIAL',
    ]);
    expect(history[0]?.until).toBeNull();
    history.slice(1).forEach((stay, index) => {
      expect(stay.until).toBe(history[index]?.from);
    });
  });

  test('but never put above itself, also not by two at once', async () => {
    const make = async (name: string) => (await create(app, rep, { name })).id;
    const [a, b, c] = [await make('甲'), await make('乙'), await make('丙')];
    const put = (id: string, expectedVersion: number, parentId: string) =>
      mutate(app, rep, 'updateCustomer', 'customer', { id, expectedVersion, parentId });
    expect((await put(a, 1, b)).customer).toMatchObject({ parent: { id: b } });
    expect(await put(a, 2, a)).toMatchObject({
      code: 'INVALID_INPUT',
      path: ['input', 'parentId'],
    });
    const both = await Promise.all([put(b, 1, c), put(c, 1, a)]);
    expect(both.filter(({ customer }) => customer)).toHaveLength(1);
    expect(both.filter(({ code }) => code === 'INVALID_INPUT')).toHaveLength(1);
  });
});

describe('a customer is handed over', () => {
  test('with its history, and what it scored stays where it was', async () => {
    const colleague = await admin.rep();
    const customer = await create(app, colleague, { name: '移交公司' });
    expect(await score(app, colleague, 'new-customers')).toBe(1);
    const given = await changed(app, admin, 'transferCustomer', {
      id: customer.id,
      ownerId: idOf(rep),
    });
    expect(given).toMatchObject({ version: 2, owner: { id: idOf(rep) } });
    expect(given.ownershipHistory).toMatchObject([
      { until: null, owner: { id: idOf(rep) } },
      { until: given.ownershipHistory[0]?.from, owner: { id: idOf(colleague) } },
    ]);
    expect(await score(app, colleague, 'new-customers')).toBe(1);
    const again = await changed(app, admin, 'transferCustomer', {
      id: customer.id,
      ownerId: idOf(rep),
    });
    expect(again.version).toBe(2);
    const { rows } = await app.app.db.pool.query(
      "select payload, visibility from event where record_id = $1 and type = 'customer.transferred'",
      [uuidOf(customer.id)],
    );
    expect(rows).toEqual([
      {
        payload: { from: colleague.memberId, to: rep.memberId },
        visibility: { before: { owners: [colleague.memberId] }, after: { owners: [rep.memberId] } },
      },
    ]);
  });

  test('back and forth at once without overlapping owners', async () => {
    const { id } = await create(app, rep, { name: '抢手公司' });
    const owners = [rep, manager, admin];
    await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        mutate(app, admin, 'transferCustomer', 'customer', {
          id,
          ownerId: idOf(owners[index % 3] as Actor),
        }),
      ),
    );
    const { rows } = await app.app.db.pool.query<{ until: Date | null; next: Date | null }>(
      `select until, lead("from") over (order by "from") as next from customer_ownership
       where customer_id = $1 order by "from"`,
      [uuidOf(id)],
    );
    for (const { until, next } of rows) expect(until).toEqual(next);
  });
});

describe('a customer is archived', () => {
  test('and at rest, until it is brought back', async () => {
    const { id } = await create(app, rep, { name: '休眠公司' });
    const before = await score(app, rep, 'new-customers');
    const archived = await changed(app, rep, 'archiveCustomer', { id });
    expect(archived).toMatchObject({ version: 2, archivedAsMistake: false });
    expect(archived.archivedAt).not.toBeNull();
    expect(await score(app, rep, 'new-customers')).toBe(before);
    for (const [name, of, input] of [
      ['updateCustomer', 'customer', { id, expectedVersion: 2, region: 'x' }],
      ['transferCustomer', 'customer', { id, ownerId: idOf(rep) }],
      ['addContact', 'contact', { customerId: id, name: 'x' }],
      ['logActivity', 'activity', { customerId: id, kind: 'CALL' }],
    ] as const) {
      expect(await mutate(app, rep, name, of, input)).toMatchObject({ code: 'WRONG_STATE' });
    }
    expect(await changed(app, rep, 'archiveCustomer', { id })).toMatchObject({ version: 2 });
    expect(await changed(app, rep, 'unarchiveCustomer', { id })).toMatchObject({
      version: 3,
      archivedAt: null,
    });
    expect(await mutate(app, rep, 'unarchiveCustomer', 'customer', { id })).toMatchObject({
      code: 'WRONG_STATE',
    });
    expect(await score(app, rep, 'new-customers')).toBe(before);
    expect(await logged(app, id)).toEqual([
      'customer.created',
      'customer.archived',
      'customer.unarchived',
    ]);
  });

  test('as a mistake, which takes its score back, until that was the mistake', async () => {
    const before = await score(app, rep, 'new-customers');
    const { id } = await create(app, rep, { name: '误录公司', grade: 'A' });
    expect(await score(app, rep, 'new-customers')).toBe(before + 1);
    await changed(app, rep, 'archiveCustomer', { id });
    const mistaken = await changed(app, rep, 'archiveCustomer', { id, asMistake: true });
    expect(mistaken).toMatchObject({ version: 3, archivedAsMistake: true });
    expect(await score(app, rep, 'new-customers')).toBe(before);
    const back = await changed(app, rep, 'unarchiveCustomer', { id });
    expect(back).toMatchObject({ archivedAt: null, archivedAsMistake: false });
    expect(await score(app, rep, 'new-customers')).toBe(before + 1);
  });
});

test('sources are suggested, and any other will do', async () => {
  const { customerSources } = await app.expectData<{ customerSources: string[] }>(
    '{ customerSources }',
    {},
    { token: rep.token },
  );
  expect(customerSources).toContain('Referral');
  expect(await create(app, rep, { name: '自由', source: '展会上认识' })).toMatchObject({
    source: '展会上认识',
  });
});
