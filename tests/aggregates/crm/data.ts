// The CRM data set's files, and plain arithmetic on their lines.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { rowsOf } from '../../imports/support.ts';

export const root = (file: string) => fileURLToPath(new URL(`../../../${file}`, import.meta.url));
export const DATA = root('../shared/data/crm-sales-opportunities');
export const isThere = existsSync(DATA);
if (!isThere) console.log(`The CRM data set is not asked about: there is no folder ${DATA}.`);

export type Line = Record<string, string>;
const read = (file: string): Line[] => (isThere ? rowsOf(path.join(DATA, file)) : []);
export const deals = read('sales_pipeline.csv');
export const accounts = new Map(read('accounts.csv').map((line) => [line.account, line]));
export const series = new Map(read('products.csv').map((line) => [line.product, line.series]));
export const sellers = new Map(read('sales_teams.csv').map((line) => [line.sales_agent, line]));

export const won = deals.filter(({ deal_stage }) => deal_stage === 'Won');
export const lost = deals.filter(({ deal_stage }) => deal_stage === 'Lost');
export const closed = [...won, ...lost];
export const open = deals.filter(({ close_date }) => !close_date);

export const product = ({ product: name = '' }: Line) => (name === 'GTXPro' ? 'GTX Pro' : name);
export const agent = ({ sales_agent = '' }: Line) => sales_agent;
export const office = (line: Line) => sellers.get(agent(line))?.regional_office ?? '';
export const team = (line: Line) => `Team ${sellers.get(agent(line))?.manager}`;
export const sector = ({ account }: Line) =>
  account ? (accounts.get(account)?.sector ?? '').replace('technolgy', 'technology') : null;
export const month = ({ close_date = '' }: Line) => close_date.slice(0, 7);
export const quarter = (line: Line) => `2017-Q${Math.ceil(Number(month(line).slice(5)) / 3)}`;
export const days = ({ engage_date = '', close_date = '' }: Line) =>
  (Date.parse(close_date) - Date.parse(engage_date)) / 86_400_000;
export const value = ({ close_value }: Line) => Number(close_value);
export const sum = (lines: readonly Line[]) =>
  lines.reduce((total, line) => total + value(line), 0);

export type Key = string | null;

/** What comes of each group of lines, by its key. */
export function by<Result>(
  lines: readonly Line[],
  key: (line: Line) => Key,
  of: (group: Line[]) => Result,
) {
  const groups = new Map<Key, Line[]>();
  for (const line of lines) groups.set(key(line), [...(groups.get(key(line)) ?? []), line]);
  return new Map([...groups].map(([name, group]) => [name, of(group)]));
}

export const sorted = <Result>(found: ReadonlyMap<Key, Result>) =>
  [...found].sort(([a], [b]) => (a === null ? 1 : b === null ? -1 : a < b ? -1 : 1));

export function median(numbers: readonly number[]): number {
  const all = [...numbers].sort((a, b) => a - b);
  const middle = (all.length - 1) / 2;
  return ((all[Math.floor(middle)] ?? 0) + (all[Math.ceil(middle)] ?? 0)) / 2;
}

/** Half up, as decimals are rounded: 0.66875 is a little less in binary. */
export const round = (number: number, digits = 4) =>
  Math.round(number * 10 ** digits + 1e-6) / 10 ** digits;
export const rate = (group: readonly Line[]) =>
  round(group.filter(({ deal_stage }) => deal_stage === 'Won').length / group.length);
