import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { decodeGlobalId } from '../../../src/api/global-ids.ts';
import { createDisplayToken } from '../../../src/domains/organization/tokens.ts';
import { makeBoard, score, type Update, WATCH } from '../../domains/leaderboards/support.ts';
import { openSocket, type Socket, terminateAll } from '../../server/shared-sockets.ts';
import { type TestApp, testApp } from '../../support/app.ts';
import { testDatabase } from '../../support/database.ts';
import { type Actor, type Organization, org } from '../../support/seed.ts';

let app: TestApp;
/** Another node, so that what is counted on the first is only what it does for its subscribers. */
let other: TestApp;
let databaseUrl: string;
let acme: Organization;
let ann: Actor;
let bob: Actor;

beforeAll(async () => {
  databaseUrl = await testDatabase();
  app = await testApp({ databaseUrl });
  other = await testApp({ databaseUrl });
  acme = await org(app.app.db);
  const team = await acme.team('North');
  ann = await acme.rep({ name: 'Ann', team });
  bob = await acme.rep({ name: 'Bob', team });
});
afterAll(async () => {
  await app.stop();
  await other.stop();
});
afterEach(async () => {
  terminateAll();
  for (const { app: node } of [app, other])
    await expect.poll(() => node.server.sharing()).toMatchObject({ groups: 0, members: 0 });
});

const update = async (socket: Socket): Promise<Update['leaderboard']> => {
  const { payload } = await socket.next();
  const { data } = payload as { data?: Update };
  if (!data) throw new Error(JSON.stringify(payload));
  return data.leaderboard;
};

async function watch(
  count: number,
  tokens: string[],
  variables: object,
  node = app,
  documents = [WATCH],
) {
  const sockets = await Promise.all(
    Array.from({ length: count }, (_, at) =>
      openSocket(node.url, tokens[at % tokens.length] ?? ''),
    ),
  );
  for (const [at, socket] of sockets.entries())
    socket.subscribe('1', documents[at % documents.length] ?? '', { ...variables });
  const first = await Promise.all(sockets.map(update));
  return { sockets, first };
}

async function wall(boardId: string, name = 'Wall'): Promise<string> {
  const leaderboardIds = [decodeGlobalId(boardId)?.id ?? ''];
  const input = { name, leaderboardIds };
  const { secret } = await createDisplayToken(app.app.db, await acme.viewer(), input);
  return secret ?? '';
}

/** The statements of a node while something happens, but for those that it repeats whatever happens. */
async function statementsOf(node: TestApp, work: () => Promise<void>): Promise<string[]> {
  const query = vi.spyOn(node.app.db.pool, 'query');
  try {
    await work();
    const texts = query.mock.calls.map(([config]) => {
      const text = typeof config === 'string' ? config : (config as { text: string }).text;
      return text.replace(/\s+/g, ' ').slice(0, 120);
    });
    const repeated = /log\.moved|log\.tail|log_epoch|token_used|'BUILDING'|^DELETE/i;
    return texts.filter((text) => !repeated.test(text)).sort();
  } finally {
    query.mockRestore();
  }
}

describe('a change of a board', () => {
  test('costs as many statements, executions and serialisations for 40 screens as for one', {
    timeout: 90_000,
  }, async () => {
    const id = await makeBoard(app, acme, { name: 'Counted', metric: 'calls' });
    const CHANGES = 2;
    const costOf = async (count: number, documents = [WATCH]) => {
      const tokens = [ann.token, bob.token, acme.token];
      const { sockets } = await watch(count, tokens, { id }, app, documents);
      const before = app.app.server.sharing();
      const stringify = vi.spyOn(JSON, 'stringify');
      let serialised = 0;
      const statements = await statementsOf(app, async () => {
        for (let n = 0; n < CHANGES; n += 1) {
          await score(other, acme, bob, '1', { metric: 'calls' });
          for (const socket of sockets) expect((await update(socket)).reset).toBeNull();
        }
        serialised = stringify.mock.calls.filter(
          ([value]) => (value as { data?: Update } | null)?.data?.leaderboard?.standings,
        ).length;
      });
      stringify.mockRestore();
      const after = app.app.server.sharing();
      for (const socket of sockets) await socket.close();
      await expect.poll(() => app.app.server.sharing().members).toBe(0);
      return {
        statements,
        serialised,
        executions: after.executions - before.executions,
        frames: after.frames - before.frames,
      };
    };
    await costOf(1);
    const one = await costOf(1);
    const many = await costOf(40);
    expect(one).toMatchObject({ executions: CHANGES, frames: CHANGES, serialised: CHANGES });
    expect(many).toMatchObject({
      executions: CHANGES,
      frames: 40 * CHANGES,
      serialised: CHANGES,
      statements: one.statements,
    });
    expect(one.statements.length).toBeGreaterThan(CHANGES);
    // Whoever asks for other fields of the same is answered apart, from the same values.
    const others = ['rank name', 'rank score', 'name', 'score'].map((fields) =>
      WATCH.replace('standings { rank name score }', `standings { ${fields} }`),
    );
    expect(await costOf(40, [WATCH, ...others])).toEqual({
      executions: 5 * CHANGES,
      frames: 40 * CHANGES,
      serialised: 5 * CHANGES,
      statements: one.statements,
    });
  });

  test('costs one of each for every class of viewers', async () => {
    const id = await makeBoard(app, acme, { name: 'Classes', metric: 'visits', names: 'MASKED' });
    const display = await wall(id);
    // Where names are masked each member sees their own: they share nothing; displays share all.
    const tokens = [ann.token, display, bob.token, display];
    const { sockets } = await watch(4, tokens, { id });
    expect(app.app.server.sharing()).toMatchObject({ groups: 1, members: 2 });
    const { executions } = app.app.server.sharing();
    await score(app, acme, bob, '3', { metric: 'visits' });
    const names = [];
    for (const socket of sockets) names.push((await update(socket)).standings[0]?.name);
    expect(names).toEqual(['B**', 'B**', 'Bob', 'B**']);
    expect(app.app.server.sharing().executions - executions).toBe(1);
    for (const socket of sockets) await socket.close();
  });
});

describe('coming back', () => {
  test('50 screens that resume from the same cursor are one execution; none misses or repeats a cause', async () => {
    const id = await makeBoard(app, acme, { name: 'Resumed', metric: 'new-customers' });
    const display = await wall(id, 'Resumed');
    const keeper = await watch(1, [display], { id });
    const { cursor } = keeper.first[0] ?? {};
    await score(app, acme, ann, '2', { metric: 'new-customers' });
    const [kept] = keeper.sockets;
    if (!kept) throw new Error('no keeper');
    await update(kept);
    const { executions } = app.app.server.sharing();
    const { sockets, first } = await watch(50, [display], { id, since: cursor });
    for (const got of first) {
      expect(got.reset).toBeNull();
      expect(got.changes[0]?.causes).toEqual([{ event: 'score.corrected', worth: '2' }]);
    }
    expect(app.app.server.sharing()).toMatchObject({ groups: 1, members: 51 });
    expect(app.app.server.sharing().executions - executions).toBeLessThanOrEqual(2);
    await score(app, acme, ann, '3', { metric: 'new-customers' });
    for (const socket of [kept, ...sockets]) {
      const next = await update(socket);
      expect(next.reset).toBeNull();
      expect(next.changes[0]?.causes).toEqual([{ event: 'score.corrected', worth: '3' }]);
    }
    for (const socket of [kept, ...sockets]) await socket.close();
  });

  test('while changes go on, each cause comes once, whoever comes when', {
    timeout: 90_000,
  }, async () => {
    const id = await makeBoard(app, acme, { name: 'Overlap', metric: 'tasks-completed' });
    const { cursor } = (await watch(1, [ann.token], { id })).first[0] ?? {};
    const CHANGES = 25;
    const making = (async () => {
      for (let n = 1; n <= CHANGES; n += 1)
        await score(other, acme, bob, String(n), { metric: 'tasks-completed' });
    })();
    const causesOf = async (token: string): Promise<string[]> => {
      const causes: string[] = [];
      let since = cursor;
      // Comes and goes, as a client does that is on a bad line.
      for (let round = 0; causes.length < CHANGES; round += 1) {
        const socket = await openSocket(app.url, token);
        socket.subscribe('1', WATCH, { id, since });
        for (let n = 0; n <= round && causes.length < CHANGES; n += 1) {
          const got = await update(socket);
          expect(got.reset).toBeNull();
          const own = got.changes.flatMap((change) => change.causes);
          causes.push(...own.map(({ worth }) => worth ?? '').reverse());
          since = got.cursor;
        }
        socket.terminate();
      }
      return causes;
    };
    const all = await Promise.all([ann, bob, acme, ann, bob].map(({ token }) => causesOf(token)));
    await making;
    const made = Array.from({ length: CHANGES }, (_, n) => String(n + 1));
    for (const causes of all) expect(causes).toEqual(made);
  });

  test('who is ahead of the node that it comes to is not taken back', async () => {
    const id = await makeBoard(app, acme, { name: 'Ahead', metric: 'meetings-attended' });
    // It hears of nothing but its own commits for a minute.
    const environment = { POLL_MILLISECONDS: '60000', WAKEUP: 'process' };
    const late = await testApp({ databaseUrl, environment });
    const [kept] = (await watch(1, [ann.token], { id }, late)).sockets;
    await score(other, acme, bob, '7', { metric: 'meetings-attended' });
    const { cursor } = (await watch(1, [bob.token], { id }, other)).first[0] ?? {};
    const { first, sockets } = await watch(1, [bob.token], { id, since: cursor }, late);
    expect(late.app.server.sharing()).toMatchObject({ groups: 1, members: 2 });
    expect(first[0]).toMatchObject({ reset: null, changes: [] });
    expect(first[0]?.standings[0]).toMatchObject({ name: 'Bob', score: '7' });
    // What its group says next does not follow on what it holds; for the other it does.
    await score(late, acme, bob, '1', { metric: 'meetings-attended' });
    const [mine, theirs] = [await update(sockets[0] as Socket), await update(kept as Socket)];
    expect(mine).toMatchObject({ reset: 'SKIPPED', changes: [] });
    expect(theirs).toMatchObject({ reset: null });
    const causes = theirs.changes.find(({ name }) => name === 'Bob')?.causes ?? [];
    expect(causes.map(({ worth }) => worth)).toEqual(['1', '7']);
    for (const { standings } of [mine, theirs])
      expect(standings[0]).toMatchObject({ name: 'Bob', score: '8' });
    terminateAll();
    await late.stop();
  });
});
