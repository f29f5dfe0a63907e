import { beforeAll, describe, expect, it } from 'vitest';
import { runText } from '../../../src/database/statements.ts';
import { authenticate } from '../../../src/domains/organization/authenticate.ts';
import { type TestApp, testApp } from '../../support/app.ts';
import { globalId, mutate } from '../../support/mutate.ts';
import { type Actor, type Organization, org } from '../../support/seed.ts';

let app: TestApp;
let acme: Organization;

beforeAll(async () => {
  app = await testApp();
  acme = await org(app.app.db);
});

const team = (id: string) => globalId('Team', id);
const member = (actor: { memberId: string }) => globalId('Member', actor.memberId);
const isSignedIn = async (actor: Actor) =>
  (await authenticate(app.app.db, actor.token, { origin: null })) !== null;

describe('a member', () => {
  it('is made with a number that nobody has, a role and what it sees', async () => {
    const create = (input: object) =>
      mutate(
        app,
        acme,
        'createMember',
        input,
        'password member { employeeNumber name role dataScope hiredOn active }',
      );
    const input = {
      employeeNumber: 'A001',
      name: '王小明',
      hiredOn: '2020-02-29',
      role: 'MANAGER',
    };
    expect(await create(input)).toMatchObject({
      password: null,
      member: {
        employeeNumber: 'A001',
        name: '王小明',
        role: 'MANAGER',
        dataScope: 'TEAM_TREE',
        hiredOn: '2020-02-29',
        active: true,
      },
    });
    expect(await create(input)).toMatchObject({
      code: 'ALREADY_EXISTS',
      path: ['input', 'employeeNumber'],
    });
    const admin = { ...input, employeeNumber: 'A002', role: 'ADMIN', dataScope: 'OWN' };
    expect(await create(admin)).toMatchObject({
      code: 'INVALID_INPUT',
      path: ['input', 'dataScope'],
    });
    const signsIn = await create({ employeeNumber: 'A003', name: 'x', withPassword: true });
    expect(signsIn.password).toMatch(/^[a-z2-9-]{19}$/);
  });

  it('is found by name, number, title, team and role, and paged without loss', async () => {
    const other = await org(app.app.db);
    const group = await other.team();
    const below = await other.team(undefined, { parent: group });
    await other.rep({ name: '张三丰', team: group });
    await other.rep({ name: '张%_无忌', team: below });
    await other.manager({ name: '赵敏' });
    const names = async (args: string) => {
      const document = `{ members(${args}) { nodes { name } } }`;
      const data = await app.expectData<{ members: { nodes: { name: string }[] } }>(
        document,
        {},
        other,
      );
      return data.members.nodes.map((node) => node.name);
    };
    expect(await names('search: "张"')).toEqual(['张%_无忌', '张三丰']);
    expect(await names('search: "%_"')).toEqual(['张%_无忌']);
    expect(await names(`filter: { teams: ["${team(group)}"] }`)).toEqual(['张三丰']);
    expect(await names(`filter: { teams: ["${team(group)}"], includeBelow: true }`)).toHaveLength(
      2,
    );
    expect(await names('filter: { roles: [MANAGER] }')).toEqual(['赵敏']);
    expect(await names('filter: { active: false }')).toEqual([]);
    const all = await names('first: 100, orderBy: [{ field: EMPLOYEE_NUMBER, direction: DESC }]');
    expect(all).toHaveLength(4);
    const paged: string[] = [];
    let after = '';
    for (let page = 0; page < 4; page++) {
      const data = await app.expectData<{
        members: { nodes: { name: string }[]; pageInfo: { endCursor: string } };
      }>(
        `{ members(first: 1, ${after} orderBy: [{ field: EMPLOYEE_NUMBER, direction: DESC }]) {
          nodes { name } pageInfo { endCursor } } }`,
        {},
        other,
      );
      paged.push(...data.members.nodes.map((node) => node.name));
      after = `after: "${data.members.pageInfo.endCursor}",`;
    }
    expect(paged).toEqual(all);
  });

  it('shows the file only to itself, those whose scope covers it, and administrators', async () => {
    const group = await acme.team();
    const rep = await acme.rep({ team: group });
    const file = { hiredOn: '2021-05-06', externalId: `hr-${rep.memberId.slice(-6)}` };
    await mutate(app, acme, 'updateMember', { id: member(rep), expectedVersion: 1, ...file });
    const read = async (actor: Actor) => {
      const document = `query ($id: ID!) { node(id: $id) { ... on Member { name hiredOn externalId dataScope } } }`;
      const { node } = await app.expectData<{ node: object | null }>(
        document,
        { id: member(rep) },
        actor,
      );
      return node;
    };
    const open = { name: expect.any(String), ...file, dataScope: 'OWN' };
    const closed = { name: expect.any(String), hiredOn: null, externalId: null, dataScope: null };
    expect(await read(rep)).toEqual(open);
    expect(await read(acme)).toEqual(open);
    expect(await read(await acme.manager({ team: group }))).toEqual(open);
    expect(await read(await acme.manager())).toEqual(closed);
    expect(await read(await acme.rep({ team: group }))).toEqual(closed);
    expect(await read(await org(app.app.db))).toBeNull();
  });
});

describe('moving a member', () => {
  it('is dated, changes what the leader sees at once, and bumps the version', async () => {
    const [from, to] = [await acme.team(), await acme.team()];
    const boss = await acme.manager({ team: to });
    const rep = await acme.rep({ team: from, since: new Date(Date.now() - 86_400_000) });
    expect((await boss.viewer()).visibleMembers).toEqual(new Set([boss.memberId]));
    const moved = await mutate(
      app,
      acme,
      'moveMember',
      { id: member(rep), team: team(to), expectedVersion: 1 },
      'member { version team { id } teamHistory { team { id } until } }',
    );
    expect(moved.member).toEqual({
      version: 2,
      team: { id: team(to) },
      teamHistory: [
        { team: { id: team(to) }, until: null },
        { team: { id: team(from) }, until: expect.any(String) },
      ],
    });
    expect((await boss.viewer()).visibleMembers).toEqual(new Set([boss.memberId, rep.memberId]));
    const stale = { id: member(rep), team: null, expectedVersion: 1 };
    expect((await mutate(app, acme, 'moveMember', stale)).code).toBe('CONFLICT');
  });

  it('is told to the log, with where from and where to', async () => {
    const [from, to] = [await acme.team(), await acme.team()];
    const rep = await acme.rep({ team: from });
    await mutate(app, acme, 'moveMember', { id: member(rep), team: team(to) });
    const [event] = await runText<{ payload: object; recordVersion: number; visibility: object }>(
      app.app.db.pool,
      `SELECT payload, record_version, visibility FROM event WHERE record_id = $1 AND type = 'member.moved'`,
      [rep.memberId],
    );
    expect(event).toEqual({
      payload: { teamBefore: from, teamAfter: to, from: expect.stringMatching(/Z$/) },
      recordVersion: 2,
      visibility: { before: null, after: null },
    });
  });
});

describe('leaving', () => {
  it('ends sessions, tokens and leaderships, and keeps the rest', async () => {
    const group = await acme.team();
    const leaver = await acme.manager({ team: group });
    const led = await acme.team(undefined, { leader: leaver });
    const token = await mutate(
      app,
      leaver,
      'createApiToken',
      { name: 'x', grants: ['READ'] },
      'secret',
    );
    const left = await mutate(
      app,
      acme,
      'deactivateMember',
      { id: member(leaver) },
      'member { active deactivatedAt team { id } leads { id } }',
    );
    expect(left.member).toEqual({
      active: false,
      deactivatedAt: expect.any(String),
      team: { id: team(group) },
      leads: [],
    });
    expect(await isSignedIn(leaver)).toBe(false);
    expect(await authenticate(app.app.db, String(token.secret), { origin: null })).toBeNull();
    expect((await mutate(app, acme, 'deactivateMember', { id: member(leaver) })).code).toBe(
      'WRONG_STATE',
    );
    const appoint = { id: team(led), expectedVersion: 2, leader: member(leaver) };
    expect((await mutate(app, acme, 'updateTeam', appoint)).code).toBe('WRONG_STATE');

    expect((await mutate(app, acme, 'reactivateMember', { id: member(leaver) })).__typename).toBe(
      'ReactivateMemberPayload',
    );
    // What has ended stays so.
    expect(await isSignedIn(leaver)).toBe(false);
  });
});

describe('the last administrator', () => {
  it('stays, also when several take the role from each other at once', async () => {
    for (let round = 0; round < 3; round++) {
      const firm = await org(app.app.db);
      const admins = [firm, await firm.admin(), await firm.admin(), await firm.admin()];
      // Everybody goes for the next one, half by the role, half by leaving.
      const results = await Promise.all(
        admins.map((actor, index) => {
          const victim = admins[(index + 1) % admins.length] ?? actor;
          return index % 2 === 0
            ? mutate(app, actor, 'setRole', { id: member(victim), role: 'MEMBER' })
            : mutate(app, actor, 'deactivateMember', { id: member(victim) });
        }),
      );
      const [{ count } = { count: 0 }] = await runText<{ count: number }>(
        app.app.db.pool,
        `SELECT count(*) AS count FROM member WHERE organization_id = $1 AND active AND role = 'ADMIN'`,
        [firm.organizationId],
      );
      expect(count).toBeGreaterThanOrEqual(1);
      expect(
        results.filter(({ code }) => code === 'LAST_ADMINISTRATOR').length,
      ).toBeLessThanOrEqual(1);
    }
  });

  it('cannot leave or step down', async () => {
    const firm = await org(app.app.db);
    const id = member(firm);
    expect((await mutate(app, firm, 'setRole', { id, role: 'MANAGER' })).code).toBe(
      'LAST_ADMINISTRATOR',
    );
    expect((await mutate(app, firm, 'deactivateMember', { id })).code).toBe('LAST_ADMINISTRATOR');
    await firm.admin();
    expect((await mutate(app, firm, 'setRole', { id, role: 'MANAGER' })).__typename).toBe(
      'SetRolePayload',
    );
    // The right is gone at once, in the session that is open.
    expect((await mutate(app, firm, 'setRole', { id, role: 'ADMIN' })).code).toBe('FORBIDDEN');
  });
});

describe('rights', () => {
  const asked = (target: Actor, group: string): [name: string, input: object][] => [
    ['createTeam', { name: 'x' }],
    ['updateTeam', { id: team(group), expectedVersion: 1, name: 'x' }],
    ['moveTeam', { id: team(group), parent: null }],
    ['createMember', { employeeNumber: 'x', name: 'x' }],
    ['updateMember', { id: member(target), expectedVersion: 1, name: 'x' }],
    ['moveMember', { id: member(target), team: null }],
    ['setRole', { id: member(target), role: 'ADMIN' }],
    ['deactivateMember', { id: member(target) }],
    ['reactivateMember', { id: member(target) }],
    ['updateOrganization', { expectedVersion: 1, name: 'x' }],
    ['closePeriod', { through: '2020-01-01' }],
    ['reopenPeriod', {}],
    ['setWorkingDays', { days: [{ day: '2026-01-02', isWorkingDay: true }] }],
    ['createDisplayToken', { name: 'x', leaderboards: [globalId('Leaderboard', acme.memberId)] }],
  ];

  it("are the administrator's: for all others nothing happens", async () => {
    const group = await acme.team(undefined, { parent: await acme.team() });
    const target = await acme.rep({ team: group });
    const issued = await mutate(
      app,
      acme,
      'createApiToken',
      { name: 'x', grants: ['READ', 'WRITE'] },
      'secret',
    );
    const readOnly = await mutate(
      app,
      acme,
      'createApiToken',
      { name: 'x', grants: ['READ', 'ADMIN'] },
      'secret',
    );
    const actors = {
      member: await acme.rep({ team: group, scope: 'ORGANIZATION' }),
      manager: await acme.manager({ team: group, scope: 'ORGANIZATION' }),
      'token without ADMIN': { token: String(issued.secret) },
      'token without WRITE': { token: String(readOnly.secret) },
    };
    const state = () =>
      runText(
        app.app.db.pool,
        `SELECT h.position, h.closed_before, (SELECT count(*) FROM member m WHERE m.organization_id = $1) AS members
         FROM log_head h WHERE h.organization_id = $1`,
        [acme.organizationId],
      );
    const before = await state();
    for (const [who, actor] of Object.entries(actors)) {
      for (const [name, input] of asked(target, group)) {
        const { code } = await mutate(app, actor, name, input);
        expect([who, name, code]).toEqual([who, name, 'FORBIDDEN']);
      }
    }
    for (const [name, input] of asked(target, group)) {
      expect([name, (await mutate(app, { token: '' }, name, input)).code]).toEqual([
        name,
        'UNAUTHENTICATED',
      ]);
    }
    expect(await state()).toEqual(before);
  });

  it('end at the organization: what belongs to another does not exist', async () => {
    const other = await org(app.app.db);
    const group = await acme.team();
    const target = await acme.rep({ team: group });
    for (const [name, input] of asked(target, group)) {
      if (!JSON.stringify(input).includes('"id"')) continue;
      expect([name, (await mutate(app, other, name, input)).code]).toEqual([name, 'NOT_FOUND']);
    }
    const nodes = '{ nodes(ids: $ids) { id } }';
    expect(
      await app.expectData(
        `query ($ids: [ID!]!) ${nodes}`,
        { ids: [team(group), member(target)] },
        other,
      ),
    ).toEqual({ nodes: [null, null] });
  });
});
