// 5,000 screens whose sockets all break at once and who all come back at once, from where they were: how long the node's
// event loop is held meanwhile, and until the last screen is up to date. Beside it the same against a bare server of ws
// that answers each connection with one message of the same size.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { WebSocketServer } from 'ws';
import { makeBoard } from './board.ts';
import { startNodeProcess } from './node-process.ts';
import { openScreens } from './screens.ts';
import { median, openDatabase, ROUNDS, report, withServer } from './support.ts';

const SCREENS = Number(process.env.SCREENS ?? 5_000);
/** Clients spread their coming back over a second, as ours do. */
const SPREAD_MS = Number(process.env.SPREAD_MS ?? 1_000);

interface Storm {
  seconds: number;
  delayMs: number;
}

async function bareServer() {
  const child = fork(new URL(import.meta.url), ['bare'], { stdio: 'inherit' });
  const [port] = await once(child, 'message');
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    async delay(): Promise<number> {
      child.send('delay');
      const [milliseconds] = await once(child, 'message');
      return milliseconds;
    },
    stop: () => child.kill(),
  };
}

/** In a process of its own. */
function serveBare(): void {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const server = createServer();
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  const frame = JSON.stringify({ type: 'next', payload: { leaderboard: 'x'.repeat(2_000) } });
  sockets.on('connection', (socket) => {
    socket.on('message', (data: Buffer) => {
      const isInit = data.toString('latin1').includes('connection_init');
      socket.send(isInit ? '{"type":"connection_ack"}' : frame);
    });
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    process.send?.(typeof address === 'object' && address ? address.port : 0);
  });
  process.on('message', () => {
    process.send?.(delay.percentile(99) / 1e6);
    delay.reset();
  });
  process.on('disconnect', () => process.exit());
}

async function storm(
  url: string,
  board: { id: string; token: string },
  delay: () => Promise<number>,
): Promise<Storm> {
  const first = await openScreens(url, board.token, board.id, SCREENS);
  first.close();
  await delay();
  const start = performance.now();
  const back = await openScreens(url, board.token, board.id, SCREENS, { spreadMs: SPREAD_MS });
  const seconds = (performance.now() - start) / 1_000;
  const delayMs = await delay();
  back.close();
  return { seconds, delayMs };
}

async function bench(): Promise<void> {
  await withServer(async (server) => {
    const db = openDatabase(server.url);
    const board = await makeBoard(db, 100);
    const node = await startNodeProcess(server.url);
    const bare = await bareServer();
    const results: Record<'ours' | 'bare', Storm[]> = { ours: [], bare: [] };
    for (let round = 0; round <= ROUNDS; round++) {
      const ours = await storm(
        node.url,
        board,
        async () => (await node.metric('nodejs_eventloop_lag_p99_seconds')) * 1_000,
      );
      const least = await storm(bare.url, board, bare.delay);
      if (round === 0) continue;
      results.ours.push(ours);
      results.bare.push(least);
    }
    bare.stop();
    await node.stop();
    await db.close();
    const figure = (name: 'ours' | 'bare', key: keyof Storm) =>
      median(results[name].map((one) => one[key]));
    report(`herd, ${SCREENS} screens over ${SPREAD_MS} ms`, {
      'event-loop delay, p99, ms': figure('ours', 'delayMs'),
      'until the last is up to date, s': figure('ours', 'seconds'),
      'bare ws: event-loop delay, p99, ms': figure('bare', 'delayMs'),
      'bare ws: until the last has its answer, s': figure('bare', 'seconds'),
    });
  });
}

if (process.argv[2] === 'bare') serveBare();
else await bench();
