import { describe, expect, test } from 'vitest';
import {
  accounts,
  agent,
  by,
  closed,
  days,
  isThere,
  type Key,
  type Line,
  lost,
  median,
  month,
  office,
  open,
  product,
  quarter,
  rate,
  round,
  sector,
  series,
  sorted,
  sum,
  team,
  won,
} from './data.ts';
import { ask, byOwner, pairs, WIN_RATE, WON, wonSum, YEAR } from './stage.ts';

describe.skipIf(!isThere)('what was won, by whom, when and against what', () => {
  test('how many deals are there, won, lost and open, and for how much', async () => {
    const { totals } = await ask(
      '',
      `totals { count won: count(${WON}) lost: count(where: { status: { in: [LOST] } })
        open: count(where: { status: { in: [OPEN] } }) wonAmount { sum } }`,
    );
    expect(totals).toEqual({
      count: 8_800,
      won: won.length,
      lost: lost.length,
      open: open.length,
      wonAmount: { sum: String(sum(won)) },
    });
  });

  test('what is the win rate, of all and by product', async () => {
    const { totals } = await ask('', `totals { ${WIN_RATE} }`);
    expect(Number(totals.ratio)).toBe(rate(closed));
    const told = await pairs(
      `groupBy: [{ field: PRODUCT }], where: { status: { in: [WON, LOST] } }`,
      `key { product { name } } ${WIN_RATE}`,
      ({ key }) => key.product.name,
      ({ ratio }) => Number(ratio),
    );
    expect(told).toEqual(sorted(by(closed, product, rate)));
  });

  test('what is the win rate by product and quarter', async () => {
    const told = await pairs(
      `${YEAR}, groupBy: [{ field: PRODUCT }, { field: CLOSED_AT, by: QUARTER }]`,
      `key { product { name } closedAt { label } } ${WIN_RATE}`,
      ({ key }) => `${key.product.name} ${key.closedAt.label}`,
      ({ ratio }) => Number(ratio),
    );
    expect(told).toEqual(sorted(by(closed, (line) => `${product(line)} ${quarter(line)}`, rate)));
  });

  test('who won most, and what came of all the others', async () => {
    const { groups, others } = await ask(
      `${byOwner}, orderBy: [{ measure: WON_AMOUNT_SUM, direction: DESC }], first: 5, others: true`,
      'groups { key { owner { name } } wonAmount { sum } rank(of: WON_AMOUNT_SUM) } others { wonAmount { sum } }',
    );
    const expected = [...by(won, agent, sum)].sort(([, a], [, b]) => b - a);
    expect(groups.map((row) => [row.key.owner.name, wonSum(row), row.rank])).toEqual(
      expected.slice(0, 5).map(([name, total], i) => [name, total, i + 1]),
    );
    expect(expected[0]).toEqual(['Darcel Schlecht', 1_153_214]);
    expect(wonSum(others)).toBe(expected.slice(5).reduce((total, [, one]) => total + one, 0));
  });

  test('which teams won how much', async () => {
    const told = await pairs(
      `groupBy: [{ field: OWNER_TEAM }], orderBy: [{ measure: WON_AMOUNT_SUM, direction: DESC }]`,
      'key { ownerTeam { name } } wonAmount { sum }',
      ({ key }) => key.ownerTeam.name,
      wonSum,
    );
    expect(told).toEqual([...by(won, team, sum)].sort(([, a], [, b]) => b - a));
  });

  test('which offices won how much, with the teams below them', async () => {
    const told = await pairs(
      'groupBy: [{ field: OWNER_TEAM }], rollup: true',
      'key { ownerTeam { name } } wonAmount { sum }',
      ({ key }) => key.ownerTeam.name,
      wonSum,
    );
    expect(told).toEqual(sorted(new Map([...by(won, team, sum), ...by(won, office, sum)])));
  });

  test('how long does a won deal take, by office: the median and nine in ten', async () => {
    const told = await pairs(
      `groupBy: [{ field: OWNER_TEAM }], rollup: true, ${WON}`,
      'key { ownerTeam { name } } cycleSeconds { median p90: percentile(p: 0.9) }',
      ({ key }) => key.ownerTeam.name,
      ({ cycleSeconds }) => [Number(cycleSeconds.median), Number(cycleSeconds.p90)],
    );
    const cycle = (group: Line[]) => {
      const all = group.map(days).sort((a, b) => a - b);
      const place = 0.9 * (all.length - 1);
      const low = all[Math.floor(place)] ?? 0;
      const p90 = low + (place - Math.floor(place)) * ((all[Math.ceil(place)] ?? 0) - low);
      return [median(all) * 86_400, round(p90 * 86_400)];
    };
    expect(told).toEqual(sorted(new Map([...by(won, team, cycle), ...by(won, office, cycle)])));
  });

  test('what was won in each month, and since the beginning of the year', async () => {
    const told = await pairs(
      `${YEAR}, groupBy: [{ field: CLOSED_AT, by: MONTH }], fillGaps: true`,
      'key { closedAt { label } } wonAmount { sum } running(of: WON_AMOUNT_SUM, over: CLOSED_AT)',
      ({ key }) => key.closedAt.label,
      (row) => [wonSum(row), Number(row.running)],
    );
    const months = Array.from({ length: 12 }, (_, i) => `2017-${String(i + 1).padStart(2, '0')}`);
    const until = (label: string) => sum(won.filter((line) => month(line) <= label));
    const within = (label: string) => sum(won.filter((line) => month(line) === label));
    expect(told).toEqual(months.map((label) => [label, [within(label), until(label)]]));
  });

  test('which part of what is won comes from the best fifth of the customers', async () => {
    const { groups, totals } = await ask(
      `groupBy: [{ field: CUSTOMER }], ${WON}, having: [{ measure: COUNT, gt: "0" }], first: 17,
       orderBy: [{ measure: WON_AMOUNT_SUM, direction: DESC }]`,
      'groups { key { customer { name } } wonAmount { sum } share(of: WON_AMOUNT_SUM) } totals { distinct(field: CUSTOMER) }',
    );
    const named = [...by(won, ({ account }) => account || null, sum)].sort(([, a], [, b]) => b - a);
    expect(totals.distinct).toBe(named.filter(([name]) => name !== null).length);
    expect(groups.map((row) => [row.key.customer?.name ?? null, wonSum(row)])).toEqual(
      named.slice(0, 17),
    );
    expect(groups.map(({ share }) => Number(share))).toEqual(
      named.slice(0, 17).map(([, total]) => round(total / sum(won))),
    );
  });

  test('how did each quarter go against the one before', async () => {
    const { totals } = await ask(
      `period: { unit: { unit: QUARTER, containing: "2017-11-03" } }, compareTo: PREVIOUS_PERIOD`,
      `totals { wonAmount { sum } previous { wonAmount { sum } } difference { wonAmount { sum } count }
        percent { wonAmount { sum } } }`,
    );
    const of = (name: string) => sum(won.filter((line) => quarter(line) === name));
    const count = (name: string) => closed.filter((line) => quarter(line) === name).length;
    const [now, then] = [of('2017-Q4'), of('2017-Q3')];
    expect(wonSum(totals)).toBe(now);
    expect(wonSum(totals.previous)).toBe(then);
    expect(wonSum(totals.difference)).toBe(now - then);
    expect(totals.difference.count).toBe(count('2017-Q4') - count('2017-Q3'));
    expect(wonSum(totals.percent)).toBe(round(((now - then) * 100) / then));
  });

  test('how did each seller do in the third quarter against the second', async () => {
    const told = await pairs(
      `${byOwner}, ${WON}, period: { unit: { unit: QUARTER, containing: "2017-08-01" } }, compareTo: PREVIOUS_PERIOD`,
      'key { owner { name } } wonAmount { sum } previous { wonAmount { sum } }',
      ({ key }) => key.owner.name,
      (row) => [wonSum(row), wonSum(row.previous)],
    );
    const of = (name: Key, label: string) =>
      sum(won.filter((line) => agent(line) === name && quarter(line) === label));
    const third = won.filter((line) => quarter(line) === '2017-Q3');
    expect(told).toEqual(
      sorted(by(third, agent, () => 0)).map(([name]) => [
        name,
        [of(name, '2017-Q3'), of(name, '2017-Q2')],
      ]),
    );
  });

  test('what do the industries of our customers buy', async () => {
    const told = await pairs(
      `groupBy: [{ field: INDUSTRY }], ${WON}`,
      'key { industry } count wonAmount { sum avg }',
      ({ key }) => key.industry,
      ({ count, wonAmount }) => [count, Number(wonAmount.sum), Number(wonAmount.avg)],
    );
    expect(told).toEqual(
      sorted(
        by(won, sector, (group) => [group.length, sum(group), round(sum(group) / group.length)]),
      ),
    );
  });

  test('which series sells in which country', async () => {
    const told = await pairs(
      `groupBy: [{ field: SERIES }, { field: REGION }], ${WON}, first: 200`,
      'key { series region } wonAmount { sum }',
      ({ key }) => `${key.series} ${key.region}`,
      wonSum,
    );
    const country = ({ account }: Line) =>
      accounts.get(account ?? '')?.office_location?.replace('Philipines', 'Philippines') ?? null;
    const expected = by(won, (line) => `${series.get(product(line))} ${country(line)}`, sum);
    expect(new Map(told as [Key, number][])).toEqual(expected);
  });
});
