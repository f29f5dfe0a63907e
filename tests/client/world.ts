import { afterAll, afterEach } from 'vitest';
import type { App } from '../../src/app.ts';
import {
  createMusterClient,
  type MusterClient,
  type MusterClientOptions,
  type Status,
  type Subscription,
} from '../../src/client/muster-client.ts';
import type { Database } from '../../src/database/database.ts';
import { createTask } from '../../src/domains/tasks/service.ts';
import {
  FollowTasksDocument,
  type FollowTasksSubscription,
  MyTasksDocument,
} from '../../src/generated/operations.ts';
import { testDatabase } from '../support/database.ts';
import { startNode, writerOf } from '../support/node.ts';
import { startProxy, type TestProxy } from '../support/proxy.ts';
import { type Actor, type Organization, org } from '../support/seed.ts';

export type TaskEvent = FollowTasksSubscription['taskEvents'];

/** A node behind a proxy, somebody with tasks, and a writer that works whether or not the node is up. */
export interface World {
  databaseUrl: string;
  db: Database;
  node: App;
  proxy: TestProxy;
  company: Organization;
  rep: Actor;
  /** Stops the node, calls `meanwhile`, and starts another one in its place. */
  replace(environment?: Record<string, string>, meanwhile?: () => Promise<unknown>): Promise<void>;
}

export async function clientWorld(): Promise<World> {
  const databaseUrl = await testDatabase();
  const db = writerOf(databaseUrl);
  const node = await startNode(databaseUrl);
  const proxy = await startProxy(node.url);
  const company = await org(db);
  const rep = await company.rep();
  const world: World = {
    ...{ databaseUrl, db, node, proxy, company, rep },
    async replace(environment = {}, meanwhile = async () => {}) {
      const { port } = new URL(world.node.url);
      await world.node.stop();
      await meanwhile();
      world.node = await startNode(databaseUrl, { PORT: port, ...environment });
    },
  };
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.close();
  });
  afterAll(async () => {
    await proxy.close();
    await world.node.stop();
    await db.close();
  });
  return world;
}

const clients: MusterClient[] = [];

/** A client that goes through the proxy and tries again fast; closed when the test ends. */
export function clientOf(world: World, options: Partial<MusterClientOptions> = {}): MusterClient {
  const client = createMusterClient({
    url: world.proxy.url,
    token: () => world.rep.token,
    retry: { firstMs: 40, longestMs: 200 },
    ...options,
  });
  clients.push(client);
  return client;
}

export interface Screen {
  subscription: Subscription;
  events: TaskEvent[];
  resets: string[];
  statuses: Status[];
}

/** Somebody's tasks as a screen would follow them. */
export async function followTasks(client: MusterClient, from?: string): Promise<Screen> {
  const since = from ?? (await client.query(MyTasksDocument, { first: 1 })).tasks.position;
  const events: TaskEvent[] = [];
  const resets: string[] = [];
  const statuses: Status[] = [];
  const subscription = client.subscribe(
    FollowTasksDocument,
    { since },
    {
      onUpdate: ({ taskEvents }) => events.push(taskEvents),
      onReset: (reason) => resets.push(reason),
      onStatus: (status) => statuses.push(status),
    },
  );
  return { subscription, events, resets, statuses };
}

export const titles = ({ events }: Screen): (string | undefined)[] =>
  events.map(({ task }) => task?.title);

/** A task of the rep's own: exactly one event. */
export async function makeTask({ db, rep }: World, title: string): Promise<string> {
  await createTask(db, await rep.viewer(), { title });
  return title;
}
