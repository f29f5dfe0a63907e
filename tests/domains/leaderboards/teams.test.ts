import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeGlobalId } from '../../../src/api/global-ids.ts';
import { type TestApp, testApp } from '../../support/app.ts';
import { type Actor, type Organization, org } from '../../support/seed.ts';
import { makeBoard, memberGid, score, standings } from './support.ts';

describe('points and teams', () => {
  let app: TestApp;
  let acme: Organization;
  let north: string;
  let south: string;
  let ann: Actor;
  beforeAll(async () => {
    app = await testApp();
    acme = await org(app.app.db);
    const since = new Date('2026-01-01T00:00:00Z');
    north = await acme.team('North', { since });
    south = await acme.team('South', { since });
    ann = await acme.rep({ name: 'Ann', team: north, since });
    await acme.rep({ name: 'Bob', team: south, since });
  });
  afterAll(() => app.stop());

  const move = async (effectiveAt: string | null) => {
    const { moveMember } = await app.expectData<{ moveMember: Record<string, unknown> }>(
      `mutation ($input: MoveMemberInput!) { moveMember(input: $input) {
         __typename ... on UserError { code path } ... on ScoredSince { lastScoreAt } } }`,
      { input: { id: memberGid(ann), team: encodeGlobalId('Team', south), effectiveAt } },
      { token: acme.token },
    );
    return moveMember;
  };

  test('stay where they were earned, or follow their member, as the board says', async () => {
    const boards = {
      was: await makeBoard(app, acme, { name: 'was', contestants: 'TEAMS' }),
      is: await makeBoard(app, acme, { name: 'is', contestants: 'TEAMS', teams: 'AS_IT_IS' }),
      northWas: await makeBoard(app, acme, {
        name: 'north was',
        scopeTeamId: encodeGlobalId('Team', north),
      }),
      southIs: await makeBoard(app, acme, {
        name: 'south is',
        scopeTeamId: encodeGlobalId('Team', south),
        teams: 'AS_IT_IS',
      }),
    };
    const scores = async (id: string) =>
      (await standings(app, acme, id, 'period: { named: ALL_TIME }', 'name score hasLeft')).map(
        (row) => Object.values(row).join(' '),
      );
    await score(app, acme, ann, '5', { countsAt: '2026-10-05T00:00:00Z' });

    // Dated back over what was earned, the move would make the past wrong.
    expect(await move('2026-10-01T00:00:00Z')).toEqual({
      __typename: 'ScoredSince',
      code: 'SCORED_SINCE',
      path: ['input', 'effectiveAt'],
      lastScoreAt: '2026-10-05T00:00:00.000Z',
    });
    expect(await scores(boards.is)).toEqual(['North 5 false', 'South 0 false']);

    expect(await move('2026-10-06T00:00:00Z')).toEqual({ __typename: 'MoveMemberPayload' });
    await score(app, acme, ann, '2', { countsAt: '2026-10-07T00:00:00Z' });
    // Learned later, it still belongs to the team of that day.
    await score(app, acme, ann, '1', { countsAt: '2026-10-04T00:00:00Z' });
    expect(await scores(boards.was)).toEqual(['North 6 false', 'South 2 false']);
    expect(await scores(boards.is)).toEqual(['South 8 false', 'North 0 false']);
    expect(await scores(boards.northWas)).toEqual(['Ann 6 true']);
    expect(await scores(boards.southIs)).toEqual(['Ann 8 false', 'Bob 0 false']);
  });

  test('a move and a score at the same moment never leave points in the wrong team', async () => {
    const cem = await acme.rep({ name: 'Cem', team: north });
    const [moved] = await Promise.all([
      app.expectData(
        `mutation ($input: MoveMemberInput!) { moveMember(input: $input) { __typename } }`,
        { input: { id: memberGid(cem), team: encodeGlobalId('Team', south) } },
        { token: acme.token },
      ),
      ...Array.from({ length: 20 }, () => score(app, acme, cem, '1', { metric: 'calls' })),
    ]);
    expect(moved).toEqual({ moveMember: { __typename: 'MoveMemberPayload' } });
    const { rows } = await app.app.db.pool.query(
      `SELECT count(*)::int AS wrong FROM score_entry e JOIN team_path p ON p.id = e.team_path_id
       JOIN membership m ON m.member_id = e.member_id AND m."from" <= e.counts_at AND (m.until IS NULL OR m.until > e.counts_at)
       WHERE e.member_id = $1 AND p.team_ids[1] <> m.team_id`,
      [cem.memberId],
    );
    expect(rows).toEqual([{ wrong: 0 }]);
  });
});
