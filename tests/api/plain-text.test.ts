import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeGlobalId } from '../../src/api/global-ids.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { type Organization, org } from '../support/seed.ts';

const LONE = '\ud800';

describe('texts that PostgreSQL cannot hold', () => {
  let muster: TestApp;
  let acme: Organization;

  beforeAll(async () => {
    muster = await testApp();
    acme = await org(muster.app.db);
  });
  afterAll(() => muster.stop());

  const head = async () =>
    (await muster.app.db.pool.query('SELECT coalesce(sum(position), 0) AS n FROM log_head')).rows[0]
      .n;

  test.each([
    ['createTask', { title: 'a\u0000b' }, ['input', 'title']],
    ['createTask', { title: 'a', checklist: ['one', LONE] }, ['input', 'checklist', '1']],
    ['createTask', { title: 'a', idempotencyKey: '\u0000' }, ['input', 'idempotencyKey']],
    ['createCustomer', { name: 'a', address: `a${LONE}` }, ['input', 'address']],
    ['closePeriod', { through: '2020-01-01', reason: '\u0000' }, ['input', 'reason']],
    [
      'defineMetric',
      { key: 'k', name: '\u0000', definition: { event: 'opportunity.won' } },
      ['input', 'name'],
    ],
  ])('are refused by %s with their place, and nothing is written', async (name, input, path) => {
    const before = await head();
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    const data = await muster.expectData(
      `mutation ($input: ${type}!) { ${name}(input: $input) { __typename ... on InvalidInput { path } } }`,
      { input },
      { token: acme.token },
    );
    expect(data).toEqual({ [name]: { __typename: 'InvalidInput', path } });
    expect(await head()).toBe(before);
  });

  test('are refused before a sign-in too', async () => {
    const { signIn } = await muster.expectData<{ signIn: object }>(
      `mutation ($input: SignInInput!) { signIn(input: $input) { __typename ... on InvalidInput { path } } }`,
      { input: { organization: '\u0000', employeeNumber: '1', password: 'x' } },
    );
    expect(signIn).toEqual({ __typename: 'InvalidInput', path: ['input', 'organization'] });
  });

  test.each([
    'customers(search: $text) { totalCount }',
    'opportunities(search: $text) { totalCount }',
    'products(search: $text) { totalCount }',
    'members(search: $text) { totalCount }',
    'teams(search: $text) { totalCount }',
    'customers(filter: { region: { in: [$text] } }) { totalCount }',
  ])('are a named error of the query %s', async (field) => {
    const answer = await muster.query(
      `query ($text: String!) { ${field} }`,
      { text: 'a\u0000b' },
      { token: acme.token },
    );
    expect(answer.errors).toEqual([
      expect.objectContaining({ extensions: expect.objectContaining({ code: 'INVALID_INPUT' }) }),
    ]);
  });

  test('whole surrogate pairs are texts like any other', async () => {
    const data = await muster.expectData<{ createTask: { task: { title: string } } }>(
      `mutation ($input: CreateTaskInput!) { createTask(input: $input) {
         ... on CreateTaskPayload { task { title } } ... on UserError { message } } }`,
      { input: { title: '𠮷野家 🎉', assigneeId: encodeGlobalId('Member', acme.memberId) } },
      { token: acme.token },
    );
    expect(data.createTask.task.title).toBe('𠮷野家 🎉');
  });
});
