import { getIntrospectionQuery } from 'graphql';
import { describe, expect, test } from 'vitest';
import { testApp } from '../support/app.ts';
import { authenticate, caller, schema } from './fixture.ts';

const muster = await testApp({
  schema,
  authenticate,
  environment: {
    MAX_QUERY_DEPTH: '6',
    MAX_QUERY_ALIASES: '5',
    MAX_QUERY_COST: '1000',
    MAX_QUERY_TOKENS: '600',
  },
});
const token = caller({ kind: 'member' });

async function codeOf(document: string, variables = {}): Promise<string | null> {
  const answer = await muster.query(document, variables, { token });
  const [error] = answer.errors;
  if (!error) return null;
  expect(answer.data).toBeUndefined();
  expect(error.message).toMatch(/\d/);
  return String(error.extensions.code);
}

const nested = (levels: number, leaf = 'name'): string =>
  `${'self { '.repeat(levels)}${leaf}${' }'.repeat(levels)}`;

describe('depth', () => {
  test('up to the limit is answered', async () => {
    expect(await codeOf(`{ thing { ${nested(4)} } }`)).toBeNull();
    expect(await codeOf(`{ thing { ${nested(5)} } }`)).toBe('QUERY_TOO_DEEP');
  });

  test('counts through fragments, also one that is used at two depths, the shallow place first', async () => {
    const fragment = `fragment F on Thing { ${nested(3)} }`;
    expect(await codeOf(`${fragment} { thing { ...F } }`)).toBeNull();
    expect(
      await codeOf(`${fragment} { a: thing { ...F } b: thing { self { self { ...F } } } }`),
    ).toBe('QUERY_TOO_DEEP');
    expect(await codeOf(`{ thing { ... on Thing { ... { ${nested(5)} } } } }`)).toBe(
      'QUERY_TOO_DEEP',
    );
  });

  test.each(['__schema', '__type', 'Introspection'])(
    'a fragment named %s exempts nothing',
    async (name) => {
      const document = `fragment ${name} on Thing { ${nested(5)} } query { thing { ...${name} } }`;
      expect(await codeOf(document)).toBe('QUERY_TOO_DEEP');
    },
  );

  test('an operation named as introspection exempts nothing', async () => {
    expect(await codeOf(`query IntrospectionQuery { thing { ${nested(5)} } }`)).toBe(
      'QUERY_TOO_DEEP',
    );
  });
});

describe('aliases', () => {
  const aliases = (count: number) =>
    Array.from({ length: count }, (_, index) => `a${index}: name`).join(' ');

  test('are counted', async () => {
    expect(await codeOf(`{ thing { ${aliases(5)} } }`)).toBeNull();
    expect(await codeOf(`{ thing { ${aliases(6)} } }`)).toBe('TOO_MANY_ALIASES');
  });

  test('are counted at every use of a fragment', async () => {
    const document = `fragment F on Thing { ${aliases(2)} } { x: thing { ...F } y: thing { ...F } }`;
    expect(await codeOf(document)).toBe('TOO_MANY_ALIASES');
  });

  test('on mutations too, before any has run', async () => {
    const many = Array.from(
      { length: 6 },
      (_, index) => `m${index}: brew(input: { what: "tea" }) { __typename }`,
    );
    expect(await codeOf(`mutation { ${many.join(' ')} }`)).toBe('TOO_MANY_ALIASES');
  });
});

describe('cost', () => {
  test('multiplies the sizes of nested lists', async () => {
    expect(
      await codeOf('{ thing { others(first: 30) { others(first: 30) { name } } } }'),
    ).toBeNull();
    expect(
      await codeOf('{ thing { others(first: 40) { others(first: 40) { name } } } }'),
    ).toBeNull();
    expect(
      await codeOf('{ thing { others(first: 40) { others(first: 40) { self { name } } } } }'),
    ).toBe('QUERY_TOO_COSTLY');
  });

  test('knows sizes from variables and their defaults', async () => {
    const document =
      'query ($n: Int = 100) { thing { others(first: $n) { others(first: $n) { self { name } } } } }';
    expect(await codeOf(document)).toBe('QUERY_TOO_COSTLY');
    expect(await codeOf(document, { n: 3 })).toBeNull();
    expect(await codeOf(document, { n: 1_000_000_000 })).toBe('QUERY_TOO_COSTLY');
  });

  test('thirty fragments that double each other are measured at once', async () => {
    const fragments = Array.from(
      { length: 30 },
      (_, index) => `fragment F${index} on Thing { ...F${index + 1} ... { ...F${index + 1} } }`,
    );
    const document = `${fragments.join(' ')} fragment F30 on Thing { self { name } } { thing { ...F0 } }`;
    const startedAt = performance.now();
    expect(await codeOf(document)).toBe('QUERY_TOO_COSTLY');
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});

describe('length', () => {
  test('is refused before parsing', async () => {
    expect(await codeOf(`{ thing { ${'name '.repeat(700)} } }`)).toBe('QUERY_TOO_LONG');
  });
});

test.each(['websocket', 'sse'] as const)('hold over %s too', async (over) => {
  const stream = muster.subscribe(`subscription { ticks { ${nested(6)} } }`, {}, { token, over });
  const code =
    over === 'sse'
      ? (await stream.next()).errors?.[0]?.extensions?.code
      : await Promise.race([
          stream.next(),
          stream.ended.then(
            () => null,
            (error: Error) => error,
          ),
        ]);
  expect(JSON.stringify(code) + String(code instanceof Error ? code.message : '')).toContain(
    'QUERY_TOO_DEEP',
  );
});

describe('introspection', () => {
  test('is answered where it is on', async () => {
    const roomy = await testApp({ schema, authenticate });
    const answer = await roomy.query(getIntrospectionQuery());
    expect(answer.errors).toEqual([]);
    await roomy.stop();
  });

  test('has the whole schema answered once, not once for each alias', async () => {
    const roomy = await testApp({ schema, authenticate });
    const part = 'types { fields { type { fields { type { name } } } } }';
    const times = (count: number) => Array.from({ length: count }, (_, index) => `a${index}`);
    const codes = await Promise.all(
      [
        `{ ${times(20).map((alias) => `${alias}: __schema { ${part} }`)} }`,
        `{ __schema { ${times(20).map((alias) => `${alias}: ${part}`)} } }`,
        `{ ...F } fragment F on Query { __type(name: "Thing") { ${times(20).map((alias) => `${alias}: fields { name }`)} } }`,
        `{ ${times(20).map((alias) => `${alias}: __type(name: "Thing") { name }`)} }`,
      ].map(async (document) => (await roomy.query(document)).errors[0]?.extensions.code),
    );
    expect(codes).toEqual([...Array(3).fill('TOO_MANY_ALIASES'), undefined]);
    await roomy.stop();
  });

  test('off, it is refused, and no names are suggested', async () => {
    const closed = await testApp({ schema, authenticate, environment: { INTROSPECTION: '0' } });
    const asked = await closed.query('{ __schema { types { name } } }');
    expect(asked.errors[0]?.message).toContain('introspection');
    const misspelt = await closed.query('{ thin { name } }');
    expect(misspelt.errors[0]?.message).toContain('Cannot query field "thin"');
    expect(misspelt.errors[0]?.message).not.toContain('Did you mean');
    await closed.stop();
  });
});
