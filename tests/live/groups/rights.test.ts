import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { decodeGlobalId } from '../../../src/api/global-ids.ts';
import { createDisplayToken, revokeToken } from '../../../src/domains/organization/tokens.ts';
import { deactivateMember, moveMember, setRole } from '../../../src/domains/people/members.ts';
import { createTeam } from '../../../src/domains/people/teams.ts';
import { makeBoard, score, type Update, WATCH } from '../../domains/leaderboards/support.ts';
import { openSocket, terminateAll } from '../../server/shared-sockets.ts';
import { type TestApp, testApp } from '../../support/app.ts';
import type { Transport } from '../../support/client.ts';
import { testDatabase } from '../../support/database.ts';
import { type Actor, type Organization, org } from '../../support/seed.ts';

let app: TestApp;
/** Where rights are changed: what is followed hears of it by the log alone. */
let other: TestApp;
let acme: Organization;
let north: string;
let south: string;

beforeAll(async () => {
  const databaseUrl = await testDatabase();
  app = await testApp({ databaseUrl });
  other = await testApp({ databaseUrl });
  acme = await org(app.app.db);
  north = await acme.team('North');
  south = await acme.team('South');
});
afterAll(async () => {
  await app.stop();
  await other.stop();
});
afterEach(terminateAll);

interface Case {
  board: Record<string, unknown>;
  /** What is done to the one. */
  happens: (who: Actor) => Promise<unknown>;
  /** What it hears last: a code, or nothing but the end. */
  code: RegExp;
}

const CASES: [string, Case][] = [
  [
    'its role is changed',
    {
      board: { audience: 'ROLES', audienceRoles: ['MANAGER'] },
      happens: async ({ memberId: id }) =>
        setRole(other.app.db, await acme.viewer(), { id, role: 'MEMBER' }),
      code: /RIGHTS_ENDED/,
    },
  ],
  [
    'it is moved to another team',
    {
      board: { audience: 'SCOPE_TEAM', scope: 'north' },
      happens: async ({ memberId: id }) =>
        moveMember(other.app.db, await acme.viewer(), { id, teamId: south }),
      code: /RIGHTS_ENDED/,
    },
  ],
  [
    'it is deactivated',
    {
      board: {},
      happens: async ({ memberId: id }) =>
        deactivateMember(other.app.db, await acme.viewer(), { id }),
      code: /UNAUTHENTICATED|4403/,
    },
  ],
  [
    'its token is revoked',
    {
      board: {},
      happens: async (who) => {
        const viewer = await who.viewer();
        return revokeToken(other.app.db, viewer, { id: viewer.tokenId });
      },
      code: /UNAUTHENTICATED|4403/,
    },
  ],
];

describe.each<Transport>(['websocket', 'sse'])('a member of a group, over %s', (over) => {
  test.each(CASES)(
    'when %s is told so and nothing more, and its neighbour goes on',
    async (_name, given) => {
      const { board, happens, code } = given;
      const victim = await acme.manager({ team: north });
      const neighbour = await acme.manager({ team: north });
      const rep = await acme.rep({ team: north });
      const scope = board.scope ? { scopeTeamId: gid('Team', north) } : {};
      const { scope: _scope, ...settings } = board;
      const id = await makeBoard(app, acme, { name: 'Rights', ...settings, ...scope });
      const streams = [victim, neighbour].map(({ token }) =>
        app.subscribe<Update>(WATCH, { id }, { token, over }),
      );
      for (const stream of streams)
        expect((await stream.next()).data?.leaderboard.reset).toBe('FIRST');
      expect(app.app.server.sharing()).toMatchObject({ groups: 1, members: 2 });
      const [theirs, ours] = streams;
      await happens(victim);
      await score(other, acme, rep, '5');
      // An event of people may change who competes: that is told too.
      for (;;) {
        const shown = (await ours?.next())?.data?.leaderboard;
        if (shown?.standings[0]?.score === '5') break;
      }
      const heard: string[] = [];
      for (;;) {
        const result = await theirs?.next().catch((error: Error) => error.message);
        heard.push(JSON.stringify(result));
        if (typeof result === 'string') break;
      }
      expect(heard.join()).toMatch(code);
      expect(heard.join()).not.toContain('"score":"5"');
      await expect.poll(() => app.app.server.sharing().members).toBe(1);
      for (const stream of streams) await stream.close();
      await expect.poll(() => app.app.server.sharing()).toMatchObject({ groups: 0, members: 0 });
    },
  );
});

const gid = (type: string, id: string): string =>
  Buffer.from(`${type}:${id}`).toString('base64url');

test('1,000 screens on one token cost one read when rights may have changed', async () => {
  const id = await makeBoard(app, acme, { name: 'Thousand' });
  const leaderboardIds = [decodeGlobalId(id)?.id ?? ''];
  const input = { name: 'Wall', leaderboardIds };
  const { secret } = await createDisplayToken(app.app.db, await acme.viewer(), input);
  const sockets = await Promise.all(
    Array.from({ length: 10 }, () => openSocket(app.url, secret ?? '')),
  );
  for (const socket of sockets) {
    for (let n = 0; n < 100; n += 1) socket.subscribe(String(n), WATCH, { id });
  }
  await expect
    .poll(() => app.app.server.sharing(), { timeout: 15_000 })
    .toMatchObject({ groups: 1, members: 1_000 });
  await expect.poll(() => sockets.every((socket) => socket.waiting().length === 100)).toBe(true);
  const { checks } = app.app.server.sharing();
  const viewer = await acme.viewer();
  const query = vi.spyOn(app.app.db.pool, 'query');
  await createTeam(other.app.db, viewer, { name: 'East' });
  await expect.poll(() => app.app.server.sharing().checks - checks).toBe(1_000);
  const texts = query.mock.calls.map((call) => JSON.stringify(call));
  query.mockRestore();
  const reads = texts.filter((text) => text.includes('organization.authenticate'));
  // One by the groups; the sockets are watched over by looking at what events say.
  expect(reads).toHaveLength(1);
  for (const socket of sockets) await socket.close();
});

test('when a board begins to mask names its members part, its displays stay together', async () => {
  const [ann, bob] = [await acme.rep({ name: 'Ann' }), await acme.rep({ name: 'Bob' })];
  const id = await makeBoard(app, acme, { name: 'Parting', metric: 'calls' });
  await score(app, acme, ann, '2', { metric: 'calls' });
  await score(app, acme, bob, '1', { metric: 'calls' });
  const leaderboardIds = [decodeGlobalId(id)?.id ?? ''];
  const { secret } = await createDisplayToken(app.app.db, await acme.viewer(), {
    ...{ name: 'Parting', leaderboardIds },
  });
  const wall = secret ?? '';
  const sockets = await Promise.all(
    [ann.token, bob.token, wall, wall].map((token) => openSocket(app.url, token)),
  );
  for (const socket of sockets) socket.subscribe('1', WATCH, { id });
  const next = async (at: number) => {
    const { payload } = (await sockets[at]?.next()) ?? {};
    return (payload as { data: Update }).data.leaderboard;
  };
  for (const at of sockets.keys()) await next(at);
  expect(app.app.server.sharing()).toMatchObject({ groups: 2, members: 4 });
  await other.expectData(
    `mutation ($id: ID!) { updateLeaderboard(input: { id: $id, expectedVersion: 1, names: MASKED }) {
       __typename } }`,
    { id },
    { token: acme.token },
  );
  const shown = [];
  for (const at of sockets.keys()) shown.push(await next(at));
  expect(shown.map(({ reset }) => reset)).toEqual([
    ...['RIGHTS_CHANGED', 'RIGHTS_CHANGED', 'BOARD_CHANGED', 'BOARD_CHANGED'],
  ]);
  const names = shown.map(({ standings }) => standings.map(({ name }) => name));
  expect(names[0]).toContain('Ann');
  expect(names[0]).not.toContain('Bob');
  expect(names[1]).toContain('Bob');
  expect(names[1]).not.toContain('Ann');
  for (const at of [2, 3]) expect(names[at]?.every((name) => name.endsWith('**'))).toBe(true);
  expect(app.app.server.sharing()).toMatchObject({ groups: 3, members: 4 });
  for (const socket of sockets) await socket.close();
  await expect.poll(() => app.app.server.sharing()).toMatchObject({ groups: 0, members: 0 });
});
