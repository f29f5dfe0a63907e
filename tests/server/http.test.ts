import { auditServer } from 'graphql-http';
import { describe, expect, test } from 'vitest';
import { testApp } from '../support/app.ts';
import { authenticate, caller, schema } from './fixture.ts';

const muster = await testApp({
  schema,
  authenticate,
  environment: { MAX_BODY_BYTES: '2048', ALLOWED_ORIGINS: 'https://screens.example.com' },
});
const token = caller({ kind: 'member' });

test('every audit of GraphQL over HTTP passes with all plugins on', async () => {
  const results = await auditServer({ url: muster.url });
  expect(results.filter((result) => result.status !== 'ok').map((result) => result.name)).toEqual(
    [],
  );
  expect(results.length).toBeGreaterThanOrEqual(61);
});

function post(
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string>,
): Promise<Response> {
  return fetch(muster.url, { method: 'POST', headers, body });
}

describe('what a foreign page may send without asking', () => {
  const query = JSON.stringify({ query: '{ echo(text: "x") }' });

  test.each([
    ['text/plain', query],
    ['application/x-www-form-urlencoded', 'query=%7Becho(text%3A%22x%22)%7D'],
    ['multipart/form-data; boundary=x', '--x--'],
    ['application/graphql', '{ echo(text: "x") }'],
  ])('%s is refused', async (type, body) => {
    const response = await post(body, { 'content-type': type });
    expect(response.status).toBe(415);
    expect(await response.text()).toContain('application/json');
  });

  test('a mutation by GET is refused, whatever its name', async () => {
    const mutation = 'mutation query { brew(input: { what: "tea" }) { __typename } }';
    const response = await fetch(`${muster.url}?query=${encodeURIComponent(mutation)}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(response.status).toBe(405);
  });

  test('only the origins that are allowed may read answers', async () => {
    const headers = { 'content-type': 'application/json' };
    const ours = await post(query, { ...headers, origin: 'https://screens.example.com' });
    expect(ours.headers.get('access-control-allow-origin')).toBe('https://screens.example.com');
    const foreign = await post(query, { ...headers, origin: 'https://evil.example.com' });
    expect(foreign.headers.get('access-control-allow-origin')).not.toBe('https://evil.example.com');
    expect(foreign.headers.get('access-control-allow-origin')).not.toBe('*');
  });
});

describe('bodies', () => {
  const json = { 'content-type': 'application/json' };

  test('one that is too large is refused, with or without its length', async () => {
    const large = JSON.stringify({ query: `{ echo(text: "${'x'.repeat(4_000)}") }` });
    expect((await post(large, json)).status).toBe(413);
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(large));
        controller.close();
      },
    });
    const request = { method: 'POST', headers: json, body: stream, duplex: 'half' };
    const chunked = await fetch(muster.url, request);
    expect(chunked.status).toBe(413);
  });

  test.each([
    ['utf-16', Buffer.from('{"query":"{ echo(text: \\"x\\") }"}', 'utf16le')],
    ['utf-7', Buffer.from('+AHs-')],
    ['ibm1047', Buffer.from([0xc0, 0xff, 0xee])],
    [`${'x'.repeat(200)}`, Buffer.from('{}')],
  ])('in the charset %s are refused', async (charset, body) => {
    const response = await post(new Uint8Array(body), {
      'content-type': `application/json; charset=${charset}`,
    });
    expect(response.status).toBe(415);
  });

  test('in UTF-8 arrive whole', async () => {
    const body = JSON.stringify({
      query: 'query ($t: String!) { echo(text: $t) }',
      variables: { t: '華北 № 1 👍' },
    });
    const response = await post(body, { 'content-type': 'application/json; charset=UTF-8' });
    expect(await response.json()).toEqual({ data: { echo: '華北 № 1 👍' } });
  });

  test.each(['', '[', '"x"', '[]', 'null', '{"query":1}', '{"query":"{x","variables":[]}'])(
    '%s is a bad request and nothing worse',
    async (body) => {
      const response = await post(body, json);
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(response.status).toBeLessThan(500);
      expect(await response.text()).not.toMatch(/ at .*\.(ts|js)/);
    },
  );

  test('a batch is refused', async () => {
    const one = { query: '{ echo(text: "x") }' };
    const response = await post(JSON.stringify([one, one]), json);
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(await response.text()).not.toContain('"echo"');
  });
});

describe('who is asking', () => {
  test('without a token the answer says how to sign in', async () => {
    const answer = await muster.query('{ thing { name } }');
    expect(answer.data).toBeNull();
    expect(answer.errors[0]).toMatchObject({
      message: expect.stringContaining('Authorization: Bearer'),
      extensions: { code: 'UNAUTHENTICATED' },
    });
  });

  test('public fields need none', async () => {
    expect(await muster.expectData('{ echo(text: "x") }')).toEqual({ echo: 'x' });
  });

  test.each([
    ['a member without the role', { kind: 'member' as const }, '{ adminsOnly }', 'ADMIN'],
    [
      'an administrator with a token that may only read',
      { kind: 'member' as const, role: 'ADMIN' as const, grants: new Set(['READ' as const]) },
      '{ adminsOnly }',
      'ADMIN',
    ],
    ['a display', { kind: 'display' as const }, '{ thing { name } }', 'MEMBER'],
    [
      'a token that may not write',
      { kind: 'member' as const, grants: new Set(['READ' as const]) },
      'mutation { brew(input: { what: "tea" }) { __typename } }',
      'WRITE',
    ],
    [
      'a token that may not read',
      { kind: 'member' as const, grants: new Set(['WRITE' as const]) },
      '{ thing { name } }',
      'READ',
    ],
  ])('%s is refused by name', async (_who, viewer, document, requires) => {
    const answer = await muster.query(document, {}, { token: caller(viewer) });
    expect(answer.data).toBeNull();
    expect(answer.errors[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', requires });
  });

  test('a display reads what displays may', async () => {
    const data = await muster.expectData(
      '{ forDisplays }',
      {},
      { token: caller({ kind: 'display' }) },
    );
    expect(data).toEqual({ forDisplays: 'display' });
  });
});

describe('request ids and positions', () => {
  test('a harmless request id is kept, any other replaced', async () => {
    const kept = await muster.query(
      '{ echo(text: "x") }',
      {},
      { headers: { 'x-request-id': 'trace-123456' } },
    );
    expect(kept.headers.get('x-request-id')).toBe('trace-123456');
    const replaced = await muster.query(
      '{ echo(text: "x") }',
      {},
      { headers: { 'x-request-id': 'a b' } },
    );
    expect(replaced.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('the answer carries the highest position of its mutations', async () => {
    const answer = await muster.query(
      'mutation { a: brew(input: { what: "later" }) { __typename } b: brew(input: { what: "tea" }) { __typename } }',
      {},
      { token },
    );
    expect(answer.extensions).toEqual({ position: '12' });
    const query = await muster.query('{ thing { name } }', {}, { token });
    expect(query.extensions).toEqual({});
  });

  test('a position that is no number is refused, one that the log has not reached too', async () => {
    const odd = await muster.query(
      '{ thing { name } }',
      {},
      { token, headers: { 'muster-at-least': 'x' } },
    );
    expect(odd.errors[0]?.extensions.code).toBe('BAD_REQUEST');
    const far = await muster.query(
      '{ thing { name } }',
      {},
      { token, headers: { 'muster-at-least': '999' } },
    );
    expect(far.errors[0]?.extensions.code).toBe('POSITION_NOT_REACHED');
    expect(far.status).toBe(503);
    expect(far.data).toBeUndefined();
  });
});

test('an id of another type, and what is no id, are named with their place', async () => {
  const thong = Buffer.from('Thong:0192b7a4-0000-7000-8000-000000000000').toString('base64url');
  for (const id of ['x', thong, '0192b7a4-0000-7000-8000-000000000000']) {
    const answer = await muster.query('query ($id: ID!) { product(id: $id) }', { id }, { token });
    expect(answer.errors[0]?.extensions).toMatchObject({ code: 'INVALID_INPUT', argument: ['id'] });
    const brewed = await muster.expectData(
      'mutation ($id: ID!) { brew(input: { what: "tea", into: $id }) { __typename ... on InvalidInput { path } } }',
      { id },
      { token },
    );
    expect(brewed.brew).toEqual({ __typename: 'InvalidInput', path: ['input', 'into'] });
  }
});

test('an idempotency key that is too long is InvalidInput', async () => {
  const data = await muster.expectData(
    'mutation ($k: String!) { brew(input: { what: "tea", idempotencyKey: $k }) { __typename ... on InvalidInput { path } } }',
    { k: 'x'.repeat(201) },
    { token },
  );
  expect(data.brew).toEqual({ __typename: 'InvalidInput', path: ['input', 'idempotencyKey'] });
});
