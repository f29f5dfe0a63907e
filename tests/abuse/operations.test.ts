import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { authenticate, open, schema, tick } from '../server/fixture.ts';
import { testApp } from '../support/app.ts';
import { type Message, type RawSocket, signedInSocket } from '../support/raw-socket.ts';
import { neighbourOf, subscribing, TOLD_BY_TEST, token } from './neighbour.ts';

const muster = await testApp({
  schema,
  authenticate,
  environment: { MAX_SUBSCRIPTIONS_PER_SOCKET: '20' },
});
await neighbourOf(muster);

const many = (count: number, text: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => text(at)).join(' ');
const nested = (levels: number): string =>
  `{ thing ${'{ self '.repeat(levels)}{ name }${' }'.repeat(levels)} }`;

describe('one socket sends one hostile operation after the other, each is refused, and it goes on', () => {
  let socket: RawSocket;
  beforeAll(async () => {
    socket = await signedInSocket(muster.url, token);
  });
  afterAll(() => socket.leave());

  test.each<[string, string, string | null]>([
    ['2,000 repeated fields', `{ thing { ${many(2_000, () => 'name')} } }`, 'QUERY_TOO_LONG'],
    ['60 levels', nested(60), 'QUERY_TOO_DEEP'],
    ['400 levels', nested(400), 'QUERY_TOO_LONG'],
    ['100 aliases', `{ ${many(100, (at) => `a${at}: thing { name }`)} }`, 'TOO_MANY_ALIASES'],
    ['2,000 aliases', `{ ${many(2_000, (at) => `a${at}: thing { name }`)} }`, 'QUERY_TOO_LONG'],
    ['1,000 directives', `{ thing { name ${many(1_000, () => '@a')} } }`, 'QUERY_TOO_LONG'],
    [
      '100 directives that there are not',
      `{ thing { name ${many(100, () => '@a')} } }`,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'lists of lists',
      '{ thing { others(first: 1000000000) { others(first: 1000000000) { name } } } }',
      'QUERY_TOO_COSTLY',
    ],
    [
      'a fragment of itself',
      '{ thing { ...A } } fragment A on Thing { self { ...A } }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'fragments in a circle',
      '{ thing { ...A } } fragment A on Thing { ...B } fragment B on Thing { ...A }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'fragments that double',
      `{ thing { ...F0 } } ${many(30, (at) => `fragment F${at} on Thing { a: self { ...F${at + 1} } b: self { ...F${at + 1} } }`)} fragment F30 on Thing { name }`,
      'QUERY_TOO_DEEP',
    ],
    [
      'a fragment named as introspection',
      `{ thing { ...__schema } } fragment __schema on Thing ${nested(60).slice(8, -2)}`,
      'QUERY_TOO_DEEP',
    ],
    ['open brackets', '{'.repeat(900), 'GRAPHQL_PARSE_FAILED'],
    ['30,000 open brackets', '{'.repeat(30_000), 'GRAPHQL_PARSE_FAILED'],
    ['nothing', '', 'GRAPHQL_PARSE_FAILED'],
    ['only a fragment', 'fragment A on Thing { name }', 'GRAPHQL_VALIDATION_FAILED'],
    ['two operations and no name', 'query A { thing { name } } query B { thing { name } }', null],
    [
      'two fields of a subscription',
      'subscription { a: ticks { name } b: ticks { name } }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'text of 60,000 characters',
      `{ echo(text: 1, ${'x'.repeat(60_000)}: 1) }`,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['control characters', '{ thing { name\u0000\u0001 } }', 'GRAPHQL_PARSE_FAILED'],
  ])('%s', async (_, query, code) => {
    socket.send(subscribing('1', query));
    const answer = await socket.next();
    // What is refused before it runs is an error; what is refused in running has a result, and an end.
    if (answer.type === 'next') expect((await socket.next()).type).toBe('complete');
    const { errors = answer.payload } = answer.payload as { errors?: unknown };
    const [error] = errors as { extensions?: { code?: string } }[];
    expect(error).toMatchObject({ message: expect.any(String) });
    expect(error?.extensions?.code ?? null).toBe(code);
    expect(JSON.stringify(answer).length).toBeLessThan(100_000);
  });
});

test('3,000 variables, deep and wide, and __proto__ among them, do nothing', async () => {
  const socket = await signedInSocket(muster.url, token);
  const variables = Object.fromEntries(Array.from({ length: 3_000 }, (_, at) => [`v${at}`, at]));
  socket.send(subscribing('wide', 'query ($v1: String) { echo(text: "x") }', variables));
  expect(await socket.next()).toMatchObject({ id: 'wide' });
  const deep = `${'{"a":'.repeat(8_000)}1${'}'.repeat(8_000)}`;
  const polluting = `{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"deep":${deep}}`;
  const query = 'query ($deep: String!) { echo(text: $deep) }';
  while (socket.waiting() > 0) await socket.next();
  socket.client.send(
    `{"type":"subscribe","id":"deep","payload":{"query":"${query}","variables":${polluting}}}`,
  );
  const answers = [await socket.next(), await socket.next()];
  expect(
    answers.some(({ id, payload }) => id === 'deep' && JSON.stringify(payload).includes('message')),
  ).toBe(true);
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
  await socket.leave();
});

test('more subscriptions than are allowed are refused one by one', async () => {
  const socket = await signedInSocket(muster.url, token);
  for (let n = 0; n < 300; n += 1) socket.send(subscribing(`s${n}`));
  for (let n = 20; n < 300; n += 1) {
    expect(await socket.next()).toMatchObject({
      ...{ id: `s${n}`, type: 'error' },
      payload: [{ extensions: { code: 'TOO_MANY_SUBSCRIPTIONS', limit: 20 } }],
    });
  }
  expect(open.ticks).toBe(21);
  await socket.leave();
});

test('ids of any kind are ids: each gets what is its own, under its name', async () => {
  const ids = [
    ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'null', '0', ' '],
    ...[
      '"',
      '\\',
      '"}',
      '","type":"complete"',
      '\u0000\u001f',
      '\u007f',
      '\u2028',
      '重庆',
      '😀',
      '\ud800',
    ],
  ];
  const socket = await signedInSocket(muster.url, token);
  for (const id of ids) socket.send(subscribing(id));
  await expect.poll(() => open.ticks).toBe(1 + ids.length);
  tick(TOLD_BY_TEST);
  const answers: Message[] = [];
  while (answers.length < ids.length) answers.push(await socket.next());
  expect(answers.map(({ id }) => id).sort()).toEqual(ids.toSorted());
  for (const { type, payload } of answers) {
    expect([type, payload]).toEqual(['next', { data: { ticks: { name: TOLD_BY_TEST } } }]);
  }
  for (const id of ids) socket.send({ type: 'complete', id });
  await expect.poll(() => open.ticks).toBe(1);
  socket.send(subscribing('after', '{ thing { name } }'));
  expect(await socket.next()).toMatchObject({ id: 'after', type: 'next' });
  await socket.leave();
});
