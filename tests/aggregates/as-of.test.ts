// Questions about how things stood: what has a dated history is read from it, anything else is refused with the list.
import { beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../src/database/ids.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { type Actor, type Organization, org } from '../support/seed.ts';

let app: TestApp;
let admin: Organization;
let ann: Actor;
let bo: Actor;
let stages: Record<'first' | 'second' | 'won', string>;

const day = (date: number) => new Date(Date.UTC(2026, 0, date));

beforeAll(async () => {
  app = await testApp();
  const { db } = app.app;
  admin = await org(db, { timeZone: 'UTC' });
  [ann, bo] = [await admin.rep({ name: 'Ann' }), await admin.rep({ name: 'Bo' })];
  const { organizationId } = admin;
  const funnelId = newId();
  stages = { first: newId(), second: newId(), won: newId() };
  await db.prisma.funnel.create({
    data: { id: funnelId, organizationId, name: 'direct', createdAt: day(1) },
  });
  await db.prisma.stage.createMany({
    data: Object.entries(stages).map(([name, id], ordinal) => ({
      id,
      organizationId,
      funnelId,
      ordinal,
      name,
      kind: name === 'won' ? ('WON' as const) : ('OPEN' as const),
      probability: '0.5',
    })),
  });
  // Ann's, then Bo's from the 10th; 100, then 250 from the 12th; second from the 8th, won on the 20th.
  const id = newId();
  await db.prisma.opportunity.create({
    data: {
      id,
      organizationId,
      name: 'one',
      ownerId: bo.memberId,
      funnelId,
      stageId: stages.won,
      status: 'WON',
      amount: '250',
      wonAmount: '240',
      openedAt: day(5),
      stageEnteredAt: day(20),
      closedAt: day(20),
      createdAt: day(5),
      updatedAt: day(20),
    },
  });
  const own = { organizationId, opportunityId: id };
  const stays = [
    { stageId: stages.first, status: 'OPEN' as const, from: day(5), until: day(8) },
    { stageId: stages.second, status: 'OPEN' as const, from: day(8), until: day(20) },
    { stageId: stages.won, status: 'WON' as const, from: day(20), until: null },
  ];
  await db.prisma.stageChange.createMany({
    data: stays.map((stay) => ({ ...stay, ...own, id: newId(), recordedAt: day(21) })),
  });
  await db.prisma.opportunityAmount.createMany({
    data: [
      { ...own, id: newId(), amount: '100', from: day(5), until: day(12) },
      { ...own, id: newId(), amount: '250', from: day(12), until: null },
    ],
  });
  await db.prisma.opportunityOwnership.createMany({
    data: [
      { ...own, id: newId(), memberId: ann.memberId, from: day(5), until: day(10) },
      { ...own, id: newId(), memberId: bo.memberId, from: day(10), until: null },
    ],
  });
});

interface Row {
  key: { owner: { name: string }; stage: { name: string }; status: string };
  count: number;
  amount: { sum: string };
}

const KEYS = 'groupBy: [{ field: OWNER }, { field: STAGE }, { field: STATUS }]';

async function stood(at: Date | null, where = ''): Promise<unknown[]> {
  const args = [KEYS, ...(at ? [`asOf: "${at.toISOString()}"`] : []), where].join(' ');
  const { answer } = await app.expectData<{ answer: { groups: Row[]; asOf: string } }>(
    `{ answer: opportunityAggregate(${args}, periodOf: OPENED_AT) {
       asOf groups { key { owner { name } stage { name } status } count amount { sum } } } }`,
    {},
    admin,
  );
  if (at) expect(answer.asOf).toBe(at.toISOString());
  return answer.groups.map(({ key, amount }) => [
    key.owner.name,
    key.stage.name,
    key.status,
    amount.sum,
  ]);
}

describe('as of a moment', () => {
  test('owner, stage, status and amount are those of then', async () => {
    expect(await stood(day(4))).toEqual([]);
    expect(await stood(day(5))).toEqual([['Ann', 'first', 'OPEN', '100']]);
    expect(await stood(day(9))).toEqual([['Ann', 'second', 'OPEN', '100']]);
    expect(await stood(day(11))).toEqual([['Bo', 'second', 'OPEN', '100']]);
    expect(await stood(day(13))).toEqual([['Bo', 'second', 'OPEN', '250']]);
    expect(await stood(day(20))).toEqual([['Bo', 'won', 'WON', '250']]);
    expect(await stood(null)).toEqual([['Bo', 'won', 'WON', '250']]);
  });

  test('filters read the history, too', async () => {
    const open = 'where: { status: { in: [OPEN] }, amount: { lte: "100" } }';
    expect(await stood(day(11), open)).toHaveLength(1);
    expect(await stood(day(13), open)).toEqual([]);
    expect(await stood(null, open)).toEqual([]);
  });

  test.each([
    ['groupBy: [{ field: PRODUCT }]', 'count'],
    ['where: { customer: { known: true } }', 'count'],
    ['', 'wonAmount { sum }'],
    ['', 'count(where: { wonAmount: { gte: "1" } })'],
    ['', 'distinct(field: CUSTOMER)'],
    ['groupBy: [{ field: CLOSED_AT, by: MONTH }]', 'count'],
  ])('%s %s reads what is not dated, and is refused with what is', async (args, figure) => {
    const { errors } = await app.query(
      `{ opportunityAggregate(${args} asOf: "2026-01-10T00:00:00Z", periodOf: OPENED_AT) { groups { ${figure} } } }`,
      {},
      admin,
    );
    expect(errors[0]?.extensions.code).toBe('NOT_DATED');
    for (const dated of ['status', 'stage', 'amount', 'owner']) {
      expect(errors[0]?.message).toContain(dated);
    }
  });
});
