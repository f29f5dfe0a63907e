import { Decimal } from 'decimal.js';
import { describe, expect, test } from 'vitest';
import { encodeGlobalId } from '../../../src/api/global-ids.ts';
import { schema } from '../../../src/schema.ts';
import type { Answer } from '../../support/client.ts';
import { connectionIn, refusalsIn } from '../caller.ts';
import { nodeTypes } from '../documents.ts';
import { Oracle } from '../oracle.ts';
import { nameOf } from '../places.ts';
import { differences, prune } from '../pruning.ts';
import { readings } from '../reading.ts';
import { eachOf, isAggregate, type Spot, spotsOf, tries } from '../trying.ts';
import { PEOPLE, type PersonName } from '../world-company.ts';
import { callerOf, muster, oracleOf, records, world } from './stage.ts';

const NAMES = Object.keys(PEOPLE) as PersonName[];

/** What depends on more than which records there are: tested below, and beside their own code. */
const APART = [
  ...['Standing.entries', 'Funnel.report', 'Query.viewer'],
  ...Object.keys(schema.getQueryType()?.getFields() ?? {})
    .map((field) => `Query.${field}`)
    .filter((name) => name.endsWith('Aggregate')),
];

/** What an administrator reads, asked for once. */
const whole = new Map<string, Promise<Answer>>();

describe('a data scope', () => {
  test('is accounted for, for every type', () => {
    const unknown = nodeTypes(schema).filter(({ name }) => !Oracle.knows(name));
    const advice = 'say in RULES of tests/isolation/oracle.ts who sees these';
    expect(
      unknown.map(({ name }) => name),
      advice,
    ).toEqual([]);
  });

  test.each(NAMES)('of the %s shows what it covers and nothing more, everywhere', async (name) => {
    const oracle = oracleOf(name);
    const [admin, caller] = [callerOf('admin'), callerOf(name)];
    const hidden = nodeTypes(schema).filter((type) =>
      records.all(type.name).some((id) => !oracle.sees(type.name, id)),
    );
    if (PEOPLE[name].scope !== 'ORGANIZATION') expect(hidden.length).toBeGreaterThan(8);
    const wrong: string[] = [];
    await eachOf(readings(schema, admin, APART), async (reading) => {
      if (APART.includes(reading.name)) return;
      const all = whole.get(reading.name) ?? admin.ask(reading);
      whole.set(reading.name, all);
      const some = await caller.ask(reading);
      for (const { code, message } of refusalsIn(some)) {
        wrong.push(`${reading.name}: ${code} ${message}`);
      }
      const expected = prune((await all).data, oracle);
      wrong.push(...differences(expected, prune(some.data, EVERYTHING), reading.name));
    });
    expect(wrong).toEqual([]);
  });

  test.each(['rep', 'leader'] as const)('holds on every page of a list of the %s', async (name) => {
    const caller = callerOf(name);
    const wrong: string[] = [];
    const lists = spotsOf(schema, 'Query', ['pageCursor']).filter(
      ({ place, parent, field }) =>
        place.path.join() === 'after' && parent !== 'Standing' && !isAggregate(parent, field.name),
    );
    let turned = 0;
    await eachOf(lists, async (spot) => {
      const found = await firstWithTwo(spot);
      if (!found) return;
      const { all, turn } = found;
      let after: string | null = null;
      for (const [index, edge] of all.edges.slice(0, 5).entries()) {
        const page = await turn(after);
        const isLast = index === all.edges.length - 1;
        const seen = [page?.edges.length, page?.edges[0]?.node.id, page?.totalCount];
        const ends = [page?.pageInfo.hasNextPage, page?.pageInfo.hasPreviousPage];
        const wanted = JSON.stringify([1, edge.node.id, all.totalCount, !isLast, index > 0]);
        if (JSON.stringify([...seen, ...ends]) !== wanted) {
          wrong.push(
            `${nameOf(spot.place)}: ${JSON.stringify([...seen, ...ends])} is not ${wanted}`,
          );
        }
        after = page?.edges[0]?.cursor ?? null;
        turned += 1;
      }
      if (all.totalCount !== all.edges.length) wrong.push(`${nameOf(spot.place)} counts others`);
    });
    expect(wrong).toEqual([]);
    expect(turned).toBeGreaterThan(20);

    /** The list of a record that has at least two in it, whole, and how to turn its pages. */
    async function firstWithTwo(spot: Spot) {
      const field = spot.field.name;
      for (const [index, operation] of [
        ...tries(schema, caller, spot, null, { first: 100 }),
      ].entries()) {
        const all = connectionIn((await caller.ask(operation)).data, field);
        if (!all || all.edges.length < 2) continue;
        const turn = async (after: string | null) => {
          const page = [...tries(schema, caller, spot, after, { first: 1 })][index];
          return page ? connectionIn((await caller.ask(page)).data, field) : null;
        };
        return { all, turn };
      }
      return null;
    }
  });

  test.each(NAMES)('of the %s holds for the entries of a score, all or none', async (name) => {
    const oracle = oracleOf(name);
    const { boards, people } = world;
    const tally = { read: 0, refused: 0 };
    for (const person of NAMES) {
      const id = encodeGlobalId('Member', people[person].memberId);
      if (PEOPLE[person].role !== 'MEMBER') continue;
      await expectEntries(boards.all, id, oracle.covers(people[person].memberId));
    }
    for (const id of records.all('Team').filter((team) => team !== topTeam())) {
      const isCovered = scorersOf(oracle, id).every((member) => oracle.covers(member));
      await expectEntries(boards.other, encodeGlobalId('Team', id), isCovered);
    }
    expect(tally.read).toBeGreaterThan(0);
    if (PEOPLE[name].scope !== 'ORGANIZATION') expect(tally.refused).toBeGreaterThan(0);

    async function expectEntries(board: string, around: string, isCovered: boolean) {
      const variables = { board: encodeGlobalId('Leaderboard', board), around };
      const token = people[name].token;
      const answer = await muster.query(ENTRIES, variables, { token });
      const codes = refusalsIn(answer).map(({ code }) => code);
      if (codes.includes('NOT_FOUND')) return;
      expect([name, codes]).toEqual([name, isCovered ? [] : ['ENTRIES_OUT_OF_SCOPE']]);
      tally[isCovered ? 'read' : 'refused'] += 1;
      if (!isCovered) return;
      const { leaderboard } = answer.data as unknown as Standings;
      const [standing] = leaderboard.standings.nodes;
      const worth = standing?.entries.nodes.map((entry) => entry.worth) ?? [];
      expect(sum(worth)).toBe(standing?.score);
    }
  });

  test.each(NAMES)('of the %s holds in the report of a funnel', async (name) => {
    const oracle = oracleOf(name);
    const deals = oracle
      .rows('opportunity')
      .filter(({ id, archived_at }) => oracle.sees('Opportunity', id ?? '') && !archived_at);
    const [open, won, lost] = ['OPEN', 'WON', 'LOST'].map((status) =>
      deals.filter((deal) => deal.status === status),
    );
    const { funnels } = await muster.expectData<{ funnels: { report: object }[] }>(
      `{ funnels { report(period: { named: ALL_TIME }) {
           count openCount openAmount wonCount wonAmount lostCount } } }`,
      {},
      { token: world.people[name].token },
    );
    expect(funnels.map(({ report }) => report)).toEqual([
      {
        count: deals.length,
        openCount: open?.length,
        openAmount: sum(open?.map(({ amount }) => amount ?? '0') ?? []),
        wonCount: won?.length,
        wonAmount: sum(won?.map(({ won_amount }) => won_amount ?? '0') ?? []),
        lostCount: lost?.length,
      },
    ]);
  });
});

/** Of an answer that is as it should be, it takes only what is not compared. */
const EVERYTHING = { sees: () => true, seesField: () => true };

interface Standings {
  leaderboard: {
    standings: { nodes: { score: string; entries: { nodes: { worth: string }[] } }[] };
  };
}

const ENTRIES = `query ($board: ID!, $around: ID!) { leaderboard(id: $board) {
  standings(around: $around, first: 1) { nodes { score entries(first: 100) { nodes { worth } } } }
} }`;

const sum = (amounts: readonly string[]): string =>
  amounts.reduce((total, amount) => total.plus(amount), new Decimal(0)).toFixed();

const topTeam = (): string | undefined =>
  records.all('Team').find((id) => oracleOf('rep').row(id)?.name?.startsWith('root'));

/** Who has entries that count for a team. */
function scorersOf(oracle: Oracle, teamId: string): (string | null | undefined)[] {
  const paths = oracle
    .rows('team_path')
    .filter(({ team_ids }) => JSON.stringify(team_ids).includes(teamId))
    .map(({ id }) => id);
  return oracle
    .rows('score_entry')
    .filter(({ team_path_id }) => paths.includes(team_path_id ?? ''))
    .map(({ member_id }) => member_id);
}
