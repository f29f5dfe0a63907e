// Random questions about random records, by viewers of every data scope and in many zones, against plain code over what
// the same viewer can list. `npm run oracle` asks ten thousand.
import { beforeAll, expect, test } from 'vitest';
import { type TestApp, testApp } from '../support/app.ts';
import { fc } from '../support/properties.ts';
import { actualAnswer, type RawAnswer } from './oracle/actual.ts';
import { type Company, makeCompany } from './oracle/company.ts';
import { dealAdapter, dealShape } from './oracle/deals.ts';
import { operationOf } from './oracle/document.ts';
import { answer, type OracleAnswer, TooMany } from './oracle/oracle.ts';
import { type Question, questions } from './oracle/question.ts';
import { type Deal, listDeals } from './oracle/rows.ts';

const QUESTIONS = Number(process.env.ORACLE_QUESTIONS ?? 300);
const LIMIT = QUESTIONS > 1_000 ? 3_000_000 : 60_000;
const COMPANIES = QUESTIONS > 1_000 ? 12 : 3;

let app: TestApp;
const companies: Company[] = [];
const deals = new Map<string, Deal[]>();

beforeAll(async () => {
  app = await testApp({
    environment: { MAX_QUERY_COST: '1000000', MAX_QUERY_ALIASES: '200', MAX_QUERY_TOKENS: '10000' },
  });
  for (let seed = 1; seed <= COMPANIES; seed += 1) {
    const company = await makeCompany(app.app.db, seed);
    companies.push(company);
    for (const { token } of company.viewers) deals.set(token, await listDeals(app, token));
  }
}, 120_000);

/** The rows without order where there is none. */
const comparable = ({ subtotals, ...rest }: Partial<OracleAnswer>) => ({
  ...rest,
  ...(subtotals && { subtotals: subtotals.map((row) => JSON.stringify(row)).sort() }),
});

/** The part of the answer that was asked for. */
function selected(whole: OracleAnswer, { only }: Question): Partial<OracleAnswer> {
  const { groupCount, hasNextPage, groups, totals } = whole;
  if (only === 'all') return whole;
  return only === 'totals' ? { totals } : { groupCount, hasNextPage, groups };
}

async function compare(company: Company, question: Question): Promise<void> {
  const viewer = company.viewers[question.viewer];
  if (!viewer) throw new Error('nobody asks');
  const { visibleMembers } = await viewer.viewer();
  const adapter = dealAdapter(company, visibleMembers);
  const operation = operationOf(question, dealShape);
  const answered = await app.query<{ answer: RawAnswer }>(
    operation.document,
    operation.variables,
    viewer,
  );
  let expected: OracleAnswer;
  try {
    const rows = deals.get(viewer.token) ?? [];
    expected = answer(company, dealShape, adapter, rows, question, new Date());
  } catch (error) {
    if (!(error instanceof TooMany)) throw error;
    // Totals alone make no groups.
    const code = question.only === 'totals' ? undefined : 'TOO_DEAR';
    expect(answered.errors[0]?.extensions.code).toBe(code);
    return;
  }
  if (!answered.data?.answer) {
    throw new Error(
      `${JSON.stringify(answered.errors)}\n${operation.document}\n${JSON.stringify(operation.variables)}`,
    );
  }
  const actual = actualAnswer(answered.data.answer, question);
  expect(comparable(actual), operation.document).toEqual(comparable(selected(expected, question)));
}

test('every question is answered as plain code answers it', async () => {
  const asked = fc
    .nat({ max: COMPANIES - 1 })
    .chain((index) =>
      questions(companies[index] as Company, dealShape).map((question) => ({ index, question })),
    );
  await fc.assert(
    fc.asyncProperty(asked, ({ index, question }) =>
      compare(companies[index] as Company, question),
    ),
    // Shrinking ends with the time, too: what it has come to by then is told.
    {
      numRuns: QUESTIONS,
      interruptAfterTimeLimit: LIMIT,
      endOnFailure: process.env.ORACLE_SHRINK === '0',
    },
  );
}, 3_600_000);
