// The operations of schema/operations, which the README shows and clients are typed by: one day of a
// small company, lived with nothing else but what has to be set up first. The day must use them all.
import { parse, validate } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeGlobalId } from '../../src/api/global-ids.ts';
import { newId } from '../../src/database/ids.ts';
import * as operations from '../../src/generated/operations.ts';
import { schema } from '../../src/schema.ts';
import { testApp } from '../support/app.ts';
import { globalId, mutate } from '../support/mutate.ts';
import { type Actor, type Organization, org, PASSWORD } from '../support/seed.ts';
import { operationsIn, sourceFiles } from './documents.ts';
import { payload, Recipes, recipes } from './recipes.ts';

test.each(sourceFiles)('$name is valid, and typed', ({ text }) => {
  expect(validate(schema, parse(text)).map((error) => error.message)).toEqual([]);
  for (const { name } of operationsIn(text)) expect([...recipes.keys()]).toContain(name);
});

const muster = await testApp();
let company: Organization;
let rep: Actor;
let team = '';
let board = '';
let wonAmountMetric = '';
let admin: Recipes;
let seller: Recipes;

/** What no recipe makes: a funnel, a board and a meeting. */
beforeAll(async () => {
  company = await org(muster.app.db);
  team = await company.team('华东一部');
  rep = await company.rep({ team, name: '周子涵' });
  await company.rep({ team, name: '李思远' });
  admin = new Recipes(muster, { token: company.token });
  seller = admin.as({ token: null });
  const stages = [
    { name: '了解阶段', kind: 'OPEN', probability: '0.2' },
    { name: '赢单', kind: 'WON', probability: '1' },
    { name: '输单', kind: 'LOST', probability: '0' },
  ];
  await mutate(muster, company, 'createFunnel', { name: '开户', stages });
  const { metrics } = await muster.expectData<{ metrics: { id: string; key: string }[] }>(
    '{ metrics { id key } }',
    {},
    company,
  );
  wonAmountMetric = metrics.find(({ key }) => key === 'won-amount')?.id ?? '';
  await mutate(muster, company, 'createLeaderboard', {
    name: '本月业绩榜',
    periodUnit: 'MONTH',
    measures: [{ metricId: wonAmountMetric }],
  });
});

afterAll(() => {
  expect([...recipes.keys()].filter((name) => !admin.used.has(name))).toEqual([]);
});

async function firstFunnel() {
  const { funnels } = await seller.ask(operations.FunnelsDocument, {
    period: { named: 'THIS_QUARTER' },
  });
  const [funnel] = funnels;
  if (!funnel) throw new Error('there is a funnel');
  return funnel;
}

async function makeOpportunity(amount: string) {
  const { id: funnelId } = await firstFunnel();
  const input = { name: '开户 上海启明', funnelId, amount };
  const { createOpportunity } = await seller.ask(operations.CreateOpportunityDocument, { input });
  const { opportunity } = payload(createOpportunity, 'CreateOpportunityPayload');
  if (!opportunity) throw new Error('what I made is in my view');
  return opportunity;
}

async function makeTask(title: string) {
  const input = { title, assigneeId: globalId('Member', rep.memberId) };
  const { createTask } = await seller.ask(operations.CreateTaskDocument, { input });
  const { task } = payload(createTask, 'CreateTaskPayload');
  if (!task) throw new Error('what I made is in my view');
  return task;
}

describe('before work', () => {
  const account = () => ({ organization: company.key, employeeNumber: rep.employeeNumber });

  test('a wrong password is refused, a right one gives a token', async () => {
    const refused = await seller.ask(operations.SignInDocument, {
      input: { ...account(), password: `${PASSWORD}!` },
    });
    expect(refused.signIn).toMatchObject({ __typename: 'SignInRefused', code: 'SIGN_IN_REFUSED' });
    const { signIn } = await seller.ask(operations.SignInDocument, {
      input: { ...account(), password: PASSWORD },
    });
    const { token, viewer } = payload(signIn, 'SignInPayload');
    expect(viewer).toMatchObject({ role: 'MEMBER', member: { name: '周子涵' } });
    seller = seller.as({ token });
  });

  test('the token says who I am and what I see', async () => {
    const { viewer } = await seller.ask(operations.WhoAmIDocument, {});
    expect(viewer).toEqual({
      kind: 'MEMBER',
      role: 'MEMBER',
      dataScope: 'OWN',
      grants: expect.arrayContaining(['READ', 'WRITE']),
      leaderboardIds: [],
      member: {
        id: encodeGlobalId('Member', rep.memberId),
        name: '周子涵',
        team: { id: encodeGlobalId('Team', team), name: '华东一部' },
      },
      organization: { name: company.key },
    });
  });

  test('the morning meeting is on the calendar', async () => {
    const { meetingKinds } = await muster.expectData<{
      meetingKinds: { id: string; name: string }[];
    }>('{ meetingKinds { id name } }', {}, company);
    const kindId = meetingKinds.find(({ name }) => name.includes('早会'))?.id;
    const startsAt = new Date(Date.now() + 3_600_000).toISOString();
    await mutate(muster, company, 'scheduleMeeting', {
      kindId,
      startsAt,
      agenda: [{ topic: '昨日业绩', minutes: 5 }],
      inviteIds: [globalId('Member', rep.memberId)],
    });
    const from = new Date().toISOString();
    const { meetings } = await seller.ask(operations.MeetingsDocument, { from });
    expect(meetings).toMatchObject({
      totalCount: 1,
      nodes: [
        {
          status: 'SCHEDULED',
          startsAt,
          host: { name: '管理员' },
          agenda: [{ topic: '昨日业绩', minutes: 5, presenter: null }],
          participants: {
            nodes: expect.arrayContaining([{ member: { name: '周子涵' }, attendance: null }]),
          },
        },
      ],
    });
    const later = await seller.ask(operations.MeetingsDocument, {
      from: new Date(Date.now() + 7_200_000).toISOString(),
    });
    expect(later.meetings.totalCount).toBe(0);
  });
});

describe('customers and opportunities', () => {
  test('a customer is found by two characters and by four digits, and called', async () => {
    const { createCustomer } = await seller.ask(operations.CreateCustomerDocument, {
      input: { name: '上海启明科技', phones: ['138 0000 1234'] },
    });
    const { customer } = payload(createCustomer, 'CreateCustomerPayload');
    for (const search of ['启明', '1234']) {
      const { customers } = await seller.ask(operations.FindCustomersDocument, { search });
      expect(customers).toMatchObject({
        totalCount: 1,
        nodes: [{ name: '上海启明科技', owner: { name: '周子涵' }, lastActivityAt: null }],
      });
    }
    const none = await seller.ask(operations.FindCustomersDocument, { search: '北京' });
    expect(none.customers).toMatchObject({ totalCount: 0, nodes: [] });

    const { logActivity } = await seller.ask(operations.LogActivityDocument, {
      input: { customerId: customer?.id ?? '', kind: 'CALL', result: '约了周三见面' },
    });
    const logged = payload(logActivity, 'LogActivityPayload');
    expect(logged.activity?.kind).toBe('CALL');
    expect(logged.customer?.lastActivityAt).toBe(logged.activity?.happenedAt);
    const { customers } = await seller.ask(operations.FindCustomersDocument, { search: '启明' });
    expect(customers.nodes[0]?.lastActivityAt).toBe(logged.activity?.happenedAt);
  });

  test.each(['websocket', 'sse'] as const)('a won deal moves the board over %s', async (over) => {
    const opportunity = await makeOpportunity('1200.50');
    const open = await seller.ask(operations.OpenOpportunitiesDocument, {});
    expect(open.opportunities.nodes).toMatchObject([{ id: opportunity.id, amount: '1200.5' }]);
    const { leaderboards } = await seller.ask(operations.LeaderboardsDocument, {});
    expect(leaderboards).toMatchObject([{ name: '本月业绩榜', state: 'READY' }]);
    board = leaderboards[0]?.id ?? '';
    const before = await seller.ask(operations.BoardDocument, { id: board });
    const { position } = before.leaderboard?.standings ?? { position: '' };
    const scoreBefore = Number(before.leaderboard?.standings.nodes[0]?.score);

    const watched = seller.as({ over }).follow(operations.WatchBoardDocument, { id: board });
    expect((await watched.next()).leaderboard).toMatchObject({ reset: 'FIRST', changes: [] });
    const news = seller
      .as({ over })
      .follow(operations.WatchNewsDocument, { id: board, since: position });

    const { id, version } = opportunity;
    const input = { id, expectedVersion: version, idempotencyKey: over };
    const won = await seller.answer(operations.WinOpportunityDocument, { input });
    expect(won.data?.winOpportunity).toMatchObject({
      opportunity: { id, version: version + 1, status: 'WON', wonAmount: '1200.5' },
    });
    const score = String(scoreBefore + 1200.5);
    const moved = (await watched.next()).leaderboard;
    expect(moved).toMatchObject({
      reset: null,
      standings: [
        { rank: 1, name: '周子涵', score },
        { name: '李思远', score: '0' },
      ],
    });
    expect(moved.changes[0]).toEqual({
      name: '周子涵',
      from: 1,
      to: 1,
      scoreBefore: String(scoreBefore),
      scoreAfter: score,
      causes: [{ event: 'opportunity.won', worth: '1200.5' }],
    });
    expect((await news.next()).boardNews).toMatchObject({ name: '周子涵', worth: '1200.5' });
    await watched.close();
    await news.close();

    const resumed = seller
      .as({ over })
      .follow(operations.WatchBoardDocument, { id: board, since: position });
    const { reset, changes } = (await resumed.next()).leaderboard;
    expect(reset).toBeNull();
    expect(changes[0]).toEqual(moved.changes[0]);
    await resumed.close();

    const again = await seller.answer(operations.WinOpportunityDocument, { input });
    expect(again.data).toEqual(won.data);
    expect(again.extensions.position).toBe(won.extensions.position);
    const stale = await seller.ask(operations.WinOpportunityDocument, {
      input: { id, expectedVersion: version },
    });
    expect(stale.winOpportunity).toMatchObject({
      __typename: 'Conflict',
      currentVersion: version + 1,
    });
    const headers = { 'muster-at-least': String(won.extensions.position) };
    const read = await seller.as({ headers }).ask(operations.BoardDocument, { id: board });
    expect(read.leaderboard?.standings.nodes[0]).toMatchObject({ rank: 1, score });
  });

  test('the funnel reports what was won', async () => {
    const { report, stages } = await firstFunnel();
    expect(stages.map(({ kind }) => kind)).toEqual(['OPEN', 'WON', 'LOST']);
    expect(report).toMatchObject({
      count: 2,
      openCount: 0,
      wonCount: 2,
      wonAmount: '2401',
      lostCount: 0,
      winRate: '1',
      stages: [
        { stage: { name: '了解阶段' }, entered: 2, conversion: '1' },
        { stage: { name: '赢单' }, entered: 2 },
        { stage: { name: '输单' }, entered: 0 },
      ],
    });
  });
});

describe('the score', () => {
  test('is explained by its entries, and corrected by another one', async () => {
    const contestant = encodeGlobalId('Member', rep.memberId);
    const { correctScore } = await admin.ask(operations.CorrectScoreDocument, {
      input: {
        metricId: wonAmountMetric,
        memberId: contestant,
        amount: '-400.5',
        reason: '退款',
      },
    });
    expect(payload(correctScore, 'CorrectScorePayload').member?.name).toBe('周子涵');
    const { leaderboard } = await seller.ask(operations.ScoreEntriesDocument, {
      id: board,
      contestant,
    });
    const [standing] = leaderboard?.standings.nodes ?? [];
    expect(standing?.score).toBe('2000.5');
    expect(standing?.entries.nodes).toMatchObject([
      { event: 'score.corrected', worth: '-400.5', reason: '退款' },
      { event: 'opportunity.won', worth: '1200.5', reason: null },
      { event: 'opportunity.won', worth: '1200.5', reason: null },
    ]);
    const sum = standing?.entries.nodes.reduce((total, { worth }) => total + Number(worth), 0);
    expect(String(sum)).toBe(standing?.score);
  });

  test('is asked for around a contestant', async () => {
    const around = encodeGlobalId('Member', rep.memberId);
    const page = await admin.ask(operations.BoardDocument, { id: board, first: 1, around });
    expect(page.leaderboard?.standings).toMatchObject({
      totalCount: 2,
      nodes: [{ rank: 1, contestant: { __typename: 'Member', id: around } }],
    });
  });

  test('is corrected by an administrator only', async () => {
    const answer = await seller.answer(operations.CorrectScoreDocument, {
      input: {
        metricId: wonAmountMetric,
        memberId: encodeGlobalId('Member', rep.memberId),
        amount: '1',
        reason: '加分',
      },
    });
    expect(answer.errors).toMatchObject([{ extensions: { code: expect.any(String) } }]);
    const { leaderboard } = await seller.ask(operations.BoardDocument, { id: board });
    expect(leaderboard?.standings.nodes[0]?.score).toBe('2000.5');
  });

  test('is watched by a display, which reads nothing else', async () => {
    const { createDisplayToken } = await admin.ask(operations.CreateDisplayTokenDocument, {
      input: { name: '大厅屏幕', leaderboards: [board] },
    });
    const { secret, token } = payload(createDisplayToken, 'CreateDisplayTokenPayload');
    expect(token).toMatchObject({ name: '大厅屏幕', expiresAt: null });
    const display = seller.as({ token: secret });
    const { viewer } = await display.ask(operations.WhoAmIDocument, {});
    expect(viewer).toMatchObject({ kind: 'DISPLAY', member: null, leaderboardIds: [board] });
    const watched = display.follow(operations.WatchBoardDocument, { id: board });
    expect((await watched.next()).leaderboard.standings[0]).toMatchObject({ score: '2000.5' });
    await watched.close();
    const customers = await display.answer(operations.FindCustomersDocument, {});
    expect(customers.data?.customers).toBeUndefined();
    expect(customers.errors).toHaveLength(1);
  });
});

describe('a task', () => {
  test('is made, followed and completed', async () => {
    const list = await seller.ask(operations.MyTasksDocument, {});
    const since = list.tasks.position;
    const feed = seller.follow(operations.FollowTasksDocument, { since });
    const task = await makeTask('回访客户');
    expect(task).toMatchObject({ importance: 'SMALL', dueAt: expect.any(String) });
    const mine = await seller.ask(operations.MyTasksDocument, {});
    expect(mine.tasks.nodes).toMatchObject([{ id: task.id, status: 'OPEN', overdue: false }]);
    await seller.ask(operations.CompleteTaskDocument, { input: { id: task.id } });
    expect((await feed.next()).taskEvents).toMatchObject({
      __typename: 'TaskCreated',
      taskId: task.id,
      taskVersion: task.version,
      actor: { name: '周子涵' },
    });
    expect((await feed.next()).taskEvents).toMatchObject({
      __typename: 'TaskStatusChanged',
      from: 'OPEN',
      to: 'DONE',
      task: { title: '回访客户', status: 'DONE' },
    });
    expect((await seller.ask(operations.MyTasksDocument, {})).tasks.totalCount).toBe(0);
    await feed.close();
  });

  test('says by name why it cannot be completed', async () => {
    const { id, version } = await makeTask('报批');
    const complete = async (input: operations.CompleteTaskInput) =>
      (await seller.ask(operations.CompleteTaskDocument, { input })).completeTask;

    expect(await complete({ id: 'x' })).toMatchObject({
      __typename: 'InvalidInput',
      path: ['input', 'id'],
    });
    expect(await complete({ id: globalId('Task', newId()) })).toMatchObject({
      __typename: 'NotFound',
      code: 'NOT_FOUND',
    });
    expect(await complete({ id, expectedVersion: version + 7 })).toMatchObject({
      __typename: 'Conflict',
      currentVersion: version,
      current: { title: '报批', status: 'OPEN' },
    });
    const done = payload(await complete({ id, idempotencyKey: 'once' }), 'CompleteTaskPayload');
    expect(done.task).toMatchObject({ version: version + 1, status: 'DONE' });
    expect(await complete({ id })).toMatchObject({ __typename: 'WrongState', state: 'DONE' });
    const other = await makeTask('报备');
    expect(await complete({ id: other.id, idempotencyKey: 'once' })).toMatchObject({
      __typename: 'IdempotencyKeyReused',
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
  });
});
