import { afterAll, describe, expect, test } from 'vitest';
import { createLeaderboard } from '../../src/domains/leaderboards/service.ts';
import { createDisplayToken, revokeToken } from '../../src/domains/organization/tokens.ts';
import { deactivateMember } from '../../src/domains/people/members.ts';
import { signIn } from '../../src/domains/people/sign-in.ts';
import { subscribe } from '../support/client.ts';
import { testDatabase } from '../support/database.ts';
import { startNode, writerOf } from '../support/node.ts';
import { rawSocket, signedInSocket, subscribeMessage } from '../support/raw-socket.ts';
import { type Actor, org, PASSWORD } from '../support/seed.ts';

// Neither node hears of what the other commits, or the writer, but by its own poll.
const databaseUrl = await testDatabase();
const db = writerOf(databaseUrl);
const nodes = [
  await startNode(databaseUrl, { WAKEUP: 'process' }),
  await startNode(databaseUrl, { WAKEUP: 'process' }),
];
const urls = nodes.map(({ url }) => url);
const [url = ''] = urls;
const company = await org(db);

afterAll(async () => {
  for (const node of nodes) await node.stop();
  await db.close();
});

function leftIn({ feed, server }: (typeof nodes)[number]): number[] {
  const { organizations, listeners } = feed.counts();
  const { webSockets, requests } = server.connections();
  return [organizations, listeners, webSockets, requests, server.sessions()];
}

const EVENTS = 'subscription { taskEvents { __typename } }';

async function session({ employeeNumber }: Actor): Promise<{ id: string; token: string }> {
  const who = { organizationKey: company.key, employeeNumber, password: PASSWORD };
  const { secret, tokenId } = await signIn(db, who);
  if (secret === null) throw new Error('a new session has a secret');
  return { id: tokenId, token: secret };
}

/** What a client has open: idle sockets, one with a subscription, and a stream, on every node. */
async function openEverything(token: string) {
  const idle = await Promise.all(urls.map((at) => signedInSocket(at, token)));
  const following = await Promise.all(urls.map((at) => signedInSocket(at, token)));
  for (const socket of following) socket.send(subscribeMessage('1', EVENTS));
  const streams = urls.map((at) => subscribe(at, EVENTS, {}, { token, over: 'sse' }));
  return { sockets: [...idle, ...following], streams };
}

type Opened = Awaited<ReturnType<typeof openEverything>>;

async function expectEnded({ sockets, streams }: Opened): Promise<void> {
  for (const socket of sockets) expect(await socket.closed).toBe(4403);
  for (const stream of streams) {
    const { data, errors } = await stream.next();
    expect(data ?? null).toBeNull();
    // What is told about a member's end the stream itself may hear of first.
    expect(errors?.[0]?.extensions?.code).toMatch(/^(UNAUTHENTICATED|RIGHTS_ENDED)$/);
    await stream.ended;
  }
}

async function closeAll({ sockets, streams }: Opened): Promise<void> {
  for (const socket of sockets) {
    expect(socket.client.readyState).toBe(socket.client.OPEN);
    await socket.leave();
  }
  for (const stream of streams) await stream.close();
}

describe('what is open under a session, idle or not, on any node, ends when', () => {
  test('its token is revoked, and nobody else notices', async () => {
    const rep = await company.rep();
    const { id, token } = await session(rep);
    const theirs = await openEverything(token);
    const ours = await openEverything(rep.token);
    await revokeToken(db, await company.viewer(), { id });
    await expectEnded(theirs);
    await closeAll(ours);
  });

  test('its member is deactivated', async () => {
    const rep = await company.rep();
    const theirs = await openEverything(rep.token);
    await deactivateMember(db, await company.viewer(), { id: rep.memberId });
    await expectEnded(theirs);
  });

  test('it expires, without any event', async () => {
    const rep = await company.rep();
    const [passing, longer] = [await session(rep), await session(rep)];
    await expireIn(passing.id, 2_500);
    await expireIn(longer.id, 3_600_000);
    const theirs = await openEverything(passing.token);
    const ours = await openEverything(longer.token);
    await expectEnded(theirs);
    await closeAll(ours);
  });

  test('it expires later than it was to: a look at the old time does not end it', async () => {
    const { id, token } = await session(await company.rep());
    await expireIn(id, 1_500);
    const socket = await signedInSocket(url, token);
    const end = await expireIn(id, 3_500);
    expect(await socket.closed).toBe(4403);
    expect(Date.now()).toBeGreaterThanOrEqual(end);
  });

  test('the database does not answer at that moment, but later', async () => {
    const { id, token } = await session(await company.rep());
    const socket = await signedInSocket(url, token);
    const { pool } = nodes[0]?.db ?? db;
    const { query } = pool;
    let refused = 0;
    const answer = query.bind(pool) as (config: { text?: string }) => unknown;
    pool.query = ((config: { text?: string }) => {
      if (!config.text?.includes('organization.authenticate')) return answer(config);
      refused += 1;
      return Promise.reject(new Error('the database is away'));
    }) as never;
    try {
      await revokeToken(db, await company.viewer(), { id });
      await expect.poll(() => refused, { timeout: 5_000 }).toBeGreaterThan(1);
      expect(socket.client.readyState).toBe(socket.client.OPEN);
    } finally {
      pool.query = query;
    }
    expect(await socket.closed).toBe(4403);
  });
});

test('a session that ends while it is being opened does not stay open', async () => {
  const rep = await company.rep();
  const admin = await company.viewer();
  for (let round = 0; round < 12; round += 1) {
    const { id, token } = await session(rep);
    const sockets = Promise.all(
      Array.from({ length: 4 }, async (_, at) => {
        const socket = await rawSocket(urls[at % urls.length] ?? '');
        const payload = { authorization: `Bearer ${token}` };
        socket.send({ type: 'connection_init', payload });
        return socket;
      }),
    );
    // Sometimes before, sometimes in the middle of it, sometimes after.
    await new Promise((resolve) => setTimeout(resolve, round * 2));
    await revokeToken(db, admin, { id });
    for (const socket of await sockets) expect(await socket.closed).toBe(4403);
  }
});

test('a display whose token is revoked goes dark', async () => {
  const viewer = await company.viewer();
  const metric = await db.prisma.metric.findFirstOrThrow({
    where: { organizationId: viewer.organizationId },
  });
  const board = await createLeaderboard(db, viewer, {
    name: 'Board',
    periodUnit: 'MONTH',
    measures: [{ metricId: metric.id }],
  });
  const leaderboardIds = [board.id];
  const { id, secret } = await createDisplayToken(db, viewer, { name: 'Wall', leaderboardIds });
  const screens = await Promise.all(urls.map((at) => signedInSocket(at, secret)));
  await revokeToken(db, viewer, { id });
  for (const screen of screens) expect(await screen.closed).toBe(4403);
});

test('a database that is away at connection_init has the client try again, at a subscription it is an error', async () => {
  const [node] = nodes;
  if (!node) throw new Error('there is no node');
  const socket = await signedInSocket(node.url, company.token);
  const { pool } = node.db;
  const { query, connect } = pool;
  const away = () => Promise.reject(new Error('secret: 10.0.0.7 refused')) as never;
  Object.assign(pool, { query: away, connect: away });
  try {
    const late = await rawSocket(node.url);
    const payload = { authorization: `Bearer ${company.token}` };
    late.send({ type: 'connection_init', payload });
    expect(await late.closed).toBe(1013);
    socket.send(subscribeMessage('1', EVENTS));
    expect(await socket.next()).toMatchObject({
      ...{ id: '1', type: 'error' },
      payload: [{ message: 'Unexpected error.', extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
    });
  } finally {
    Object.assign(pool, { query, connect });
  }
  socket.send(subscribeMessage('1', '{ viewer { kind } }'));
  expect(await socket.next()).toMatchObject({ id: '1', type: 'next', payload: { data: {} } });
  await socket.leave();
});

test('of all that was open nothing is left', async () => {
  for (const node of nodes) await expect.poll(() => leftIn(node)).toEqual([0, 0, 0, 0, 0]);
});

async function expireIn(id: string, ms: number): Promise<number> {
  const end = Date.now() + ms;
  await db.prisma.accessToken.update({ where: { id }, data: { expiresAt: new Date(end) } });
  return end;
}
