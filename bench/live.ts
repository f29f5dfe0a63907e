// Groups of subscribers: what a delivery costs beside plain loops over sockets and beside one stream a subscriber, what
// an idle subscriber keeps, how long a large group holds the event loop, and how soon the last of many screens shows a
// change. Server and clients are processes of their own; changes are committed by this one.
import type { Database } from '../src/database/database.ts';
import { type Remote, startRemote } from './live/calls.ts';
import type { Client } from './live/client.ts';
import type { Server } from './live/server.ts';
import { makeWorld, type World } from './live/world.ts';
import { median, ROUNDS, report, withDatabase } from './support.ts';

const SIZES = (process.env.SUBSCRIBERS ?? '1000,5000').split(',').map(Number);
const CHANGES = Number(process.env.CHANGES ?? 30);
const STOCK_CHANGES = Math.max(2, Math.round(CHANGES / 10));
const CLASSES = 50;
const LARGE = Number(process.env.LARGE ?? 10_000);
const IDLE = Number(process.env.IDLE ?? 3_000);
const SINGLE = Number(process.env.SINGLE ?? 200);
const APART_MS = 100;

const watch = (
  alias = '',
) => `subscription Watch($id: ID!) { ${alias}leaderboard(id: $id, first: 20) {
  cursor reset standings { rank name score progress gapToLeader } changes { name from to scoreAfter } } }`;

interface Stage {
  server: Remote<Server>;
  client: Remote<Client>;
  db: Database;
  url: string;
}

/** Something that costs: `once` resolves when all screens have been told. */
interface Mode {
  name: string;
  changes: number;
  once(): Promise<unknown>;
}

async function withStage(db: Database, url: string, work: (stage: Stage) => Promise<void>) {
  const server = await startRemote<Server>('./server.ts', ['--expose-gc']);
  const client = await startRemote<Client>('./client.ts');
  try {
    await work({ server, client, db, url });
  } finally {
    await client.end();
    await server.stop();
    await server.end();
  }
}

/** Screens on a board of their own, on a node with groups or without. */
async function screens(
  { server, client, db, url }: Stage,
  name: string,
  size: number,
  { shared = true, queries = [watch()] } = {},
): Promise<{ world: World; change(): Promise<number> }> {
  const world = await makeWorld(db, url);
  const node = { name: shared ? 'groups' : 'stock', databaseUrl: url, shared };
  const { port } = await server.startApp(node);
  const asked = { token: world.token, queries, variables: { id: world.boardId } };
  await client.open({ name, port, path: '/graphql', count: size, asked });
  return {
    world,
    /** Milliseconds from the commit to the last screen. */
    async change() {
      const told = client.wait({ name, frames: size });
      const { committedAt, shown } = await world.score();
      const at = await told;
      const { texts, areRight } = await client.check({ name, text: shown });
      if (!areRight || texts > queries.length) throw new Error(`${name} shows another state`);
      return at - committedAt;
    },
  };
}

async function loop(
  { server, client }: Stage,
  how: 'write' | 'send',
  size: number,
  like: string,
): Promise<Mode> {
  const { port } = await server.startBare({ name: how });
  await client.open({ name: how, port, path: '/', count: size, asked: null });
  const sample = await client.sample({ name: like });
  let told = 0;
  return {
    ...{ name: how, changes: CHANGES },
    async once() {
      const shown = client.wait({ name: how, frames: size });
      told += 1;
      // Another text every time, of the same length.
      const text = sample.slice(0, -8) + String(told).padStart(8, '0');
      await server.broadcast({ name: how, text, how });
      await shown;
      const { texts, areRight } = await client.check({ name: how, text });
      if (!areRight || texts !== 1) throw new Error(`${how} shows another text`);
    },
  };
}

/** Microseconds of the server's CPU for each delivery, and how busy the client was, in rounds of all modes in turn. */
async function compare({ server, client }: Stage, modes: Mode[], size: number) {
  const costs = new Map(modes.map(({ name }) => [name, [] as number[]]));
  const busy = new Map(modes.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round <= ROUNDS; round += 1) {
    const turned = modes.map((_, at) => modes[(at + round) % modes.length] as Mode);
    for (const { name, changes, once } of turned) {
      const [before, ours, start] = [await server.cpu(), await client.cpu(), performance.now()];
      for (let n = 0; n < changes; n += 1) await once();
      const wall = performance.now() - start;
      const spent = (await server.cpu()) - before;
      const theirs = (await client.cpu()) - ours;
      // The first round is there to warm up.
      if (round === 0) continue;
      costs.get(name)?.push((spent * 1_000) / changes / size);
      busy.get(name)?.push((100 * theirs) / wall);
    }
  }
  return { costs, busy };
}

async function deliveries(stage: Stage, size: number, isStockToo: boolean): Promise<void> {
  const mode = async (name: string, changes: number, how = {}): Promise<Mode> => {
    const { change } = await screens(stage, name, size, how);
    return { name, changes, once: change };
  };
  const modes = [await mode('group', CHANGES)];
  if (isStockToo) {
    const queries = Array.from({ length: CLASSES }, (_, n) => watch(`board${n}: `));
    modes.push(await mode(`${CLASSES} groups`, CHANGES, { queries }));
    modes.push(await mode('stock', STOCK_CHANGES, { shared: false }));
  }
  modes.push(await loop(stage, 'write', size, 'group'), await loop(stage, 'send', size, 'group'));
  const { costs, busy } = await compare(stage, modes, size);
  const cost = (name: string) => costs.get(name) ?? [];
  const ratio = (name: string, to: string) =>
    median(cost(name).map((one, round) => one / (cost(to)[round] ?? Number.NaN)));
  for (const { name } of modes) {
    report(`${size} subscribers, ${name}`, {
      'CPU of a delivery, µs': median(cost(name)),
      'least, µs': Math.min(...cost(name)),
      'most, µs': Math.max(...cost(name)),
      'to socket.write': ratio(name, 'write'),
      'to ws.send': ratio(name, 'send'),
      'to a group': ratio(name, 'group'),
      'the client is busy, %': median(busy.get(name) ?? []),
    });
  }
}

/** A fresh server for each: bytes in use for every socket that is open and idle. */
async function idle(db: Database, url: string): Promise<void> {
  const heapOf = async (kind: 'bare' | 'group' | 'stock') => {
    let each = Number.NaN;
    await withStage(db, url, async (stage) => {
      const { server, client } = stage;
      const open = async (name: string, size: number) => {
        if (kind === 'bare') {
          const { port } = await server.startBare({ name });
          await client.open({ name, port, path: '/', count: size, asked: null });
        } else await screens(stage, name, size, { shared: kind === 'group' });
      };
      await open('warm', 20);
      const before = await server.heap();
      await open('idle', IDLE);
      each = ((await server.heap()) - before) / IDLE;
    });
    return each;
  };
  const [bare, group, stock] = [await heapOf('bare'), await heapOf('group'), await heapOf('stock')];
  report(`heap of an idle subscriber, ${IDLE}`, {
    'bare ws, KB': bare / 1_024,
    'group, KB': group / 1_024,
    'stock, KB': stock / 1_024,
    'group to bare': group / bare,
    'stock to bare': stock / bare,
  });
}

/** How long the event loop of the server does not come round while a large group is told of a change. */
async function large(stage: Stage): Promise<void> {
  const { server } = stage;
  const { change } = await screens(stage, 'large', LARGE);
  for (let n = 0; n < 5; n += 1) await change();
  const holds: number[] = [];
  await server.watch();
  for (let n = 0; n < CHANGES; n += 1) {
    await server.longest();
    await change();
    holds.push(await server.longest());
  }
  await server.unwatch();
  report(`a group of ${LARGE} holds the event loop at a time`, {
    'median, ms': median(holds),
    'most, ms': Math.max(...holds),
  });
}

/** Single changes, so far apart that none waits for the window of another. */
async function single(stage: Stage, size: number): Promise<void> {
  const { change } = await screens(stage, 'single', size);
  for (let n = 0; n < 10; n += 1) await change();
  const times: number[] = [];
  for (let n = 0; n < SINGLE; n += 1) {
    await new Promise((resolve) => setTimeout(resolve, APART_MS));
    times.push(await change());
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.ceil(share * times.length) - 1] ?? Number.NaN;
  report(`from the commit to the last of ${size} screens`, {
    'median, ms': at(0.5),
    'p99, ms': at(0.99),
    'most, ms': at(1),
  });
}

await withDatabase(async (db, { url }) => {
  for (const [at, size] of SIZES.entries())
    await withStage(db, url, (stage) => deliveries(stage, size, at === 0));
  await withStage(db, url, (stage) => single(stage, SIZES[0] ?? 1_000));
  await withStage(db, url, large);
  await idle(db, url);
});
