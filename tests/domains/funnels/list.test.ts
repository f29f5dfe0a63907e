import { sql } from 'kysely';
import pg from 'pg';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { kysely, run as runQuery } from '../../../src/database/statements.ts';
import { createProduct } from '../../../src/domains/catalog/service.ts';
import {
  conditionsOf,
  type OpportunityFilter,
  prismaWhere,
} from '../../../src/domains/funnels/filter.ts';
import { filterFacts, sqlWhere } from '../../../src/domains/funnels/filter-store.ts';
import { type TestApp, testApp } from '../../support/app.ts';
import { type Actor, type Organization, org } from '../../support/seed.ts';
import { gid, mutate, STAGES } from './front-door.ts';

const COUNT = 24;

let app: TestApp;
let admin: Organization;
let parentTeam: string;
let team: string;
let rep: Actor;
let other: Actor;
let funnelId: string;
let stages: { id: string; name: string }[];
let ids: string[];
let products: string[];

const plainId = (id: string) => Buffer.from(id, 'base64url').toString().split(':')[1] ?? '';

beforeAll(async () => {
  app = await testApp();
  const { db } = app.app;
  admin = await org(db, { timeZone: 'Asia/Shanghai' });
  parentTeam = await admin.team('大区');
  team = await admin.team('一组', { parent: parentTeam });
  rep = await admin.rep({ team });
  other = await admin.rep({ team: parentTeam });
  const viewer = await admin.viewer();
  products = await Promise.all(
    [
      ['GTX Pro', 'GTX'],
      ['MG 100%', 'MG'],
      ['无系列', null],
    ].map(
      async ([name, series]) => (await createProduct(db, viewer, { name: name ?? '', series })).id,
    ),
  );
  const made = await mutate(app, admin, 'createFunnel', { name: '直销', stages: STAGES });
  funnelId = made.funnel?.id ?? '';
  stages = made.funnel?.stages ?? [];
  const stage = (name: string) => stages.find((one) => one.name === name)?.id;
  ids = [];
  for (let index = 0; index < COUNT; index += 1) {
    const product = [null, ...products][index % 4];
    const owner = index % 3 === 0 ? other : rep;
    const { opportunity } = await mutate(app, owner, 'createOpportunity', {
      name: index === 5 ? '100% 折扣_A' : `商机 ${String(index).padStart(2, '0')}`,
      funnelId,
      externalId: `crm-${index}`,
      amount: index % 5 === 0 ? null : String(index * 10),
      productId: product && gid('Product', product),
      expectedCloseOn: index % 2 ? `2026-0${1 + (index % 9)}-15` : null,
      openedAt: new Date(Date.UTC(2026, 0, 1 + index)).toISOString(),
    });
    const id = opportunity?.id ?? '';
    ids.push(id);
    if (index % 4 === 1)
      await mutate(app, owner, 'moveOpportunity', { id, stageId: stage('谈判') });
    if (index % 6 === 2)
      await mutate(app, owner, 'winOpportunity', { id, wonAmount: `${index}.5` });
    if (index % 6 === 4) await mutate(app, owner, 'loseOpportunity', { id, reason: '价格' });
    if (index === 7 || index === 8) {
      await mutate(app, owner, 'archiveOpportunity', { id, asMistake: index === 8 });
    }
  }
});

interface Page {
  totalCount: number;
  position?: string;
  nodes: { id: string; name: string }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

async function list(actor: Actor, args: Record<string, unknown> = {}): Promise<Page> {
  const { opportunities } = await app.expectData<{ opportunities: Page }>(
    `query ($filter: OpportunityFilter, $search: String, $orderBy: [OpportunityOrder!], $first: Int, $after: String) {
      opportunities(filter: $filter, search: $search, orderBy: $orderBy, first: $first, after: $after) {
        totalCount nodes { id name } pageInfo { hasNextPage endCursor } } }`,
    { first: 100, ...args },
    { token: actor.token },
  );
  return opportunities;
}

const indexes = (page: Page) => page.nodes.map(({ id }) => ids.indexOf(id)).sort((a, b) => a - b);
const those = (which: (index: number) => boolean) =>
  ids.map((_, index) => index).filter((index) => which(index) && index !== 7 && index !== 8);

describe('a list', () => {
  test('holds what the caller may see and is not archived', async () => {
    expect(indexes(await list(admin))).toEqual(those(() => true));
    expect(indexes(await list(rep))).toEqual(those((index) => index % 3 !== 0));
    expect((await list(rep)).totalCount).toBe(those((index) => index % 3 !== 0).length);
    const foreign = await org(app.app.db);
    expect(await list(foreign, { filter: { funnel: { in: [funnelId] } } })).toMatchObject({
      totalCount: 0,
      nodes: [],
    });
    expect(indexes(await list(admin, { filter: { archived: true } }))).toEqual([7, 8]);
  });

  const isWon = (index: number) => index % 6 === 2;
  const isLost = (index: number) => index % 6 === 4;
  const filters: [string, () => Record<string, unknown>, (index: number) => boolean][] = [
    ['status', () => ({ status: { in: ['WON'] } }), isWon],
    ['no status', () => ({ status: { notIn: ['WON', 'LOST'] } }), (i) => !isWon(i) && !isLost(i)],
    ['owner', () => ({ owner: { in: [gid('Member', rep.memberId)] } }), (i) => i % 3 !== 0],
    ['team', () => ({ ownerTeam: { in: [gid('Team', team)] } }), (i) => i % 3 !== 0],
    ['teams below', () => ({ ownerTeam: { in: [gid('Team', parentTeam)] } }), () => true],
    [
      'a team itself',
      () => ({ ownerTeam: { in: [gid('Team', parentTeam)], below: false } }),
      (i) => i % 3 === 0,
    ],
    ['no team', () => ({ ownerTeam: { notIn: [gid('Team', team)] } }), (i) => i % 3 === 0],
    [
      'product',
      () => ({ product: { in: [gid('Product', products[0] ?? '')] } }),
      (i) => i % 4 === 1,
    ],
    [
      'other products',
      () => ({ product: { notIn: [gid('Product', products[0] ?? '')] } }),
      (i) => i % 4 !== 1,
    ],
    ['no product', () => ({ product: { known: false } }), (i) => i % 4 === 0],
    ['series', () => ({ series: { in: ['GTX', 'MG'] } }), (i) => i % 4 === 1 || i % 4 === 2],
    ['no series', () => ({ series: { notIn: ['GTX'] } }), (i) => i % 4 !== 1],
    ['nothing', () => ({ product: { in: [] } }), () => false],
    [
      'amount',
      () => ({ amount: { gte: '60', lte: '120' } }),
      (i) => i % 5 !== 0 && i >= 6 && i <= 12,
    ],
    ['unknown amount', () => ({ amount: { known: false } }), (i) => i % 5 === 0],
    ['won amount', () => ({ wonAmount: { gte: '14.5' } }), (i) => isWon(i) && i >= 14],
    [
      'opening',
      () => ({ openedAt: { from: '2026-01-03T00:00:00Z', before: '2026-01-06T00:00:00Z' } }),
      (i) => i >= 2 && i < 5,
    ],
    [
      'expected',
      () => ({ expectedCloseOn: { from: '2026-02-15', through: '2026-04-15' } }),
      (i) => i % 2 === 1 && i % 9 >= 1 && i % 9 <= 3,
    ],
    [
      'closing',
      () => ({ closedAt: { from: '2020-01-01T00:00:00Z' } }),
      (i) => isWon(i) || isLost(i),
    ],
    [
      'overdue',
      () => ({ overdue: true }),
      // Today lies behind all of 2026-01 to 2026-09.
      (i) => i % 2 === 1 && !isWon(i) && !isLost(i),
    ],
    ['not overdue', () => ({ overdue: false }), (i) => i % 2 === 0 || isWon(i) || isLost(i)],
    ['over limit', () => ({ overLimit: true }), () => false],
    [
      'two at once',
      () => ({ status: { in: ['WON'] }, amount: { gte: '100' } }),
      (i) => isWon(i) && i >= 10 && i % 5 !== 0,
    ],
  ];

  test.each(filters)('filtered by %s', async (_name, filter, which) => {
    expect(indexes(await list(admin, { filter: filter() }))).toEqual(those(which));
  });

  test('filtered by what is in its stage for too long', async () => {
    const [first, ...rest] = stages.map(({ id }) => ({ id }));
    const limited = {
      id: funnelId,
      expectedVersion: 1,
      stages: [{ ...first, limitDays: 1 }, ...rest],
    };
    expect((await mutate(app, admin, 'updateFunnel', limited)).funnel?.version).toBe(2);
    const stuck = (index: number) => index % 4 !== 1 && !isWon(index) && !isLost(index);
    expect(indexes(await list(admin, { filter: { overLimit: true } }))).toEqual(those(stuck));
    expect(indexes(await list(admin, { filter: { overLimit: false } }))).toEqual(
      those((index) => !stuck(index)),
    );
  });

  test('reads what it shows of its records in as many statements as there are kinds of them', async () => {
    const statements = async (first: number) => {
      const { query } = pg.Client.prototype;
      let sent = 0;
      const spy = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (
        this: pg.Client,
        ...given: unknown[]
      ) {
        sent += 1;
        return Reflect.apply(query, this, given);
      } as never);
      try {
        await app.expectData(
          `query ($first: Int) { opportunities(first: $first, orderBy: [{ field: WON_AMOUNT, direction: DESC }]) { nodes {
            name owner { name } product { name } customer { name } funnel { name } stage { name } creditedTo { name } overLimit
          } } }`,
          { first },
          { token: admin.token },
        );
      } finally {
        spy.mockRestore();
      }
      return sent;
    };
    await statements(2);
    expect(await statements(22)).toBe(await statements(3));
  });

  test('finds a part of a name as it is written, or an external id', async () => {
    expect(indexes(await list(admin, { search: '100% 折扣_a' }))).toEqual([5]);
    expect(indexes(await list(admin, { search: '1_' }))).toEqual([]);
    expect(indexes(await list(admin, { search: 'crm-1' }))).toEqual([1]);
    expect(indexes(await list(rep, { search: '商机 03' }))).toEqual([]);
  });

  test.each(['AMOUNT', 'EXPECTED_CLOSE_ON', 'CLOSED_AT', 'NAME', 'CREATED_AT'])(
    'pages by %s through all, each once, what is unknown last',
    async (field) => {
      for (const direction of ['ASC', 'DESC']) {
        const orderBy = [{ field, direction }];
        const whole = (await list(admin, { orderBy })).nodes.map(({ id }) => id);
        const paged: string[] = [];
        let after: string | null = null;
        do {
          const page: Page = await list(admin, { orderBy, first: 5, after });
          paged.push(...page.nodes.map(({ id }) => id));
          after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
        } while (after !== null);
        expect(paged).toEqual(whole);
        expect(new Set(paged).size).toBe(COUNT - 2);
      }
    },
  );

  test('of a member holds what is his and the caller may see', async () => {
    const document = `query ($id: ID!) { node(id: $id) { ... on Member {
      opportunities(first: 100, filter: { status: { in: [WON] } }) { totalCount nodes { id } } } } }`;
    const of = async (actor: Actor, whose: Actor) => {
      const { node } = await app.expectData<{ node: { opportunities: Page } }>(
        document,
        { id: gid('Member', whose.memberId) },
        { token: actor.token },
      );
      return indexes(node.opportunities);
    };
    const mine = those((index) => isWon(index) && index % 3 !== 0);
    expect(await of(admin, rep)).toEqual(mine);
    expect(await of(rep, rep)).toEqual(mine);
    expect(await of(other, rep)).toEqual([]);
  });
});

test('a filter means the same as SQL', async () => {
  const { db } = app.app;
  const now = new Date('2026-11-01T00:00:00Z');
  const calendar = {
    timeZone: 'UTC',
    firstDayOfWeek: 1,
    fiscalMonthEnd: 31,
    fiscalYearStartMonth: 1,
  };
  const at = { connection: db.pool, organizationId: admin.organizationId, now, calendar };
  const filters: OpportunityFilter[] = [
    {},
    { archived: true },
    { archived: false },
    { status: { in: ['WON', 'LOST'] }, amount: { known: true } },
    { product: { notIn: products.slice(0, 2) }, owner: { notIn: [rep.memberId] } },
    { ownerTeam: { in: [parentTeam], below: false }, expectedCloseOn: { through: '2026-05-15' } },
    { series: { in: ['GTX'], known: true }, wonAmount: { lte: '10' } },
    { overdue: true },
    { overdue: false, overLimit: false },
    { overLimit: true },
    { stage: { in: [] } },
    { stageEnteredAt: { before: new Date(Date.UTC(2026, 0, 10)) }, creditedTo: { notIn: [] } },
  ];
  let found = 0;
  for (const filter of filters) {
    for (const archived of ['HIDDEN', 'COUNTED'] as const) {
      const conditions = conditionsOf(filter, await filterFacts(filter, at), archived);
      const where = { AND: [{ organizationId: admin.organizationId }, prismaWhere(conditions)] };
      const byPrisma = await db.prisma.opportunity.findMany({ where, orderBy: { id: 'asc' } });
      const bySql = await runQuery(
        db.pool,
        kysely
          .selectFrom('opportunity')
          .select('id')
          .where(sql<boolean>`organization_id = ${admin.organizationId}`)
          .where(sqlWhere(conditions))
          .orderBy('id'),
      );
      expect(bySql.map(({ id }) => id)).toEqual(byPrisma.map(({ id }) => id));
      const mistake = plainId(ids[8] ?? '');
      if (archived === 'COUNTED') expect(bySql.map(({ id }) => id)).not.toContain(mistake);
      found += bySql.length;
    }
  }
  expect(found).toBeGreaterThan(100);
});

test('a report comes with the period and every stage', async () => {
  const { funnels } = await app.expectData<{ funnels: { report: Record<string, unknown> }[] }>(
    `query ($where: OpportunityFilter) { funnels { report(period: { unit: { unit: MONTH, containing: "2026-01-15" } }, where: $where) {
      period { label } cohort count openCount openAmount openAmountUnknown weightedAmount wonCount lostCount wonAmount
      winRate salesCycle { count medianSeconds p90Seconds }
      stages { stage { name probability } entered movedOn conversion droppedOut dropOff overLimit openCount
        longestOpenSeconds timeInStage { count medianSeconds } }
    } } }`,
    { where: { owner: { in: [gid('Member', rep.memberId)] } } },
    { token: admin.token },
  );
  const mine = ids.map((_, index) => index).filter((index) => index % 3 !== 0 && index !== 8);
  const won = mine.filter((index) => index % 6 === 2);
  const lost = mine.filter((index) => index % 6 === 4);
  expect(funnels[0]?.report).toMatchObject({
    period: { label: '2026-01' },
    cohort: 'ENTERED',
    count: mine.length,
    openCount: mine.length - won.length - lost.length,
    wonCount: won.length,
    lostCount: lost.length,
    wonAmount: String(won.reduce((sum, index) => sum + index + 0.5, 0)),
    winRate: String(Number((won.length / (won.length + lost.length)).toFixed(4))),
    salesCycle: { count: won.length },
  });
  const reported = (funnels[0]?.report.stages ?? []) as { stage: { name: string } }[];
  expect(reported.map(({ stage }) => stage.name)).toEqual(STAGES.map(({ name }) => name));
  expect(reported[0]).toMatchObject({ entered: mine.length });
  const refused = await app.query(
    '{ funnels { report(period: { between: { from: "2026-02-01", through: "2026-01-01" } }) { count } } }',
    {},
    { token: admin.token },
  );
  expect(refused.errors[0]?.extensions).toMatchObject({ code: 'INVALID_INPUT' });
});
