// A screen on a wall watches the boards that its token names, and reaches nothing else.
import { getNamedType } from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import { encodeGlobalId } from '../../../src/api/global-ids.ts';
import { createOpportunity } from '../../../src/domains/funnels/service.ts';
import { winOpportunity } from '../../../src/domains/funnels/transitions.ts';
import { createDisplayToken, revokeToken } from '../../../src/domains/organization/tokens.ts';
import { schema } from '../../../src/schema.ts';
import type { Transport } from '../../support/client.ts';
import type { Actor } from '../../support/seed.ts';
import { type Caller, callerFor, globalIds, refusalsIn } from '../caller.ts';
import { nodeTypes, type Operation, Writer } from '../documents.ts';
import { explore } from '../exploring.ts';
import { Following } from '../following.ts';
import { readNodes } from '../reading.ts';
import { rootsOf } from '../roots.ts';
import { changesBetween } from '../rows.ts';
import { Secrets } from '../secrets.ts';
import { eachOf } from '../trying.ts';
import { muster, records, rows, world } from './stage.ts';

const { db } = muster.app;
let display: Caller;
beforeAll(() => {
  display = callerFor(muster, records, world.displayToken);
});

const HOUR = 3_600_000;
const TRANSPORTS: readonly Transport[] = ['websocket', 'sse'];

/** What a screen may read, by type; of every other type not even that something is there. */
const SHOWN = new Set([
  ...['Leaderboard', 'LeaderboardMeasure', 'Period', 'PageInfo', 'ContestantName'],
  ...['StandingConnection', 'StandingEdge', 'Standing'],
  ...['LeaderboardUpdate', 'StandingChange', 'ChangeCause', 'BoardNews'],
]);

/** The types of all objects in an answer. */
function typesIn(value: unknown, into = new Set<string>()): Set<string> {
  if (value === null || typeof value !== 'object') return into;
  const { __typename: type } = value as { __typename?: string };
  if (type) into.add(type);
  for (const inner of Object.values(value)) typesIn(inner, into);
  return into;
}

const subscriptions = ['leaderboard', 'boardNews'] as const;

function watching(name: string, id: string): Operation {
  const field = schema.getSubscriptionType()?.getFields()[name];
  if (!field) throw new Error(`there is no subscription ${name}`);
  const writer = new Writer(schema, display.choose(), { without: ['Standing.entries'] });
  const call = writer.call('Subscription', field, { id: encodeGlobalId('Leaderboard', id) });
  return writer.operation('subscription', `${call} ${writer.selection(getNamedType(field.type))}`);
}

const follow = ({ document, variables }: Operation, token: string, over: Transport) =>
  new Following(muster.subscribe(document, variables, { token, over }));

/** Moves the board, by an amount that stands nowhere else. */
async function win(): Promise<string> {
  const { main, people, marks } = world;
  const viewer = await people.rep.viewer();
  const amount = marks.amount();
  const deal = { name: marks.text('new deal'), funnelId: main.Funnel ?? '', amount };
  const { id } = await createOpportunity(db, viewer, deal);
  await winOpportunity(db, viewer, { id });
  return amount;
}

/** The words in the names of members, metrics and boards: what stands on a board. */
async function namesOf(members: readonly Actor[], others: readonly (string | undefined)[]) {
  const { rows } = await db.pool.query<{ name: string }>(
    `select name from member where id = any ($1) union all select name from metric where id = any ($2)
     union all select name from leaderboard where id = any ($2)
     union all select name from organization where id = $3`,
    [members.map(({ memberId }) => memberId), others, world.admin.organizationId],
  );
  return new Set(rows.flatMap(({ name }) => name.toLowerCase().split(' ')));
}

async function newDisplay(expiresAt: Date | null = null) {
  const input = { name: 'hall', leaderboardIds: [world.boards.all], expiresAt };
  const { id, secret } = await createDisplayToken(db, await world.admin.viewer(), input);
  return { id, secret: secret ?? '' };
}

describe('a display', () => {
  test('is told by the schema that it may ask who it is, and for its boards', () => {
    const free = rootsOf(schema, display.choose()).filter(({ requires }) =>
      requires.every((scope) => scope === 'VIEWER' || scope === 'READ'),
    );
    expect(free.map(({ name }) => name)).toEqual([
      'Query.leaderboard',
      'Query.leaderboards',
      'Query.viewer',
      'Subscription.boardNews',
      'Subscription.leaderboard',
    ]);
  });

  test('is refused everything else', async () => {
    const before = await rows();
    const wrong: string[] = [];
    await eachOf(rootsOf(schema, display.choose()), async (root) => {
      if (root.requires.every((scope) => ['VIEWER', 'READ', 'ANYONE'].includes(scope))) return;
      if (root.of === 'Subscription') {
        for (const over of TRANSPORTS) {
          const stream = follow(root, world.displayToken, over);
          await stream.moreThan(0, 2_000);
          if (stream.codes().join() !== 'FORBIDDEN') wrong.push(`${root.name} over ${over}`);
          await stream.close();
        }
        return;
      }
      const answer = await display.ask(root);
      const codes = refusalsIn(answer).map(({ code }) => code);
      if (codes.join() !== 'FORBIDDEN') wrong.push(`${root.name}: ${answer.body}`);
    });
    expect(wrong).toEqual([]);
    expect(changesBetween(before, await rows())).toEqual({});
  });

  test('reads no record by its id, of no type, its own board included', async () => {
    for (const { name } of nodeTypes(schema)) {
      const ids = globalIds(name, display.records.all(name));
      const answer = await display.ask(readNodes(schema, display.choose, name, ids));
      expect([name, refusalsIn(answer).map(({ code }) => code)]).toEqual([name, ['FORBIDDEN']]);
      expect(answer.data ?? null).toBeNull();
    }
  });

  test('reads its boards, and of them nothing but what is to be shown', async () => {
    const { marks, admin, people, main, boards } = world;
    const secrets = new Secrets(marks.word, await rows(), new Map());
    const shown = await namesOf([...Object.values(people), admin], [main.Metric, boards.all]);
    const query = schema.getQueryType()?.getFields() ?? {};
    const wrong: string[] = [];
    const read = new Set<string>();
    const known = new Set<string>();
    for (const root of ['leaderboard', 'leaderboards', 'viewer']) {
      const field = query[root];
      if (!field) throw new Error(`there is no query ${root}`);
      for (const found of await explore(schema, display, { parent: 'Query', field }, known)) {
        const codes = refusalsIn(found.answer).map(({ code }) => code);
        const isRefusal = codes.every((code) => /^(FORBIDDEN|ENTRIES_OUT_OF_SCOPE)$/.test(code));
        if (!isRefusal) wrong.push(`${found.name}: ${codes}`);
        if (found.values.length > 0) read.add(found.name);
        for (const word of secrets.revealedBy(found.values)) {
          if (word.includes(marks.word.toLowerCase()) && !shown.has(word)) {
            wrong.push(`${found.name} tells ${word}`);
          }
        }
      }
    }
    expect(wrong).toEqual([]);
    const other = [...read].filter((name) => !SHOWN.has(name.replace(/\..*/, '')));
    expect(other.sort()).toEqual([
      'Organization.name',
      ...['Query.leaderboard', 'Query.leaderboards', 'Query.viewer'],
      ...['Viewer.kind', 'Viewer.leaderboardIds', 'Viewer.leaderboards'],
      ...['Viewer.mustChangePassword', 'Viewer.organization'],
    ]);
    expect([...read].filter((name) => /\.(entries|metric|scope)$/.test(name))).toEqual([]);
    expect(read).toContain('Standing.score');
  });

  test.each(TRANSPORTS)('watches its boards live over %s, and no other', async (over) => {
    for (const name of subscriptions) {
      const own = follow(watching(name, world.boards.all), world.displayToken, over);
      const other = follow(watching(name, world.boards.other), world.displayToken, over);
      await other.moreThan(0, 5_000);
      expect(other.codes()).toEqual(['NOT_FOUND']);
      await hears(own);
      expect(own.codes()).toEqual([]);
      expect([...typesIn(own.results)].filter((type) => !SHOWN.has(type))).toEqual([]);
      await other.close();
      await own.close();
    }
  });

  test.each(TRANSPORTS)('that is revoked gets nothing more over %s', async (over) => {
    const { id, secret } = await newDisplay();
    for (const name of subscriptions) {
      const stream = follow(watching(name, world.boards.all), secret, over);
      await hears(stream);
      streams.push(stream);
    }
    const viewer = await world.admin.viewer();
    await revokeToken(db, viewer, { id });
    const amount = await win();
    for (const stream of streams) {
      await stream.ended(5_000);
      // A socket may be closed, with 4403, before there is a last answer.
      expect(`${stream.codes()} ${stream.end}`).toMatch(/RIGHTS_ENDED|UNAUTHENTICATED|4403/);
      expect(JSON.stringify(stream.results)).not.toContain(amount);
      await stream.close();
    }
    streams.splice(0);
  });

  test('ends when it was set to, and else never; its last use is shown', async () => {
    const lasting = await newDisplay();
    const ending = await newDisplay(new Date(Date.now() + HOUR));
    expect(await lastUse(lasting.id)).toBeNull();
    const ask = async (token: string) => {
      const answer = await muster.query('{ leaderboards { name } }', {}, { token });
      return refusalsIn(answer).map(({ code }) => code);
    };
    expect(await ask(ending.secret)).toEqual([]);
    db.clock.shiftMs = 2 * HOUR;
    expect(await ask(ending.secret)).toEqual(['UNAUTHENTICATED']);
    db.clock.shiftMs = 10 * 365 * 24 * HOUR;
    const from = Date.now() + db.clock.shiftMs - 60_000;
    expect(await ask(lasting.secret)).toEqual([]);
    db.clock.shiftMs = 0;
    await expect.poll(() => lastUse(lasting.id)).not.toBeNull();
    expect(new Date((await lastUse(lasting.id)) ?? 0).getTime()).toBeGreaterThan(from);
  });
});

const streams: Following[] = [];

/** Moves the board until the stream tells of it. */
async function hears(stream: Following): Promise<void> {
  for (let tries = 0; tries < 20 && stream.end === null; tries += 1) {
    const amount = await win();
    await stream.said(amount, 1_000);
    if (JSON.stringify(stream.results).includes(amount)) return;
  }
  throw new Error(`nothing came; ${stream.end}`);
}

async function lastUse(id: string): Promise<string | null> {
  const { node } = await muster.expectData<{ node: { lastUsedAt: string | null } }>(
    'query ($id: ID!) { node(id: $id) { ... on AccessToken { lastUsedAt } } }',
    { id: encodeGlobalId('AccessToken', id) },
    { token: world.admin.token },
  );
  return node.lastUsedAt;
}
