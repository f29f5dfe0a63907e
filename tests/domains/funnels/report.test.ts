import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resolvePeriod } from '../../../src/calendar/named-periods.ts';
import { ALL_TIME, type Period } from '../../../src/calendar/periods.ts';
import { DEFAULT_CALENDAR_SETTINGS } from '../../../src/calendar/settings.ts';
import type { Database } from '../../../src/database/database.ts';
import { transact } from '../../../src/database/transact.ts';
import type { MemberViewer } from '../../../src/database/viewer.ts';
import { conditionsOf, type OpportunityFilter } from '../../../src/domains/funnels/filter.ts';
import { filterFacts } from '../../../src/domains/funnels/filter-store.ts';
import { updateFunnel } from '../../../src/domains/funnels/funnel-service.ts';
import { importOpportunities } from '../../../src/domains/funnels/import.ts';
import type { FunnelCohort, FunnelReport } from '../../../src/domains/funnels/report.ts';
import { readReport } from '../../../src/domains/funnels/report-store.ts';
import { archiveOpportunity } from '../../../src/domains/funnels/service.ts';
import { reopenOpportunity } from '../../../src/domains/funnels/transitions.ts';
import { createWorld, openDatabase, type TestFunnel, type World } from './world.ts';

const calendar = { ...DEFAULT_CALENDAR_SETTINGS, timeZone: 'Asia/Shanghai' };
const now = new Date('2026-09-01T00:00:00Z');

let db: Database;
let world: World;
let funnel: TestFunnel;
let reps: MemberViewer[];

/** A fixed sequence that looks random. */
function sequence(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

beforeAll(async () => {
  db = await openDatabase();
  world = await createWorld(db);
  funnel = await world.funnel();
  reps = await Promise.all([1, 2, 3].map(() => world.viewer('MEMBER', 'OWN')));
  const products = [await world.product('甲', 'GTX'), await world.product('乙', 'MG')];
  const pick = sequence(7);
  const way = ['了解', '比较', '谈判'];
  const rows = Array.from({ length: 300 }, (_, index) => {
    let at = Date.UTC(2026, 0, 1 + pick(120), pick(24));
    const names = way.slice(0, 1 + pick(3));
    if (pick(5) === 0) names.push('了解');
    if (pick(3) > 0) names.push(['赢单', '赢单', '输单', '放弃'][pick(4)] ?? '');
    const path = names
      .filter((name, place) => name !== names[place - 1])
      .map((name) => {
        const step = { stageId: funnel.stages[name] ?? '', at: new Date(at) };
        at += pick(20) * 3_600_000 * 11;
        return step;
      });
    const won = names.at(-1) === '赢单';
    return {
      externalId: `r${index}`,
      name: `商机 ${index}`,
      funnelId: funnel.id,
      ownerId: reps[pick(3)]?.memberId ?? '',
      customerId: null,
      productId: products[pick(3)] ?? null,
      amount: pick(4) === 0 ? null : `${pick(100_000)}.${pick(100)}`,
      wonAmount: won ? `${pick(90_000)}.5` : null,
      path,
    };
  });
  await transact(db, world.admin, 'import', {}, async (tx) => {
    const results = await importOpportunities(tx, rows);
    expect(results.every(({ outcome }) => outcome === 'CREATED')).toBe(true);
    return {};
  });
  // What the import does not make: taken up again, put to rest, entered by mistake, a stage out of use.
  const closed = await db.prisma.opportunity.findMany({
    where: { organizationId: world.organizationId, NOT: { status: 'OPEN' } },
    orderBy: { externalId: 'asc' },
    take: 30,
  });
  for (const [index, { id }] of closed.entries()) {
    if (index < 10) await reopenOpportunity(db, world.admin, { id });
    else await archiveOpportunity(db, world.admin, { id, asMistake: index < 20 });
  }
  await updateFunnel(db, world.admin, {
    id: funnel.id,
    expectedVersion: 1,
    stages: ['了解', '谈判', '赢单', '输单', '放弃'].map((name) => ({
      id: funnel.stages[name] ?? null,
    })),
  });
});
afterAll(() => db.close());

async function report(
  viewer: MemberViewer,
  { period = ALL_TIME, cohort = 'ENTERED' as FunnelCohort, where = {} as OpportunityFilter } = {},
): Promise<FunnelReport> {
  const { organizationId } = viewer;
  const facts = await filterFacts(where, { connection: db.pool, organizationId, now, calendar });
  const conditions = conditionsOf(where, facts, 'COUNTED');
  return readReport(db.pool, viewer, { funnelId: funnel.id, period, cohort, conditions, now });
}

type Deals = Awaited<ReturnType<typeof allDeals>>;
type Deal = Deals[number];

const allDeals = () =>
  db.prisma.opportunity.findMany({
    where: { organizationId: world.organizationId, archivedAsMistake: false },
    include: {
      changes: {
        orderBy: [{ from: 'asc' }, { until: { sort: 'asc', nulls: 'last' } }, { id: 'asc' }],
      },
      product: true,
    },
  });

const within = (moment: Date | null, { start, end }: Period): boolean =>
  moment !== null && (!start || moment >= start) && (!end || moment < end);

/** PostgreSQL's percentile_cont, by its definition. */
function percentile(values: number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)];
  const high = sorted[Math.ceil(at)];
  return low === undefined || high === undefined ? null : low + (high - low) * (at % 1);
}

const share = (part: number, whole: number) =>
  whole === 0 ? null : String(Number((part / whole).toFixed(4)));

const tenThousandths = (text: { toFixed(digits: number): string } | null) =>
  text === null ? 0n : BigInt(text.toFixed(4).replace('.', ''));

const plain = (units: bigint) => {
  const digits = units.toString().padStart(5, '0');
  return `${digits.slice(0, -4)}.${digits.slice(-4)}`.replace(/\.?0+$/, '');
};

/** The same numbers, worked out row by row in plain code. */
async function expected(deals: readonly Deal[]) {
  const stages = await db.prisma.stage.findMany({
    where: { funnelId: funnel.id },
    orderBy: { ordinal: 'asc' },
  });
  const place = new Map(stages.map((stage, index) => [stage.id, index]));
  const kindOf = new Map(stages.map(({ id, kind }) => [id, kind]));
  const seconds = (a: Date, b: Date) => (b.getTime() - a.getTime()) / 1_000;
  const isAhead = (from: string, to: string) =>
    kindOf.get(to) === 'WON' ||
    (kindOf.get(to) === 'OPEN' && (place.get(to) ?? 0) > (place.get(from) ?? 0));
  const won = deals.filter(({ status }) => status === 'WON');
  const lost = deals.filter(({ status }) => status === 'LOST');
  const cycles = won.map(({ openedAt, closedAt }) => seconds(openedAt, closedAt ?? openedAt));
  const rows = stages.map(({ id, kind, limitDays, probability }) => {
    const through = deals.filter(({ changes }) => changes.some(({ stageId }) => stageId === id));
    const moved = through.filter(({ changes }) => {
      const first = changes.findIndex(({ stageId }) => stageId === id);
      return changes
        .slice(first + 1)
        .some(({ stageId }) => kind === 'OPEN' && isAhead(id, stageId));
    });
    const dropped = through.filter(
      ({ status, changes }) => status === 'LOST' && changes.at(-2)?.stageId === id,
    );
    const stays = through.flatMap(({ changes }) => changes.filter(({ stageId }) => stageId === id));
    const ended = stays.flatMap(({ from, until }) => (until ? [seconds(from, until)] : []));
    const lasting = stays.filter(({ until }) => !until).map(({ from }) => seconds(from, now));
    const open = deals.filter(({ status, stageId }) => status === 'OPEN' && stageId === id);
    const amount = open.reduce((sum, deal) => sum + tenThousandths(deal.amount), 0n);
    const weighted = (amount * tenThousandths(probability)) / 10_000n;
    return {
      stageId: id,
      entered: through.length,
      movedOn: moved.length,
      conversion: kind === 'OPEN' ? share(moved.length, through.length) : null,
      droppedOut: dropped.length,
      dropOff: kind === 'OPEN' ? share(dropped.length, through.length) : null,
      openCount: open.length,
      openAmount: plain(amount),
      openAmountUnknown: open.filter(({ amount: known }) => known === null).length,
      weightedAmount: plain(weighted),
      overLimit: open.filter(
        (deal) => limitDays !== null && seconds(deal.stageEnteredAt, now) > limitDays * 86_400,
      ).length,
      timeInStage: {
        count: ended.length,
        median: percentile(ended, 0.5),
        p90: percentile(ended, 0.9),
      },
      longestOpen: kind === 'OPEN' && lasting.length > 0 ? Math.max(...lasting) : null,
      units: { amount, weighted },
    };
  });
  return {
    count: deals.length,
    openCount: deals.length - won.length - lost.length,
    openAmount: plain(rows.reduce((sum, { units }) => sum + units.amount, 0n)),
    openAmountUnknown: rows.reduce((sum, row) => sum + row.openAmountUnknown, 0),
    weightedAmount: plain(rows.reduce((sum, { units }) => sum + units.weighted, 0n)),
    wonCount: won.length,
    lostCount: lost.length,
    wonAmount: plain(won.reduce((sum, { wonAmount }) => sum + tenThousandths(wonAmount), 0n)),
    winRate: share(won.length, won.length + lost.length),
    salesCycle: {
      count: cycles.length,
      median: percentile(cycles, 0.5),
      p90: percentile(cycles, 0.9),
    },
    stages: rows.map(({ units: _units, ...row }) => row),
  };
}

function expectEqual(actual: FunnelReport, wanted: Awaited<ReturnType<typeof expected>>): void {
  const rounded = (value: unknown) =>
    JSON.parse(
      JSON.stringify(value, (_, inner) =>
        typeof inner === 'number' ? Number(inner.toFixed(3)) : inner,
      ),
    );
  expect(rounded(actual)).toEqual(rounded(wanted));
}

describe('a report says what plain code over the rows says', () => {
  test('for all time', async () => {
    const deals = await allDeals();
    const actual = await report(world.admin);
    expectEqual(actual, await expected(deals));
    // The world is rich enough for this to mean something.
    expect(actual.wonCount).toBeGreaterThan(50);
    expect(actual.lostCount).toBeGreaterThan(20);
    expect(actual.openCount).toBeGreaterThan(50);
    const archived = actual.stages.find(({ stageId }) => stageId === funnel.stages.比较);
    expect(archived?.movedOn).toBeGreaterThan(20);
    expect(archived?.overLimit).toBeGreaterThan(5);
    expect(archived?.droppedOut).toBeGreaterThan(5);
  });

  test.each(['ENTERED', 'CLOSED'] as const)('for a month, %s', async (cohort) => {
    const between = { from: '2026-03-01', through: '2026-03-31' };
    const period = resolvePeriod(calendar, { between }, now);
    const deals = (await allDeals()).filter(({ openedAt, closedAt }) =>
      within(cohort === 'ENTERED' ? openedAt : closedAt, period),
    );
    expect(deals.length).toBeGreaterThan(20);
    expectEqual(await report(world.admin, { period, cohort }), await expected(deals));
  });

  test('for a filter', async () => {
    const where: OpportunityFilter = { series: { notIn: ['GTX'] }, amount: { gte: '20000' } };
    const deals = (await allDeals()).filter(
      ({ product, amount }) => product?.series !== 'GTX' && amount !== null && amount.gte(20_000),
    );
    expect(deals.some(({ product }) => product === null)).toBe(true);
    expectEqual(await report(world.admin, { where }), await expected(deals));
  });

  test('for what a member sees, and nothing of what he does not', async () => {
    const [rep] = reps;
    if (!rep) throw new Error('no rep');
    const deals = (await allDeals()).filter(({ ownerId }) => ownerId === rep.memberId);
    expectEqual(await report(rep), await expected(deals));
    const elsewhere = await createWorld(db);
    expect(await report(elsewhere.admin).catch(String)).toContain('a funnel without stages');
  });

  test('for nothing at all', async () => {
    const between = { from: '2001-01-01', through: '2001-01-31' };
    const empty = await report(world.admin, { period: resolvePeriod(calendar, { between }, now) });
    expect(empty).toMatchObject({ count: 0, winRate: null, openAmount: '0', wonAmount: '0' });
    expect(empty.salesCycle).toEqual({ count: 0, median: null, p90: null });
    expect(empty.stages.map(({ conversion }) => conversion)).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
  });
});
