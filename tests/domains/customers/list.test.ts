import { beforeAll, describe, expect, test } from 'vitest';
import { decodeGlobalId, encodeGlobalId } from '../../../src/api/global-ids.ts';
import { readerFor } from '../../../src/database/reader.ts';
import type { MemberViewer } from '../../../src/database/viewer.ts';
import { prismaWhere } from '../../../src/domains/customers/filter-where.ts';
import type { CustomerFilter } from '../../../src/domains/customers/list.ts';
import { listPlaces } from '../../../src/domains/customers/list-store.ts';
import { type TestApp, testApp } from '../../support/app.ts';
import { fc } from '../../support/properties.ts';
import { type Actor, type Organization, org } from '../../support/seed.ts';
import { create, idOf, type Listing, list, mutate, names } from './world.ts';

let app: TestApp;
let admin: Organization;
let rep: Actor;
let peer: Actor;
let upper: string;
let lower: string;
const ids: Record<string, string> = {};

const CUSTOMERS: Record<string, Record<string, unknown>> = {
  甲公司: {
    grade: 'A',
    region: '华东',
    industry: '医药',
    tags: ['vip', '重点'],
    source: 'Referral',
  },
  乙公司: { grade: 'B', region: '华东', lifecycle: 'ACTIVE', tags: ['vip'], externalId: 'X-2' },
  丙公司: { grade: 'B', region: '华南', lifecycle: 'LOST', tags: ['重点'] },
  丁先生: { kind: 'PERSON', source: 'Referral' },
  戊公司: { grade: 'D', industry: '食品' },
};

beforeAll(async () => {
  app = await testApp();
  admin = await org(app.app.db);
  upper = await admin.team('大区');
  lower = await admin.team('小组', { parent: upper });
  rep = await admin.rep({ team: lower });
  peer = await admin.rep({ team: upper });
  for (const [name, input] of Object.entries(CUSTOMERS)) {
    const actor = name === '戊公司' ? peer : rep;
    ids[name] = (await create(app, actor, { name, ...input })).id;
  }
  const activities: [string, string][] = [
    ['甲公司', '2026-01-03T00:00:00Z'],
    ['乙公司', '2026-01-01T00:00:00Z'],
    ['丁先生', '2026-01-02T00:00:00Z'],
  ];
  for (const [name, happenedAt] of activities) {
    await mutate(app, rep, 'logActivity', 'activity', {
      customerId: ids[name],
      kind: 'CALL',
      happenedAt,
    });
  }
  const archived = await create(app, rep, { name: '己公司', grade: 'A', parentId: ids.甲公司 });
  ids.己公司 = archived.id;
  await mutate(app, rep, 'archiveCustomer', 'customer', { id: archived.id });
});

const MADE = ['戊公司', '丁先生', '丙公司', '乙公司', '甲公司'];

test('the newest come first, archived ones are hidden', async () => {
  expect(await names(app, admin)).toEqual(MADE);
  expect(await names(app, admin, { filter: { archived: true } })).toEqual(['己公司']);
});

describe('filters', () => {
  const byName = { orderBy: [{ field: 'NAME' }] };
  const member = (actor: () => Actor) => () => idOf(actor());

  test.each<[string, () => Record<string, unknown>, string[]]>([
    ['kind', () => ({ kind: { in: ['PERSON'] } }), ['丁先生']],
    ['kind not', () => ({ kind: { notIn: ['PERSON'] } }), ['丙公司', '乙公司', '戊公司', '甲公司']],
    ['grade', () => ({ grade: { in: ['A', 'B'] } }), ['丙公司', '乙公司', '甲公司']],
    ['grade not', () => ({ grade: { notIn: ['B'] } }), ['丁先生', '戊公司', '甲公司']],
    ['grade unknown', () => ({ grade: { known: false } }), ['丁先生']],
    ['region', () => ({ region: { in: ['华东'] } }), ['乙公司', '甲公司']],
    ['industry known', () => ({ industry: { known: true } }), ['戊公司', '甲公司']],
    ['source', () => ({ source: { in: ['Referral'] } }), ['丁先生', '甲公司']],
    ['lifecycle', () => ({ lifecycle: { in: ['LOST', 'ACTIVE'] } }), ['丙公司', '乙公司']],
    ['external id', () => ({ externalId: { in: ['X-2', 'X-3'] } }), ['乙公司']],
    ['some tags', () => ({ tags: { hasSome: ['VIP', '别的'] } }), ['乙公司', '甲公司']],
    ['every tag', () => ({ tags: { hasEvery: ['#vip', '重点'] } }), ['甲公司']],
    ['no tags', () => ({ tags: { hasNone: ['vip', '重点'] } }), ['丁先生', '戊公司']],
    ['owner', () => ({ owner: { in: [member(() => peer)()] } }), ['戊公司']],
    ['owner not', () => ({ owner: { notIn: [idOf(rep)] } }), ['戊公司']],
    ['team', () => ({ ownerTeam: { in: [team(upper)] } }), ['戊公司']],
    [
      'team and below',
      () => ({ ownerTeam: { in: [team(upper)], withSubteams: true } }),
      ['丁先生', '丙公司', '乙公司', '戊公司', '甲公司'],
    ],
    [
      'last activity',
      () => ({ lastActivityAt: { from: '2026-01-02T00:00:00Z', until: '2026-01-03T00:00:00Z' } }),
      ['丁先生'],
    ],
    [
      'not contacted since',
      () => ({ notContactedSince: '2026-01-02T00:00:00Z' }),
      ['丙公司', '乙公司', '戊公司'],
    ],
    ['created', () => ({ createdAt: { until: '2020-01-01T00:00:00Z' } }), []],
    ['parent', () => ({ parent: { in: [ids.甲公司] }, archived: true }), ['己公司']],
    ['no parent', () => ({ parent: { known: true } }), []],
    ['nothing', () => ({ grade: { in: [] } }), []],
    ['two at once', () => ({ region: { in: ['华东'] }, grade: { in: ['A'] } }), ['甲公司']],
  ])('by %s', async (_name, filter, expected) => {
    const found = await list(app, admin, { filter: filter(), ...byName });
    expect(found.nodes.map(({ name }) => name)).toEqual(expected);
    expect(found.totalCount).toBe(expected.length);
  });

  test('take at most 100 values', async () => {
    const { errors } = await app.query(
      'query ($filter: CustomerFilter) { customers(filter: $filter) { nodes { id } } }',
      { filter: { region: { in: Array.from({ length: 101 }, (_, index) => `r${index}`) } } },
      { token: admin.token },
    );
    expect(errors[0]?.extensions.code).toBe('INVALID_INPUT');
  });
});

const team = (id: string) => encodeGlobalId('Team', id);

test('any filter means the same to the reader and in SQL', async () => {
  const { db } = app.app;
  const plain = (id: string | undefined) => decodeGlobalId(id ?? '')?.id ?? '';
  const some = <T>(...values: T[]) => fc.option(fc.subarray(values), { nil: undefined });
  const known = fc.option(fc.boolean(), { nil: undefined });
  const optional = (...values: string[]) =>
    fc.record({ in: some(...values), notIn: some(...values), known });
  const moment = fc.option(
    fc
      .constantFrom('2026-01-01', '2026-01-02', '2026-01-03', '2031-01-01')
      .map((at) => new Date(at)),
    { nil: undefined },
  );
  const tags = some('vip', '重点', '别的');
  const conditions: Record<string, fc.Arbitrary<unknown>> = {
    kind: fc.record({ in: some('COMPANY', 'PERSON'), notIn: some('PERSON') }),
    industry: optional('医药', '食品'),
    region: optional('华东', '华南'),
    source: optional('Referral'),
    grade: optional('A', 'B', 'D'),
    lifecycle: fc.record({ in: some('POTENTIAL', 'LOST'), notIn: some('ACTIVE') }),
    owner: fc.record({ in: some(rep.memberId), notIn: some(peer.memberId) }),
    parent: fc.record({ in: some(plain(ids.甲公司), plain(ids.戊公司)), known }),
    externalId: optional('X-2'),
    tags: fc.record({ hasSome: tags, hasEvery: tags, hasNone: tags }),
    createdAt: fc.record({ from: moment, until: moment }),
    lastActivityAt: fc.record({ from: moment, until: moment }),
    notContactedSince: moment,
    archived: fc.boolean(),
  };
  const filters = fc
    .subarray(Object.entries(conditions), { maxLength: 2 })
    .chain((chosen) => fc.record(Object.fromEntries(chosen)));
  const viewers = [await admin.viewer(), await rep.viewer(), await peer.viewer()];
  let found = 0;
  const check = async (filter: object, viewer: MemberViewer) => {
    const where = prismaWhere(filter as CustomerFilter);
    if (!where) throw new Error('this filter asks for no teams');
    const rows = await readerFor(db, viewer).customer.findMany({ where, select: { id: true } });
    const order = [{ field: 'id', direction: 'ASC' }] as const;
    const places = await listPlaces(
      db,
      { viewer, filter: filter as CustomerFilter, terms: [] },
      { order, size: 100, backward: false, after: null, before: null },
    );
    expect(rows.map(({ id }) => id).sort()).toEqual(places.map(({ id }) => id));
    found += places.length;
  };
  await fc.assert(fc.asyncProperty(filters, fc.constantFrom(...viewers), check), { numRuns: 200 });
  expect(found).toBeGreaterThan(100);
});

describe('orders and pages', () => {
  test.each<[string, Record<string, unknown>[], string[]]>([
    ['name', [{ field: 'NAME' }], ['丁先生', '丙公司', '乙公司', '戊公司', '甲公司']],
    [
      'name down',
      [{ field: 'NAME', direction: 'DESC' }],
      ['甲公司', '戊公司', '乙公司', '丙公司', '丁先生'],
    ],
    ['created', [{ field: 'CREATED_AT' }], [...MADE].reverse()],
    [
      'last activity, none last',
      [{ field: 'LAST_ACTIVITY_AT' }],
      ['乙公司', '丁先生', '甲公司', '丙公司', '戊公司'],
    ],
    [
      'last activity down, none last',
      [{ field: 'LAST_ACTIVITY_AT', direction: 'DESC' }],
      ['甲公司', '丁先生', '乙公司', '戊公司', '丙公司'],
    ],
    [
      'grade, then name down',
      [{ field: 'GRADE' }, { field: 'NAME', direction: 'DESC' }],
      ['甲公司', '乙公司', '丙公司', '戊公司', '丁先生'],
    ],
  ])('by %s, whole and page by page in both directions', async (_name, orderBy, expected) => {
    for (const search of [undefined, '公司 公']) {
      const wanted = expected.filter((name) => !search || name.endsWith('公司'));
      expect(await names(app, admin, { orderBy, search })).toEqual(wanted);
      expect(await walk({ orderBy, search }, 'forward')).toEqual(wanted);
      expect(await walk({ orderBy, search }, 'backward')).toEqual(wanted);
    }
  });

  async function walk(variables: Record<string, unknown>, direction: 'forward' | 'backward') {
    const seen: string[] = [];
    let cursor: string | null = null;
    for (;;) {
      const forward = direction === 'forward';
      const page: Listing = await list(app, admin, {
        ...variables,
        ...(forward ? { first: 2, after: cursor } : { last: 2, before: cursor }),
      });
      const found = page.nodes.map(({ name }) => name);
      seen.splice(forward ? seen.length : 0, 0, ...found);
      const { hasNextPage, hasPreviousPage, startCursor, endCursor } = page.pageInfo;
      expect(forward ? hasPreviousPage : hasNextPage).toBe(cursor !== null);
      if (!(forward ? hasNextPage : hasPreviousPage)) return seen;
      cursor = forward ? endCursor : startCursor;
    }
  }

  test('an order has at most four steps', async () => {
    const orderBy = Array.from({ length: 5 }, () => ({ field: 'NAME' }));
    const { errors } = await app.query(
      'query ($orderBy: [CustomerOrder!]) { customers(orderBy: $orderBy) { nodes { id } } }',
      { orderBy },
      { token: admin.token },
    );
    expect(errors[0]?.extensions.code).toBe('INVALID_INPUT');
  });

  test('a cursor of another order or another organization is refused', async () => {
    const { pageInfo } = await list(app, admin, { first: 1 });
    const stranger = await org(app.app.db);
    const ask = (actor: Actor, orderBy?: unknown) =>
      app.query(
        'query ($after: String, $orderBy: [CustomerOrder!]) { customers(after: $after, orderBy: $orderBy) { nodes { id } } }',
        { after: pageInfo.endCursor, orderBy },
        { token: actor.token },
      );
    expect((await ask(admin)).errors).toEqual([]);
    expect((await ask(admin, [{ field: 'NAME' }])).errors[0]?.extensions.code).toBe('BAD_CURSOR');
    expect((await ask(stranger)).errors[0]?.extensions.code).toBe('BAD_CURSOR');
  });
});

test('what hangs below the customers of a page comes with it', async () => {
  const data = await app.expectData<{ customers: { nodes: Record<string, unknown>[] } }>(
    `{ customers(orderBy: [{ field: NAME }], first: 3) { nodes { name owner { id }
       contacts(first: 5) { totalCount nodes { name } } activities(first: 5) { nodes { kind author { id } } }
       subsidiaries(first: 5) { totalCount } ownershipHistory { owner { id } } lifecycleHistory { stage } } } }`,
    {},
    { token: admin.token },
  );
  expect(data.customers.nodes).toMatchObject([
    {
      name: '丁先生',
      owner: { id: idOf(rep) },
      contacts: { totalCount: 0, nodes: [] },
      activities: { nodes: [{ kind: 'CALL', author: { id: idOf(rep) } }] },
      subsidiaries: { totalCount: 0 },
      ownershipHistory: [{ owner: { id: idOf(rep) } }],
      lifecycleHistory: [{ stage: 'POTENTIAL' }],
    },
    { name: '丙公司', lifecycleHistory: [{ stage: 'LOST' }] },
    { name: '乙公司' },
  ]);
});

test('and costs the same number of statements for one customer as for all', async () => {
  const { pool } = app.app.db;
  const query = pool.query.bind(pool);
  let sent = 0;
  Object.assign(pool, {
    query: (...given: Parameters<typeof query>) => {
      sent += 1;
      return query(...given);
    },
  });
  const statements = async (first: number) => {
    sent = 0;
    await app.expectData(
      `query ($first: Int!) { customers(first: $first) { nodes { name owner { name } parent { name }
         contacts(first: 5) { nodes { name } } activities(first: 5) { nodes { kind author { name } } }
         ownershipHistory { owner { name } } lifecycleHistory { stage } } } }`,
      { first },
      { token: admin.token },
    );
    return sent;
  };
  try {
    await statements(1);
    const forOne = await statements(1);
    expect(await statements(5)).toBeLessThanOrEqual(forOne + 2);
  } finally {
    Object.assign(pool, { query });
  }
});

test('pages of what hangs below a customer go on by their cursors', async () => {
  const { id } = await create(app, rep, { name: '多人公司' });
  for (const name of ['丑', '卯', '子', '寅', '辰']) {
    await mutate(app, rep, 'addContact', 'contact', { customerId: id, name });
  }
  const seen: string[] = [];
  for (let after: string | null = null; ; ) {
    const { node }: { node: { contacts: Listing } } = await app.expectData(
      `query ($id: ID!, $after: String) { node(id: $id) { ... on Customer {
        contacts(first: 2, after: $after) { totalCount nodes { id name }
          pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } } }`,
      { id, after },
      { token: rep.token },
    );
    expect(node.contacts.totalCount).toBe(5);
    expect(node.contacts.pageInfo.hasPreviousPage).toBe(after !== null);
    seen.push(...node.contacts.nodes.map(({ name }) => name));
    after = node.contacts.pageInfo.endCursor;
    if (!node.contacts.pageInfo.hasNextPage) break;
  }
  expect(seen).toEqual(['丑', '卯', '子', '寅', '辰'].sort());
});
