// Two real servers, one following the other; what the one has not replayed yet must never be missed.
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newTask } from '../domains/tasks/world.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { figuresOf, METRICS_TOKEN } from '../support/figures.ts';
import { startProxy } from '../support/proxy.ts';
import { type ReplicatedServers, replicatedServers } from '../support/replica.ts';
import { type Actor, org } from '../support/seed.ts';

const SOON = { timeout: 15_000 };

let servers: ReplicatedServers;
/** Speaks to the replica's server itself. */
let standby: pg.Client;

beforeAll(async () => {
  servers = await replicatedServers();
  standby = new pg.Client(servers.replica.url);
  await standby.connect();
}, 240_000);
afterAll(async () => {
  await standby.end().catch(() => {});
  await servers.stop();
}, 60_000);

interface Node extends TestApp {
  said: string[];
}

async function node(replicaUrl: string): Promise<Node> {
  const said: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => said.push(line) });
  const environment = {
    METRICS_TOKEN,
    DATABASE_REPLICA_URL: replicaUrl,
    // The nodes hear nothing of each other: what they know, they have asked for.
    WAKEUP: 'process',
    POLL_MILLISECONDS: '60000',
  };
  const app = await testApp({ databaseUrl: servers.primary.url, environment, log });
  return { ...app, said };
}

const answered = async (app: TestApp, where: 'replica' | 'behind' | 'away'): Promise<number> =>
  (await figuresOf(app.url)).get(`muster_replica_queries_total{where="${where}"}`) ?? 0;

const tasks = async (app: TestApp, actor: Actor): Promise<number> => {
  const data = await app.expectData<{ tasks: { totalCount: number } }>(
    '{ tasks { totalCount } }',
    {},
    { token: actor.token },
  );
  return data.tasks.totalCount;
};

/** Asks until the replica has answered. */
const untilOnReplica = (app: TestApp, actor: Actor) =>
  expect
    .poll(async () => {
      const before = await answered(app, 'replica');
      await tasks(app, actor);
      return (await answered(app, 'replica')) - before;
    }, SOON)
    .toBe(1);

describe('a replica', () => {
  let here: Node;
  let there: Node;
  let acme: Actor;

  beforeAll(async () => {
    here = await node(servers.replica.url);
    there = await node(servers.replica.url);
    acme = await org(here.app.db);
  }, 60_000);

  const create = async () => newTask(here.app.db, await acme.viewer(), {});

  test('is a standby, and answers queries when it has caught up', async () => {
    const { rows } = await standby.query('SELECT pg_is_in_recovery() AS standby');
    expect(rows).toEqual([{ standby: true }]);
    await create();
    await untilOnReplica(here, acme);
    expect(await tasks(here, acme)).toBe(1);
  });

  test('that stands still is not asked about what was committed since, on no node', async () => {
    const other = await org(here.app.db);
    await untilOnReplica(there, other);
    await standby.query('SELECT pg_wal_replay_pause()');
    const before = await tasks(here, acme);
    const behind = await answered(there, 'behind');
    await create();
    // `there` has heard nothing of the write, and was not told to wait for it.
    expect(await tasks(there, acme)).toBe(before + 1);
    expect(await tasks(here, acme)).toBe(before + 1);
    expect(await answered(there, 'behind')).toBe(behind + 1);
    // An organization in which nothing has happened is answered from it still.
    await untilOnReplica(there, other);
    await standby.query('SELECT pg_wal_replay_resume()');
    await untilOnReplica(there, acme);
    expect(await tasks(there, acme)).toBe(before + 1);
  });

  test('never answers with less than what was committed before it was asked', async () => {
    let expected = await tasks(here, acme);
    const wrong: [number, number][] = [];
    for (let round = 0; round < 60; round += 1) {
      if (round % 10 === 3) await standby.query('SELECT pg_wal_replay_pause()');
      if (round % 10 === 7) await standby.query('SELECT pg_wal_replay_resume()');
      await create();
      expected += 1;
      const counts = await Promise.all([tasks(here, acme), tasks(there, acme), tasks(there, acme)]);
      for (const count of counts) if (count !== expected) wrong.push([expected, count]);
    }
    expect(wrong).toEqual([]);
    expect(await answered(there, 'behind')).toBeGreaterThan(0);
  }, 60_000);

  test('serves Muster-At-Least only from the position on', async () => {
    await standby.query('SELECT pg_wal_replay_pause()');
    const { createTask } = await here.expectData<{ createTask: { __typename: string } }>(
      'mutation ($input: CreateTaskInput!) { createTask(input: $input) { __typename } }',
      { input: { title: 'Call' } },
      { token: acme.token },
    );
    expect(createTask.__typename).toBe('CreateTaskPayload');
    const position = String(here.app.feed.head(acme.organizationId));
    const headers = { 'muster-at-least': position };
    const ask = () =>
      there.query<{ tasks: { totalCount: number } }>(
        '{ tasks { totalCount } }',
        {},
        { token: acme.token, headers },
      );
    const held = (await ask()).data?.tasks.totalCount;
    await standby.query('SELECT pg_wal_replay_resume()');
    await untilOnReplica(there, acme);
    expect((await ask()).data?.tasks.totalCount).toBe(held);
    expect(held).toBe(await tasks(here, acme));
  });

  test('that may read heads but nothing else leaves every answer to the primary, unharmed', async () => {
    const { pool } = here.app.db;
    await pool.query("CREATE ROLE heads LOGIN PASSWORD 'heads'");
    await pool.query('GRANT SELECT ON log_head, log_epoch TO heads');
    const url = new URL(servers.replica.url);
    [url.username, url.password] = ['heads', 'heads'];
    const crippled = await node(url.href);
    await expect
      .poll(async () => {
        expect(await tasks(crippled, acme)).toBe(await tasks(here, acme));
        return crippled.said.filter((line) => line.includes('the replica is away')).length;
      }, SOON)
      .toBe(1);
    expect(await answered(crippled, 'replica')).toBe(0);
    expect(crippled.said.join()).not.toContain('unexpected error');
  });

  test('that says nothing any more is waited for a moment, left alone, and asked again later', async () => {
    const proxy = await startProxy(servers.replica.url);
    const url = new URL(servers.replica.url);
    url.port = new URL(proxy.url).port;
    const shaky = await node(url.href);
    const said = (text: string) => shaky.said.filter((line) => line.includes(text)).length;
    await untilOnReplica(shaky, acme);
    const count = await tasks(shaky, acme);
    proxy.freeze();
    for (let asked = 0; asked < 3; asked += 1) expect(await tasks(shaky, acme)).toBe(count);
    expect([said('the replica is away'), said('the replica is back')]).toEqual([1, 0]);
    proxy.thaw();
    await untilOnReplica(shaky, acme);
    expect([said('the replica is away'), said('the replica is back')]).toEqual([1, 1]);
    await shaky.stop();
    await proxy.close();
  }, 60_000);

  test('that goes away is replaced by the primary, with one line in the log', async () => {
    await untilOnReplica(here, acme);
    const count = await tasks(here, acme);
    await standby.end();
    await servers.replica.stop();
    for (let asked = 0; asked < 5; asked += 1) expect(await tasks(here, acme)).toBe(count);
    expect(await answered(here, 'away')).toBeGreaterThanOrEqual(5);
    const lines = here.said.filter((line) => line.includes('the replica is away'));
    expect(lines).toHaveLength(1);
    expect(here.said.join()).not.toContain('unexpected error');
  }, 60_000);
});
