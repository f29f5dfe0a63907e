// The real data set, into an organization of each zone, and every figure out of the API again. What is expected is
// worked out here from the files, by nothing of ours.
import { cpSync, existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadMapping } from '../../src/imports/mapping.ts';
import { pendingBuilds } from '../../src/metrics/build.ts';
import { makeBoard } from '../domains/leaderboards/support.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { type Organization, org } from '../support/seed.ts';
import { countOf, importFolder, logPosition, rowsOf } from './support.ts';

const root = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url));
const DATA = root('../shared/data/crm-sales-opportunities');
const MAPPING = root('src/imports/mappings/crm-sales-opportunities.json');
const isThere = existsSync(DATA);
if (!isThere) console.log(`The CRM data set is not tested: there is no folder ${DATA}.`);

const ZONES = ['Asia/Shanghai', 'America/Los_Angeles', 'UTC'];
const QUARTERS = ['Q1', 'Q2', 'Q3', 'Q4'];

type Line = Record<string, string>;
const read = (file: string): Line[] => (isThere ? rowsOf(path.join(DATA, file)) : []);
const deals = read('sales_pipeline.csv');
const sellers = read('sales_teams.csv');
const won = deals.filter((deal) => deal.deal_stage === 'Won');

const bossOf = new Map(sellers.map((line) => [line.sales_agent, line.manager]));
const officeOf = new Map(sellers.map((line) => [line.sales_agent, line.regional_office]));
const quarterOf = ({ close_date: day = '' }: Line): string =>
  `${day.slice(0, 4)}-Q${Math.floor((Number(day.slice(5, 7)) - 1) / 3) + 1}`;

/** The sums of what was won, the largest first. Amounts are whole dollars. */
function sums(lines: readonly Line[], by: (line: Line) => string | undefined): [string, number][] {
  const found = new Map<string, number>();
  for (const line of lines) {
    const key = by(line) ?? '';
    found.set(key, (found.get(key) ?? 0) + Number(line.close_value));
  }
  return [...found].sort(([, a], [, b]) => b - a);
}

interface Standing {
  rank: number;
  name: string;
  score: string;
}

/** The rank that somebody with these scores has: 1224. */
const rankOf = (score: number, all: readonly number[]): number =>
  1 + all.filter((other) => other > score).length;

describe.skipIf(!isThere)('the CRM data set', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await testApp({ environment: { MAX_QUERY_COST: '20000' } });
  });

  describe.each(ZONES)('in %s', (timeZone) => {
    let company: Organization;
    let folder: string;

    beforeAll(async () => {
      folder = mkdtempSync(path.join(tmpdir(), 'muster-crm-'));
      cpSync(DATA, folder, { recursive: true });
      company = await org(app.app.db, { timeZone, currency: 'USD' });
      const mapping = loadMapping(MAPPING);
      const options = { folder, mapping, organization: company.key };
      const result = await importFolder(app.app.db, options);
      expect(result.report.refusals).toBe(0);
      expect(result.report.remarks).toEqual([
        expect.stringMatching(/^5 of 35 members own no opportunity: /),
      ]);
      expect(countOf(result, 'opportunities')).toEqual({ read: 8800, created: 8800 });
      expect(countOf(result, 'customers')).toEqual({ read: 85, created: 85 });
      expect(countOf(result, 'products')).toEqual({ read: 7, created: 7 });
    }, 240_000);

    const ask = <Data>(document: string, variables: Record<string, unknown> = {}) =>
      app.expectData<Data>(document, variables, { token: company.token });

    const board = (settings: Record<string, unknown>) =>
      makeBoard(app, company, { periodUnit: 'ALL_TIME', ...settings });

    async function standings(id: string, period: object | null = null): Promise<Standing[]> {
      const { leaderboard } = await ask<{ leaderboard: { standings: { nodes: Standing[] } } }>(
        `query ($id: ID!, $period: PeriodInput) {
           leaderboard(id: $id) { standings(period: $period, first: 100) { nodes { rank name score } } }
         }`,
        { id, period },
      );
      return leaderboard.standings.nodes;
    }

    const scores = (rows: readonly Standing[]): [string, number][] =>
      rows.map(({ name, score }) => [name, Number(score)]);

    it('has as many opportunities in each stage', async () => {
      const { funnels } = await ask<{
        funnels: { name: string; stages: { id: string; name: string }[] }[];
      }>('{ funnels { name stages { id name } } }');
      expect(funnels.map(({ name }) => name)).toEqual(['Hardware sales']);
      const counted: Record<string, number> = {};
      for (const { id, name } of funnels[0]?.stages ?? []) {
        const { opportunities } = await ask<{ opportunities: { totalCount: number } }>(
          'query ($id: ID!) { opportunities(filter: { stage: { in: [$id] } }) { totalCount } }',
          { id },
        );
        counted[name] = opportunities.totalCount;
      }
      const expected: Record<string, number> = {};
      for (const { deal_stage: stage = '' } of deals) expected[stage] = (expected[stage] ?? 0) + 1;
      expect(counted).toEqual(expected);
      expect(expected).toEqual({ Won: 4238, Lost: 2473, Engaging: 1589, Prospecting: 500 });
    });

    it('has won as much in total, by office and by manager', async () => {
      const offices = await board({ name: 'Offices', contestants: 'TEAMS', teamDepth: 1 });
      const told = scores(await standings(offices));
      expect(told).toEqual(sums(won, ({ sales_agent }) => officeOf.get(sales_agent)));
      expect(told.reduce((sum, [, score]) => sum + score, 0)).toBe(10_005_534);

      const teams = await board({ name: 'Teams', contestants: 'TEAMS', teamDepth: 2 });
      const expected = sums(won, ({ sales_agent }) => `Team ${bossOf.get(sales_agent)}`);
      expect(scores(await standings(teams))).toEqual(expected);
      expect(expected).toHaveLength(6);
    });

    it('has thirty sellers and five without opportunities on its board, and no manager', async () => {
      const all = await standings(await board({ name: 'All time' }));
      const expected = sums(won, ({ sales_agent }) => sales_agent);
      expect(scores(all).filter(([, score]) => score > 0)).toEqual(expected);
      expect(expected).toHaveLength(30);
      const busy = new Set(deals.map(({ sales_agent }) => sales_agent));
      const idle = sellers.map(({ sales_agent }) => sales_agent).filter((name) => !busy.has(name));
      expect(idle).toHaveLength(5);
      const rest = all.slice(30);
      expect(rest.map(({ name }) => name).sort()).toEqual(idle.sort());
      expect(rest.map(({ rank, score }) => [rank, Number(score)])).toEqual(Array(5).fill([31, 0]));
      expect(scores(all.slice(0, 5))).toEqual([
        ['Darcel Schlecht', 1_153_214],
        ['Vicki Laflamme', 478_396],
        ['Kary Hendrixson', 454_298],
        ['Cassey Cress', 450_489],
        ['Donn Cantrell', 445_860],
      ]);
    });

    it('has the same board for each quarter of 2017', async () => {
      const id = await board({ name: 'Quarter', periodUnit: 'QUARTER' });
      for (const quarter of QUARTERS) {
        const inQuarter = won.filter((deal) => quarterOf(deal) === `2017-${quarter}`);
        const sold = new Map(sums(inQuarter, ({ sales_agent }) => sales_agent));
        const expected = sellers.map(({ sales_agent: name = '' }) => ({
          name,
          score: sold.get(name) ?? 0,
        }));
        const all = expected.map(({ score }) => score);
        const month = QUARTERS.indexOf(quarter) * 3 + 2;
        const containing = `2017-${String(month).padStart(2, '0')}-15`;
        const told = await standings(id, { unit: { unit: 'QUARTER', containing } });
        const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
        expect(told.map((row) => ({ ...row, score: Number(row.score) })).sort(byName)).toEqual(
          expected.map((row) => ({ ...row, rank: rankOf(row.score, all) })).sort(byName),
        );
        expect(inQuarter.length).toBeGreaterThan(500);
      }
    });

    it('knows what was unknown', async () => {
      const { opportunities } = await ask<{
        opportunities: { nodes: { amount: string | null; lossReason: string | null }[] };
      }>(
        `{ opportunities(filter: { status: { in: [LOST] } }, first: 100) { nodes { amount lossReason } } }`,
      );
      expect(opportunities.nodes).toEqual(Array(100).fill({ amount: null, lossReason: null }));
      const notes = rowsOf(path.join(folder, 'sales_pipeline.notes.csv'));
      const count = (column: string) => notes.filter((note) => note.column === column).length;
      expect(count('engage_date')).toBe(500);
      expect(count('account')).toBe(1425);
      expect(count('product')).toBe(deals.filter(({ product }) => product === 'GTXPro').length);
      const sectors = rowsOf(path.join(folder, 'accounts.notes.csv'));
      expect(sectors.filter(({ value }) => value === 'technolgy')).toHaveLength(12);
    });

    it('keeps the history of a deal at the times when it happened', async () => {
      const noon = { 'Asia/Shanghai': '04', 'America/Los_Angeles': '20', UTC: '12' }[timeZone];
      const before = { 'America/Los_Angeles': '19' }[timeZone] ?? noon; // Daylight saving time.
      const { opportunities } = await ask<{ opportunities: { nodes: object[] } }>(
        `query ($from: DateTime!, $before: DateTime!) {
           opportunities(
             filter: { closedAt: { from: $from, before: $before } }
             orderBy: [{ field: OPENED_AT, direction: ASC }], first: 1
           ) {
             nodes {
               externalId name wonAmount closedAt owner { name } customer { name }
               history(first: 5) { nodes { stage { name } enteredAt leftAt } }
             }
           }
         }`,
        { from: `2017-03-01T${noon}:00:00Z`, before: `2017-03-01T${noon}:00:01Z` },
      );
      expect(opportunities.nodes).toEqual([
        {
          externalId: '1C1I7A6R',
          name: 'GTX Plus Basic for Cancity',
          wonAmount: '1054',
          closedAt: `2017-03-01T${noon}:00:00.000Z`,
          owner: { name: 'Moses Frase' },
          customer: { name: 'Cancity' },
          history: {
            nodes: [
              {
                stage: { name: 'Engaging' },
                enteredAt: `2016-10-20T${before}:00:00.000Z`,
                leftAt: `2017-03-01T${noon}:00:00.000Z`,
              },
              {
                stage: { name: 'Won' },
                enteredAt: `2017-03-01T${noon}:00:00.000Z`,
                leftAt: null,
              },
            ],
          },
        },
      ]);
    });

    // Once is enough: what is compared does not depend on the zone.
    if (timeZone !== 'UTC') return;

    it('does not change when it is imported again', async () => {
      // The boards that were made before want roll-ups of their own units, which are built meanwhile.
      await expect.poll(() => pendingBuilds(app.app.db), { timeout: 30_000 }).toEqual([]);
      const before = await logPosition(app.app.db, company.organizationId);
      const options = { folder, mapping: loadMapping(MAPPING), organization: company.key };
      const again = await importFolder(app.app.db, options);
      expect(countOf(again, 'opportunities')).toEqual({ read: 8800, unchanged: 8800 });
      expect(await logPosition(app.app.db, company.organizationId)).toBe(before);
    }, 120_000);
  });
});
