import { beforeAll, describe, expect, it } from 'vitest';
import { type Demo, seedDemo } from '../../prisma/demo/seed-demo.ts';
import { type TestApp, testApp } from '../support/app.ts';

interface Board {
  name: string;
  standings: { nodes: { rank: number; name: string; score: string | null }[] };
}

const BOARDS = `{ leaderboards { name standings(first: 30) { nodes { rank name score } } } }`;

describe('the demonstration organization', () => {
  let app: TestApp;
  let demo: Demo;
  const tokens = new Map<string, string>();

  beforeAll(async () => {
    app = await testApp();
    const made = await seedDemo(app.app.db);
    if (!made) throw new Error('the demonstration was there already');
    demo = made;
    for (const { employeeNumber, role, password } of demo.accounts) {
      const { signIn } = await app.expectData<{ signIn: { token?: string } }>(
        `mutation ($input: SignInInput!) { signIn(input: $input) { ... on SignInPayload { token } } }`,
        { input: { organization: demo.organizationKey, employeeNumber, password } },
      );
      tokens.set(role, signIn.token ?? '');
    }
  }, 120_000);

  const ask = <Data>(role: string, document: string) =>
    app.expectData<Data>(document, {}, { token: tokens.get(role) });

  it('lets one of each role in', () => {
    expect(demo.accounts.map(({ role }) => role)).toEqual(['ADMIN', 'MANAGER', 'MEMBER']);
    for (const token of tokens.values()) expect(token).not.toBe('');
    expect(new Set(demo.accounts.map(({ password }) => password)).size).toBe(3);
  });

  it('has teams in two levels and two dozen people', async () => {
    const { teams, members } = await ask<{
      teams: { nodes: { name: string; parent: { name: string } | null; leader: object | null }[] };
      members: { totalCount: number };
    }>(
      'ADMIN',
      '{ teams { nodes { name parent { name } leader { name } } } members { totalCount } }',
    );
    expect(teams.nodes).toHaveLength(4);
    expect(teams.nodes.filter(({ parent }) => parent?.name === '华东营销中心')).toHaveLength(3);
    for (const { leader } of teams.nodes) expect(leader).not.toBeNull();
    expect(members.totalCount).toBe(24);
  });

  it('shows boards that move: sales, calls and teams have scores', async () => {
    const { leaderboards } = await app.expectData<{ leaderboards: Board[] }>(
      BOARDS,
      {},
      { token: demo.displayToken },
    );
    const names = ['本周电话榜', '本月业绩榜', '本月目标达成榜', '团队业绩榜'];
    expect(leaderboards.map(({ name }) => name).sort()).toEqual([...names].sort());
    const board = (name: string) =>
      leaderboards.find((one) => one.name === name)?.standings.nodes ?? [];
    expect(board('本月业绩榜')).toHaveLength(19);
    expect(board('团队业绩榜')).toHaveLength(3);
    for (const name of names) expect(Number(board(name)[0]?.score)).toBeGreaterThan(0);
  });

  it('has deals in every stage, also of today, and work to do', async () => {
    const { funnels } = await ask<{
      funnels: { stages: { id: string; name: string; kind: string }[] }[];
    }>('ADMIN', '{ funnels { stages { id name kind } } }');
    expect(funnels).toHaveLength(2);
    const { opportunities, customers } = await ask<{
      opportunities: { nodes: { status: string; closedAt: string | null }[] };
      customers: { totalCount: number };
    }>(
      'ADMIN',
      `{ customers { totalCount }
         opportunities(first: 100, orderBy: [{ field: CLOSED_AT, direction: DESC }]) {
           nodes { status closedAt } } }`,
    );
    expect(customers.totalCount).toBeGreaterThan(50);
    const statuses = new Set(opportunities.nodes.map(({ status }) => status));
    expect([...statuses].sort()).toEqual(['LOST', 'OPEN', 'WON']);
    const day = (moment: Date) => moment.toLocaleDateString('sv', { timeZone: 'Asia/Shanghai' });
    const today = opportunities.nodes.filter(
      ({ closedAt, status }) =>
        status === 'WON' && closedAt && day(new Date(closedAt)) === day(new Date()),
    );
    expect(today.length).toBeGreaterThanOrEqual(5);
  });

  it('has a morning meeting of every team today, and tasks in every state', async () => {
    const { meetings, tasks } = await ask<{
      meetings: { nodes: { startsAt: string; team: { name: string } | null }[] };
      tasks: { nodes: { status: string; assignee: { name: string } | null }[] };
    }>(
      'ADMIN',
      `{ meetings(first: 100) { nodes { startsAt team { name } } }
         tasks(first: 100) { nodes { status assignee { name } } } }`,
    );
    const shanghai = (moment: Date) =>
      moment.toLocaleString('sv', { timeZone: 'Asia/Shanghai' }).slice(0, 16);
    const today = meetings.nodes.filter(
      ({ startsAt }) =>
        shanghai(new Date(startsAt)) === `${shanghai(new Date()).slice(0, 10)} 08:30`,
    );
    expect(today.map(({ team }) => team?.name).sort()).toEqual([
      '上海营业部',
      '南京营业部',
      '杭州营业部',
    ]);
    const states = new Set(tasks.nodes.map(({ status }) => status));
    expect([...states].sort()).toEqual(['DONE', 'IN_PROGRESS', 'OPEN']);
    for (const { assignee } of tasks.nodes) expect(assignee).not.toBeNull();
  });

  it('shows a seller his own customers, and a manager those of the team', async () => {
    const count = async (role: string) =>
      (await ask<{ customers: { totalCount: number } }>(role, '{ customers { totalCount } }'))
        .customers.totalCount;
    const [own, team, all] = [await count('MEMBER'), await count('MANAGER'), await count('ADMIN')];
    expect(own).toBeGreaterThanOrEqual(3);
    expect(team).toBeGreaterThan(own);
    expect(all).toBeGreaterThan(team);
  });

  it('is made once', async () => {
    expect(await seedDemo(app.app.db)).toBeNull();
    expect(await app.app.db.prisma.organization.count()).toBe(1);
  });

  it('is made anew beside one that was interrupted', async () => {
    const { db } = app.app;
    // As if the process had died before its last step.
    const left = { where: { kind: 'DISPLAY' as const } };
    const token = await db.prisma.accessToken.findFirstOrThrow(left);
    await db.prisma.accessToken.delete({ where: { id: token.id } });
    const again = await seedDemo(db);
    expect(again?.organizationKey).toBe('demo-2');
    expect(await seedDemo(db)).toBeNull();
  }, 120_000);
});
