// An organization of random records for random questions: teams that people move between, customers that change hands,
// deals with and without everything that may be missing.
import type { Database } from '../../../src/database/database.ts';
import { newId } from '../../../src/database/ids.ts';
import { type Actor, org } from '../../support/seed.ts';

export interface Company {
  zone: string;
  calendar: { firstDayOfWeek: number; fiscalMonthEnd: number; fiscalYearStartMonth: number };
  /** One of every data scope. */
  viewers: Actor[];
  /** Everybody's, as only tests can read it. */
  members: { id: string; name: string; active: boolean }[];
  teams: { id: string; name: string }[];
  memberships: Stay<'memberId' | 'teamId'>[];
  parentages: Stay<'teamId' | 'parentId'>[];
  customers: { id: string; name: string }[];
  products: { id: string; name: string; series: string | null; active: boolean }[];
  funnels: { id: string; name: string }[];
  stages: { id: string; name: string; ordinal: number; kind: string }[];
  first: Date;
  last: Date;
}

type Stay<Names extends string> = Record<Names, string> & { from: Date; until: Date | null };

export type Random = () => number;

/** Mulberry32: the same numbers for the same seed. */
export function randomOf(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const pick = <Value>(random: Random, values: readonly Value[]): Value =>
  values[Math.floor(random() * values.length)] as Value;

const maybe = <Value>(random: Random, value: Value, chance = 0.75): Value | null =>
  random() < chance ? value : null;

export const ZONES = [
  ...['Asia/Shanghai', 'America/New_York', 'Europe/London', 'UTC'],
  ...['Asia/Kolkata', 'Australia/Sydney', 'America/St_Johns', 'Pacific/Auckland'],
];

const DAY = 86_400_000;
const FIRST = Date.UTC(2025, 0, 10);
const DAYS = 420;

export async function makeCompany(db: Database, seed: number, deals = 70): Promise<Company> {
  const random = randomOf(seed);
  const zone = pick(random, ZONES);
  const calendar = {
    firstDayOfWeek: pick(random, [1, 1, 7, 3]),
    fiscalMonthEnd: pick(random, [31, 25, 10]),
    fiscalYearStartMonth: pick(random, [1, 4]),
  };
  const admin = await org(db, { timeZone: zone, ...calendar });
  const { organizationId } = admin;
  const top = await admin.team('North');
  const teams = [top];
  for (const name of ['East', 'West', '华东', 'Empty']) {
    teams.push(await admin.team(name, { parent: pick(random, teams) }));
  }
  const viewers: Actor[] = [admin];
  const scopes = ['OWN', 'TEAM', 'TEAM_TREE', 'OWN', 'ORGANIZATION'] as const;
  for (const [index, scope] of scopes.entries()) {
    const team = index === 2 ? top : pick(random, teams.slice(0, 4));
    viewers.push(await admin.rep({ team, scope, name: pick(random, ['Ann', 'Bo', '陈']) }));
  }
  const owners = viewers.map(({ memberId }) => memberId);
  await moveAbout(db, random, organizationId, owners, teams);
  const customers = await makeCustomers(db, random, organizationId, owners);
  const products = await makeProducts(db, random, organizationId);
  const { funnels, stages } = await makeFunnels(db, organizationId);
  await makeDeals(db, random, { organizationId, owners, customers, products, stages, deals });
  return {
    zone,
    calendar,
    viewers,
    products,
    funnels,
    stages,
    customers: await db.prisma.customer.findMany({ where: { organizationId } }),
    members: await db.prisma.member.findMany({ where: { organizationId } }),
    teams: await db.prisma.team.findMany({ where: { organizationId } }),
    memberships: await db.prisma.membership.findMany({ where: { organizationId } }),
    parentages: await db.prisma.teamParentage.findMany({ where: { organizationId } }),
    first: new Date(FIRST),
    last: new Date(FIRST + DAYS * DAY),
  };
}

const moment = (random: Random): Date =>
  // Whole hours more often than not, so that bounds of days and hours are met exactly.
  new Date(
    FIRST + Math.floor(random() * DAYS * 24) * 3_600_000 + (random() < 0.3 ? random() * 3.6e6 : 0),
  );

/** Everybody has been in another team before, and some in none. */
async function moveAbout(
  db: Database,
  random: Random,
  organizationId: string,
  owners: readonly string[],
  teams: readonly string[],
): Promise<void> {
  for (const memberId of owners) {
    const moved = moment(random);
    await db.prisma.membership.updateMany({
      where: { organizationId, memberId },
      data: { from: moved },
    });
    if (random() < 0.3) continue;
    const from = random() < 0.5 ? new Date(FIRST - DAY) : new Date(moved.getTime() / 2 + FIRST / 2);
    const data = { id: newId(), organizationId, memberId, teamId: pick(random, teams), from };
    await db.prisma.membership.create({ data: { ...data, until: moved } });
  }
  const parentages = await db.prisma.teamParentage.findMany({ where: { organizationId } });
  for (const { id } of parentages) {
    await db.prisma.teamParentage.update({
      where: { id },
      data: { from: random() < 0.5 ? new Date(FIRST - DAY) : moment(random) },
    });
  }
}

async function makeCustomers(
  db: Database,
  random: Random,
  organizationId: string,
  owners: readonly string[],
): Promise<string[]> {
  const data = Array.from({ length: 14 }, (_, index) => ({
    id: newId(),
    organizationId,
    kind: pick(random, ['COMPANY', 'PERSON'] as const),
    name: `客户 ${index}`,
    industry: maybe(random, pick(random, ['retail', 'Retail', '医疗', "o'neil"])),
    region: maybe(random, pick(random, ['north', 'south'])),
    grade: maybe(random, pick(random, ['A', 'B', 'D'] as const)),
    lifecycle: pick(random, ['POTENTIAL', 'LOYAL'] as const),
    tags: ['big', 'new', 'vip'].filter(() => random() < 0.4),
    ownerId: pick(random, owners),
    createdAt: moment(random),
    updatedAt: new Date(),
    lastActivityAt: maybe(random, moment(random)),
    annualRevenue: maybe(random, amount(random)),
    employees: maybe(random, Math.floor(random() * 500)),
    archivedAt: maybe(random, moment(random), 0.1),
    searchGrams: [],
  }));
  await db.prisma.customer.createMany({ data });
  return data.map(({ id }) => id);
}

/** Cents, halves, long fractions, zero and sums beyond what a float holds. */
const amount = (random: Random): string =>
  pick(random, [
    '0',
    '0.01',
    '100',
    '99.5',
    '1234.5678',
    '0.3333',
    '9999999999999999.9999',
    '5.0001',
    String(Math.floor(random() * 1_000)),
  ]);

async function makeProducts(db: Database, random: Random, organizationId: string) {
  const data = ['GTX', 'MG', 'Pro'].map((name, index) => ({
    id: newId(),
    organizationId,
    name,
    series: maybe(random, pick(random, ['G', 'M'])),
    active: index < 2,
    createdAt: new Date(FIRST),
  }));
  await db.prisma.product.createMany({ data });
  return data;
}

async function makeFunnels(db: Database, organizationId: string) {
  const funnels = ['direct', 'partners'].map((name) => ({ id: newId(), name }));
  await db.prisma.funnel.createMany({
    data: funnels.map((one) => ({ ...one, organizationId, createdAt: new Date(FIRST) })),
  });
  const kinds = ['OPEN', 'OPEN', 'WON', 'LOST'] as const;
  const stages = funnels.flatMap(({ id: funnelId }, f) =>
    kinds.map((kind, index) => ({
      id: newId(),
      organizationId,
      funnelId,
      ordinal: index,
      name: `${kind} ${f}${index}`,
      kind,
      probability: '0.5',
    })),
  );
  await db.prisma.stage.createMany({ data: stages });
  return { funnels, stages };
}

interface Deals {
  organizationId: string;
  owners: readonly string[];
  customers: readonly string[];
  products: readonly { id: string }[];
  stages: readonly { id: string; funnelId: string; kind: 'OPEN' | 'WON' | 'LOST' }[];
  deals: number;
}

async function makeDeals(db: Database, random: Random, parts: Deals): Promise<void> {
  const { organizationId, owners, customers, products, stages, deals } = parts;
  const data = Array.from({ length: deals }, (_, index) => {
    const stage = pick(random, stages);
    const openedAt = moment(random);
    const closedAt = new Date(openedAt.getTime() + random() * 60 * DAY);
    const isClosed = stage.kind !== 'OPEN';
    const expected = new Date(openedAt.getTime() + random() * 90 * DAY).toISOString().slice(0, 10);
    const archived = random() < 0.15;
    const ownerId = pick(random, owners);
    return {
      id: newId(),
      organizationId,
      name: `Deal ${index}`,
      customerId: maybe(random, pick(random, customers), 0.85),
      productId: maybe(random, pick(random, products).id),
      ownerId,
      funnelId: stage.funnelId,
      stageId: stage.id,
      status: stage.kind,
      amount: maybe(random, amount(random), 0.8),
      wonAmount: stage.kind === 'WON' ? amount(random) : null,
      expectedCloseOn: maybe(random, new Date(expected)),
      openedAt,
      stageEnteredAt: isClosed ? closedAt : openedAt,
      closedAt: isClosed ? closedAt : null,
      lossReason: stage.kind === 'LOST' ? maybe(random, pick(random, ['price', 'rival'])) : null,
      creditedToId: stage.kind === 'WON' ? pick(random, [ownerId, pick(random, owners)]) : null,
      createdAt: moment(random),
      updatedAt: closedAt,
      archivedAt: archived ? closedAt : null,
      archivedAsMistake: archived && random() < 0.5,
    };
  });
  await db.prisma.opportunity.createMany({ data });
}
