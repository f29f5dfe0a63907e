import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../../src/database/database.ts';
import type { MemberViewer } from '../../../src/database/viewer.ts';
import {
  archiveOpportunity,
  createOpportunity,
  transferOpportunity,
  updateOpportunity,
} from '../../../src/domains/funnels/service.ts';
import {
  loseOpportunity,
  moveOpportunity,
  reopenOpportunity,
  winOpportunity,
} from '../../../src/domains/funnels/transitions.ts';
import { createWorld, openDatabase, outcomes, type TestFunnel, type World } from './world.ts';

let db: Database;
let world: World;
let funnel: TestFunnel;
let rep: MemberViewer;
let other: MemberViewer;
let manager: MemberViewer;

beforeAll(async () => {
  db = await openDatabase();
  world = await createWorld(db);
  funnel = await world.funnel();
  rep = await world.viewer('MEMBER', 'OWN');
  other = await world.viewer('MEMBER', 'OWN');
  manager = await world.viewer('MANAGER', 'TEAM', [rep, other]);
});
afterAll(() => db.close());

const open = async (amount: string | null = '1000', viewer = rep) =>
  createOpportunity(db, viewer, { name: '年度采购', funnelId: funnel.id, amount });

const read = (id: string) =>
  db.prisma.opportunity.findUniqueOrThrow({
    where: { id },
    include: {
      changes: { orderBy: [{ from: 'asc' }, { recordedAt: 'asc' }] },
      amounts: { orderBy: { from: 'asc' } },
      ownerships: { orderBy: { from: 'asc' } },
    },
  });

const eventsOf = (id: string) =>
  db.prisma.event.findMany({ where: { recordId: id }, orderBy: { position: 'asc' } });

describe('the way of an opportunity', () => {
  test('opening, moving, winning leaves stays without a gap', async () => {
    const { id } = await open();
    await moveOpportunity(db, rep, { id, stageId: funnel.stages.谈判 ?? '' });
    await winOpportunity(db, rep, { id, wonAmount: '1200.50' });
    const deal = await read(id);
    expect(deal).toMatchObject({
      status: 'WON',
      version: 3,
      creditedToId: rep.memberId,
      stageId: funnel.stages.赢单,
    });
    expect(deal.wonAmount?.toFixed()).toBe('1200.5');
    expect(deal.changes.map((stay) => [stay.stageId, stay.status])).toEqual([
      [funnel.stages.了解, 'OPEN'],
      [funnel.stages.谈判, 'OPEN'],
      [funnel.stages.赢单, 'WON'],
    ]);
    for (const [index, stay] of deal.changes.entries()) {
      expect(stay.until).toEqual(deal.changes[index + 1]?.from ?? null);
      expect(stay.byId).toBe(rep.memberId);
    }
    expect(deal.changes.at(-1)?.from).toEqual(deal.closedAt);
    const events = await eventsOf(id);
    expect(events.map((event) => [event.type, event.recordVersion])).toEqual([
      ['opportunity.created', 1],
      ['opportunity.moved', 2],
      ['opportunity.won', 3],
    ]);
    expect(events.at(-1)?.payload).toMatchObject({
      memberId: rep.memberId,
      countsAt: deal.closedAt?.toISOString(),
      amount: '1200.5',
      productId: null,
      customerId: null,
      funnelId: funnel.id,
      stageId: funnel.stages.赢单,
    });
  });

  test('winning takes the expected amount unless another is given, and needs one', async () => {
    const known = await open('77.25');
    await winOpportunity(db, rep, { id: known.id });
    expect((await read(known.id)).wonAmount?.toFixed()).toBe('77.25');
    const unknown = await open(null);
    await expect(winOpportunity(db, rep, { id: unknown.id })).rejects.toMatchObject({
      code: 'AMOUNT_UNKNOWN',
      inputPath: ['input', 'wonAmount'],
    });
    expect((await read(unknown.id)).status).toBe('OPEN');
  });

  test('losing wants a reason, and may name one of several LOST stages', async () => {
    const { id } = await open();
    await expect(loseOpportunity(db, rep, { id, reason: ' ' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
    await loseOpportunity(db, rep, { id, reason: '价格太高', stageId: funnel.stages.放弃 ?? '' });
    expect(await read(id)).toMatchObject({
      status: 'LOST',
      lossReason: '价格太高',
      stageId: funnel.stages.放弃,
    });
    const [lost] = (await eventsOf(id)).slice(-1);
    expect(JSON.stringify(lost?.payload)).not.toContain('价格');
  });

  test('reopening goes back to the last open stage, or a given one, and clears the closing', async () => {
    const { id } = await open();
    await moveOpportunity(db, rep, { id, stageId: funnel.stages.比较 ?? '' });
    await winOpportunity(db, rep, { id });
    await reopenOpportunity(db, rep, { id });
    expect(await read(id)).toMatchObject({
      status: 'OPEN',
      stageId: funnel.stages.比较,
      wonAmount: null,
      closedAt: null,
      creditedToId: null,
    });
    await loseOpportunity(db, rep, { id, reason: 'x' });
    await reopenOpportunity(db, rep, { id, stageId: funnel.stages.谈判 ?? '' });
    expect(await read(id)).toMatchObject({ stageId: funnel.stages.谈判, lossReason: null });
    await expect(reopenOpportunity(db, rep, { id })).rejects.toMatchObject({ code: 'WRONG_STATE' });
  });

  test('a closing can be dated back to the last change of stage, not before it nor ahead', async () => {
    const openedAt = new Date('2026-01-05T02:00:00.000Z');
    const { id } = await createOpportunity(db, rep, {
      name: '历史商机',
      funnelId: funnel.id,
      amount: '10',
      openedAt,
    });
    for (const closedAt of [new Date('2026-01-05T01:59:59.999Z'), new Date(Date.now() + 60_000)]) {
      await expect(winOpportunity(db, rep, { id, closedAt })).rejects.toMatchObject({
        code: 'MOMENT_OUT_OF_RANGE',
        inputPath: ['input', 'closedAt'],
      });
    }
    const closedAt = new Date('2026-02-01T00:00:00.000Z');
    await winOpportunity(db, rep, { id, closedAt });
    const deal = await read(id);
    expect(deal.closedAt).toEqual(closedAt);
    expect(deal.changes.map(({ from, until }) => [from, until])).toEqual([
      [openedAt, closedAt],
      [closedAt, null],
    ]);
    const won = (await eventsOf(id)).at(-1);
    expect(won?.payload).toMatchObject({ countsAt: closedAt.toISOString() });
    expect(won?.occurredAt.getTime()).toBeGreaterThan(closedAt.getTime());
  });

  test('who owned it at a closing dated back is credited', async () => {
    const { id } = await createOpportunity(db, rep, {
      name: '转交前成交',
      funnelId: funnel.id,
      amount: '10',
      openedAt: new Date('2026-01-05T00:00:00Z'),
    });
    await transferOpportunity(db, manager, { id, ownerId: other.memberId });
    await winOpportunity(db, manager, { id, closedAt: new Date('2026-02-01T00:00:00Z') });
    expect(await read(id)).toMatchObject({ ownerId: other.memberId, creditedToId: rep.memberId });
  });

  test('a transfer after the winning leaves the credit', async () => {
    const { id } = await open();
    await winOpportunity(db, rep, { id });
    await transferOpportunity(db, manager, { id, ownerId: other.memberId });
    const deal = await read(id);
    expect(deal).toMatchObject({ ownerId: other.memberId, creditedToId: rep.memberId });
    expect(deal.ownerships.map(({ memberId, until }) => [memberId, until === null])).toEqual([
      [rep.memberId, false],
      [other.memberId, true],
    ]);
    expect((await eventsOf(id)).at(-1)).toMatchObject({
      type: 'opportunity.transferred',
      visibility: { before: { owners: [rep.memberId] }, after: { owners: [other.memberId] } },
    });
  });

  test('an archived one is at rest', async () => {
    const { id } = await open();
    await winOpportunity(db, rep, { id });
    await archiveOpportunity(db, rep, { id, asMistake: true });
    for (const attempt of [
      () => reopenOpportunity(db, rep, { id }),
      () => winOpportunity(db, rep, { id }),
      () => transferOpportunity(db, manager, { id, ownerId: other.memberId }),
      () => archiveOpportunity(db, rep, { id }),
    ]) {
      await expect(attempt()).rejects.toMatchObject({
        code: 'WRONG_STATE',
        data: { state: 'ARCHIVED' },
      });
    }
    expect((await eventsOf(id)).at(-1)?.type).toBe('opportunity.archived_as_mistake');
  });
});

describe('updating', () => {
  test('only what differs is told, and history follows the amount', async () => {
    const productId = await world.product('GTX Pro');
    const { id } = await open('100');
    const same = await updateOpportunity(db, rep, { id, expectedVersion: 1, amount: '100.00' });
    expect(same.version).toBe(1);
    await updateOpportunity(db, rep, { id, expectedVersion: 1, amount: '250', productId });
    await updateOpportunity(db, rep, { id, expectedVersion: 2, amount: null });
    const deal = await read(id);
    expect(deal).toMatchObject({ version: 3, amount: null, productId });
    expect(deal.amounts.map(({ amount }) => amount?.toFixed() ?? null)).toEqual([
      '100',
      '250',
      null,
    ]);
    const types = (await eventsOf(id)).map(({ type }) => type);
    expect(types).toEqual(['opportunity.created', 'opportunity.updated', 'opportunity.updated']);
    expect((await eventsOf(id))[1]?.payload).toMatchObject({
      changed: ['amount', 'productId'],
      from: { amount: '100', productId: null },
      to: { amount: '250', productId },
    });
  });

  test('the won amount is changed by a manager, and the score stated anew at its old moment', async () => {
    const { id } = await open('100');
    await winOpportunity(db, rep, { id });
    const { closedAt } = await read(id);
    const change = { id, expectedVersion: 2, wonAmount: '90' };
    await expect(updateOpportunity(db, rep, change)).rejects.toMatchObject({ code: 'NOT_ALLOWED' });
    expect(await read(id)).toMatchObject({ version: 2 });
    await updateOpportunity(db, manager, change);
    const events = await eventsOf(id);
    expect(events.slice(-2).map(({ type }) => type)).toEqual([
      'opportunity.updated',
      'opportunity.won_restated',
    ]);
    expect(events.at(-1)?.payload).toMatchObject({
      memberId: rep.memberId,
      countsAt: closedAt?.toISOString(),
      amount: '90',
    });
    // Its name says nothing about the score.
    await updateOpportunity(db, rep, { id, expectedVersion: 3, name: '改名' });
    expect((await eventsOf(id)).at(-1)?.type).toBe('opportunity.updated');
  });

  test('what is expected changes while it is open, what was won only when it is won', async () => {
    const { id } = await open('100');
    await expect(
      updateOpportunity(db, manager, { id, expectedVersion: 1, wonAmount: '5' }),
    ).rejects.toMatchObject({ code: 'WRONG_STATE', data: { state: 'OPEN' } });
    await winOpportunity(db, rep, { id });
    await expect(
      updateOpportunity(db, manager, { id, expectedVersion: 2, amount: '5' }),
    ).rejects.toMatchObject({ code: 'WRONG_STATE', data: { state: 'WON' } });
  });
});

describe('races', () => {
  test('of 50 winnings of one deal one takes effect', async () => {
    const { id } = await open();
    const counts = await outcomes(
      Array.from({ length: 50 }, () => winOpportunity(db, rep, { id })),
    );
    expect(counts).toEqual({ ok: 1, WrongState: 49 });
    const deal = await read(id);
    expect(deal.version).toBe(2);
    expect(deal.changes).toHaveLength(2);
    expect((await eventsOf(id)).filter(({ type }) => type === 'opportunity.won')).toHaveLength(1);
  });

  test('a deal is won or lost, never both', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { id } = await open();
      const counts = await outcomes([
        winOpportunity(db, rep, { id }),
        loseOpportunity(db, rep, { id, reason: 'x' }),
        winOpportunity(db, manager, { id }),
        loseOpportunity(db, manager, { id, reason: 'x' }),
      ]);
      expect(counts).toEqual({ ok: 1, WrongState: 3 });
      const closings = (await eventsOf(id)).filter(({ type }) => /won|lost/.test(type));
      expect(closings).toHaveLength(1);
      expect(closings[0]?.type).toBe(`opportunity.${(await read(id)).status.toLowerCase()}`);
    }
  });

  test('an update and a winning that expect the same version: one of them is a conflict', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { id } = await open('10');
      const counts = await outcomes([
        updateOpportunity(db, rep, { id, expectedVersion: 1, amount: '20' }),
        winOpportunity(db, rep, { id, expectedVersion: 1 }),
      ]);
      expect(counts).toEqual({ ok: 1, Conflict: 1 });
      const deal = await read(id);
      expect(deal.wonAmount?.toFixed() ?? null).toBe(deal.status === 'WON' ? '10' : null);
      expect(deal.version).toBe(2);
    }
  });

  test('a storm of every change leaves stays, amounts and owners without gap or overlap', async () => {
    const { id } = await open('10');
    const stages = Object.values(funnel.stages);
    const work = Array.from({ length: 80 }, (_, index) => {
      const stageId = stages[index % 3] ?? '';
      const kind = index % 8;
      if (kind === 0) return winOpportunity(db, manager, { id });
      if (kind === 1) return reopenOpportunity(db, manager, { id });
      if (kind === 2) return loseOpportunity(db, manager, { id, reason: 'x' });
      if (kind === 3) {
        const ownerId = (index % 16 === 3 ? rep : other).memberId;
        return transferOpportunity(db, manager, { id, ownerId });
      }
      if (kind === 4) return reopenOpportunity(db, manager, { id, stageId });
      return moveOpportunity(db, manager, { id, stageId });
    });
    const counts = await outcomes(work);
    expect(Object.keys(counts).sort()).toEqual(['WrongState', 'ok']);
    const deal = await read(id);
    for (const history of [deal.changes, deal.amounts, deal.ownerships]) {
      const contiguous = [...history].sort(
        (a, b) => a.from.getTime() - b.from.getTime() || untilOf(a) - untilOf(b),
      );
      expect(contiguous.filter(({ until }) => until === null)).toHaveLength(1);
      for (const [index, row] of contiguous.entries()) {
        expect(row.until).toEqual(contiguous[index + 1]?.from ?? null);
      }
    }
    const versions = (await eventsOf(id)).map(({ recordVersion }) => recordVersion);
    expect(versions).toEqual(Array.from({ length: deal.version }, (_, index) => index + 1));
  });
});

const untilOf = (row: { until: Date | null }) => row.until?.getTime() ?? Number.POSITIVE_INFINITY;
