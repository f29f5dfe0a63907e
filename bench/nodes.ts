// One node with 1,000 screens beside two that wake each other through Redis with 500 each: deliveries per second of the
// nodes' CPU, and how much later the other node's screens show a change. Needs Redis 7 (REDIS_URL).
import { setTimeout as pause } from 'node:timers/promises';
import { makeBoard, type WatchedBoard } from './board.ts';
import { type NodeProcess, startNodeProcess } from './node-process.ts';
import { openScreens, type Screens } from './screens.ts';
import { median, openDatabase, ROUNDS, report, withServer } from './support.ts';

const SCREENS = Number(process.env.SCREENS ?? 1_000);
const CHANGES = Number(process.env.CHANGES ?? 40);
const BETWEEN_MS = 100;

interface Measured {
  deliveries: number;
  cpu: number;
  /** From the answer of the mutation to the middle screen, for each node. */
  delays: number[][];
}

async function measure(nodes: readonly NodeProcess[], board: WatchedBoard): Promise<Measured> {
  const screens: Screens[] = [];
  for (const node of nodes) {
    const count = SCREENS / nodes.length;
    screens.push(await openScreens(node.url, board.token, board.id, count));
  }
  const writer = nodes[0]?.url ?? '';
  for (let n = 0; n < 5; n++)
    await Promise.all([...screens.map((some) => some.shown(board.next())), board.score(writer)]);
  const delays: number[][] = nodes.map(() => []);
  const before = nodes.map((node) => node.cpu());
  for (let n = 0; n < CHANGES; n++) {
    await pause(BETWEEN_MS);
    const score = board.next();
    const shown = screens.map((some) => some.shown(score));
    const start = performance.now();
    await board.score(writer);
    for (const [index, times] of (await Promise.all(shown)).entries()) {
      delays[index]?.push(median(times) - start);
    }
  }
  const cpu = nodes.reduce((sum, node, index) => sum + node.cpu() - (before[index] ?? 0), 0);
  for (const some of screens) some.close();
  return { deliveries: SCREENS * CHANGES, cpu, delays };
}

await withServer(async (server) => {
  const db = openDatabase(server.url);
  const board = await makeBoard(db, 100);
  const results: Record<'one' | 'two', Measured[]> = { one: [], two: [] };
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, count] of [
      ['one', 1],
      ['two', 2],
    ] as const) {
      const nodes: NodeProcess[] = [];
      for (let n = 0; n < count; n++) {
        nodes.push(await startNodeProcess(server.url, { WAKEUP: count > 1 ? 'redis' : 'process' }));
      }
      const measured = await measure(nodes, board);
      for (const node of nodes) await node.stop();
      if (round > 0) results[name].push(measured);
    }
  }
  await db.close();
  const perCpu = (name: 'one' | 'two') =>
    median(results[name].map(({ deliveries, cpu }) => (deliveries / cpu) * 1_000));
  const delay = (name: 'one' | 'two', node: number) =>
    median(results[name].flatMap(({ delays }) => delays[node] ?? []));
  report(`nodes, ${SCREENS} screens`, {
    'one: deliveries per CPU second': perCpu('one'),
    'two with Redis': perCpu('two'),
    ratio: perCpu('two') / perCpu('one'),
    'one: delay, ms': delay('one', 0),
    'two: of the node that wrote, ms': delay('two', 0),
    'two: of the other, ms': delay('two', 1),
    'added, ms': delay('two', 1) - delay('two', 0),
  });
});
