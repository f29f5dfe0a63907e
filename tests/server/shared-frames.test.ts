import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { liveCounts } from '../../src/live/counts.ts';
import { testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';
import {
  authenticate,
  caller,
  counts,
  end,
  fail,
  OutOfInk,
  organizationId,
  schema,
  turn,
} from './shared-fixture.ts';
import { newId, openSocket, type Socket, terminateAll } from './shared-sockets.ts';

const lines: { msg: string; [field: string]: unknown }[] = [];
const log = pino({ level: 'info' }, { write: (line: string) => lines.push(JSON.parse(line)) });
const databaseUrl = await testDatabase();
const parts = { schema, authenticate, databaseUrl };
const shared = await testApp({ ...parts, log });
const stock = await testApp({ ...parts, environment: { SHARED_FRAMES: '0' } });
const display = caller({ kind: 'display' });

const PAGE = 'subscription { page { n from text } }';

beforeEach(() => {
  lines.length = 0;
  Object.assign(counts, { opened: 0, executions: 0, begun: 0 });
});

afterEach(async () => {
  terminateAll();
  await nothingLeft();
  await expect.poll(() => shared.app.feed.counts()).toMatchObject({ listeners: 0, waiters: 0 });
  expect(liveCounts()).toEqual({ mailboxes: 0, timers: 0 });
});

/** What is open at the server, which hears of a closed socket a moment later. */
async function nothingLeft(): Promise<void> {
  await expect.poll(() => counts.sources).toBe(0);
  await expect
    .poll(() => shared.app.server.sharing())
    .toMatchObject({ groups: 0, members: 0, largest: 0 });
}

async function members(count: number): Promise<void> {
  await expect.poll(() => shared.app.server.sharing().members).toBe(count);
  await expect.poll(() => counts.sources).toBeGreaterThan(0);
}

/** Sockets of both servers that have asked the same. */
async function both(query: string, token = display): Promise<[Socket, Socket]> {
  const ours = await openSocket(shared.url, token);
  const theirs = await openSocket(stock.url, token);
  ours.subscribe('1', query);
  theirs.subscribe('1', query);
  await members(1);
  await expect.poll(() => counts.sources).toBe(2);
  return [ours, theirs];
}

describe('one answer for all', () => {
  test('one source, one execution and one frame a change, for any number of sockets', async () => {
    const sockets = await Promise.all(
      Array.from({ length: 20 }, () => openSocket(shared.url, display)),
    );
    for (const socket of sockets) socket.subscribe(newId(), PAGE);
    await members(20);
    const before = shared.app.server.sharing();
    for (const n of [1, 2, 3]) {
      turn(n, `page ${n}`);
      for (const socket of sockets) {
        expect((await socket.next()).payload).toEqual({
          data: { page: { n, from: n === 1 ? 'FIRST' : null, text: `page ${n}` } },
        });
      }
    }
    expect(counts).toMatchObject({ opened: 1, executions: 3 });
    const after = shared.app.server.sharing();
    expect(after).toMatchObject({ groups: 1, members: 20, largest: 20, conflated: 0 });
    expect(after.executions - before.executions).toBe(3);
    expect(after.frames - before.frames).toBe(60);
    const length = (from: string | null) =>
      JSON.stringify({ data: { page: { n: 1, from, text: 'page 1' } } }).length;
    expect(after.bytes - before.bytes).toBe(20 * length('FIRST') + 40 * length(null));
    for (const socket of sockets) await socket.close();
    await nothingLeft();
  });

  test('six ways to write the same are the same', async () => {
    const asked: [string, Record<string, unknown>?][] = [
      ['subscription { page { n again(length: 2) } }'],
      ['subscription Other { page { n again(length: 2) } }'],
      ['subscription ($l: Int!) { page { n again(length: $l) } }', { l: 2 }],
      [
        'subscription { ...A } fragment A on Subscription { page { ...B } } fragment B on Page { n again(length: 2) }',
      ],
      [
        'subscription ($no: Boolean!) { page { n again(length: 2) text @include(if: $no) } }',
        { no: false },
      ],
      ['subscription { page { n: n again(length: 2) n } }'],
    ];
    const sockets = await Promise.all(asked.map(() => openSocket(shared.url, display)));
    for (const [at, [query, variables]] of asked.entries())
      sockets[at]?.subscribe('1', query, variables);
    await members(asked.length);
    expect(shared.app.server.sharing().groups).toBe(1);
    turn(1);
    for (const socket of sockets)
      expect((await socket.next()).payload).toEqual({ data: { page: { n: 1, again: '页页' } } });
    for (const socket of sockets) await socket.close();
    await nothingLeft();
  });

  test('what differs in anything that is read is another group, or none', async () => {
    const manager = caller({ kind: 'member', role: 'MANAGER' });
    const [one, two] = [caller({ kind: 'member' }), caller({ kind: 'member' })];
    const elsewhere = caller({ kind: 'member', organizationId: newId() } as never);
    const groupsOf = async (query: string, tokens: string[]) => {
      const sockets = await Promise.all(tokens.map((token) => openSocket(shared.url, token)));
      for (const socket of sockets) socket.subscribe('1', query);
      await expect.poll(() => counts.opened).toBeGreaterThan(0);
      const sources = () => counts.sources + shared.app.server.sharing().members;
      await expect.poll(sources).toBeGreaterThanOrEqual(tokens.length);
      await expect
        .poll(() => lines.filter(({ msg }) => msg === 'subscription starts').length)
        .toBe(tokens.length);
      const { groups } = shared.app.server.sharing();
      const { opened } = counts;
      for (const socket of sockets) await socket.close();
      await nothingLeft();
      lines.length = 0;
      counts.opened = 0;
      return { groups, opened };
    };
    const role = 'subscription { page { role } }';
    expect(await groupsOf(PAGE, [manager, one, two])).toEqual({ groups: 1, opened: 1 });
    expect(await groupsOf(PAGE, [one, display])).toEqual({ groups: 2, opened: 2 });
    expect(await groupsOf(PAGE, [one, elsewhere])).toEqual({ groups: 2, opened: 2 });
    // Two answers, from the same values.
    expect(await groupsOf(role, [manager, one, two])).toEqual({ groups: 2, opened: 1 });
    // Nobody shares these: each has a source of its own, and no group.
    expect(await groupsOf('subscription { page { whose } }', [one, two])).toEqual({
      groups: 0,
      opened: 2,
    });
  });

  test('a field that reads more than it declares fails, and gives nothing away', async () => {
    const ours = await openSocket(shared.url, display);
    ours.subscribe('1', 'subscription { page { n reads } }');
    await members(1);
    turn(1);
    const { payload } = await ours.next();
    expect(payload).toMatchObject({
      data: { page: { n: 1, reads: null } },
      errors: [{ message: 'Unexpected error.' }],
    });
    await ours.close();
    await nothingLeft();
  });

  test('a late joiner gets the present state as its first, one execution for all that come', async () => {
    const early = await openSocket(shared.url, display);
    early.subscribe('1', PAGE);
    await members(1);
    turn(7);
    await early.next();
    turn(8);
    await early.next();
    expect(counts.executions).toBe(2);
    const late = await Promise.all([0, 1, 2].map(() => openSocket(shared.url, display)));
    for (const socket of late) socket.subscribe('1', PAGE);
    for (const socket of late)
      expect((await socket.next()).payload).toMatchObject({
        data: { page: { n: 8, from: 'FIRST' } },
      });
    expect(counts).toMatchObject({ opened: 1, executions: 3 });
    turn(9);
    for (const socket of [early, ...late])
      expect((await socket.next()).payload).toMatchObject({ data: { page: { n: 9, from: null } } });
    expect(counts.executions).toBe(4);
    for (const socket of [early, ...late]) await socket.close();
    await nothingLeft();
  });

  test('who resumes begins where it stands and goes on with the group; equal places are worked out once', async () => {
    const query = 'subscription ($since: Cursor) { page(since: $since) { n from } }';
    const early = await openSocket(shared.url, display);
    early.subscribe('1', PAGE);
    const others = await Promise.all([0, 1, 2].map(() => openSocket(shared.url, display)));
    // A group of its own, as it asks for something else; whoever resumes is in it.
    for (const [at, socket] of others.entries())
      socket.subscribe('1', query, { since: at === 2 ? 'b' : 'a' });
    await members(4);
    expect(shared.app.server.sharing().groups).toBe(2);
    turn(3);
    for (const [at, socket] of others.entries())
      expect((await socket.next()).payload).toEqual({
        data: { page: { n: 3, from: at === 2 ? 'since b' : 'since a' } },
      });
    expect(counts.begun).toBe(2);
    turn(4);
    for (const socket of others)
      expect((await socket.next()).payload).toEqual({ data: { page: { n: 4, from: null } } });
    for (const socket of [early, ...others]) await socket.close();
    await nothingLeft();
  });
});

describe('the end', () => {
  test.each([
    ['the source ends', () => end(), null],
    [
      'the source fails unforeseen',
      () => fail(new Error('secret: password in SQL')),
      'INTERNAL_SERVER_ERROR',
    ],
    ['the source ends by name', () => fail(new OutOfInk('There is no ink.')), 'OUT_OF_INK'],
  ])('when %s is as without groups', async (_name, happen, code) => {
    const [ours, theirs] = await both(PAGE);
    turn(1);
    for (const socket of [ours, theirs]) await socket.next();
    happen();
    const last = [];
    for (const socket of [ours, theirs]) {
      const messages = [await socket.next()];
      if (code) messages.push(await socket.next());
      last.push(
        JSON.parse(JSON.stringify(messages, (key, value) => (key === 'requestId' ? '' : value))),
      );
    }
    expect(last[0]).toEqual(last[1]);
    expect(last[0].at(-1)).toEqual({ id: '1', type: 'complete' });
    if (code) expect(last[0][0].payload.errors[0].extensions.code).toBe(code);
    expect(JSON.stringify(last)).not.toContain('secret');
    await expect.poll(() => lines.filter(({ msg }) => msg === 'subscription ends')).toHaveLength(1);
    expect(lines.find(({ msg }) => msg === 'subscription ends')).toMatchObject({
      transport: 'websocket',
      organizationId,
      events: 1,
      errors: code ? [code] : [],
    });
    await nothingLeft();
    for (const socket of [ours, theirs]) await socket.close();
  });

  test('an error of a resolver is told as without groups, but for its place in the text', async () => {
    const [ours, theirs] = await both('subscription { page { n wrong } }');
    turn(1);
    const [a, b] = [await ours.next(), await theirs.next()].map(({ payload }) => payload) as {
      data: unknown;
      errors: { message: string; path: unknown; locations?: unknown; extensions: object }[];
    }[];
    expect(a?.data).toEqual(b?.data);
    expect(a?.errors[0]?.message).toBe('Unexpected error.');
    expect(a?.errors[0]).toEqual({
      message: b?.errors[0]?.message,
      path: b?.errors[0]?.path,
      extensions: { ...b?.errors[0]?.extensions, requestId: expect.any(String) },
    });
    for (const socket of [ours, theirs]) await socket.close();
    await nothingLeft();
  });

  test('of one subscription leaves the other on the same socket alone', async () => {
    const socket = await openSocket(shared.url, display);
    socket.subscribe('1', PAGE);
    socket.subscribe('2', PAGE);
    await members(2);
    turn(1);
    expect([(await socket.next()).id, (await socket.next()).id].sort()).toEqual(['1', '2']);
    socket.complete('1');
    await members(1);
    turn(2);
    expect(await socket.next()).toMatchObject({ id: '2', payload: { data: { page: { n: 2 } } } });
    await socket.close();
    await nothingLeft();
  });

  test.each([1, 5])(
    'when subscribe and complete come in one piece, %i times, leaves nothing',
    async (times) => {
      const socket = await openSocket(shared.url, display);
      socket.atOnce(
        Array.from({ length: times }, (_, n) => [
          { id: String(n), type: 'subscribe', payload: { query: PAGE } },
          { id: String(n), type: 'complete' },
        ]).flat(),
      );
      await expect
        .poll(() => lines.filter(({ msg }) => msg === 'subscription ends').length)
        .toBe(times);
      await nothingLeft();
      await socket.close();
    },
  );

  test('of sockets that break off, while pages come, leaves nothing', async () => {
    const sockets = await Promise.all(
      Array.from({ length: 10 }, () => openSocket(shared.url, display)),
    );
    for (const socket of sockets) socket.subscribe('1', PAGE);
    await members(10);
    for (const [at, socket] of sockets.entries()) {
      turn(at, 'x'.repeat(100_000));
      socket.terminate();
    }
    await nothingLeft();
  });

  test('of the first subscriber while its group opens leaves the others theirs', async () => {
    const sockets = await Promise.all([0, 1].map(() => openSocket(shared.url, display)));
    for (const socket of sockets) socket.subscribe('1', PAGE);
    sockets[0]?.terminate();
    await members(1);
    turn(1);
    expect(await sockets[1]?.next()).toMatchObject({ payload: { data: { page: { n: 1 } } } });
    await sockets[1]?.close();
    await nothingLeft();
  });
});
