// From asking to win a deal (a GraphQL mutation over HTTP) to the leaderboard's frame on a subscriber's WebSocket.
// Beside it all the SQL that this took (sign-in, transaction, board) by bare pg in one transaction, and an echo over a
// bare WebSocket.
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { pino } from 'pino';
import { WebSocket, WebSocketServer } from 'ws';
import { encodeGlobalId } from '../src/api/global-ids.ts';
import { createApp } from '../src/app.ts';
import type { Database } from '../src/database/database.ts';
import { newId } from '../src/database/ids.ts';
import { createFunnel } from '../src/domains/funnels/funnel-service.ts';
import { createOpportunity } from '../src/domains/funnels/service.ts';
import { createLeaderboard } from '../src/domains/leaderboards/service.ts';
import { readSettings } from '../src/settings.ts';
import { type Spent, spent } from './cpu.ts';
import { type Bench, makeOrganization } from './organization.ts';
import {
  atPosition,
  replay,
  type Sent,
  statementsFor,
  statementsOf,
  withoutControl,
} from './replay.ts';
import { median, ROUNDS, report, withServer } from './support.ts';

const EACH = Number(process.env.WINS ?? 40);
const MEMBERS = 50;
/** A board sends its next frame 50 ms after the last at the earliest: what falls into that window waits, not works. */
const WINDOW_MS = 60;

const WIN = `mutation Win($input: WinOpportunityInput!) {
  winOpportunity(input: $input) { __typename ... on WinOpportunityPayload { opportunity { id version status } } } }`;
const WATCH = `subscription Watch($id: ID!) { leaderboard(id: $id, first: 10) {
  cursor reset standings { rank name score gapToNext } changes { name from to scoreBefore scoreAfter } } }`;

/** A subscriber: each frame that arrives settles the promise that was asked for before. */
async function watch(url: string, token: string, id: string) {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), 'graphql-transport-ws');
  await once(socket, 'open');
  let arrived: (text: string) => void = () => {};
  socket.on('message', (data) => arrived(String(data)));
  const next = () => new Promise<string>((resolve) => (arrived = resolve));
  const acknowledged = next();
  const payload = { authorization: `Bearer ${token}` };
  socket.send(JSON.stringify({ type: 'connection_init', payload }));
  await acknowledged;
  const first = next();
  const asked = { query: WATCH, variables: { id } };
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: asked }));
  const frame = await first;
  if (!frame.includes('"standings"')) throw new Error(frame);
  return { next, close: () => socket.terminate() };
}

async function echoServer() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (socket) => socket.on('message', (data) => socket.send(data)));
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const socket = new WebSocket(`ws://127.0.0.1:${port}`);
  await once(socket, 'open');
  return {
    async echo(text: string): Promise<void> {
      const back = once(socket, 'message');
      socket.send(text);
      await back;
    },
    close() {
      socket.terminate();
      server.close();
    },
  };
}

async function makeDeals(db: Database, { admin, members }: Bench, funnelId: string, count: number) {
  const ids: string[] = [];
  for (let n = 0; n < count; n++) {
    // The first ten stand on the page, so that every winning shows.
    const ownerId = members[n % 10] ?? '';
    const amount = String(1_000 + (n % 7));
    const openedAt = new Date(Date.now() - 3_600_000);
    const deal = { name: `Deal ${n}`, funnelId, ownerId, amount, openedAt };
    ids.push((await createOpportunity(db, admin, deal)).id);
  }
  return ids;
}

await withServer(async (server) => {
  const settings = readSettings({ DATABASE_URL: server.url, PORT: '0', LOG_LEVEL: 'silent' });
  const app = createApp(settings, { log: pino({ level: 'silent' }) });
  await app.start();
  const { db, url } = app;
  const bench = await makeOrganization(db, MEMBERS);
  const { admin, token } = bench;
  const stages = [
    { name: 'Open', kind: 'OPEN' as const, probability: '0.5' },
    { name: 'Won', kind: 'WON' as const },
    { name: 'Lost', kind: 'LOST' as const },
  ];
  const funnel = await createFunnel(db, admin, { name: 'Bench', stages });
  const metric = await db.prisma.metric.findFirstOrThrow({ where: { key: 'won-amount' } });
  const measures = [{ metricId: metric.id }];
  const board = await createLeaderboard(db, admin, {
    name: 'Bench',
    periodUnit: 'MONTH',
    measures,
  });
  let subscriber = await watch(url, token, encodeGlobalId('Leaderboard', board.id));
  const client = new pg.Client({ connectionString: server.url });
  client.on('error', () => {});
  await client.connect();
  const echo = await echoServer();

  const win = async (id: string): Promise<string> => {
    const frame = subscriber.next();
    const input = { id: encodeGlobalId('Opportunity', id), idempotencyKey: newId() };
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: WIN, variables: { input } }),
    });
    const text = await answer.text();
    if (!text.includes('WinOpportunityPayload')) throw new Error(text);
    return frame;
  };

  const shown = await makeDeals(db, bench, funnel.id, 2);
  let sent: Sent[] = [];
  let frame = '';
  let since = 0;
  let position = 0;
  const head = async (): Promise<number> => {
    const found = await client.query(
      'SELECT position::integer FROM log_head WHERE organization_id = $1',
      [admin.organizationId],
    );
    return found.rows[0].position;
  };
  for (const id of shown) {
    since = Date.now();
    position = await head();
    sent = await statementsOf(async () => {
      frame = await win(id);
    });
  }
  subscriber.close();
  const events = (await head()) - position;
  const [, pattern = ''] = shown;
  const statements = withoutControl(sent);
  const each = [...statements, { text: 'COMMIT' }].map(({ text }) => ({
    text,
    times: [] as number[],
  }));

  const ours: number[] = [];
  const bare: number[] = [];
  const rounds: Record<'ours' | 'bare', Spent[]> = { ours: [], bare: [] };
  for (let round = 0; round <= ROUNDS; round++) {
    // The first round warms up and does not count.
    const count = round === 0 ? 3 * EACH : EACH;
    const deals = await makeDeals(db, bench, funnel.id, count);
    const others = await makeDeals(db, bench, funnel.id, count);
    const kept = round > 0;
    subscriber = await watch(url, token, encodeGlobalId('Leaderboard', board.id));
    const ourCost = await spent(server.pid, async () => {
      for (const id of deals) {
        await pause(WINDOW_MS);
        const start = performance.now();
        await win(id);
        if (kept) ours.push(performance.now() - start);
      }
    });
    // Nobody watches what the bare statements write.
    subscriber.close();
    const replays = others.map((id) => statementsFor(statements, new Map([[pattern, id]]), since));
    const bareCost = await spent(server.pid, async () => {
      const now = await head();
      for (const [n, one] of replays.entries()) {
        const shifted = atPosition(one, position, now + n * events);
        await pause(WINDOW_MS);
        const start = performance.now();
        const times = await replay(client, shifted);
        await echo.echo(frame);
        if (!kept) continue;
        bare.push(performance.now() - start);
        for (const [at, time] of times.entries()) each[at]?.times.push(time);
      }
    });
    if (kept) {
      rounds.ours.push(ourCost);
      rounds.bare.push(bareCost);
    }
  }
  const cpu = (of: 'ours' | 'bare', key: 'node' | 'postgres') =>
    median(rounds[of].map((cost) => cost[key])) / EACH;
  console.log(`${statements.length} statements from asking to the frame; the longest by bare pg:`);
  const longest = each
    .map(({ text, times }) => ({ text, time: median(times) }))
    .sort((a, b) => b.time - a.time);
  for (const { text, time } of longest.slice(0, 6)) {
    console.log(`  ${time.toFixed(2)} ms  ${text.replace(/\s+/g, ' ').slice(0, 90)}`);
  }
  report('win', {
    'to the frame, ms': median(ours),
    'the same SQL and an echo, ms': median(bare),
    ratio: median(ours) / median(bare),
    'CPU of Node, ms': cpu('ours', 'node'),
    'CPU of PostgreSQL, ms': cpu('ours', 'postgres'),
    'bare: CPU of Node, ms': cpu('bare', 'node'),
    'bare: CPU of PostgreSQL, ms': cpu('bare', 'postgres'),
  });
  echo.close();
  await client.end();
  await app.stop();
});
