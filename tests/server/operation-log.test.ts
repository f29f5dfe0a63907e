import { pino } from 'pino';
import { beforeEach, describe, expect, test } from 'vitest';
import { testApp } from '../support/app.ts';
import { authenticate, caller, open, organizationId, schema, tick } from './fixture.ts';

interface Line {
  msg: string;
  [field: string]: unknown;
}
let lines: Line[] = [];
const log = pino(
  { level: 'info' },
  { write: (line: string) => lines.push(JSON.parse(line) as Line) },
);
const muster = await testApp({ schema, authenticate, log, environment: { MAX_QUERY_DEPTH: '4' } });
const token = caller({ kind: 'member' });

beforeEach(() => {
  lines = [];
});

describe('one line for every operation', () => {
  test.each([
    ['query Tea { thing { name } }', { type: 'query', operation: 'Tea', errors: [] }],
    ['{ broken }', { type: 'query', operation: null, errors: ['INTERNAL_SERVER_ERROR'] }],
    ['{ adminsOnly }', { errors: ['FORBIDDEN'] }],
    [
      'mutation Brew { brew(input: { what: "nothing" }) { __typename } }',
      { type: 'mutation', operation: 'Brew', errors: ['OUT_OF_TEA'] },
    ],
    ['{ thing { self { self { self { name } } } } }', { errors: ['QUERY_TOO_DEEP'] }],
    ['{ thing', { errors: ['GRAPHQL_PARSE_FAILED'] }],
    ['{ thong }', { errors: ['GRAPHQL_VALIDATION_FAILED'] }],
  ])('%s', async (document, wanted) => {
    const answer = await muster.query(document, {}, { token });
    const written = lines.filter((line) => line.msg === 'operation');
    expect(written).toHaveLength(1);
    expect(written[0]).toMatchObject({
      requestId: answer.headers.get('x-request-id'),
      transport: 'http',
      ...wanted,
    });
  });

  test('names ids, and neither token, variables nor values', async () => {
    await muster.query('query ($t: String!) { echo(text: $t) }', { t: 'Wang Xiaoming' }, { token });
    const [line] = lines;
    expect(line).toMatchObject({
      organizationId,
      memberId: expect.any(String),
      ms: expect.any(Number),
    });
    const text = JSON.stringify(lines);
    expect(text).not.toContain(token);
    expect(text).not.toContain('Wang');
    expect(text).not.toContain('echo');
  });

  test('a failing authentication leaves no token in the log', async () => {
    await muster.query('{ thing { name } }', {}, { token: 'token-that-breaks-the-database' });
    expect(JSON.stringify(lines)).toContain('unexpected error');
    expect(JSON.stringify(lines)).not.toContain('token-that-breaks');
  });
});

test.each(['websocket', 'sse'] as const)(
  'a subscription over %s has a line for its start and its end',
  async (over) => {
    const stream = muster.subscribe('subscription Ticks { ticks { name } }', {}, { token, over });
    await expect.poll(() => open.ticks).toBe(1);
    tick(1);
    tick(2);
    await stream.next();
    await stream.next();
    await stream.close();
    await expect
      .poll(() => lines.map((line) => line.msg))
      .toEqual(['subscription starts', 'subscription ends']);
    expect(lines[1]).toMatchObject({ operation: 'Ticks', events: 2, errors: [] });
    await expect.poll(() => open.ticks).toBe(0);
  },
);
