// Questions that mean harm, or were not thought about: each gets a typed error or a right answer, and changes nothing.
import { beforeAll, describe, expect, test } from 'vitest';
import { refuseDear } from '../../src/aggregates/cost.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { type Company, makeCompany } from './oracle/company.ts';

let app: TestApp;
let company: Company;

beforeAll(async () => {
  app = await testApp({ environment: { MAX_QUERY_ALIASES: '100', MAX_QUERY_TOKENS: '10000' } });
  company = await makeCompany(app.app.db, 7, 30);
});

interface Asked {
  answer: { groups: { count: number }[]; totals: { count: number } };
}

const ask = (args: string, row = 'count', variables: Record<string, unknown> = {}, head = '') =>
  app.query<Asked>(
    `${head} { answer: opportunityAggregate${args} { groups { ${row} } totals { count } } }`,
    variables,
    company.viewers[0],
  );

const codeOf = async (answer: ReturnType<typeof ask>) => {
  const { errors, data } = await answer;
  expect(data?.answer ?? null).toBeNull();
  return errors[0]?.extensions.code;
};

const TEXTS = ["'; DROP TABLE opportunity; --", '$1', '\\', '%', '_', '\u0000', '"', "' OR 1=1 --"];

describe('texts', () => {
  test.each(TEXTS)(
    '%j in a filter and a search finds what has it, and nothing else',
    async (text) => {
      const where = { series: { in: [text] } };
      const filtered = await ask(
        '(where: $where)',
        'count(where: $where)',
        { where },
        'query ($where: OpportunityFilter)',
      );
      const searched = await ask('(search: $text)', 'count', { text }, 'query ($text: String)');
      // What PostgreSQL cannot hold in a text is refused before it gets there.
      if (text === '\u0000') {
        for (const { errors } of [filtered, searched]) {
          expect(errors[0]?.extensions.code).not.toBe('INTERNAL_SERVER_ERROR');
        }
        return;
      }
      expect(filtered.data?.answer.totals.count).toBe(0);
      const { opportunities } = await app.expectData<{ opportunities: { totalCount: number } }>(
        'query ($text: String) { opportunities(search: $text) { totalCount } }',
        { text },
        company.viewers[0],
      );
      expect(searched.data?.answer.totals.count).toBeGreaterThanOrEqual(opportunities.totalCount);
      expect(await app.app.db.prisma.opportunity.count()).toBeGreaterThan(0);
    },
  );

  test.each([...TEXTS.filter((text) => text !== ''), 'Mars/Olympus', '+08:00', 'utc'])(
    'the zone %j is refused',
    async (zone) => {
      const asked = ask('(timeZone: $zone)', 'count', { zone }, 'query ($zone: String)');
      expect(await codeOf(asked)).toBe('INVALID_INPUT');
    },
  );

  test.each(['x', 'WyJhIl0', '', 'A'.repeat(5_000)])('%j is no cursor', async (after) => {
    const answer = await ask(
      '(groupBy: [{ field: STATUS }], after: $after)',
      'count',
      { after },
      'query ($after: String)',
    );
    if (after === '') expect(answer.errors).toEqual([]);
    else expect(answer.errors[0]?.extensions.code).toBe('BAD_CURSOR');
  });
});

describe('sizes', () => {
  test('more buckets than there may be', async () => {
    const period = '{ between: { from: "1900-01-01", through: "2200-12-31" } }';
    const by = (unit: string) =>
      ask(`(period: ${period}, groupBy: [{ field: CLOSED_AT, by: ${unit} }])`);
    expect(await codeOf(by('HOUR'))).toBe('INVALID_INPUT');
    expect(await codeOf(by('DAY'))).toBe('INVALID_INPUT');
    expect((await by('MONTH')).errors).toEqual([]);
  });

  test('more groups than gaps are filled to', async () => {
    const period = '{ between: { from: "2000-01-01", through: "2020-12-31" } }';
    const asked = ask(
      `(period: ${period}, fillGaps: true, groupBy: [{ field: CLOSED_AT, by: DAY }, { field: STATUS }])`,
    );
    expect(await codeOf(asked)).toBe('TOO_DEAR');
  });

  test('pages, keys, bands and orders beyond their limits', async () => {
    const many = (text: string, count: number) =>
      Array.from({ length: count }, () => text).join(', ');
    expect(await codeOf(ask('(first: 1001)'))).toBe('INVALID_INPUT');
    expect(await codeOf(ask('(first: -1)'))).toBe('INVALID_INPUT');
    expect(await codeOf(ask(`(groupBy: [${many('{ field: STATUS }', 7)}])`))).toBe('INVALID_INPUT');
    expect(await codeOf(ask('(groupBy: [{ field: STATUS }, { field: STATUS }])'))).toBe(
      'INVALID_INPUT',
    );
    const bands = many('"1"', 51);
    expect(await codeOf(ask(`(groupBy: [{ field: AMOUNT, bands: [${bands}] }])`))).toBe(
      'INVALID_INPUT',
    );
    expect(await codeOf(ask('(groupBy: [{ field: AMOUNT, bands: ["2", "1"] }])'))).toBe(
      'INVALID_INPUT',
    );
    const steps = many('{ measure: COUNT, direction: ASC }', 7);
    expect(await codeOf(ask(`(orderBy: [${steps}])`))).toBe('INVALID_INPUT');
  });

  test('fifty figures are answered, a hundred different ones refused', async () => {
    const figures = (count: number) =>
      Array.from(
        { length: count },
        (_, i) => `f${i}: count(where: { amount: { gte: "${i}" } })`,
      ).join(' ');
    const fifty = await ask('', figures(50));
    expect(fifty.errors).toEqual([]);
    expect(await codeOf(ask('', figures(90)))).toBe('INVALID_INPUT');
  });

  test('a question that the planner thinks too dear does not run', async () => {
    const { pool } = app.app.db;
    const sent: string[] = [];
    const connection = {
      query: (config: { text: string; values?: unknown[] }) => {
        sent.push(config.text);
        return pool.query(config);
      },
    };
    const compiled = {
      text: 'SELECT count(*) FROM opportunity a, opportunity b, opportunity c',
      values: [],
    };
    await expect(
      refuseDear(connection as never, 'an organization', compiled, 1),
    ).rejects.toMatchObject({
      code: 'TOO_DEAR',
      message: expect.stringMatching(/would cost \d+ of the planner's units; 1 are allowed/),
      data: { limit: 1, actual: expect.any(Number) },
    });
    expect(sent).toEqual([`EXPLAIN (FORMAT JSON) ${compiled.text}`]);
  });
});

describe('contradictions', () => {
  test('periods that end before they begin, years that no calendar here has, and all of time compared', async () => {
    const between = (from: string, through: string) =>
      ask(`(period: { between: { from: "${from}", through: "${through}" } })`);
    expect(await codeOf(between('2026-02-01', '2026-01-01'))).toBe('INVALID_INPUT');
    expect(await codeOf(between('0000-01-01', '0001-01-01'))).toBe('INVALID_INPUT');
    expect(await codeOf(between('9999-01-01', '9999-12-31'))).toBe('INVALID_INPUT');
    expect(await codeOf(ask('(compareTo: PREVIOUS_PERIOD)'))).toBe('INVALID_INPUT');
    const first = '{ unit: { unit: YEAR, containing: "1900-06-01" } }';
    expect(await codeOf(ask(`(period: ${first}, compareTo: PREVIOUS_PERIOD)`))).toBe(
      'INVALID_INPUT',
    );
  });

  test('keys and figures that refer to nothing', async () => {
    const refused = [
      ask('(groupBy: [{ field: CLOSED_AT }])'),
      ask('(groupBy: [{ field: STATUS, by: MONTH }])'),
      ask('(groupBy: [{ field: AMOUNT }])'),
      ask('(groupBy: [{ field: STATUS, bands: ["1"] }])'),
      ask('(orderBy: [{ key: STATUS, direction: ASC }])'),
      ask('(orderBy: [{ direction: ASC }])'),
      ask(
        '(orderBy: [{ key: STATUS, measure: COUNT, direction: ASC }], groupBy: [{ field: STATUS }])',
      ),
      ask('(having: [{ measure: COUNT }])'),
      ask('(having: [{ measure: AMOUNT_PERCENTILE, gt: "1" }])'),
      ask('', 'amount { percentile(p: 1.5) }'),
      ask('', 'share(of: AMOUNT_AVG)'),
      ask('', 'running(of: COUNT, over: CLOSED_AT)'),
      ask(
        '(groupBy: [{ field: CLOSED_AT, by: DAY_OF_WEEK }])',
        'running(of: COUNT, over: CLOSED_AT)',
      ),
      ask('', 'rank(of: COUNT, within: [OWNER])'),
    ];
    const codes = await Promise.all(refused.map(codeOf));
    expect(codes).toEqual(refused.map(() => 'INVALID_INPUT'));
  });

  test('an hour of a day that has no hours', async () => {
    for (const by of ['HOUR', 'HOUR_OF_DAY']) {
      const asked = ask(`(groupBy: [{ field: EXPECTED_CLOSE_ON, by: ${by} }])`);
      expect(await codeOf(asked)).toBe('INVALID_INPUT');
    }
  });

  test('without a sign-in there is no answer', async () => {
    const { errors } = await app.query('{ opportunityAggregate { totals { count } } }');
    expect(errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });
});
