// What each stored operation, and the lists that clients lean on most, send to the database: by name, all of it.
import { print } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Demo, seedDemo } from '../../prisma/demo/seed-demo.ts';
import { type Sent, statementsOf } from '../domains/tasks/statements.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { recipes } from './recipes.ts';

let muster: TestApp;
let demo: Demo;
let token: string;
let variables: Record<string, Record<string, unknown>>;

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
  const { leaderboards } = await muster.expectData<{ leaderboards: Board[] }>(
    '{ leaderboards { id standings(first: 1) { nodes { contestant { ... on Node { id } } } } } }',
    {},
    { token },
  );
  const [board] = leaderboards;
  const contestant = board?.standings.nodes[0]?.contestant.id;
  variables = { Board: { id: board?.id }, ScoreEntries: { id: board?.id, contestant } };
}, 120_000);
afterAll(() => muster.stop());

interface Board {
  id: string;
  standings: { nodes: { contestant: { id: string } }[] };
}

const AUTHENTICATE = 'organization.authenticate';

/** The name in its first comment; of one without, its verb and its first table. */
function nameOf({ text }: Sent): string {
  const named = /^\/\* (.+?) \*\//.exec(text);
  if (named) return named[1] ?? '';
  const verb = text.split(' ')[0]?.toLowerCase();
  const table = /\b(?:from|update|into) "?(?:public"?\."?)?(\w+)/i.exec(text)?.[1];
  return `${verb} ${table}`;
}

/** What runs beside any request: the last use of a token, and metrics that are being built. */
const isBeside = ({ text }: Sent): boolean =>
  /^update access_token/i.test(text) || /^SELECT id FROM metric_version WHERE state/.test(text);

async function sentBy(document: string, given: Record<string, unknown> = {}): Promise<string[]> {
  const sent = await statementsOf(() => muster.expectData(document, given, { token }));
  return sent.filter((one) => !isBeside(one)).map(nameOf);
}

describe('a stored operation sends, after who asks was found out,', () => {
  const EXPECTED: Record<string, string[]> = {
    WhoAmI: ['read Member', 'read Membership', 'read Team', 'select organization'],
    FindCustomers: ['read Customer', 'read Customer'],
    Meetings: ['read Meeting', 'read Meeting'],
    OpenOpportunities: ['read Opportunity', 'read Opportunity'],
    MyTasks: ['database.clock', 'read Task', 'read Task', 'select log_head'],
  };

  test.each(Object.entries(EXPECTED))('%s', async (name, expected) => {
    const document = recipes.get(name);
    if (!document) throw new Error(`there is no operation ${name}`);
    const [first, ...others] = await sentBy(print(document), variables[name]);
    expect(first).toBe(AUTHENTICATE);
    // A second one of a list counts it, which the operation asks for; a member of no team has no team to read.
    const optional =
      name === 'WhoAmI' ? ['read Team'] : name === 'MyTasks' ? ['database.clock'] : [];
    const rest = (names: string[]) => names.filter((one) => !optional.includes(one)).sort();
    expect(rest(others)).toEqual(rest(expected));
  });

  test.each(['Leaderboards', 'Board', 'ScoreEntries', 'Funnels'])(
    '%s at most a dozen, whose reads are of one model each',
    async (name) => {
      const document = recipes.get(name);
      if (!document) throw new Error(`there is no operation ${name}`);
      const sent = await sentBy(print(document), variables[name]);
      expect(sent.length).toBeLessThanOrEqual(13);
      expect(sent[0]).toBe(AUTHENTICATE);
    },
  );

  test('and none is forgotten here', () => {
    const queries = [...recipes].filter(([, document]) => /^query /m.test(print(document)));
    const known = [...Object.keys(EXPECTED), 'Leaderboards', 'Board', 'ScoreEntries', 'Funnels'];
    expect(queries.map(([name]) => name).sort()).toEqual(known.sort());
  });
});

describe('one statement is sent for', () => {
  const PAGE = 'pageInfo { hasNextPage endCursor }';
  test.each([
    [
      'a filtered list with owners and three opportunities each',
      'Customer',
      `{ customers(first: 20, filter: { grade: { in: [A, B] } }) { nodes { id name grade createdAt
           owner { id name } opportunities(first: 3) { nodes { id name amount } ${PAGE} } } ${PAGE} } }`,
    ],
    [
      'pages of pages of pages',
      'Team',
      `{ teams(first: 5) { nodes { id name members(first: 10) { nodes { id name
           opportunities(first: 5) { nodes { id name amount } ${PAGE} } } ${PAGE} } } } }`,
    ],
    [
      'all that hangs below customers, to-one records that may be hidden among it',
      'Customer',
      `{ customers(first: 5) { nodes { name parent { name } contacts { nodes { name } }
           subsidiaries(first: 2) { nodes { name } } activities(first: 2) { nodes { body author { name } contact { name } } }
           tasks(first: 3) { nodes { title assignee { name } creator { name } } }
           opportunities(first: 2, orderBy: { field: AMOUNT, direction: DESC }) { nodes { stage { name } customer { name } } } } } }`,
    ],
    [
      'tasks with all that they are about',
      'Task',
      `{ tasks(first: 20) { nodes { title assignee { name } creator { name } checklist { text }
           customer { name } opportunity { name stage { name } } meeting { title } } } }`,
    ],
    [
      'meetings with their agenda and people',
      'Meeting',
      `{ meetings(first: 20) { nodes { title kind { name } host { name } agenda { topic presenter { name } }
           participants(first: 5) { nodes { member { name } attendance } } } } }`,
    ],
    [
      'opportunities with their stays',
      'Opportunity',
      `{ opportunities(first: 20, filter: { status: { in: [OPEN, WON] } }) { nodes { name overdueBy: expectedCloseOn
           history(first: 3) { nodes { stage { name } enteredAt leftAt } } } } }`,
    ],
  ])('%s', async (_name, model, document) => {
    expect(await sentBy(document)).toEqual([AUTHENTICATE, `read ${model}`]);
  });

  test('a record by its id', async () => {
    const { customers } = await muster.expectData<{ customers: { nodes: { id: string }[] } }>(
      '{ customers(first: 1) { nodes { id } } }',
      {},
      { token },
    );
    const document = `query ($id: ID!) { node(id: $id) { ... on Customer { name owner { name } contacts { nodes { name } } } } }`;
    const sent = await sentBy(document, { id: customers.nodes[0]?.id });
    expect(sent).toEqual([AUTHENTICATE, 'read Customer']);
  });

  test('the same lists under two names are two', async () => {
    const two = `{ customers(first: 3) { nodes { a: opportunities(first: 1) { nodes { name } }
      b: opportunities(first: 2) { nodes { name } } } } }`;
    expect(await sentBy(two)).toEqual([AUTHENTICATE, 'read Customer', 'read Customer']);
  });
});

test('only the columns that were asked for are read', async () => {
  const document = '{ customers(first: 2) { nodes { name owner { title } } } }';
  const sent = await statementsOf(() => muster.expectData(document, {}, { token }));
  const text = sent.find((one) => nameOf(one) === 'read Customer')?.text ?? '';
  const columns = new Set([...text.matchAll(/"(\w+)"/g)].map(([, name]) => name));
  // Those of the order and the conditions besides.
  const expected = [
    'archived_at',
    'created_at',
    'customer',
    'id',
    'member',
    'name',
    'organization_id',
  ];
  expect([...columns].sort()).toEqual([...expected, 'owner_id', 'title'].sort());
});
