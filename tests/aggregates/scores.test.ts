// Scores in sums: what the ledger has, by metric, member, team and time, as of what was known, in every data scope.
import { Decimal } from 'decimal.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { gid, mutate, STAGES } from '../domains/funnels/front-door.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { mutate as call } from '../support/mutate.ts';
import { type Actor, type Organization, org } from '../support/seed.ts';

let app: TestApp;
let admin: Organization;
let east: string;
let west: string;
let ann: Actor;
let bo: Actor;
let reopenedAt: Date;

beforeAll(async () => {
  app = await testApp();
  const { db } = app.app;
  admin = await org(db, { timeZone: 'UTC' });
  const top = await admin.team('Top');
  east = await admin.team('East', { parent: top });
  west = await admin.team('West', { parent: top });
  ann = await admin.rep({ team: east, name: 'Ann', scope: 'OWN' });
  bo = await admin.rep({ team: west, name: 'Bo', scope: 'OWN' });
  const { funnel } = await mutate(app, admin, 'createFunnel', { name: 'direct', stages: STAGES });
  const win = async (owner: Actor, wonAmount: string) => {
    const input = { name: 'deal', funnelId: funnel?.id };
    const { opportunity } = await mutate(app, owner, 'createOpportunity', input);
    await mutate(app, owner, 'winOpportunity', { id: opportunity?.id, wonAmount });
    return opportunity?.id ?? '';
  };
  await win(ann, '100.25');
  await win(bo, '50');
  const taken = await win(bo, '30');
  // What is recorded from here on was not known before: the clock of the database says so.
  const { rows } = await db.pool.query<{ now: Date }>('select clock_timestamp() as now');
  reopenedAt = rows[0]?.now as Date;
  await mutate(app, bo, 'reopenOpportunity', { id: taken });
});

interface Row {
  key: { metric: { id: string }; member: { name: string } | null; team: { name: string } | null };
  count: number;
  amount: { sum: string };
}

async function scores(viewer: Actor, args: string): Promise<Row[]> {
  const { answer } = await app.expectData<{ answer: { groups: Row[] } }>(
    `{ answer: scoreAggregate(${args}) {
       groups { key { metric { id } member { name } team { name } } count amount { sum } } } }`,
    {},
    viewer,
  );
  return answer.groups;
}

/** The ledger itself, added up by metric and member. */
async function ledger(memberIds: readonly string[]): Promise<Record<string, string>> {
  const entries = await app.app.db.prisma.scoreEntry.findMany({
    where: { organizationId: admin.organizationId, memberId: { in: [...memberIds] } },
  });
  const versions = await app.app.db.prisma.metricVersion.findMany({ where: { state: 'ACTIVE' } });
  const sums: Record<string, string> = {};
  for (const { metricVersionId, memberId, amount } of entries) {
    const version = versions.find(({ id }) => id === metricVersionId);
    if (!version) continue;
    const name = memberId === ann.memberId ? 'Ann' : 'Bo';
    const key = `${gid('Metric', version.metricId)} ${name}`;
    sums[key] = new Decimal(sums[key] ?? 0).plus(amount.toString()).toFixed();
  }
  return sums;
}

const byMember = 'groupBy: [{ field: METRIC }, { field: MEMBER }]';
const asSums = (rows: readonly Row[]) =>
  Object.fromEntries(
    rows.map(({ key, amount }) => [`${key.metric.id} ${key.member?.name}`, amount.sum]),
  );

describe('scores', () => {
  test('add up to what the ledger has', async () => {
    const expected = await ledger([ann.memberId, bo.memberId]);
    expect(Object.keys(expected).length).toBeGreaterThan(1);
    expect(asSums(await scores(admin, byMember))).toEqual(expected);
  });

  test('are told of whom the data scope covers', async () => {
    expect(asSums(await scores(ann, byMember))).toEqual(await ledger([ann.memberId]));
    expect(asSums(await scores(bo, byMember))).toEqual(await ledger([bo.memberId]));
  });

  test('stay with the team that they were earned in, or follow their member', async () => {
    const metric = Object.keys(await ledger([ann.memberId]))[0]?.split(' ')[0];
    const of = (teams: string, rollup = false) =>
      scores(
        admin,
        `where: { metric: { in: ["${metric}"] } }, groupBy: [{ field: TEAM }], teams: ${teams}, rollup: ${rollup}`,
      );
    const names = (rows: Row[]) => rows.map(({ key }) => key.team?.name ?? null);
    const before = await of('AS_IT_WAS');
    expect(names(before)).toEqual(['East', 'West']);
    expect(names(await of('AS_IT_WAS', true))).toEqual(['East', 'Top', 'West']);
    const input = { id: gid('Member', ann.memberId), team: gid('Team', west) };
    const moved = await call(app, admin, 'moveMember', input);
    expect(moved.__typename).toBe('MoveMemberPayload');
    expect(await of('AS_IT_WAS')).toEqual(before);
    expect(names(await of('AS_IT_IS'))).toEqual(['West']);
  });

  test('are those that were known then', async () => {
    const known = await scores(bo, `${byMember}, recordedBy: "${reopenedAt.toISOString()}"`);
    const now = await scores(bo, byMember);
    expect(now).not.toEqual(known);
    const amounts = (rows: readonly Row[]) => rows.map(({ amount }) => Number(amount.sum));
    expect(Math.max(...amounts(known))).toBe(80);
    expect(Math.max(...amounts(now))).toBe(50);
  });

  test('are cut by when they count', async () => {
    expect(await scores(admin, `${byMember}, asOf: "2020-01-01T00:00:00Z"`)).toEqual([]);
    const all = await scores(admin, `${byMember}, asOf: "2200-01-01T00:00:00Z"`);
    expect(asSums(all)).toEqual(await ledger([ann.memberId, bo.memberId]));
  });
});
