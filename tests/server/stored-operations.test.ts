// Operations by their hash, and documents that are parsed and validated once.
import { createHash } from 'node:crypto';
import type * as graphql from 'graphql';
import { print } from 'graphql';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { recipes } from '../recipes/recipes.ts';
import { testApp } from '../support/app.ts';
import { type Organization, org } from '../support/seed.ts';

// What src/ parses with, counted.
const parsed = vi.hoisted(() => [] as string[]);
vi.mock('graphql', async (load) => {
  const actual = await load<typeof graphql>();
  const parse: typeof graphql.parse = (source, options) => {
    parsed.push(typeof source === 'string' ? source : source.body);
    return actual.parse(source, options);
  };
  return { ...actual, parse };
});

const muster = await testApp();
let admin: Organization;
beforeAll(async () => {
  admin = await org(muster.app.db);
});

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

async function send(body: object, token: string | null = admin.token) {
  const response = await fetch(muster.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  return (await response.json()) as { data?: object; errors?: graphql.GraphQLFormattedError[] };
}

const byHash = (sha256Hash: string) => ({ persistedQuery: { version: 1, sha256Hash } });

describe('a stored operation', () => {
  const queries = [...recipes].filter(([, document]) =>
    /^query \w+( \{|\((?!.*!))/.test(print(document)),
  );

  test('there are some', () => expect(queries.length).toBeGreaterThan(4));

  test.each(queries)('%s is answered by its hash as by its text', async (_name, document) => {
    const query = print(document);
    const extensions = byHash(hashOf(query));
    const byText = await send({ query });
    expect(byText.errors).toBeUndefined();
    expect(await send({ extensions })).toEqual(byText);
  });

  test('has the rights of whoever asks', async () => {
    const document = recipes.get('FindCustomers');
    if (!document) throw new Error('there is no such operation');
    const { errors } = await send({ extensions: byHash(hashOf(print(document))) }, null);
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });

  test('that is none is named so, and its text is taken beside the hash', async () => {
    const query = '{ viewer { kind } }';
    const extensions = byHash(hashOf(query));
    expect((await send({ extensions })).errors).toMatchObject([
      { message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } },
    ]);
    expect(await send({ query, extensions })).toEqual({ data: { viewer: { kind: 'MEMBER' } } });
    // Nothing is stored by being sent.
    expect((await send({ extensions })).errors).toHaveLength(1);
  });
});

test('a document is parsed once, however often it is sent', async () => {
  const query = '{ viewer { kind role } }';
  const times = () => parsed.filter((text) => text === query).length;
  expect(times()).toBe(0);
  const answers = [await send({ query }), await send({ query }), await send({ query })];
  expect(answers).toEqual(Array(3).fill({ data: { viewer: { kind: 'MEMBER', role: 'ADMIN' } } }));
  expect(times()).toBe(1);
});
