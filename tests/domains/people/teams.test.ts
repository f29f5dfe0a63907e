import { beforeAll, describe, expect, it } from 'vitest';
import { runText } from '../../../src/database/statements.ts';
import { type TestApp, testApp } from '../../support/app.ts';
import { globalId, mutate } from '../../support/mutate.ts';
import { type Organization, org } from '../../support/seed.ts';

let app: TestApp;
let acme: Organization;

beforeAll(async () => {
  app = await testApp();
  acme = await org(app.app.db, { timeZone: 'Asia/Shanghai' });
});

const team = (id: string) => globalId('Team', id);
const member = (id: string) => globalId('Member', id);
const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000);

interface TeamNode {
  name: string;
  version: number;
  parent: { name: string } | null;
  children: { name: string }[];
  leader: { employeeNumber: string } | null;
}

async function readTeam(id: string): Promise<TeamNode> {
  const document = `query ($id: ID!) { node(id: $id) { ... on Team {
    name version parent { name } children { name } leader { employeeNumber } } } }`;
  const { node } = await app.expectData<{ node: TeamNode }>(document, { id: team(id) }, acme);
  return node;
}

describe('the tree of teams', () => {
  it('shows parent, children, leader and members', async () => {
    const leader = await acme.manager();
    const root = await acme.team('总部', { leader });
    const east = await acme.team('华东', { parent: root });
    await acme.team('上海', { parent: east });
    await acme.team('杭州', { parent: east });
    const seller = await acme.rep({ team: east });
    const document = `query ($ids: [ID!]!) { teams(filter: { parents: $ids }) { totalCount nodes {
      name parent { name leader { employeeNumber } } children { name } ancestors { name }
      members { totalCount nodes { employeeNumber team { name } } } } } }`;
    expect(await app.expectData(document, { ids: [team(root)] }, seller)).toEqual({
      teams: {
        totalCount: 1,
        nodes: [
          {
            name: '华东',
            parent: { name: '总部', leader: { employeeNumber: leader.employeeNumber } },
            children: [{ name: '上海' }, { name: '杭州' }],
            ancestors: [{ name: '总部' }],
            members: {
              totalCount: 1,
              nodes: [{ employeeNumber: seller.employeeNumber, team: { name: '华东' } }],
            },
          },
        ],
      },
    });
  });

  it('is read as of the end of a day, all of it', async () => {
    const was = await acme.manager({ since: ago(24 * 30) });
    const is = await acme.manager({ since: ago(24 * 30) });
    const north = await acme.team('北区', { since: ago(24 * 30), leader: was });
    const south = await acme.team('南区', { since: ago(24 * 30) });
    const group = await acme.team('流动组', { parent: north, since: ago(24 * 30) });
    const seller = await acme.rep({ team: group, since: ago(24 * 20) });
    const moved = await mutate(app, acme, 'moveTeam', {
      id: team(group),
      parent: team(south),
      effectiveAt: ago(24 * 10),
    });
    expect(moved.__typename).toBe('MoveTeamPayload');
    await mutate(app, acme, 'moveMember', {
      id: member(seller.memberId),
      team: team(south),
      effectiveAt: ago(24 * 5),
    });
    const { version } = await readTeam(north);
    await mutate(app, acme, 'updateTeam', {
      id: team(north),
      expectedVersion: version,
      leader: member(is.memberId),
    });

    const document = `query ($asOf: Date, $north: ID!) {
      teams(asOf: $asOf, filter: { parents: [$north] }) { nodes { name parent { leader { employeeNumber } } } }
      members(asOf: $asOf, filter: { teams: [$north], includeBelow: true }) { nodes { employeeNumber team { name } } }
    }`;
    const asOf = (days: number | null) =>
      app.expectData(
        document,
        {
          asOf:
            days === null
              ? null
              : ago(24 * days)
                  .toISOString()
                  .slice(0, 10),
          north: team(north),
        },
        acme,
      );
    const seen = { employeeNumber: seller.employeeNumber, team: { name: '流动组' } };
    const under = { name: '流动组', parent: { leader: { employeeNumber: was.employeeNumber } } };
    expect(await asOf(15)).toEqual({ teams: { nodes: [under] }, members: { nodes: [seen] } });
    expect(await asOf(25)).toEqual({ teams: { nodes: [under] }, members: { nodes: [] } });
    expect(await asOf(8)).toEqual({ teams: { nodes: [] }, members: { nodes: [] } });
    expect(await asOf(null)).toEqual({ teams: { nodes: [] }, members: { nodes: [] } });
    expect((await readTeam(north)).leader).toEqual({ employeeNumber: is.employeeNumber });

    const history = `query ($team: ID!, $member: ID!) {
      team: node(id: $team) { ... on Team { parentHistory { parent { name } until } } }
      member: node(id: $member) { ... on Member { teamHistory { team { name } until by { id } } } } }`;
    const by = { id: member(acme.memberId) };
    const ended = expect.stringMatching(/Z$/);
    expect(
      await app.expectData(history, { team: team(group), member: member(seller.memberId) }, acme),
    ).toEqual({
      team: {
        parentHistory: [
          { parent: { name: '南区' }, until: null },
          { parent: { name: '北区' }, until: ended },
        ],
      },
      member: {
        teamHistory: [
          { team: { name: '南区' }, until: null, by },
          { team: { name: '流动组' }, until: ended, by },
        ],
      },
    });
  });
});

describe('moving a team', () => {
  it('never makes a circle, also when two moves at once would', async () => {
    for (let round = 0; round < 5; round++) {
      const names = ['甲', '乙', '丙', '丁'];
      const ids = await Promise.all(names.map((name) => acme.team(name)));
      // Each of the four under the next one: together a ring.
      const moves = ids.map((id, index) =>
        mutate(app, acme, 'moveTeam', { id: team(id), parent: team(ids[(index + 1) % 4] ?? '') }),
      );
      const results = await Promise.all(moves);
      const types = results.map((result) => result.__typename).sort();
      expect(types).toEqual(['MoveTeamPayload', 'MoveTeamPayload', 'MoveTeamPayload', 'TeamCycle']);
    }
    const rings = await runText<{ id: string }>(
      app.app.db.pool,
      `WITH RECURSIVE up (id, at, distance) AS (
         SELECT team_id, parent_id, 1 FROM team_parentage WHERE until IS NULL
         UNION ALL
         SELECT up.id, p.parent_id, distance + 1 FROM up
         JOIN team_parentage p ON p.team_id = up.at AND p.until IS NULL WHERE distance < 50
       ) SELECT id FROM up WHERE id = at`,
    );
    expect(rings).toEqual([]);
  });

  it('makes none in the past either', async () => {
    const lower = await acme.team('下', { since: ago(100) });
    const upper = await acme.team('上', { since: ago(100) });
    const move = (id: string, parent: string | null, effectiveAt?: Date) =>
      mutate(app, acme, 'moveTeam', { id: team(id), parent: parent && team(parent), effectiveAt });
    await move(lower, upper, ago(90));
    await move(lower, null, ago(10));
    expect((await move(upper, lower, ago(50))).code).toBe('TEAM_CYCLE');
    expect((await move(upper, lower, ago(5))).__typename).toBe('MoveTeamPayload');
    expect((await move(upper, upper)).code).toBe('TEAM_CYCLE');
  });

  it('is refused before the last move, in the future and into a closed period', async () => {
    const other = await org(app.app.db);
    const [id, parent] = [await other.team('a', { since: ago(200) }), await other.team('b')];
    const move = (to: string | null, effectiveAt: Date) =>
      mutate(app, other, 'moveTeam', { id: team(id), parent: to && team(to), effectiveAt });
    expect((await move(parent, ago(50))).__typename).toBe('MoveTeamPayload');
    expect(await move(null, ago(60))).toMatchObject({
      code: 'BEFORE_LAST_CHANGE',
      path: ['input', 'effectiveAt'],
    });
    expect((await move(null, ago(-1))).code).toBe('INVALID_INPUT');
    const through = ago(24).toISOString().slice(0, 10);
    expect((await mutate(app, other, 'closePeriod', { through })).__typename).toBe(
      'ClosePeriodPayload',
    );
    expect((await move(null, ago(49))).code).toBe('PERIOD_CLOSED');
    const parents = await runText<{ until: Date | null }>(
      app.app.db.pool,
      'SELECT until FROM team_parentage WHERE team_id = $1',
      [id],
    );
    expect(parents).toEqual([{ until: null }]);
  });

  it('leaves one stay at a time, without holes, however many move it at once', async () => {
    const [id, ...parents] = await Promise.all(
      ['x', 'p1', 'p2', 'p3'].map((name) => acme.team(name)),
    );
    await Promise.all(
      [...parents, ...parents].map((parent) =>
        mutate(app, acme, 'moveTeam', { id: team(id ?? ''), parent: team(parent) }),
      ),
    );
    const stays = await runText<{ from: Date; until: Date | null }>(
      app.app.db.pool,
      'SELECT "from", until FROM team_parentage WHERE team_id = $1 ORDER BY "from"',
      [id],
    );
    expect(stays.at(-1)?.until).toBeNull();
    for (const [index, stay] of stays.slice(1).entries()) {
      expect(stays[index]?.until).toEqual(stay.from);
    }
    expect((await readTeam(id ?? '')).version).toBeGreaterThanOrEqual(stays.length + 1);
  });
});

describe('a team', () => {
  it('changes only from the version that is present, and gives the present one back', async () => {
    const id = await acme.team('旧名');
    const change = (expectedVersion: number, name: string) =>
      app.expectData(
        `mutation ($input: UpdateTeamInput!) { updateTeam(input: $input) { __typename
          ... on UpdateTeamPayload { team { name version } }
          ... on Conflict { currentVersion current { ... on Team { name } } } } }`,
        { input: { id: team(id), expectedVersion, name } },
        acme,
      );
    expect(await change(1, '新名')).toEqual({
      updateTeam: { __typename: 'UpdateTeamPayload', team: { name: '新名', version: 2 } },
    });
    expect(await change(1, '另一个')).toEqual({
      updateTeam: { __typename: 'Conflict', currentVersion: 2, current: { name: '新名' } },
    });
    // Nothing new is no change.
    expect(await change(2, '新名')).toMatchObject({ updateTeam: { team: { version: 2 } } });
  });

  it('is archived only when it is empty, and then takes nobody', async () => {
    const id = await acme.team();
    const child = await acme.team(undefined, { parent: id });
    const archive = (archived: boolean, expectedVersion: number) =>
      mutate(app, acme, 'updateTeam', { id: team(id), expectedVersion, archived });
    expect((await archive(true, 1)).code).toBe('WRONG_STATE');
    await mutate(app, acme, 'moveTeam', { id: team(child), parent: null });
    expect((await archive(true, 1)).__typename).toBe('UpdateTeamPayload');
    const rep = await acme.rep();
    const join = { id: member(rep.memberId), team: team(id) };
    expect((await mutate(app, acme, 'moveMember', join)).code).toBe('WRONG_STATE');
    expect((await archive(false, 2)).__typename).toBe('UpdateTeamPayload');
    expect((await mutate(app, acme, 'moveMember', join)).__typename).toBe('MoveMemberPayload');
  });

  it('is refused with a name that cannot be, or an id of another kind or organization', async () => {
    const create = (input: object) => mutate(app, acme, 'createTeam', input);
    const other = await org(app.app.db);
    const cases: [object, string, string][] = [
      [{ name: ' ' }, 'INVALID_INPUT', 'name'],
      [{ name: '长'.repeat(201) }, 'INVALID_INPUT', 'name'],
      [{ name: 'a\nb' }, 'INVALID_INPUT', 'name'],
      [{ name: 'x', parent: team(await other.team()) }, 'NOT_FOUND', 'parent'],
      [{ name: 'x', parent: member(acme.memberId) }, 'INVALID_INPUT', 'parent'],
      [{ name: 'x', leader: member(other.memberId) }, 'NOT_FOUND', 'leader'],
      [{ name: 'x', since: ago(-1) }, 'INVALID_INPUT', 'since'],
    ];
    for (const [input, code, field] of cases) {
      expect(await create(input)).toMatchObject({ code, path: ['input', field] });
    }
    const named = await app.expectData<{ teams: { totalCount: number } }>(
      '{ teams(search: "x") { totalCount } }',
      {},
      other,
    );
    expect(named.teams.totalCount).toBe(0);
  });
});
