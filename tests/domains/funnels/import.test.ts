import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../../src/database/database.ts';
import { newId } from '../../../src/database/ids.ts';
import { transact } from '../../../src/database/transact.ts';
import type { MemberViewer } from '../../../src/database/viewer.ts';
import {
  type ImportedOpportunity,
  importOpportunities,
} from '../../../src/domains/funnels/import.ts';
import { updateOpportunity } from '../../../src/domains/funnels/service.ts';
import { moveOpportunity, winOpportunity } from '../../../src/domains/funnels/transitions.ts';
import { createWorld, openDatabase, outcomes, type TestFunnel, type World } from './world.ts';

let db: Database;
let world: World;
let funnel: TestFunnel;
let rep: MemberViewer;

beforeAll(async () => {
  db = await openDatabase();
  world = await createWorld(db);
  funnel = await world.funnel();
  rep = await world.viewer('MEMBER', 'OWN');
});
afterAll(() => db.close());

const at = (day: string) => new Date(`${day}T04:00:00.000Z`);
const stage = (name: string) => funnel.stages[name] ?? '';

let unique = 0;
let externalId: string;
beforeEach(() => {
  unique += 1;
  externalId = `crm-${unique}`;
});

function row(patch: Partial<ImportedOpportunity> = {}): ImportedOpportunity {
  return {
    externalId,
    name: 'GTX Plus',
    funnelId: funnel.id,
    ownerId: rep.memberId,
    customerId: null,
    productId: null,
    amount: null,
    path: [{ stageId: stage('比较'), at: at('2016-10-20') }],
    ...patch,
  };
}

const wonPath = [
  { stageId: '', at: at('2016-10-20') },
  { stageId: '', at: at('2017-03-01') },
];
const won = (patch: Partial<ImportedOpportunity> = {}): ImportedOpportunity => {
  const [engaged, closed] = wonPath;
  return row({
    wonAmount: '1054',
    path: [
      { stageId: stage('比较'), at: engaged?.at ?? at('') },
      { stageId: stage('赢单'), at: closed?.at ?? at('') },
    ],
    ...patch,
  });
};

const take = async (...rows: ImportedOpportunity[]) => {
  const { results } = await transact(db, world.admin, 'import', {}, async (tx) => ({
    results: await importOpportunities(tx, rows),
  }));
  return results;
};

const head = async () =>
  (await db.prisma.logHead.findUniqueOrThrow({ where: { organizationId: world.organizationId } }))
    .position;

const read = () =>
  db.prisma.opportunity.findFirstOrThrow({
    where: { organizationId: world.organizationId, externalId },
    include: {
      changes: { orderBy: { from: 'asc' } },
      amounts: { orderBy: { from: 'asc' } },
      ownerships: { orderBy: { from: 'asc' } },
    },
  });

const events = async () =>
  db.prisma.event.findMany({
    where: { recordId: (await read()).id },
    orderBy: { position: 'asc' },
  });

const entries = async () => {
  const { id } = await read();
  const found = await db.prisma.scoreEntry.findMany({
    where: { subject: id },
    orderBy: [{ position: 'asc' }, { ordinal: 'asc' }],
  });
  return found.map((entry) => [
    entry.memberId,
    entry.amount.toFixed(),
    entry.countsAt.toISOString().slice(0, 10),
  ]);
};

describe('a first import', () => {
  test('history, events and scores have the times when it happened', async () => {
    expect(await take(won())).toMatchObject([{ outcome: 'CREATED' }]);
    const deal = await read();
    expect(deal).toMatchObject({
      status: 'WON',
      version: 2,
      openedAt: at('2016-10-20'),
      closedAt: at('2017-03-01'),
      creditedToId: rep.memberId,
    });
    expect(deal.changes.map(({ stageId, from, until }) => [stageId, from, until])).toEqual([
      [stage('比较'), at('2016-10-20'), at('2017-03-01')],
      [stage('赢单'), at('2017-03-01'), null],
    ]);
    expect(deal.ownerships).toMatchObject([{ from: at('2016-10-20'), until: null }]);
    const told = await events();
    expect(
      told.map(({ type, occurredAt, recordVersion }) => [type, occurredAt, recordVersion]),
    ).toEqual([
      ['opportunity.created', at('2016-10-20'), 1],
      ['opportunity.won', at('2017-03-01'), 2],
    ]);
    expect(told[0]?.loggedAt.getTime()).toBeGreaterThan(Date.now() - 60_000);
    expect((await entries()).sort()).toEqual([
      [rep.memberId, '1', '2017-03-01'],
      [rep.memberId, '1054', '2017-03-01'],
    ]);
  });

  test('one that was lost as far back as anybody knows has one stay', async () => {
    await take(row({ path: [{ stageId: stage('输单'), at: at('2017-01-02') }] }));
    const deal = await read();
    expect(deal).toMatchObject({ status: 'LOST', lossReason: null, closedAt: at('2017-01-02') });
    expect(deal.changes).toHaveLength(1);
    expect((await events()).map(({ type }) => type)).toEqual([
      'opportunity.created',
      'opportunity.lost',
    ]);
  });

  test('rows that cannot be taken in are told apart, the rest goes in', async () => {
    const elsewhere = await createWorld(db);
    const foreign = await elsewhere.viewer('MEMBER', 'OWN');
    const name = (suffix: string) => `${externalId}-${suffix}`;
    const results = await take(
      won({ externalId: name('no amount'), wonAmount: null }),
      row({ externalId: name('negative'), amount: '-1' }),
      row({ externalId: name('foreign owner'), ownerId: foreign.memberId }),
      row({ externalId: name('foreign customer'), customerId: await elsewhere.customer(foreign) }),
      row({ externalId: name('unknown product'), productId: newId() }),
      row({ externalId: name('backward'), path: [...won().path].reverse() }),
      row({
        externalId: name('ahead'),
        path: [{ stageId: stage('了解'), at: new Date(Date.now() + 1e9) }],
      }),
      row({
        externalId: name('foreign stage'),
        path: [{ stageId: newId(), at: at('2017-01-01') }],
      }),
      row({ externalId: name('nowhere'), path: [] }),
      row({ externalId: name('not won'), wonAmount: '3' }),
      row(),
      row(),
    );
    expect(
      results.map((result) => ('error' in result ? result.error.name : result.outcome)),
    ).toEqual([
      'AmountUnknown',
      'InvalidInput',
      'NotFound',
      'NotFound',
      'NotFound',
      'MomentOutOfRange',
      'MomentOutOfRange',
      'InvalidInput',
      'InvalidInput',
      'InvalidInput',
      'CREATED',
      'InvalidInput',
    ]);
    const left = await db.prisma.opportunity.count({
      where: { organizationId: world.organizationId, externalId: { startsWith: `${externalId}-` } },
    });
    expect(left).toBe(0);
  });

  test('a batch has at most 500 rows', async () => {
    await expect(take(...Array.from({ length: 501 }, () => row()))).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
  });
});

describe('a second import', () => {
  test('of the same rows writes nothing', async () => {
    await take(won({ amount: '900', expectedCloseOn: '2017-02-01' }));
    const [before, position] = [await read(), await head()];
    expect(await take(won({ amount: '900', expectedCloseOn: '2017-02-01' }))).toEqual([
      { outcome: 'UNCHANGED', id: before.id },
    ]);
    expect(await read()).toEqual(before);
    expect(await head()).toBe(position);
  });

  test('wins what was open, at the time of the winning', async () => {
    await take(row({ amount: '900' }));
    expect(await take(won())).toMatchObject([{ outcome: 'UPDATED' }]);
    const deal = await read();
    expect(deal).toMatchObject({ status: 'WON', version: 2, closedAt: at('2017-03-01') });
    expect(deal.amount?.toFixed()).toBe('900');
    expect(deal.changes.map(({ from, until }) => [from, until])).toEqual([
      [at('2016-10-20'), at('2017-03-01')],
      [at('2017-03-01'), null],
    ]);
    expect((await events()).at(-1)).toMatchObject({
      type: 'opportunity.won',
      occurredAt: at('2017-03-01'),
    });
  });

  test('restates a winning whose amount or product changed, at its old moment', async () => {
    await take(won());
    const productId = await world.product('MG Special');
    await take(won({ wonAmount: '1000', productId }));
    expect((await events()).map(({ type }) => type).slice(-2)).toEqual([
      'opportunity.updated',
      'opportunity.won_restated',
    ]);
    const sums = (await entries()).filter(([, amount]) => amount !== '1');
    expect(sums.reduce((sum, [, amount]) => sum + Number(amount), 0)).toBe(1000);
    expect(new Set(sums.map(([, , day]) => day))).toEqual(new Set(['2017-03-01']));
  });

  test('changes amount and owner of an open one from now on', async () => {
    await take(row({ amount: '10' }));
    const other = await world.viewer('MEMBER', 'OWN');
    await take(row({ amount: '20.5', ownerId: other.memberId, name: '改名' }));
    const deal = await read();
    expect(deal).toMatchObject({ name: '改名', ownerId: other.memberId, version: 3 });
    expect(deal.amounts.map(({ amount }) => amount?.toFixed())).toEqual(['10', '20.5']);
    expect(deal.amounts[0]?.until).toEqual(deal.amounts[1]?.from);
    expect(deal.ownerships.map(({ memberId }) => memberId)).toEqual([rep.memberId, other.memberId]);
    expect((await events()).map(({ type }) => type)).toEqual([
      'opportunity.created',
      'opportunity.transferred',
      'opportunity.updated',
    ]);
  });

  test('refuses what contradicts the record, and leaves what went on here', async () => {
    await take(won());
    const moved = won();
    const [engaged] = moved.path;
    const otherDay = { stageId: stage('赢单'), at: at('2017-02-01') };
    expect(await take({ ...moved, path: [engaged ?? otherDay, otherDay] })).toMatchObject([
      { outcome: 'REFUSED', error: { name: 'HistoryDiffers' } },
    ]);
    expect(await take(won({ ...row(), wonAmount: null }))).toMatchObject([
      { outcome: 'REFUSED', error: { name: 'HistoryDiffers' } },
    ]);
    expect((await read()).version).toBe(2);
  });

  test('goes on from what was done by hand', async () => {
    await take(row({ amount: '5' }));
    const { id } = await read();
    await moveOpportunity(db, world.admin, { id, stageId: stage('谈判') });
    // The export still says the old stage at its old time: it stands behind what is recorded here.
    expect(await take(row({ amount: '5' }))).toMatchObject([{ outcome: 'REFUSED' }]);
    const closed = { stageId: stage('赢单'), at: new Date() };
    const path = [...row().path, closed];
    expect(await take(row({ wonAmount: '7', path }))).toMatchObject([{ outcome: 'UPDATED' }]);
    expect((await read()).changes.map(({ stageId }) => stageId)).toEqual([
      stage('比较'),
      stage('谈判'),
      stage('赢单'),
    ]);
  });

  test('at the same time as others, no two make the same opportunity', async () => {
    const counts = await outcomes(Array.from({ length: 6 }, () => take(won())));
    expect(counts).toEqual({ ok: 6 });
    expect((await events()).map(({ type }) => type)).toEqual([
      'opportunity.created',
      'opportunity.won',
    ]);
    const { id } = await read();
    await outcomes([
      take(won({ name: '甲' })),
      updateOpportunity(db, world.admin, { id, expectedVersion: 2, name: '乙' }),
      winOpportunity(db, world.admin, { id }),
    ]);
    expect((await events()).map(({ recordVersion }) => recordVersion)).toEqual(
      Array.from({ length: (await read()).version }, (_, index) => index + 1),
    );
  });
});
