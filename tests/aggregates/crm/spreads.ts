import { describe, expect, test } from 'vitest';
import {
  agent,
  by,
  closed,
  deals,
  isThere,
  type Line,
  median,
  month,
  product,
  rate,
  round,
  sellers,
  sorted,
  sum,
  team,
  value,
  won,
} from './data.ts';
import { ask, byOwner, pairs, type Row, WIN_RATE, WON, wonSum, YEAR } from './stage.ts';

describe.skipIf(!isThere)('how it spreads, who does not, and what is behind it', () => {
  test('in which bands do the won amounts lie', async () => {
    const told = await pairs(
      `groupBy: [{ field: WON_AMOUNT, bands: ["100", "1000", "5000", "20000"] }], ${WON}, fillGaps: true`,
      'key { wonAmount { from below } } count',
      ({ key }) => `${key.wonAmount.from}..${key.wonAmount.below}`,
      ({ count }) => count,
    );
    const edges = [null, 100, 1_000, 5_000, 20_000, null];
    const expected = edges.slice(0, -1).map((from, i) => {
      const below = edges[i + 1] ?? null;
      const inside = won.filter(
        (line) => value(line) >= (from ?? 0) && value(line) < (below ?? Number.POSITIVE_INFINITY),
      );
      return [`${from}..${below}`, inside.length];
    });
    expect(told).toEqual(expected);
  });

  test('on which days of the week do deals close', async () => {
    const told = await pairs(
      `groupBy: [{ field: CLOSED_AT, by: DAY_OF_WEEK }], where: { status: { in: [WON, LOST] } }, fillGaps: true`,
      'key { closedAt { label number } } count',
      ({ key }) => key.closedAt.label,
      ({ count }) => count,
    );
    const names = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
    const counts = by(
      closed,
      ({ close_date = '' }) => names[(new Date(close_date).getUTCDay() + 6) % 7] ?? '',
      (group) => group.length,
    );
    expect(told).toEqual(names.map((name) => [name, counts.get(name) ?? 0]));
  });

  test('who has won more than 300,000', async () => {
    const told = await pairs(
      `${byOwner}, having: [{ measure: WON_AMOUNT_SUM, gt: "300000" }]`,
      'key { owner { name } } wonAmount { sum }',
      ({ key }) => key.owner.name,
      wonSum,
    );
    expect(told).toEqual(sorted(by(won, agent, sum)).filter(([, total]) => total > 300_000));
  });

  test('whose win rate is best, of those with a hundred closed deals', async () => {
    const CLOSED = 'where: { status: { in: [WON, LOST] } }';
    const told = await pairs(
      `${byOwner}, having: [{ measure: COUNT, ${CLOSED}, gte: "100" }], first: 3,
       orderBy: [{ measure: RATIO, where: { status: { in: [WON] } }, to: { status: { in: [WON, LOST] } }, direction: DESC }]`,
      `key { owner { name } } ${WIN_RATE}`,
      ({ key }) => key.owner.name,
      ({ ratio }) => Number(ratio),
    );
    const rates = sorted(by(closed, agent, (group) => (group.length >= 100 ? rate(group) : 0)));
    expect(told).toEqual(rates.sort(([, a], [, b]) => b - a).slice(0, 3));
  });

  test('how much lies between the smallest and the largest won deal of each product', async () => {
    const told = await pairs(
      `groupBy: [{ field: PRODUCT }], ${WON}`,
      'key { product { name } } wonAmount { min max median stddev }',
      ({ key }) => key.product.name,
      ({ wonAmount }) =>
        [wonAmount.min, wonAmount.max, wonAmount.median]
          .map(Number)
          .concat(round(Number(wonAmount.stddev), 2)),
    );
    const spread = (group: Line[]) => {
      const all = group.map(value);
      const mean = sum(group) / all.length;
      const squares = all.reduce((total, one) => total + (one - mean) ** 2, 0);
      return [
        Math.min(...all),
        Math.max(...all),
        median(all),
        round(Math.sqrt(squares / (all.length - 1)), 2),
      ];
    };
    expect(told).toEqual(sorted(by(won, product, spread)));
  });

  test('how many customers does each seller have deals with', async () => {
    const told = await pairs(
      byOwner,
      'key { owner { name } } distinct(field: CUSTOMER)',
      ({ key }) => key.owner.name,
      ({ distinct }) => distinct,
    );
    const customers = (group: Line[]) =>
      new Set(group.flatMap(({ account }) => account || [])).size;
    expect(told).toEqual(sorted(by(deals, agent, customers)));
  });

  test('who sells nothing', async () => {
    const { groups } = await ask(
      `${byOwner}, fillGaps: true, having: [{ measure: COUNT, lt: "1" }]`,
      'groups { key { owner { name } } count }',
    );
    const told = groups.map(({ key }) => key.owner.name);
    const idle = [...sellers.keys()].filter((name) => !deals.some((line) => agent(line) === name));
    expect(idle).toHaveLength(5);
    for (const name of idle) expect(told).toContain(name);
    for (const line of deals) expect(told).not.toContain(agent(line));
  });

  test('what does each team win by product, and in all', async () => {
    const { groups, subtotals, totals } = await ask(
      `groupBy: [{ field: OWNER_TEAM }, { field: PRODUCT }], ${WON}, first: 100`,
      `groups { key { ownerTeam { name } product { name } } wonAmount { sum } }
       subtotals { level key { ownerTeam { name } } wonAmount { sum } } totals { wonAmount { sum } }`,
    );
    const name = ({ key }: Row) => key.ownerTeam.name;
    expect(groups.map((row) => [`${name(row)} ${row.key.product.name}`, wonSum(row)])).toEqual(
      sorted(by(won, (line) => `${team(line)} ${product(line)}`, sum)),
    );
    expect(new Map(subtotals.map((row) => [name(row), wonSum(row)]))).toEqual(by(won, team, sum));
    expect(wonSum(totals)).toBe(sum(won));
  });

  test('who is first in each team', async () => {
    const { groups } = await ask(
      'groupBy: [{ field: OWNER_TEAM }, { field: OWNER }], first: 100',
      'groups { key { ownerTeam { name } owner { name } } rank(of: WON_AMOUNT_SUM, within: [OWNER_TEAM]) }',
    );
    const told = groups.flatMap(({ key, rank }) =>
      rank === 1 ? [`${key.ownerTeam.name}: ${key.owner.name}`] : [],
    );
    const best = by(
      won,
      team,
      (group) => [...by(group, agent, sum)].sort(([, a], [, b]) => b - a)[0]?.[0],
    );
    expect(told).toEqual(sorted(best).map(([name, first]) => `${name}: ${first}`));
  });

  test('what closed in each week of March, whole or not', async () => {
    const told = await pairs(
      `period: { unit: { unit: MONTH, containing: "2017-03-01" } }, groupBy: [{ field: CLOSED_AT, by: WEEK }]`,
      'key { closedAt { from through label } } count',
      ({ key }) => `${key.closedAt.from}..${key.closedAt.through}`,
      ({ count }) => count,
    );
    const weeks = [
      ['01', '05'],
      ['06', '12'],
      ['13', '19'],
      ['20', '26'],
      ['27', '31'],
    ];
    expect(told).toEqual(
      weeks.map(([from = '', through = '']) => [
        `2017-03-${from}..2017-03-${through}`,
        closed.filter(
          ({ close_date = '' }) =>
            close_date >= `2017-03-${from}` && close_date <= `2017-03-${through}`,
        ).length,
      ]),
    );
  });

  test('which deals are behind a figure', async () => {
    const { groups } = await ask(
      `groupBy: [{ field: OWNER }, { field: CLOSED_AT, by: MONTH }], ${YEAR}, ${WON},
       orderBy: [{ measure: WON_AMOUNT_SUM, direction: DESC }], first: 1`,
      `groups { key { owner { name } closedAt { label } } count
        records(first: 100) { totalCount nodes { externalId } pageInfo { hasNextPage } } }`,
    );
    const [row] = groups;
    const behind = won.filter(
      (line) => agent(line) === row.key.owner.name && month(line) === row.key.closedAt.label,
    );
    expect(row.count).toBe(behind.length);
    expect(row.records.totalCount).toBe(behind.length);
    const told = row.records.nodes.map(({ externalId }: Row) => externalId);
    expect(told.toSorted()).toEqual(
      behind
        .map(({ opportunity_id }) => opportunity_id)
        .slice(0, 100)
        .toSorted(),
    );
  });

  test('how was the pipeline opened, month by month, and how much of it is still open', async () => {
    const engaged = deals.filter(({ engage_date }) => engage_date);
    const told = await pairs(
      `periodOf: OPENED_AT, period: { between: { from: "2016-10-01", through: "2017-11-30" } },
       groupBy: [{ field: OPENED_AT, by: MONTH }]`,
      'key { openedAt { label } } count open: count(where: { status: { in: [OPEN] } })',
      ({ key }) => key.openedAt.label,
      ({ count, open: still }) => [count, still],
    );
    const expected = by(
      engaged.filter(({ engage_date = '' }) => engage_date < '2017-12-01'),
      ({ engage_date = '' }) => engage_date.slice(0, 7),
      (group) => [group.length, group.filter(({ close_date }) => !close_date).length],
    );
    expect(told).toEqual(sorted(expected));
  });
});
