import { afterEach, beforeAll, expect, test } from 'vitest';
import { decodeGlobalId } from '../../../src/api/global-ids.ts';
import { createApiToken, createDisplayToken } from '../../../src/domains/organization/tokens.ts';
import { schema } from '../../../src/schema.ts';
import { makeBoard, score } from '../../domains/leaderboards/support.ts';
import { openSocket, terminateAll } from '../../server/shared-sockets.ts';
import { testApp } from '../../support/app.ts';
import { testDatabase } from '../../support/database.ts';
import { type Actor, type Organization, org } from '../../support/seed.ts';
import { boardOperations } from './operations.ts';

const OPERATIONS = 30;
/** Of those, the ones that a change of scores must change for everybody who may watch. */
const CHANGING = 10;

const databaseUrl = await testDatabase();
const environment = { MAX_QUERY_DEPTH: '20' };
const shared = await testApp({ databaseUrl, environment });
const alone = await testApp({ databaseUrl, environment: { ...environment, SHARED_FRAMES: '0' } });
const { db } = shared.app;

let acme: Organization;
let ann: Actor;
/** Whoever asks, by name. */
const tokens = new Map<string, string>();
let boards: string[];

beforeAll(async () => {
  acme = await org(db);
  const north = await acme.team('North');
  const south = await acme.team('South');
  ann = await acme.rep({ name: 'Ann', team: north });
  const bob = await acme.rep({ name: 'Bob', team: north });
  const cem = await acme.rep({ name: 'Cem', team: south });
  const manager = await acme.manager({ name: 'Mia', team: north, scope: 'TEAM' });
  const other = await acme.manager({ name: 'Moe', team: south, scope: 'TEAM' });
  const stranger = await org(db);
  boards = [
    await makeBoard(shared, acme, { name: 'Full' }),
    await makeBoard(shared, acme, { name: 'Masked', names: 'MASKED' }),
    await makeBoard(shared, acme, { name: 'Ranks', values: 'RANK_ONLY' }),
    await makeBoard(shared, acme, { audience: 'ROLES', audienceRoles: ['MANAGER'] }),
    await makeBoard(shared, acme, { contestants: 'TEAMS', values: 'PROGRESS' }),
  ];
  const leaderboardIds = boards.map((id) => decodeGlobalId(id)?.id ?? '');
  const api = { name: 'Reader', grants: ['READ'] as const };
  const issued = [
    await createApiToken(db, await bob.viewer(), api),
    await createDisplayToken(db, await acme.viewer(), { name: 'Wall', leaderboardIds }),
    await createDisplayToken(db, await acme.viewer(), { name: 'Hall', leaderboardIds }),
  ];
  const [reader = '', wall = '', hall = ''] = issued.map(({ secret }) => secret ?? '');
  for (const [name, token] of Object.entries({
    ...{ ann: ann.token, bob: bob.token, cem: cem.token, 'bob, read only': reader },
    ...{ 'manager of North': manager.token, 'manager of South': other.token },
    ...{ administrator: acme.token, stranger: stranger.token, wall, hall },
  })) {
    tokens.set(name, token);
  }
  await score(shared, acme, bob, '5');
});

afterEach(terminateAll);

interface Answered {
  errors?: { message: string; path?: unknown; extensions?: Record<string, unknown> }[];
}

/** An answer without what is nobody's secret and differs each time. */
function told(payload: unknown): unknown {
  const { errors, ...rest } = payload as Answered;
  if (!errors) return rest;
  const plain = errors.map(({ message, path, extensions }) => ({
    ...{ message, path },
    extensions: { ...extensions, requestId: undefined },
  }));
  return { ...rest, errors: plain };
}

/** All that one caller is answered, by operation; what comes later is added. */
async function ask(url: string, token: string) {
  const socket = await openSocket(url, token);
  const answers = new Map<string, { type: string; told: unknown }[]>();
  const operations = boardOperations(schema, OPERATIONS);
  const asked = operations.map(({ query, variables }, at) => {
    const id = String(at);
    answers.set(id, []);
    socket.subscribe(id, query, { ...variables, id: boards[at % boards.length] });
    return id;
  });
  void (async () => {
    for (;;) {
      const { id = '', type, payload } = await socket.next();
      const said = Array.isArray(payload) ? { errors: payload } : (payload ?? {});
      answers.get(id)?.push({ type, told: told(said) });
    }
  })().catch(() => {});
  return { socket, asked, answers };
}

type Asked = Awaited<ReturnType<typeof ask>>;

test('what is shared is what each would be answered alone, at first and after a change', {
  timeout: 180_000,
}, async () => {
  const pairs: [name: string, together: Asked, alone: Asked][] = [];
  for (const [name, token] of tokens)
    pairs.push([name, await ask(shared.url, token), await ask(alone.url, token)]);
  const isAnswered = ({ answers }: Asked) =>
    [...answers.values()].every(({ length }) => length > 0);
  await expect
    .poll(() => pairs.every(([, a, b]) => isAnswered(a) && isAnswered(b)), { timeout: 50_000 })
    .toBe(true);
  for (const [name, together, own] of pairs) {
    for (const id of own.asked) {
      const [ours] = together.answers.get(id) ?? [];
      expect(ours, `${name}, operation ${id}`).toEqual(own.answers.get(id)?.[0]);
    }
  }
  const { groups, members, largest } = shared.app.server.sharing();
  // Otherwise the comparison would say nothing.
  expect(members).toBeGreaterThan(tokens.size * 8);
  expect(groups).toBeLessThan(members / 2);
  expect(largest).toBeGreaterThan(4);

  await score(shared, acme, ann, '9');
  const has = ({ answers }: Asked, id: string, count: number) =>
    (answers.get(id)?.length ?? 0) >= count;
  const administrator = pairs.find(([name]) => name === 'administrator')?.[2] as Asked;
  const changing = () => administrator.asked.filter((id) => has(administrator, id, 2));
  await expect.poll(() => changing().length, { timeout: 50_000 }).toBeGreaterThanOrEqual(CHANGING);
  // What changes for one who sees all changes for everybody who sees it.
  const missing = () =>
    pairs.flatMap(([name, ...servers]) =>
      changing().flatMap((id) =>
        servers.every((asked) => has(asked, id, 2)) ? [] : [`${name} ${id}`],
      ),
    );
  await expect.poll(missing, { timeout: 50_000 }).toEqual([]);
  const lengths = ({ answers }: Asked) => [...answers.values()].map(({ length }) => length);
  for (const [, together, own] of pairs)
    await expect.poll(() => lengths(own), { timeout: 50_000 }).toEqual(lengths(together));
  for (const [name, together, own] of pairs) {
    for (const id of own.asked)
      expect(together.answers.get(id), `${name}, operation ${id}`).toEqual(own.answers.get(id));
  }
});

test('viewers who may see different things are told different things', async () => {
  const names = async (name: string, id: string | undefined) => {
    const query =
      'subscription ($id: ID!) { leaderboard(id: $id) { standings { rank name score } } }';
    const socket = await openSocket(shared.url, tokens.get(name) ?? '');
    socket.subscribe('1', query, { id });
    const { payload } = await socket.next();
    await socket.close();
    const { data } = payload as {
      data?: { leaderboard: { standings: { name: string; score: string | null }[] } };
    };
    return data?.leaderboard.standings.map((row) => `${row.name} ${row.score}`) ?? null;
  };
  const [full, maskedBoard, ranks, managers] = boards;
  expect(await names('cem', full)).toEqual(['Ann 9', 'Bob 5', 'Cem 0']);
  expect(await names('ann', maskedBoard)).toEqual(['Ann 9', 'B** 5', 'C** 0']);
  expect(await names('bob', maskedBoard)).toEqual(['A** 9', 'Bob 5', 'C** 0']);
  expect(await names('wall', maskedBoard)).toEqual(['A** 9', 'B** 5', 'C** 0']);
  expect(await names('cem', ranks)).toEqual(['Ann null', 'Bob null', 'Cem null']);
  expect(await names('ann', managers)).toBeNull();
  expect(await names('manager of North', managers)).toEqual(['Ann 9', 'Bob 5', 'Cem 0']);
  expect(await names('stranger', full)).toBeNull();
});
