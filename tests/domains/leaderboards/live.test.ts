import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeLogCursor } from '../../../src/events/log-cursor.ts';
import { type TestApp, testApp } from '../../support/app.ts';
import type { Transport } from '../../support/client.ts';
import { type Actor, type Organization, org } from '../../support/seed.ts';
import { makeBoard, score, standings, type Update, WATCH } from './support.ts';

describe('a live leaderboard', () => {
  let app: TestApp;
  let acme: Organization;
  let ann: Actor;
  let bob: Actor;
  let cem: Actor;
  beforeAll(async () => {
    app = await testApp();
    acme = await org(app.app.db);
    const team = await acme.team('North');
    ann = await acme.rep({ name: 'Ann', team });
    bob = await acme.rep({ name: 'Bob', team });
    cem = await acme.rep({ name: 'Cem', team });
  });
  afterAll(() => app.stop());

  test.each<Transport>(['websocket', 'sse'])(
    'starts whole and goes on with what changes, over %s',
    async (over) => {
      const id = await makeBoard(app, acme, {
        name: `Live ${over}`,
        metric: over === 'sse' ? 'calls' : 'visits',
      });
      const metric = over === 'sse' ? 'calls' : 'visits';
      const stream = app.subscribe<Update>(WATCH, { id }, { token: ann.token, over });
      const first = (await stream.next()).data?.leaderboard;
      expect(first).toMatchObject({ reset: 'FIRST', changes: [] });
      expect(first?.standings.map(({ rank, score: points }) => [rank, points])).toEqual([
        [1, '0'],
        [1, '0'],
        [1, '0'],
      ]);

      await score(app, acme, bob, '3', { metric });
      const second = (await stream.next()).data?.leaderboard;
      expect(second).toMatchObject({
        reset: null,
        moreCauses: false,
        changes: expect.arrayContaining([
          {
            name: 'Bob',
            from: 1,
            to: 1,
            scoreBefore: '0',
            scoreAfter: '3',
            causes: [{ event: 'score.corrected', worth: '3' }],
          },
        ]),
      });
      expect(second?.standings[0]).toEqual({ rank: 1, name: 'Bob', score: '3' });

      await score(app, acme, cem, '5', { metric });
      const third = (await stream.next()).data?.leaderboard;
      expect(third?.changes.find(({ name }) => name === 'Bob')).toMatchObject({
        from: 1,
        to: 2,
        causes: [],
      });
      await stream.close();
    },
  );

  test('resumes from a cursor with what changed meanwhile, and says so when it cannot', async () => {
    const id = await makeBoard(app, acme, { name: 'Resume', metric: 'new-customers' });
    const before = app.subscribe<Update>(WATCH, { id }, { token: ann.token });
    const cursor = (await before.next()).data?.leaderboard.cursor;
    await before.close();
    await score(app, acme, ann, '2', { metric: 'new-customers' });
    await score(app, acme, ann, '1', { metric: 'new-customers' });

    const after = app.subscribe<Update>(WATCH, { id, since: cursor }, { token: ann.token });
    const update = (await after.next()).data?.leaderboard;
    expect(update?.reset).toBeNull();
    expect(update?.changes.find(({ name }) => name === 'Ann')).toMatchObject({
      scoreBefore: '0',
      scoreAfter: '3',
      causes: [{ worth: '1' }, { worth: '2' }],
    });
    await after.close();

    // Who may watch sees the same of it: members go on from each other's cursors, not from a display's.
    const other = app.subscribe<Update>(WATCH, { id, since: cursor }, { token: bob.token });
    expect((await other.next()).data?.leaderboard.reset).toBeNull();
    await other.close();
    const { epoch } = app.app.feed;
    const { organizationId } = acme;
    const display = encodeLogCursor({
      ...{ epoch, organizationId, position: 1 },
      identity: 'watchers:display',
    });
    const strange = app.subscribe<Update>(WATCH, { id, since: display }, { token: bob.token });
    expect((await strange.next()).data?.leaderboard).toMatchObject({
      reset: 'OTHER_IDENTITY',
      changes: [],
    });
    await strange.close();

    const broken = app.subscribe<Update>(WATCH, { id, since: 'bm9uc2Vuc2U' }, { token: bob.token });
    const refused = await broken
      .next()
      .catch((error: Error) => ({ errors: [{ message: error.message }], data: null }));
    expect(JSON.stringify(refused)).toMatch(/cursor/i);
    await broken.close();
  });

  test('a burst comes as few updates, with all its causes and the right end', async () => {
    const id = await makeBoard(app, acme, { name: 'Burst', metric: 'tasks-completed' });
    const stream = app.subscribe<Update>(WATCH, { id }, { token: ann.token });
    await stream.next();
    await Promise.all(
      Array.from({ length: 30 }, () => score(app, acme, bob, '1', { metric: 'tasks-completed' })),
    );
    const causes: unknown[] = [];
    let updates = 0;
    for (;;) {
      const update = (await stream.next()).data?.leaderboard;
      updates += 1;
      causes.push(...(update?.changes.find(({ name }) => name === 'Bob')?.causes ?? []));
      if (update?.standings[0]?.score === '30') break;
    }
    expect(causes).toHaveLength(30);
    expect(updates).toBeLessThan(30);
    await stream.close();
  });

  test('a board of today turns over at midnight of the organization, without an event', async () => {
    const id = await makeBoard(app, acme, {
      name: 'Today',
      metric: 'meetings-attended',
      periodUnit: 'DAY',
    });
    await score(app, acme, ann, '4', { metric: 'meetings-attended' });
    const { db } = app.app;
    const DAY = 86_400_000;
    // Ten minutes (less a moment) before midnight in Shanghai, by a clock that is moved.
    const now = Date.now() + 8 * 3_600_000;
    db.clock.shiftMs = DAY - (now % DAY) - 700;
    try {
      const stream = app.subscribe<Update>(WATCH, { id }, { token: ann.token });
      const today = (await stream.next()).data?.leaderboard;
      expect(today?.standings[0]).toMatchObject({ name: 'Ann', score: '4' });
      const tomorrow = (await stream.next()).data?.leaderboard;
      expect(tomorrow).toMatchObject({ reset: 'PERIOD_ENDED', changes: [] });
      expect(tomorrow?.standings.every(({ score: points }) => points === '0')).toBe(true);
      await stream.close();
    } finally {
      db.clock.shiftMs = 0;
    }
  });

  test('whoever may not watch gets neither board nor stream, before and after the settings change', async () => {
    const south = await acme.team('South');
    const id = await makeBoard(app, acme, {
      name: 'Private',
      audience: 'ROLES',
      audienceRoles: ['MANAGER'],
    });
    await expect(standings(app, ann, id)).rejects.toThrow('no such board');
    const refused = app.subscribe<Update>(WATCH, { id }, { token: ann.token });
    const answer = await refused.next().catch((error: Error) => error.message);
    expect(JSON.stringify(answer)).toMatch(/no such leaderboard/);
    await refused.close();

    const dan = await acme.manager({ name: 'Dan', team: south });
    const stream = app.subscribe<Update>(WATCH, { id }, { token: dan.token });
    expect((await stream.next()).data?.leaderboard.reset).toBe('FIRST');
    const update = await app.expectData(
      `mutation ($id: ID!) { updateLeaderboard(input: { id: $id, expectedVersion: 1, audienceRoles: [ADMIN] }) {
         __typename ... on UserError { message } } }`,
      { id },
      { token: acme.token },
    );
    expect(update).toEqual({ updateLeaderboard: { __typename: 'UpdateLeaderboardPayload' } });
    const last = await stream.next();
    expect(last.data ?? null).toBeNull();
    expect(last.errors?.[0]?.message).toMatch(/may not watch/);
    await stream.ended;
    await stream.close();
  });

  test('a display whose token is revoked sees nothing more', async () => {
    const id = await makeBoard(app, acme, { name: 'Wall', metric: 'won-count' });
    const made = await app.expectData<{
      createDisplayToken: { secret: string; token: { id: string } };
    }>(
      `mutation ($id: ID!) { createDisplayToken(input: { name: "Wall", leaderboards: [$id] }) {
         ... on CreateDisplayTokenPayload { secret token { id } } } }`,
      { id },
      { token: acme.token },
    );
    const { secret, token } = made.createDisplayToken;
    const stream = app.subscribe<Update>(WATCH, { id }, { token: secret });
    expect((await stream.next()).data?.leaderboard.reset).toBe('FIRST');
    await app.expectData(
      'mutation ($id: ID!) { revokeToken(input: { id: $id }) { __typename } }',
      { id: token.id },
      { token: acme.token },
    );
    // The socket may be closed before there is a last answer.
    const last = await stream.next().catch((error: Error) => error.message);
    expect(JSON.stringify(last)).toMatch(/UNAUTHENTICATED|4403/);
    await stream.ended.catch(() => {});
    await stream.close();
  });
});
