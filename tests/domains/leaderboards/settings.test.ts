import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeGlobalId } from '../../../src/api/global-ids.ts';
import { type TestApp, testApp } from '../../support/app.ts';
import { type Actor, type Organization, org } from '../../support/seed.ts';
import {
  makeBoard,
  memberGid,
  metricGid,
  score,
  standings,
  type Update,
  WATCH,
} from './support.ts';

const ENTRIES =
  'name score entries { nodes { amount worth countsAt originallyAt event reason reverses } totalCount }';

interface WithEntries {
  name: string;
  score: string;
  entries: {
    totalCount: number;
    nodes: { amount: string; worth: string; countsAt: string; originallyAt: string | null }[];
  };
}

describe('the settings of a leaderboard', () => {
  let app: TestApp;
  let acme: Organization;
  let north: string;
  let ann: Actor;
  let bob: Actor;
  let cem: Actor;
  let lead: Actor;
  const byName = (rows: { name: string; score: string | null }[]) =>
    rows.map(({ name, score: points }) => `${name} ${points}`);

  beforeAll(async () => {
    app = await testApp();
    acme = await org(app.app.db);
    north = await acme.team('North');
    const south = await acme.team('South');
    ann = await acme.rep({ name: 'Ann', team: north });
    bob = await acme.rep({ name: 'Bob', team: north });
    cem = await acme.rep({ name: '陈美', team: south });
    lead = await acme.manager({ name: 'Lead', team: north });
    await score(app, acme, ann, '10');
    await score(app, acme, bob, '30');
    await score(app, acme, cem, '20.5');
  });
  afterAll(() => app.stop());

  const setTarget = async (who: Actor, value: string | null) => {
    const metricId = await metricGid(app, acme, 'won-amount');
    const data = await app.expectData(
      `mutation ($input: SetTargetInput!) { setTarget(input: $input) { __typename ... on UserError { message } } }`,
      { input: { metricId, contestantId: memberGid(who), unit: 'MONTH', value } },
      { token: acme.token },
    );
    expect(data).toEqual({ setTarget: { __typename: 'SetTargetPayload' } });
  };

  test('weights, measures and ranking methods', async () => {
    await score(app, acme, ann, '3', { metric: 'calls' });
    const measures = [
      { metricId: await metricGid(app, acme, 'won-amount'), weight: '0.5' },
      { metricId: await metricGid(app, acme, 'calls'), weight: '5' },
    ];
    const id = await makeBoard(app, acme, { measures, name: 'Weighted' });
    expect(byName(await standings(app, ann, id))).toEqual(['Ann 20', 'Bob 15', '陈美 10.25']);
  });

  test('a percent board has no division by zero: without a target no progress and the last place', async () => {
    const measures = [
      { metricId: await metricGid(app, acme, 'won-amount'), kind: 'PERCENT_OF_TARGET' },
    ];
    const id = await makeBoard(app, acme, { measures, name: 'Percent' });
    await setTarget(ann, '8');
    await setTarget(bob, '60');
    await setTarget(cem, '0');
    const rows = await standings(app, ann, id, '', 'rank name score progress');
    expect(rows.map(({ name, score: points }) => [name, points])).toEqual([
      ['Ann', '125'],
      ['Bob', '50'],
      ['陈美', null],
    ]);
    await setTarget(cem, null);
    expect((await standings(app, ann, id)).at(-1)).toMatchObject({
      name: '陈美',
      score: null,
      rank: 3,
    });
  });

  test('hidden values are hidden in scores, gaps, changes and causes', async () => {
    const fields = 'rank name score progress gapToNext gapToLeader';
    const full = await makeBoard(app, acme, { name: 'Full' });
    const progress = await makeBoard(app, acme, { name: 'Progress', values: 'PROGRESS' });
    const ranks = await makeBoard(app, acme, { name: 'Ranks', values: 'RANK_ONLY' });
    expect(await standings(app, cem, full, '', fields)).toEqual([
      { rank: 1, name: 'Bob', score: '30', progress: '50', gapToNext: null, gapToLeader: '0' },
      {
        rank: 2,
        name: '陈美',
        score: '20.5',
        progress: null,
        gapToNext: '9.5',
        gapToLeader: '9.5',
      },
      { rank: 3, name: 'Ann', score: '10', progress: '125', gapToNext: '10.5', gapToLeader: '20' },
    ]);
    const hidden = { score: null, gapToNext: null, gapToLeader: null };
    expect((await standings(app, cem, progress, '', fields))[0]).toEqual({
      rank: 1,
      name: 'Bob',
      progress: '50',
      ...hidden,
    });
    expect((await standings(app, cem, ranks, '', fields))[0]).toEqual({
      rank: 1,
      name: 'Bob',
      progress: null,
      ...hidden,
    });

    const stream = app.subscribe<Update>(WATCH, { id: ranks }, { token: cem.token });
    await stream.next();
    await score(app, acme, ann, '100.25');
    const update = (await stream.next()).data?.leaderboard;
    expect(JSON.stringify(update)).not.toContain('100.25');
    expect(update?.changes.find(({ name }) => name === 'Ann')).toEqual({
      name: 'Ann',
      from: 3,
      to: 1,
      scoreBefore: null,
      scoreAfter: null,
      causes: [{ event: 'score.corrected', worth: null }],
    });
    await score(app, acme, ann, '-100.25');
    await stream.close();
  });

  test('masked names show oneself only, in cursors and by `around` too', async () => {
    const id = await makeBoard(app, acme, { name: 'Masked', names: 'MASKED' });
    expect(byName(await standings(app, ann, id))).toEqual(['B** 30', '陈** 20.5', 'Ann 10']);
    const answer = await app.query(
      `query ($id: ID!, $around: ID) { leaderboard(id: $id) { standings(around: $around) {
         edges { cursor } nodes { contestant { ... on Member { id name } ... on ContestantName { contestantId name } } } } } }`,
      { id },
      { token: ann.token },
    );
    for (const other of [bob, cem]) {
      expect(answer.body).not.toContain(memberGid(other));
      const decoded = answer.body.replace(/"cursor":"([^"]+)"/g, (_, text: string) =>
        Buffer.from(text, 'base64url').toString(),
      );
      expect(decoded).not.toContain(other.memberId);
    }
    await expect(standings(app, ann, id, `around: "${memberGid(bob)}"`)).rejects.toThrow(
      'yourself only',
    );
    expect(byName(await standings(app, ann, id, `around: "${memberGid(ann)}", first: 1`))).toEqual([
      'Ann 10',
    ]);
    const page = await app.expectData<{
      leaderboard: { standings: { pageInfo: { endCursor: string } } };
    }>(
      'query ($id: ID!) { leaderboard(id: $id) { standings(first: 1) { pageInfo { endCursor } } } }',
      { id },
      { token: ann.token },
    );
    const { endCursor } = page.leaderboard.standings.pageInfo;
    expect(byName(await standings(app, ann, id, `after: "${endCursor}"`))).toEqual([
      '陈** 20.5',
      'Ann 10',
    ]);
  });

  test('entries add up to the score inside the data scope, and are a named error outside it', async () => {
    const id = await makeBoard(app, acme, { name: 'Entries' });
    const rows = (await standings(app, acme, id, '', ENTRIES)) as unknown as WithEntries[];
    for (const row of rows) {
      const sum = row.entries.nodes.reduce((total, { worth }) => total + Number(worth), 0);
      expect(String(sum)).toBe(row.score);
      expect(row.entries.totalCount).toBe(row.entries.nodes.length);
    }
    const own = await standings(app, ann, id, `around: "${memberGid(ann)}", first: 1`, ENTRIES);
    expect(own).toHaveLength(1);
    await expect(standings(app, ann, id, '', ENTRIES)).rejects.toThrow('ENTRIES_OUT_OF_SCOPE');
    await expect(standings(app, lead, id, '', ENTRIES)).rejects.toThrow('ENTRIES_OUT_OF_SCOPE');
    const teams = await makeBoard(app, acme, { name: 'Teams', contestants: 'TEAMS' });
    expect(byName(await standings(app, ann, teams))).toEqual(['North 40', 'South 20.5']);
    const team = encodeGlobalId('Team', north);
    expect(await standings(app, lead, teams, `around: "${team}", first: 1`, ENTRIES)).toHaveLength(
      1,
    );
    await expect(
      standings(app, ann, teams, `around: "${team}", first: 1`, ENTRIES),
    ).rejects.toThrow('ENTRIES_OUT_OF_SCOPE');
  });

  test('a correction of a closed period counts in the open one and names the original; past boards stay as they were', async () => {
    const firm = await org(app.app.db);
    const eve = await firm.rep({ name: 'Eve', team: await firm.team('Only') });
    const id = await makeBoard(app, firm, { name: 'Closed' });
    await score(app, firm, eve, '7', { countsAt: '2026-09-10T00:00:00Z' });
    const known = new Date(Date.now() + 1).toISOString();
    const september = 'period: { unit: { unit: MONTH, containing: "2026-09-01" } }';
    const october = 'period: { unit: { unit: MONTH, containing: "2026-10-01" } }';
    await app.expectData(
      'mutation { closePeriod(input: { through: "2026-09-30" }) { __typename ... on UserError { message } } }',
      {},
      { token: firm.token },
    );
    await score(app, firm, eve, '-2', { countsAt: '2026-09-12T00:00:00Z' });
    expect(byName(await standings(app, eve, id, september))).toEqual(['Eve 7']);
    expect(byName(await standings(app, eve, id, october))).toEqual(['Eve -2']);
    const [row] = (await standings(app, eve, id, october, ENTRIES)) as unknown as WithEntries[];
    expect(row?.entries.nodes[0]).toMatchObject({
      amount: '-2',
      countsAt: '2026-09-30T16:00:00.000Z',
      originallyAt: '2026-09-12T00:00:00.000Z',
    });
    const year = 'period: { unit: { unit: YEAR, containing: "2026-09-01" } }';
    expect(byName(await standings(app, eve, id, year))).toEqual(['Eve 5']);
    expect(byName(await standings(app, eve, id, `${year}, recordedBy: "${known}"`))).toEqual([
      'Eve 7',
    ]);
    expect(byName(await standings(app, eve, id, `${year}, asOf: "2026-09-11T00:00:00Z"`))).toEqual([
      'Eve 7',
    ]);
  });

  test('corrections: by an administrator, more or less than zero, not in the future, once per idempotency key', async () => {
    const id = await makeBoard(app, acme, { name: 'Corrections', metric: 'won-count' });
    const metric = 'won-count';
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        score(app, acme, ann, '2', { metric, idempotencyKey: 'once' }),
      ),
    );
    expect(new Set(answers.map(({ __typename }) => __typename))).toEqual(
      new Set(['CorrectScorePayload']),
    );
    expect(await score(app, acme, ann, '3', { metric, idempotencyKey: 'once' })).toMatchObject({
      __typename: 'IdempotencyKeyReused',
    });
    expect(await score(app, acme, ann, '0', { metric })).toMatchObject({
      code: 'INVALID_INPUT',
      path: ['input', 'amount'],
    });
    expect(
      await score(app, acme, ann, '1', { metric, countsAt: '2090-01-01T00:00:00Z' }),
    ).toMatchObject({
      code: 'INVALID_INPUT',
      path: ['input', 'countsAt'],
    });
    await expect(score(app, lead, ann, '5', { metric })).rejects.toThrow('FORBIDDEN');
    expect(byName(await standings(app, ann, id))).toEqual([
      'Ann 2',
      expect.any(String),
      expect.any(String),
    ]);
  });

  test('a display watches the boards that it names and nothing else', async () => {
    const id = await makeBoard(app, acme, { name: 'Wall' });
    const other = await makeBoard(app, acme, { name: 'Not on the wall' });
    const { createDisplayToken } = await app.expectData<{ createDisplayToken: { secret: string } }>(
      `mutation ($boards: [ID!]!) { createDisplayToken(input: { name: "Wall", leaderboards: $boards }) {
         ... on CreateDisplayTokenPayload { secret } ... on UserError { message } } }`,
      { boards: [id] },
      { token: acme.token },
    );
    const wall = { ...ann, token: createDisplayToken.secret };
    expect(byName(await standings(app, wall, id))).toEqual(['Bob 30', '陈美 20.5', 'Ann 10']);
    await expect(standings(app, wall, other)).rejects.toThrow('no such board');
    await expect(standings(app, wall, id, '', ENTRIES)).rejects.toThrow('ENTRIES_OUT_OF_SCOPE');
    for (const over of ['websocket', 'sse'] as const) {
      const stream = app.subscribe<Update>(WATCH, { id }, { token: wall.token, over });
      expect((await stream.next()).data?.leaderboard.standings).toHaveLength(3);
      await stream.close();
    }
  });
});
