import { createClient } from 'graphql-ws';
import { afterEach, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';
import { authenticate, caller, counts, schema, turn } from './shared-fixture.ts';
import { openSocket, terminateAll } from './shared-sockets.ts';

const databaseUrl = await testDatabase();
const parts = { schema, authenticate, databaseUrl };
const environment = { COMPRESS_SOCKETS: '1' };
const shared = await testApp(parts);
const stock = await testApp({ ...parts, environment: { SHARED_FRAMES: '0' } });
const compressing = await testApp({ ...parts, environment });
const display = caller({ kind: 'display' });

const PAGE = 'subscription { page { n from text } }';

afterEach(async () => {
  terminateAll();
  await expect.poll(() => counts.sources).toBe(0);
  for (const { app } of [shared, compressing]) {
    await expect.poll(() => app.server.sharing()).toMatchObject({ groups: 0, members: 0 });
  }
});

/** Subscribes with the ids on one socket, and collects what comes. */
function clientWith(url: string, ids: readonly string[], query: string) {
  const left = [...ids];
  const client = createClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${display}` },
    retryAttempts: 0,
    generateID: () => left.shift() ?? '',
  });
  const results = ids.map(() => [] as unknown[]);
  const problems: unknown[] = [];
  for (const got of results) {
    client.subscribe(
      { query },
      {
        next: (result) => got.push(JSON.parse(JSON.stringify(result))),
        error: (error) => problems.push(error),
        complete: () => {},
      },
    );
  }
  return { results, problems, dispose: () => client.dispose() };
}

const IDS = [
  '1',
  'x'.repeat(36),
  'x'.repeat(37),
  'x'.repeat(100),
  '"quoted" and \\ back',
  'line\nbreak\ttab\u0000nul\u001bescape',
  '排行榜',
  '😀🏆',
  'lone \ud800 surrogate \udc00',
  '__proto__',
  'constructor',
  '\u2028\u2029\u007f\u00ff',
];

describe('ids of any characters, on one socket', () => {
  // Frames with a header of 2, 4 and 10 bytes: up to 125, up to 65,535 and more.
  test.each([
    ['2 bytes', 'subscription { page { n } }', ''],
    ['4 bytes', PAGE, '页 "text" \\ \u2028'.repeat(100)],
    ['10 bytes', 'subscription { page { n text again(length: 20000) } }', '😀'.repeat(9_000)],
  ])(
    'get what a server without groups gives, in frames with a header of %s',
    async (_name, query, text) => {
      const ours = clientWith(shared.url, IDS, query);
      const theirs = clientWith(stock.url, IDS, query);
      await expect.poll(() => shared.app.server.sharing().members).toBe(IDS.length);
      await expect.poll(() => counts.sources).toBe(1 + IDS.length);
      for (const n of [1, 2, 3]) {
        turn(n, text);
        for (const { results } of [ours, theirs])
          await expect.poll(() => results.every((got) => got.length === n)).toBe(true);
      }
      expect(ours.problems).toEqual([]);
      expect(ours.results).toEqual(theirs.results);
      expect(shared.app.server.sharing().groups).toBe(1);
      for (const client of [ours, theirs]) await client.dispose();
    },
  );

  test('beyond the limit of length are refused alike', async () => {
    for (const { url } of [shared, stock]) {
      const { problems, dispose } = clientWith(url, ['x'.repeat(500)], PAGE);
      await expect.poll(() => problems).toMatchObject([{ code: 4400 }]);
      await dispose();
    }
  });
});

test('a socket that compresses gets the same, and its neighbour that does not, too', async () => {
  const one = await openSocket(compressing.url, display, { perMessageDeflate: true });
  const two = await openSocket(compressing.url, display);
  for (const socket of [one, two]) socket.subscribe('1', PAGE);
  await expect.poll(() => compressing.app.server.sharing().members).toBe(2);
  await expect.poll(() => counts.sources).toBe(1);
  expect(one.extensions).toContain('permessage-deflate');
  expect(two.extensions).toBe('');
  for (const n of [1, 2, 3]) {
    const text = 'page '.repeat(2_000);
    turn(n, text);
    const page = { n, from: n === 1 ? 'FIRST' : null, text };
    for (const socket of [one, two])
      expect(await socket.next()).toEqual({ id: '1', type: 'next', payload: { data: { page } } });
  }
  for (const socket of [one, two]) await socket.close();
});

test('server-sent events get the same as sockets, from the same group', async () => {
  const streams = [0, 1].map(() => shared.subscribe(PAGE, {}, { token: display, over: 'sse' }));
  const socket = await openSocket(shared.url, display);
  socket.subscribe('1', PAGE);
  await expect.poll(() => shared.app.server.sharing().members).toBe(3);
  expect(shared.app.server.sharing().groups).toBe(1);
  await expect.poll(() => counts.sources).toBe(1);
  for (const n of [1, 2, 3]) {
    turn(n, '页 "quoted"\n\nlines');
    const { payload } = await socket.next();
    for (const stream of streams) expect(await stream.next()).toEqual(payload);
  }
  for (const stream of streams) await stream.close();
  await socket.close();
});

test('a slow reader gets the newest and is told that it skipped; its neighbours get all', async () => {
  const before = shared.app.server.sharing();
  const slow = await openSocket(shared.url, display);
  const quick = await openSocket(shared.url, display);
  for (const socket of [slow, quick]) socket.subscribe('1', PAGE);
  await expect.poll(() => shared.app.server.sharing().members).toBe(2);
  await expect.poll(() => counts.sources).toBe(1);
  slow.pause();
  const TURNS = 150;
  const text = 'x'.repeat(100_000);
  for (let n = 1; n <= TURNS; n += 1) {
    turn(n, text);
    expect((await quick.next()).payload).toMatchObject({ data: { page: { n } } });
  }
  const { conflated, skipped } = shared.app.server.sharing();
  slow.resume();
  const got: { n: number; from: string | null; text: string }[] = [];
  while (got.at(-1)?.n !== TURNS) {
    const { payload } = await slow.next();
    got.push((payload as { data: { page: (typeof got)[number] } }).data.page);
  }
  // What the kernel held, then the newest.
  expect(got.length).toBeLessThan(TURNS);
  for (const [at, page] of got.entries()) {
    expect(page.text).toBe(text);
    const previous = got[at - 1]?.n ?? 0;
    expect(page.n).toBeGreaterThan(previous);
    expect(page.from).toBe(at === 0 ? 'FIRST' : page.n === previous + 1 ? null : 'SKIPPED');
  }
  expect(got.some(({ from }) => from === 'SKIPPED')).toBe(true);
  const after = shared.app.server.sharing();
  expect(after.conflated - before.conflated).toBe(TURNS - got.length);
  expect(after.skipped - before.skipped).toBe(got.filter(({ from }) => from === 'SKIPPED').length);
  expect(conflated).toBeLessThanOrEqual(after.conflated);
  expect(skipped).toBeLessThanOrEqual(after.skipped);
  for (const socket of [slow, quick]) await socket.close();
});

test('server-sent events that are read slowly get the newest too', async () => {
  const slow = await fetch(shared.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      authorization: `Bearer ${display}`,
    },
    body: JSON.stringify({ query: PAGE }),
  });
  const quick = await openSocket(shared.url, display);
  quick.subscribe('1', PAGE);
  await expect.poll(() => shared.app.server.sharing().members).toBe(2);
  await expect.poll(() => counts.sources).toBe(1);
  const TURNS = 150;
  for (let n = 1; n <= TURNS; n += 1) {
    turn(n, 'x'.repeat(100_000));
    expect((await quick.next()).payload).toMatchObject({ data: { page: { n } } });
  }
  const pages: { n: number; from: string | null }[] = [];
  let text = '';
  for await (const piece of slow.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += piece;
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      const data = /^data: (.+)$/m.exec(event)?.[1];
      if (data) pages.push(JSON.parse(data).data.page);
    }
    if (pages.at(-1)?.n === TURNS) break;
  }
  expect(pages.length).toBeLessThan(TURNS);
  expect(pages.some(({ from }) => from === 'SKIPPED')).toBe(true);
  expect(pages.map(({ n }) => n)).toEqual(pages.map(({ n }) => n).sort((a, b) => a - b));
  await quick.close();
});
