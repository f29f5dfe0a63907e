import { describe, expect, test } from 'vitest';
import { SignInNeeded } from '../../src/client/muster-client.ts';
import { correctScore } from '../../src/domains/leaderboards/service.ts';
import { signIn } from '../../src/domains/people/sign-in.ts';
import {
  CompleteTaskDocument,
  CreateTaskDocument,
  MyTasksDocument,
  WatchBoardDocument,
  type WatchBoardSubscription,
} from '../../src/generated/operations.ts';
import { ask } from '../support/client.ts';
import { PASSWORD } from '../support/seed.ts';
import { clientOf, clientWorld, followTasks, makeTask, titles } from './world.ts';

const world = await clientWorld();
const LIVE = { timeout: 8_000 };

async function newToken(): Promise<string> {
  const { employeeNumber } = world.rep;
  const organizationKey = world.company.key;
  const { secret } = await signIn(world.db, {
    organizationKey,
    employeeNumber,
    password: PASSWORD,
  });
  if (secret === null) throw new Error('a new session has a secret');
  return secret;
}

async function signOut(token: string): Promise<void> {
  const document = 'mutation { signOut(input: {}) { __typename } }';
  const { body } = await ask(world.node.url, document, {}, { token });
  expect(body).toContain('SignOutPayload');
}

describe.each(['websocket', 'sse'] as const)('over %s', (transport) => {
  test.each(['at the next event', 'at the next connection'] as const)(
    'a token that has ended is found out %s, made anew, and nothing is lost',
    async (when) => {
      let token = await newToken();
      const asked: boolean[] = [];
      const client = clientOf(world, {
        transport,
        quietMs: 50,
        token: async (isRefused) => {
          asked.push(isRefused);
          if (isRefused) token = await newToken();
          return token;
        },
      });
      const screen = await followTasks(client);
      await expect.poll(() => screen.subscription.status.kind, LIVE).toBe('live');
      await makeTask(world, `${transport} ${when}: before`);
      await expect.poll(() => screen.events.length, LIVE).toBe(1);
      await signOut(token);
      if (when === 'at the next connection') world.proxy.cut();
      await makeTask(world, `${transport} ${when}: after`);
      await expect.poll(() => screen.events.length, LIVE).toBe(2);
      expect(titles(screen)).toEqual(['before', 'after'].map((n) => `${transport} ${when}: ${n}`));
      expect(asked.filter(Boolean)).toHaveLength(1);
    },
  );

  test('when there is no new token it ends, and says why', async () => {
    const token = await newToken();
    const client = clientOf(world, {
      transport,
      token: (isRefused) => {
        if (isRefused) throw new SignInNeeded();
        return token;
      },
    });
    const screen = await followTasks(client);
    await expect.poll(() => screen.subscription.status.kind, LIVE).toBe('live');
    await signOut(token);
    world.proxy.cut();
    await expect
      .poll(() => screen.subscription.status, LIVE)
      .toMatchObject({ kind: 'ended', error: { code: 'SIGN_IN_NEEDED' } });
  });

  test('a token that stays refused ends it after one try to renew it', async () => {
    const screen = await followTasks(
      clientOf(world, { transport, token: () => 'x'.repeat(40) }),
      'anywhere',
    );
    await expect
      .poll(() => screen.subscription.status, LIVE)
      .toMatchObject({
        kind: 'ended',
        error: { code: transport === 'sse' ? 'UNAUTHENTICATED' : 'CLOSED' },
      });
  });

  test('what a client wrote, it reads, and asks every node for', async () => {
    const client = clientOf(world, { transport, quietMs: 50 });
    const { createTask } = await client.mutate(CreateTaskDocument, {
      input: { title: `${transport} own` },
    });
    if (createTask.__typename !== 'CreateTaskPayload') throw new Error(createTask.__typename);
    const { tasks } = await client.query(MyTasksDocument, { first: 100 });
    expect(tasks.nodes.map(({ title }) => title)).toContain(`${transport} own`);
    const asksForIt = /"variables":\{"first":100\},"extensions":\{"atLeast":\d+\}/;
    expect(asksForIt.test(world.proxy.sent())).toBe(true);
    const screen = await followTasks(client, tasks.position);
    const { completeTask } = await client.mutate(CompleteTaskDocument, {
      input: { id: createTask.task?.id ?? '' },
    });
    expect(completeTask.__typename).toBe('CompleteTaskPayload');
    await expect
      .poll(() => screen.events.map((event) => event.__typename), LIVE)
      .toEqual(['TaskStatusChanged']);
    await expect(client.query(MyTasksDocument, { after: 'nonsense' })).rejects.toMatchObject({
      name: 'MusterError',
      code: expect.stringMatching(/^[A-Z_]+$/),
    });
  });

  test('a board is replaced, and follows on after a break', async () => {
    const id = await makeBoard();
    const updates: WatchBoardSubscription['leaderboard'][] = [];
    const resets: string[] = [];
    const client = clientOf(world, { transport });
    const watching = client.subscribe(
      WatchBoardDocument,
      { id },
      {
        onUpdate: ({ leaderboard }) => updates.push(leaderboard),
        onReset: (reason) => resets.push(reason),
      },
    );
    await expect.poll(() => watching.status.kind, LIVE).toBe('live');
    expect([resets, updates.length]).toEqual([['FIRST'], 1]);
    await world.replace({}, () => score('3'));
    await expect.poll(() => updates.at(-1)?.standings[0]?.score, LIVE).toBe('3');
    expect(updates.at(-1)).toMatchObject({
      reset: null,
      changes: [{ scoreBefore: '0', scoreAfter: '3' }],
    });
    expect(resets).toEqual(['FIRST']);
    await score('-3');
    await expect.poll(() => updates.at(-1)?.standings[0]?.score, LIVE).toBe('0');
  });
});

/** A board of this month, by a metric of its own. */
async function makeBoard(): Promise<string> {
  const { metrics } = await asAdmin<{ metrics: { id: string; key: string }[] }>(
    '{ metrics { id key } }',
  );
  const metricId = metrics.find(({ key }) => key === 'visits')?.id;
  const input = { name: 'Board', periodUnit: 'MONTH', measures: [{ metricId }] };
  const { createLeaderboard } = await asAdmin<{
    createLeaderboard: { leaderboard: { id: string } };
  }>(
    `mutation ($input: CreateLeaderboardInput!) { createLeaderboard(input: $input) {
       ... on CreateLeaderboardPayload { leaderboard { id } } } }`,
    { input },
  );
  return createLeaderboard.leaderboard.id;
}

async function score(amount: string): Promise<void> {
  const admin = await world.company.viewer();
  const metric = await world.db.prisma.metric.findFirstOrThrow({
    where: { organizationId: admin.organizationId, key: 'visits' },
  });
  const { memberId } = world.rep;
  await correctScore(world.db, admin, { metricId: metric.id, memberId, amount, reason: 'test' });
}

async function asAdmin<Data>(query: string, variables: object = {}): Promise<Data> {
  const answer = await ask<Data>(world.node.url, query, { ...variables }, world.company);
  if (!answer.data || answer.errors.length > 0) throw new Error(answer.body);
  return answer.data;
}
