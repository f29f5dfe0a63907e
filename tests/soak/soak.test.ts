import { describe, expect, test } from 'vitest';
import type { App } from '../../src/app.ts';
import { createLeaderboard } from '../../src/domains/leaderboards/service.ts';
import { createTask } from '../../src/domains/tasks/service.ts';
import { liveCounts } from '../../src/live/counts.ts';
import { randomOf } from '../faults/random.ts';
import { testApp } from '../support/app.ts';
import { type Actor, org } from '../support/seed.ts';
import { type Question, RestlessClient } from './client.ts';
import { heapInUse } from './heap.ts';

/** `npm run soak` takes a hundred times as many. */
const CYCLES = Number(process.env.SOAK_CYCLES ?? 1_000);
const CLIENTS = 16;
const WRITES_EVERY = 50;
/** What the runtime keeps of its own accord, and by cycle: a leak keeps some hundred bytes at least. */
const SLACK_BYTES = 6_000_000;
const BYTES_PER_CYCLE = 60;

const BOARD = `subscription ($id: ID!, $since: Cursor) { leaderboard(id: $id, since: $since) {
  cursor reset standings { rank score } } }`;
const NEWS = 'subscription ($id: ID!) { boardNews(id: $id) { cursor kind } }';
const TASKS = 'subscription { taskEvents { __typename cursor task { title } } }';

interface World {
  app: App;
  people: Actor[];
  questions: Question[];
}

async function makeWorld(environment: Record<string, string>): Promise<World> {
  const { app } = await testApp({
    environment: { MAX_MESSAGES_PER_SECOND: '1000000', ...environment },
  });
  const { db } = app;
  const company = await org(db);
  const people = await Promise.all([company.rep(), company.rep(), company.manager(), company]);
  const viewer = await company.viewer();
  const { organizationId } = viewer;
  const metric = await db.prisma.metric.findFirstOrThrow({ where: { organizationId } });
  const measures = [{ metricId: metric.id }];
  const ids: string[] = [];
  for (const name of ['A', 'B']) {
    const board = await createLeaderboard(db, viewer, { name, periodUnit: 'MONTH', measures });
    ids.push(Buffer.from(`Leaderboard:${board.id}`).toString('base64url'));
  }
  const asked = (query: string, variables: object, isAnswered = true): Question => ({
    ...{ query, variables: { ...variables }, isAnswered },
  });
  const questions = [
    ...ids.flatMap((id) => [
      asked(BOARD, { id }),
      asked(BOARD, { id, since: 'nonsense' }),
      asked(NEWS, { id }, false),
    ]),
    asked(TASKS, {}, false),
    asked(BOARD, { id: 'nonsense' }),
    asked('subscription { nothing }', {}),
  ];
  return { app, people, questions };
}

/** All clients at once, so many times together, with changes of what they look at in between. */
async function restless({ app, people, questions }: World, cycles: number): Promise<void> {
  let left = cycles;
  const live = async (client: RestlessClient, seed: number) => {
    const random = randomOf(seed);
    while (left > 0) {
      left -= 1;
      const person = random.pick(people);
      if (left % WRITES_EVERY === 0)
        await createTask(app.db, await person.viewer(), { title: 'x' });
      await client.cycle(random.pick(questions));
    }
    await client.close();
  };
  await Promise.all(
    Array.from({ length: CLIENTS }, (_, at) => {
      const { token } = people[at % people.length] as Actor;
      return live(new RestlessClient(app.url, token, randomOf(at)), cycles + at);
    }),
  );
}

/** What subscribers have open, by name, where there is any; the poll's timer is always there. */
function leftIn({ db, feed, server }: App): Record<string, number> {
  const { organizations, listeners, waiters, timers: feedTimers } = feed.counts();
  const { groups, members } = server.sharing();
  const counts = {
    ...liveCounts(),
    ...{ organizations, listeners, waiters, feedTimers: feedTimers - 1 },
    ...server.connections(),
    ...{ groups, members, sessions: server.sessions(), poolWaiting: db.pool.waitingCount },
  };
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

/** What the process as a whole has open. */
function openIn({ db }: App): Record<string, number> {
  const kinds = process.getActiveResourcesInfo();
  return {
    timers: kinds.filter((kind) => kind === 'Timeout').length,
    sockets: kinds.filter((kind) => kind.startsWith('TCP')).length - db.pool.totalCount,
    commitListeners: db.commitListeners.size,
  };
}

describe.each([
  ['with groups', '1'],
  ['without groups', '0'],
])('%s', (how, sharedFrames) => {
  test(
    `${CYCLES} subscriptions that come and go leave nothing behind`,
    async () => {
      const world = await makeWorld({ SHARED_FRAMES: sharedFrames });
      const settled = { timeout: 20_000, interval: 50 };
      await restless(world, Math.max(300, CYCLES / 10));
      await expect.poll(() => leftIn(world.app), settled).toEqual({});
      const heap = await heapInUse();
      const open = openIn(world.app);
      await restless(world, CYCLES);
      await expect.poll(() => leftIn(world.app), settled).toEqual({});
      for (const what of Object.keys(open)) {
        const most = open[what] ?? 0;
        await expect.poll(() => openIn(world.app)[what], settled).toBeLessThanOrEqual(most);
      }
      const grown = (await heapInUse()) - heap;
      console.log(
        `${CYCLES} cycles ${how}: heap ${Math.round(heap / 1e6)} MB, ${grown} bytes more`,
      );
      expect(grown).toBeLessThan(SLACK_BYTES + CYCLES * BYTES_PER_CYCLE);
    },
    60_000 + CYCLES * 100,
  );
});
