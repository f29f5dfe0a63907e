import { beforeAll, describe, expect, test } from 'vitest';
import { encodeGlobalId } from '../../../src/api/global-ids.ts';
import { newId } from '../../../src/database/ids.ts';
import { runText } from '../../../src/database/statements.ts';
import { setTarget } from '../../../src/domains/targets/service.ts';
import { type TestApp, testApp } from '../../support/app.ts';
import { type Actor, type Organization, org } from '../../support/seed.ts';

let app: TestApp;
let admin: Organization;
let director: Actor;
let leader: Actor;
let rep: Actor;
let outsider: Actor;
let parent: string;
let team: string;
let elsewhere: string;
let metricId: string;

beforeAll(async () => {
  app = await testApp();
  admin = await org(app.app.db, { fiscalMonthEnd: 25, timeZone: 'Asia/Shanghai' });
  parent = await admin.team('营销部');
  team = await admin.team('一组', { parent });
  elsewhere = await admin.team('后勤');
  director = await admin.manager({ team: parent });
  leader = await admin.manager({ team, scope: 'TEAM' });
  rep = await admin.rep({ team });
  outsider = await admin.rep({ team: elsewhere });
  metricId = await metric(admin, 'won-amount');
});

const member = (actor: Actor) => encodeGlobalId('Member', actor.memberId);
const teamOf = (id: string) => encodeGlobalId('Team', id);

async function metric(actor: Actor, key: string): Promise<string> {
  const row = await app.app.db.prisma.metric.findFirstOrThrow({
    where: { organizationId: actor.organizationId, key },
  });
  return encodeGlobalId('Metric', row.id);
}

const SET = `mutation ($input: SetTargetInput!) { setTarget(input: $input) {
  __typename
  ... on SetTargetPayload { target {
    id version value period { unit from through label } member { id } team { id } metric { key } setBy { id }
  } }
  ... on UserError { code path }
} }`;

interface Target {
  id: string;
  version: number;
  value: string;
  period: Record<string, unknown>;
}

interface Set {
  __typename: string;
  code?: string;
  path?: string[];
  target: Target | null;
}

async function set(actor: Actor, input: Record<string, unknown>): Promise<Set> {
  const given = { metricId, unit: 'MONTH', containing: '2026-03-15', value: '100', ...input };
  const { setTarget } = await app.expectData<{ setTarget: Set }>(
    SET,
    { input: given },
    { token: actor.token },
  );
  return setTarget;
}

const events = (id: string) =>
  runText<{ payload: Record<string, unknown>; recordVersion: number; visibility: unknown }>(
    app.app.db.pool,
    `SELECT payload, record_version, visibility FROM event WHERE type = 'target.set'
     AND (payload ->> 'memberId' = $1 OR payload ->> 'teamId' = $1) ORDER BY position`,
    [id],
  );

const count = () =>
  app.app.db.prisma.target.count({ where: { organizationId: admin.organizationId } });

test('is set, changed, left, and removed, each told once', async () => {
  const contestantId = member(rep);
  const first = await set(leader, { contestantId, value: '120000.50', expectedVersion: 0 });
  expect(first.target).toMatchObject({
    version: 1,
    value: '120000.5',
    period: { unit: 'MONTH', from: '2026-03-01', through: '2026-03-31', label: '2026-03' },
    member: { id: contestantId },
    team: null,
    metric: { key: 'won-amount' },
    setBy: { id: member(leader) },
  });
  // Any other day of the month is the same target.
  const second = await set(leader, { contestantId, value: '130000', containing: '2026-03-31' });
  expect(second.target).toMatchObject({ id: first.target?.id, version: 2, value: '130000' });
  const same = await set(admin, { contestantId, value: '130000.0000' });
  expect(same.target).toMatchObject({ version: 2, setBy: { id: member(leader) } });
  const stale = await set(leader, { contestantId, value: '1', expectedVersion: 1 });
  expect(stale).toMatchObject({ __typename: 'Conflict', path: ['input', 'expectedVersion'] });
  const removed = await set(leader, { contestantId, value: null, expectedVersion: 2 });
  expect(removed).toMatchObject({ __typename: 'SetTargetPayload', target: null });
  expect(await set(leader, { contestantId, value: null })).toMatchObject({ target: null });
  expect(await set(leader, { contestantId, expectedVersion: 2 })).toMatchObject({
    __typename: 'Conflict',
  });

  const told = await events(rep.memberId);
  const common = { memberId: rep.memberId, teamId: null, unit: 'MONTH', bucket: '2026-03-01' };
  expect(told.map(({ payload, recordVersion }) => ({ ...payload, recordVersion }))).toEqual(
    [
      { valueBefore: null, value: '120000.5', recordVersion: 1 },
      { valueBefore: '120000.5', value: '130000', recordVersion: 2 },
      { valueBefore: '130000', value: null, recordVersion: 3 },
    ].map((each) => expect.objectContaining({ ...common, ...each })),
  );
  expect(told.at(-1)?.visibility).toEqual({ before: { owners: [rep.memberId] }, after: null });
});

test.each([
  ['WEEK', '2026-03-04', '2026-03-02', '2026-03-08'],
  ['TEN_DAYS', '2026-02-23', '2026-02-21', '2026-02-28'],
  ['FISCAL_MONTH', '2026-03-26', '2026-03-26', '2026-04-25'],
  ['YEAR', '2026-12-31', '2026-01-01', '2026-12-31'],
  ['ALL_TIME', '2026-12-31', null, null],
])('a %s is the one that the day lies in', async (unit, containing, from, through) => {
  const { target } = await set(admin, { contestantId: member(rep), unit, containing });
  expect(target?.period).toMatchObject({ unit, from, through });
  await set(admin, { contestantId: member(rep), unit, containing, value: null });
});

test('without a day it is the present one, in the zone of the organization', async () => {
  const { target } = await set(admin, {
    contestantId: member(rep),
    unit: 'DAY',
    containing: undefined,
  });
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(new Date());
  expect(target?.period).toMatchObject({ from: today, through: today });
  await set(admin, { contestantId: member(rep), unit: 'DAY', containing: today, value: null });
});

describe('who may', () => {
  test('and for whom: the others change nothing', async () => {
    const before = await count();
    const matrix = [
      // who, for whom, what comes of it
      [admin, member(admin), 'SetTargetPayload'],
      [director, member(rep), 'SetTargetPayload'],
      [director, teamOf(team), 'SetTargetPayload'],
      [director, teamOf(parent), 'SetTargetPayload'],
      [director, teamOf(elsewhere), 'NotFound'],
      [director, member(outsider), 'NotFound'],
      [director, member(director), 'NotAllowed'],
      [leader, member(rep), 'SetTargetPayload'],
      [leader, teamOf(team), 'SetTargetPayload'],
      [leader, teamOf(parent), 'NotFound'],
      [leader, member(director), 'NotFound'],
    ] as const;
    for (const [actor, contestantId, expected] of matrix) {
      const now = await count();
      const { __typename } = await set(actor, { contestantId, containing: '2025-01-01' });
      expect(__typename).toBe(expected);
      if (expected !== 'SetTargetPayload') expect(await count()).toBe(now);
    }
    expect(await count()).toBe(before + 4);
  });

  test('a member sets none, not even by the service', async () => {
    const input = { metricId, unit: 'MONTH', contestantId: member(rep), value: '1' };
    const answer = await app.query(SET, { input }, { token: rep.token });
    expect(answer.errors[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', requires: 'MANAGER' });
    const viewer = await rep.viewer();
    const contestant = { type: 'Member', id: rep.memberId } as const;
    const service = () =>
      setTarget(app.app.db, viewer, { metricId: newId(), contestant, unit: 'DAY', value: '1' });
    expect(service).toThrow('Targets are set by');
  });

  test('nobody reaches another organization', async () => {
    const stranger = await org(app.app.db);
    const theirs = await metric(stranger, 'won-amount');
    expect(await set(admin, { contestantId: member(stranger) })).toMatchObject({
      code: 'NOT_FOUND',
      path: ['input', 'contestantId'],
    });
    expect(await set(admin, { contestantId: member(rep), metricId: theirs })).toMatchObject({
      code: 'NOT_FOUND',
      path: ['input', 'metricId'],
    });
    const { target } = await set(admin, { contestantId: member(rep), containing: '2024-01-01' });
    const document = 'query ($id: ID!) { node(id: $id) { id } targets { totalCount } }';
    const seen = await app.query(document, { id: target?.id }, { token: stranger.token });
    expect(seen.data).toEqual({ node: null, targets: { totalCount: 0 } });
  });
});

test('everyone knows his own and that of his team, and a manager those below', async () => {
  const day = { containing: '2023-06-01' };
  for (const contestantId of [
    ...[rep, leader, director, outsider].map(member),
    ...[team, parent, elsewhere].map(teamOf),
  ]) {
    await set(admin, { contestantId, ...day });
  }
  const document = `{ targets(filter: { period: { unit: MONTH, containing: "2023-06-30" } }) {
    nodes { member { id } team { id } }
  } }`;
  const seenBy = async (actor: Actor) => {
    const { targets } = await app.expectData<{
      targets: { nodes: { member: { id: string } | null; team: { id: string } | null }[] };
    }>(document, {}, { token: actor.token });
    return targets.nodes.map(({ member, team }) => (member ?? team)?.id).sort();
  };
  expect(await seenBy(rep)).toEqual([member(rep), teamOf(team)].sort());
  expect(await seenBy(leader)).toEqual([member(rep), member(leader), teamOf(team)].sort());
  expect(await seenBy(director)).toEqual(
    [member(rep), member(leader), member(director), teamOf(team), teamOf(parent)].sort(),
  );
  expect(await seenBy(outsider)).toEqual([member(outsider), teamOf(elsewhere)].sort());
  expect(await seenBy(admin)).toHaveLength(7);
});

test('the targets of a team, filtered by metric and period', async () => {
  const calls = await metric(admin, 'calls');
  for (const [containing, value] of [
    ['2022-01-01', '1'],
    ['2022-02-01', '2'],
  ]) {
    await set(admin, { contestantId: teamOf(team), metricId: calls, containing, value });
    await set(admin, { contestantId: teamOf(team), metricId: calls, unit: 'YEAR', containing });
  }
  const { node } = await app.expectData<{ node: { targets: { nodes: { value: string }[] } } }>(
    `query ($id: ID!, $calls: [ID!]!) { node(id: $id) { ... on Team {
      targets(filter: { metricIds: $calls, period: { unit: MONTH } }) { nodes { value } }
    } } }`,
    { id: teamOf(team), calls: [calls] },
    { token: rep.token },
  );
  expect(node.targets.nodes).toEqual([{ value: '2' }, { value: '1' }]);
});

test('targets stay with their weeks and fiscal months when the calendar changes', async () => {
  const other = await org(app.app.db, { fiscalMonthEnd: 25 });
  const calls = await metric(other, 'calls');
  const target = (unit: string, containing: string, value: string) =>
    set(other, { contestantId: member(other), metricId: calls, unit, containing, value });
  // Monday to Sunday, and February 26 to March 25.
  await target('WEEK', '2026-03-04', '10');
  await target('WEEK', '2026-03-11', '20');
  await target('FISCAL_MONTH', '2026-03-01', '300');
  await target('FISCAL_MONTH', '2026-03-26', '400.0001');
  await target('MONTH', '2026-03-01', '5');
  await app.expectData(
    `mutation { updateOrganization(input: { expectedVersion: 1, firstDayOfWeek: 7, fiscalMonthEnd: 31 }) {
      __typename ... on UserError { message }
    } }`,
    {},
    { token: other.token },
  );
  const { targets } = await app.expectData<{ targets: { nodes: Target[] } }>(
    '{ targets { nodes { value version period { unit from through } } } }',
    {},
    { token: other.token },
  );
  const seen = targets.nodes.map(({ value, version, period }) => ({ value, version, ...period }));
  const version = 1;
  expect(seen).toHaveLength(5);
  expect(seen).toEqual(
    expect.arrayContaining([
      { value: '10', version, unit: 'WEEK', from: '2026-03-01', through: '2026-03-07' },
      { value: '20', version, unit: 'WEEK', from: '2026-03-08', through: '2026-03-14' },
      { value: '300', version, unit: 'FISCAL_MONTH', from: '2026-03-01', through: '2026-03-31' },
      {
        value: '400.0001',
        version,
        unit: 'FISCAL_MONTH',
        from: '2026-04-01',
        through: '2026-04-30',
      },
      { value: '5', version, unit: 'MONTH', from: '2026-03-01', through: '2026-03-31' },
    ]),
  );
});

test('thirty who set the same target at once leave one, and the last in the log is what it is', async () => {
  const viewer = await admin.viewer();
  const row = await app.app.db.prisma.metric.findFirstOrThrow({
    where: { organizationId: admin.organizationId, key: 'visits' },
  });
  const contestant = { type: 'Team', id: elsewhere } as const;
  await Promise.all(
    Array.from({ length: 30 }, (_, n) =>
      setTarget(app.app.db, viewer, {
        ...{ metricId: row.id, contestant, unit: 'QUARTER', containing: '2026-05-05' },
        value: n % 10 === 9 ? null : `${n}`,
      }),
    ),
  );
  const left = await app.app.db.prisma.target.findMany({ where: { metricId: row.id } });
  expect(left.length).toBeLessThanOrEqual(1);
  const told = (await events(elsewhere)).filter(({ payload }) => payload.metricId === row.id);
  expect(told.at(-1)?.payload.value ?? null).toBe(left[0]?.value.toFixed() ?? null);
  // Each says what it found: the log is a chain.
  let last: unknown = null;
  for (const { payload } of told) {
    expect(payload.valueBefore).toBe(last);
    last = payload.value;
  }
});

test('a retired metric takes none, and gives up those it has', async () => {
  const tasks = await metric(admin, 'tasks-completed');
  const target = { contestantId: member(rep), metricId: tasks };
  await set(admin, target);
  await app.expectData(
    'mutation ($id: ID!) { retireMetric(input: { id: $id }) { __typename } }',
    { id: tasks },
    { token: admin.token },
  );
  expect(await set(admin, { ...target, value: '5' })).toMatchObject({ code: 'METRIC_RETIRED' });
  expect(await set(admin, { ...target, value: null })).toMatchObject({
    __typename: 'SetTargetPayload',
    target: null,
  });
});

test.each([
  [{ containing: '1776-07-04' }, ['input', 'containing']],
  [{ value: '-1' }, ['input', 'value']],
  [{ contestantId: 'x' }, ['input', 'contestantId']],
])('%o is refused with its place', async (input, path) => {
  const before = await count();
  expect(await set(admin, { contestantId: member(rep), ...input })).toMatchObject({
    code: 'INVALID_INPUT',
    path,
  });
  expect(await count()).toBe(before);
});
