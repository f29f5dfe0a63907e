import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeGlobalId } from '../../src/api/global-ids.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { type Organization, org } from '../support/seed.ts';

/** What a record cannot be without is not cleared: null is refused by name and is not the same as left out. */
describe('null for what cannot be cleared', () => {
  let muster: TestApp;
  let acme: Organization;
  const records = new Map<string, { id?: string; version: number }>();

  const ask = <Data>(document: string, variables: Record<string, unknown> = {}) =>
    muster.expectData<Data>(document, variables, { token: acme.token });

  const make = async (mutation: string, field: string, input: object) => {
    const name = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}`;
    const data = await ask<Record<string, Record<string, { id: string; version: number }>>>(
      `mutation ($input: ${name}Input!) { ${mutation}(input: $input) {
         ... on ${name}Payload { ${field} { id version } } ... on UserError { message } } }`,
      { input },
    );
    const record = data[mutation]?.[field];
    if (!record) throw new Error(JSON.stringify(data));
    return record;
  };

  beforeAll(async () => {
    muster = await testApp();
    acme = await org(muster.app.db);
    const known = await ask<{
      metrics: { id: string; version: number }[];
      meetingKinds: { id: string; version: number }[];
      node: { version: number };
    }>(
      `query ($id: ID!) { metrics { id version } meetingKinds { id version }
         node(id: $id) { ... on Member { version } } }`,
      { id: encodeGlobalId('Member', acme.memberId) },
    );
    const [metric] = known.metrics;
    const [kind] = known.meetingKinds;
    if (!metric || !kind) throw new Error('a new organization has metrics and kinds of meeting');
    const stages = [
      { name: 'a', kind: 'OPEN', probability: '0.5' },
      { name: 'w', kind: 'WON' },
      { name: 'l', kind: 'LOST' },
    ];
    const funnel = await make('createFunnel', 'funnel', { name: 'F', stages });
    const board = { name: 'B', periodUnit: 'MONTH', measures: [{ metricId: metric.id }] };
    const meeting = { kindId: kind.id, startsAt: '2030-01-01T09:00:00Z' };
    const made = {
      Organization: { version: 1 },
      Member: { id: encodeGlobalId('Member', acme.memberId), version: known.node.version },
      Metric: metric,
      MeetingKind: kind,
      Funnel: funnel,
      Team: await make('createTeam', 'team', { name: 'T' }),
      Customer: await make('createCustomer', 'customer', { name: 'C', kind: 'COMPANY' }),
      Product: await make('createProduct', 'product', { name: 'P' }),
      Opportunity: await make('createOpportunity', 'opportunity', {
        name: 'O',
        funnelId: funnel.id,
      }),
      Task: await make('createTask', 'task', { title: 'T' }),
      Meeting: await make('scheduleMeeting', 'meeting', meeting),
      Leaderboard: await make('createLeaderboard', 'leaderboard', board),
    };
    for (const [type, record] of Object.entries(made)) records.set(type, record);
  });
  afterAll(() => muster.stop());

  const positions = async () =>
    (await muster.app.db.pool.query('SELECT sum(position) AS n FROM log_head')).rows[0].n;

  test.each([
    ['Organization', ['name', 'timeZone', 'firstDayOfWeek', 'currency', 'locale']],
    ['Member', ['name', 'employeeNumber']],
    ['Team', ['name', 'archived']],
    ['Customer', ['name', 'kind', 'lifecycle']],
    ['Product', ['name', 'active']],
    ['Funnel', ['name', 'stages']],
    ['Opportunity', ['name']],
    ['Task', ['title', 'priority', 'difficulty', 'importance']],
    ['MeetingKind', ['name', 'active', 'ordinal']],
    ['Meeting', ['title', 'hostId', 'agenda']],
    ['Metric', ['name', 'definition']],
    ['Leaderboard', ['name', 'measures', 'ranking', 'showZero']],
  ])('is refused in update%s', async (type, fields) => {
    const { id, version } = records.get(type) ?? { version: 0 };
    const before = await positions();
    for (const field of fields) {
      const input = { ...(id !== undefined && { id }), expectedVersion: version, [field]: null };
      const data = await ask(
        `mutation ($input: Update${type}Input!) { update${type}(input: $input) {
           __typename ... on UserError { path } } }`,
        { input },
      );
      const refused = { __typename: 'InvalidInput', path: ['input', field] };
      expect([field, data]).toEqual([field, { [`update${type}`]: refused }]);
    }
    expect(await positions()).toBe(before);
  });

  test.each([...Array(12).keys()])(
    'an update that says nothing changes nothing (%i)',
    async (at) => {
      const [type, { id, version }] = [...records][at] ?? ['', { version: 0 }];
      const before = await positions();
      const input = { ...(id !== undefined && { id }), expectedVersion: version };
      const data = await ask(
        `mutation ($input: Update${type}Input!) { update${type}(input: $input) { __typename } }`,
        { input },
      );
      expect(data).toEqual({ [`update${type}`]: { __typename: `Update${type}Payload` } });
      expect(await positions()).toBe(before);
    },
  );
});
