import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll } from 'vitest';
import { loadMapping } from '../../../src/imports/mapping.ts';
import { importFolder } from '../../imports/support.ts';
import { type TestApp, testApp } from '../../support/app.ts';
import { org } from '../../support/seed.ts';
import { DATA, isThere, type Key, root } from './data.ts';

export const WON = 'where: { status: { in: [WON] } }';
export const WIN_RATE = 'ratio(of: { status: { in: [WON] } }, to: { status: { in: [WON, LOST] } })';
export const YEAR = 'period: { unit: { unit: YEAR, containing: "2017-06-01" } }';

// biome-ignore lint/suspicious/noExplicitAny: what comes back is as the question says
export type Row = any;

let app: TestApp;
let token = '';

interface Answer {
  groups: Row[];
  others: Row;
  subtotals: Row[];
  totals: Row;
}

export async function ask(args: string, selection: string): Promise<Answer> {
  const document = `{ answer: opportunityAggregate${args && `(${args})`} { ${selection} } }`;
  return (await app.expectData<{ answer: Answer }>(document, {}, { token })).answer;
}

/** The groups of a question as pairs. */
export async function pairs(
  args: string,
  row: string,
  key: (row: Row) => Key,
  of: (row: Row) => unknown,
) {
  const { groups } = await ask(args, `groups { ${row} }`);
  return groups.map((group) => [key(group), of(group)]);
}

export const wonSum = ({ wonAmount }: Row) => Number(wonAmount.sum);
export const byOwner = 'groupBy: [{ field: OWNER }]';

beforeAll(async () => {
  if (!isThere) return;
  app = await testApp({ environment: { MAX_QUERY_COST: '100000' } });
  const folder = mkdtempSync(path.join(tmpdir(), 'muster-crm-'));
  cpSync(DATA, folder, { recursive: true });
  const company = await org(app.app.db, { timeZone: 'UTC', currency: 'USD' });
  const mapping = loadMapping(root('src/imports/mappings/crm-sales-opportunities.json'));
  await importFolder(app.app.db, { folder, mapping, organization: company.key });
  token = company.token;
}, 300_000);
