import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type TestApp, testApp } from '../../support/app.ts';
import { type Actor, type Organization, org } from '../../support/seed.ts';
import { makeBoard, memberGid, metricGid, score } from './support.ts';

interface News {
  boardNews: {
    cursor: string;
    kind: string;
    reset: string | null;
    name: string | null;
    worth: string | null;
    rank: number | null;
    previousRank: number | null;
    overtaken: string[];
    streakDays: number | null;
  };
}

const NEWS = `subscription ($id: ID!, $since: Cursor) { boardNews(id: $id, since: $since) {
  cursor kind reset name worth rank previousRank overtaken streakDays } }`;

let app: TestApp;
let acme: Organization;
let ann: Actor;
let bob: Actor;
beforeAll(async () => {
  app = await testApp();
  acme = await org(app.app.db);
  const team = await acme.team('North');
  ann = await acme.rep({ name: 'Ann', team });
  bob = await acme.rep({ name: 'Bob', team });
});
afterAll(() => app.stop());

test('the news of a board come each once and in order, live and replayed alike', async () => {
  const id = await makeBoard(app, acme, { name: 'News' });
  const target = {
    metricId: await metricGid(app, acme, 'won-amount'),
    contestantId: memberGid(ann),
    unit: 'MONTH',
    value: '10',
  };
  await app.expectData(
    'mutation ($input: SetTargetInput!) { setTarget(input: $input) { __typename } }',
    { input: target },
    { token: acme.token },
  );
  const live = app.subscribe<News>(NEWS, { id }, { token: ann.token });
  const told: News['boardNews'][] = [];
  const listen = async (count: number) => {
    while (told.length < count) {
      const { data } = await live.next();
      if (data) told.push(data.boardNews);
    }
  };
  // Of the session, and of the stream.
  await expect.poll(() => app.app.feed.counts().listeners).toBe(2);
  await score(app, acme, bob, '5');
  await listen(1);
  await score(app, acme, ann, '7');
  await listen(3);
  await score(app, acme, ann, '3');
  await listen(4);
  await score(app, acme, ann, '-3');
  await score(app, acme, bob, '6');
  await listen(5);
  const short = told.map(({ kind, name, worth, rank, previousRank, overtaken }) =>
    [kind, name, worth, previousRank, rank, overtaken.join()].join(' '),
  );
  expect(short).toEqual([
    'FIRST_DEAL Bob 5 1 1 ',
    'FIRST_DEAL Ann 7 2 1 ',
    'OVERTAKEN Ann 7 2 1 Bob',
    'TARGET_REACHED Ann 3 1 1 ',
    'OVERTAKEN Bob 6 2 1 Ann',
  ]);
  await live.close();

  const replay = app.subscribe<News>(NEWS, { id, since: told[0]?.cursor }, { token: ann.token });
  for (const expected of told.slice(1)) {
    expect((await replay.next()).data?.boardNews).toEqual(expected);
  }
  await replay.close();

  const foreign = app.subscribe<News>(NEWS, { id, since: told[0]?.cursor }, { token: bob.token });
  expect((await foreign.next()).data?.boardNews).toMatchObject({
    kind: 'RESET',
    reset: 'OTHER_IDENTITY',
    name: null,
  });
  await foreign.close();
});

test('the news of an event is worked out once for all who watch, from the same settings', async () => {
  const id = await makeBoard(app, acme, { name: 'Once', metric: 'calls' });
  const streams = Array.from({ length: 12 }, (_, at) =>
    app.subscribe<News>(NEWS, { id }, { token: at % 2 ? ann.token : bob.token }),
  );
  await expect.poll(() => app.app.feed.counts().listeners).toBeGreaterThanOrEqual(12);
  const query = vi.spyOn(app.app.db.pool, 'query');
  await score(app, acme, ann, '1', { metric: 'calls' });
  for (const stream of streams)
    expect((await stream.next()).data?.boardNews).toMatchObject({ kind: 'FIRST_DEAL', rank: 1 });
  const texts = query.mock.calls.map((call) => JSON.stringify(call));
  query.mockRestore();
  expect(texts.filter((text) => text.includes('/* entries */'))).toHaveLength(1);
  for (const stream of streams) await stream.close();
});
