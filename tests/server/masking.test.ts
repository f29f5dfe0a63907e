import { describe, expect, test } from 'vitest';
import { testApp } from '../support/app.ts';
import { authenticate, caller, open, schema, tick } from './fixture.ts';

const lines: { err?: unknown; requestId?: unknown }[] = [];
const log = {
  info: () => {},
  warn: () => {},
  error: (line: object) => lines.push(line),
} as never;
const muster = await testApp({ schema, authenticate, log });
const token = caller({ kind: 'member' });

describe('over HTTP', () => {
  test('an unforeseen failure is one neutral sentence with the request id, and logged in full', async () => {
    const answer = await muster.query('{ broken }', {}, { token });
    expect(answer.data).toEqual({ broken: null });
    expect(answer.errors).toHaveLength(1);
    expect(answer.errors[0]).toMatchObject({
      message: 'Unexpected error.',
      path: ['broken'],
      extensions: {
        code: 'INTERNAL_SERVER_ERROR',
        requestId: answer.headers.get('x-request-id'),
      },
    });
    expect(answer.body).not.toContain('secret');
    const logged = lines.find((line) => line.requestId === answer.headers.get('x-request-id'));
    expect(String(logged?.err)).toContain('credential');
  });

  test('our own mistakes that graphql-js reports are masked too', async () => {
    const answer = await muster.query('{ empty }', {}, { token });
    expect(answer.errors[0]?.message).toBe('Unexpected error.');
  });

  test('a named error keeps its message and code', async () => {
    const answer = await muster.query('{ refused }', {}, { token });
    expect(answer.errors[0]).toMatchObject({
      message: 'There is no tea left.',
      extensions: { code: 'OUT_OF_TEA' },
    });
  });

  test('what the client did wrong is said plainly', async () => {
    const syntax = await muster.query('{ thing', {}, { token });
    expect(syntax.errors[0]?.message).toMatch(/Syntax Error/);
    const unknown = await muster.query('{ thong }', {}, { token });
    expect(unknown.errors[0]?.message).toMatch(/Cannot query field "thong"/);
    const variable = await muster.query(
      'query ($a: Decimal!) { amount(of: $a) }',
      { a: 1.5 },
      { token },
    );
    expect(variable.errors[0]?.message).toMatch(/1.5 is not a Decimal/);
    const literal = await muster.query('{ amount(of: true) }', {}, { token });
    expect(literal.errors[0]?.message).toMatch(/is not a Decimal/);
  });

  test('a failure of authentication itself is masked', async () => {
    const answer = await muster.query(
      '{ thing { name } }',
      {},
      {
        token: 'token-that-breaks-the-database',
      },
    );
    expect(answer.status).toBe(500);
    expect(answer.body).not.toContain('secret');
    expect(answer.errors[0]?.extensions.code).toBe('INTERNAL_SERVER_ERROR');
  });

  test('a mutation masks what its union does not name', async () => {
    const brew =
      'mutation ($w: String!) { brew(input: { what: $w }) { __typename ... on UserError { code message path } } }';
    const named = await muster.expectData(brew, { w: 'nothing' }, { token });
    expect(named).toEqual({
      brew: {
        __typename: 'OutOfTea',
        code: 'OUT_OF_TEA',
        message: 'There is no tea left.',
        path: ['input', 'what'],
      },
    });
    const masked = await muster.query(brew, { w: 'trouble' }, { token });
    expect(masked.errors[0]?.message).toBe('Unexpected error.');
    expect(masked.body).not.toContain('secret');
  });
});

describe.each(['websocket', 'sse'] as const)('over %s', (over) => {
  test('a field that fails in an event is masked', async () => {
    const stream = muster.subscribe('subscription { ticks { name wrong } }', {}, { token, over });
    await expect.poll(() => open.ticks).toBe(1);
    tick(1);
    const event = await stream.next();
    expect(event.data).toEqual({ ticks: { name: '1', wrong: null } });
    expect(event.errors?.[0]?.message).toBe('Unexpected error.');
    expect(event.errors?.[0]?.extensions?.requestId).toEqual(expect.any(String));
    await stream.close();
    await expect.poll(() => open.ticks).toBe(0);
  });

  test('a source that fails ends the stream with a masked result', async () => {
    const stream = muster.subscribe('subscription { ticks { name } }', {}, { token, over });
    await expect.poll(() => open.ticks).toBe(1);
    tick(1);
    tick(new Error('secret: broker at 10.0.0.7'));
    expect((await stream.next()).data).toEqual({ ticks: { name: '1' } });
    const last = await stream.next();
    expect(last.errors?.map((error) => error.message)).toEqual(['Unexpected error.']);
    await stream.ended;
    expect(open.ticks).toBe(0);
  });

  test('a query fails as over HTTP', async () => {
    const stream = muster.subscribe('{ broken refused }', {}, { token, over });
    const { data, errors } = await stream.next();
    expect(data).toEqual({ broken: null, refused: null });
    expect(errors?.map((error) => error.message).sort()).toEqual([
      'There is no tea left.',
      'Unexpected error.',
    ]);
    await stream.ended;
  });
});

test('over WebSocket, a document that cannot be parsed or is not valid is answered, not hung up on', async () => {
  for (const query of ['subscription { ticks', 'subscription { tocks { name } }']) {
    const stream = muster.subscribe(query, {}, { token });
    await expect(stream.ended).rejects.toThrow(/Syntax Error|Cannot query field/);
  }
});
