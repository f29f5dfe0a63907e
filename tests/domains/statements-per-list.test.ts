import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Demo, seedDemo } from '../../prisma/demo/seed-demo.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { statementsOf } from './tasks/statements.ts';

/** What hangs below the records of a list is read for all of them together. */
describe('the statements of a list', () => {
  let muster: TestApp;
  let demo: Demo;
  let token: string;

  beforeAll(async () => {
    muster = await testApp();
    const made = await seedDemo(muster.app.db);
    const [account] = made?.accounts ?? [];
    if (!made || !account) throw new Error('the demonstration was there already');
    demo = made;
    const { employeeNumber, password } = account;
    const { signIn } = await muster.expectData<{ signIn: { token: string } }>(
      `mutation ($input: SignInInput!) { signIn(input: $input) { ... on SignInPayload { token } } }`,
      { input: { organization: demo.organizationKey, employeeNumber, password } },
    );
    token = signIn.token;
  }, 120_000);
  afterAll(() => muster.stop());

  const PAGE = '(first: 2) { totalCount nodes { id } }';

  test.each([
    ['teams', `meetings${PAGE} targets${PAGE} parentHistory { from } leaderHistory { from }`],
    ['members', `opportunities${PAGE} tasks${PAGE} targets${PAGE} teamHistory { team { name } }`],
    [
      'customers',
      `contacts${PAGE} opportunities${PAGE} tasks${PAGE} subsidiaries${PAGE} activities(first: 2) {
         nodes { author { name } } } ownershipHistory { owner { name } } lifecycleHistory { stage }`,
    ],
    [
      'opportunities',
      `history(first: 2) { nodes { stage { name } by { name } } } tasks${PAGE}
         ownershipHistory { from } amountHistory { amount }`,
    ],
    ['meetings', `participants(first: 2) { nodes { recordedBy { name } } } actionItems${PAGE}`],
  ])('of %s are as many for twenty records as for two', async (list, below) => {
    const count = async (first: number) => {
      const sent = await statementsOf(() =>
        muster.expectData(`{ ${list}(first: ${first}) { nodes { ${below} } } }`, {}, { token }),
      );
      // The time of a token's last use is written now and then, whatever is read.
      return sent.filter(({ text }) => !/^update access_token/i.test(text)).length;
    };
    const [two, twenty] = [await count(2), await count(20)];
    // A loader that has nothing to load for the first ones sends nothing.
    expect(twenty).toBeLessThanOrEqual(two + 3);
  });
});
