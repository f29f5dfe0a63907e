import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../../src/database/ids.ts';
import { type TestApp, testApp } from '../../support/app.ts';
import { type Organization, org } from '../../support/seed.ts';
import { makeBoard, memberGid, metricGid } from './support.ts';

describe('what leaderboards and metrics refuse', () => {
  let muster: TestApp;
  let acme: Organization;

  beforeAll(async () => {
    muster = await testApp();
    acme = await org(muster.app.db);
  });
  afterAll(() => muster.stop());

  const change = async (name: string, input: object, selection = '') => {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    const data = await muster.expectData<Record<string, Record<string, unknown>>>(
      `mutation ($input: ${type}Input!) { ${name}(input: $input) {
         __typename ... on UserError { path } ${selection} } }`,
      { input },
      { token: acme.token },
    );
    return data[name];
  };

  test.each(['0001-01-01T00:00:00Z', '1850-06-01T00:00:00Z', '9999-12-31T00:00:00Z'])(
    'a correction that counts at %s, where no calendar reaches',
    async (countsAt) => {
      const metricId = await metricGid(muster, acme, 'calls');
      const input = { metricId, memberId: memberGid(acme), amount: '1', reason: 'r', countsAt };
      const path = ['input', 'countsAt'];
      expect(await change('correctScore', input)).toEqual({ __typename: 'InvalidInput', path });
    },
  );

  test.each([
    [{ event: 'nope' }, ['event']],
    [{ event: 'opportunity.won', valueField: 'nope' }, ['valueField']],
    [{ event: 'opportunity.won', reversedBy: ['nope'] }, ['reversedBy']],
    [{ event: 'opportunity.won', conditions: [{ field: 'amount' }] }, ['conditions', '0']],
  ])('a definition %j, with its place in the input', async (definition, place) => {
    const path = ['input', 'definition', ...place];
    const refused = { __typename: 'InvalidInput', path };
    expect(await change('defineMetric', { key: 'own', name: 'n', definition })).toEqual(refused);
    const { metrics } = await muster.expectData<{ metrics: { id: string; version: number }[] }>(
      '{ metrics { id version } }',
      {},
      { token: acme.token },
    );
    const [metric] = metrics;
    const input = { id: metric?.id, expectedVersion: metric?.version, definition };
    expect(await change('updateMetric', input)).toEqual(refused);
  });

  test('nothing of writers that change boards at once, as many as the pool has connections and more', async () => {
    const ids = await Promise.all(
      Array.from({ length: 24 }, (_, index) => makeBoard(muster, acme, { name: `B ${index}` })),
    );
    const answers = await Promise.all(
      ids.map((id) => change('updateLeaderboard', { id, expectedVersion: 1, name: 'Renamed' })),
    );
    expect(answers).toEqual(ids.map(() => ({ __typename: 'UpdateLeaderboardPayload' })));
  });

  test('a board beyond the five hundredth', async () => {
    const globex = await org(muster.app.db);
    await muster.app.db.pool.query(
      `INSERT INTO leaderboard
       SELECT (jsonb_populate_record(b, jsonb_build_object('id', one.id, 'organization_id', $2::text))).*
       FROM leaderboard b, unnest($1::uuid[]) AS one (id)
       WHERE b.id = (SELECT id FROM leaderboard ORDER BY id LIMIT 1)`,
      [Array.from({ length: 500 }, newId), globex.organizationId],
    );
    await expect(makeBoard(muster, globex)).rejects.toThrow('at most 500 leaderboards');
    await expect(makeBoard(muster, acme)).resolves.toBeTruthy();
  });
});
