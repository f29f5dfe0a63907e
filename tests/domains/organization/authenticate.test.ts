import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Database } from '../../../src/database/database.ts';
import { authenticate, authenticateAll } from '../../../src/domains/organization/authenticate.ts';
import { createApiToken } from '../../../src/domains/organization/tokens.ts';
import { setRole } from '../../../src/domains/people/members.ts';
import { resetPassword } from '../../../src/domains/people/passwords.ts';
import { signIn } from '../../../src/domains/people/sign-in.ts';
import { moveTeam, updateTeam } from '../../../src/domains/people/teams.ts';
import { connectedDatabase, type Organization, org, PASSWORD } from '../../support/seed.ts';

let db: Database;
let acme: Organization;

beforeAll(async () => {
  db = await connectedDatabase();
  acme = await org(db);
});
afterAll(() => db.close());

describe('a data scope', () => {
  it('TEAM covers the own team and the one that is led; TEAM_TREE all below them too', async () => {
    const east = await acme.team('华东');
    const boss = await acme.manager({ team: east, scope: 'TEAM_TREE' });
    const shanghai = await acme.team('上海', { parent: east });
    const lead = await acme.manager({ scope: 'TEAM' });
    const group = await acme.team('一组', { parent: shanghai, leader: lead });
    const seller = await acme.rep({ team: shanghai });
    const junior = await acme.rep({ team: group, scope: 'TEAM' });
    const stranger = await acme.rep({ team: await acme.team('华北') });

    const sees = async (actor: typeof boss) => (await actor.viewer()).visibleMembers;
    expect(await sees(boss)).toEqual(
      new Set([boss.memberId, seller.memberId, junior.memberId, lead.memberId]),
    );
    expect(await sees(lead)).toEqual(new Set([lead.memberId, junior.memberId]));
    expect(await sees(junior)).toEqual(new Set([junior.memberId]));
    expect(await sees(seller)).toEqual(new Set([seller.memberId]));
    expect(await sees(stranger)).toEqual(new Set([stranger.memberId]));
    expect(await sees(acme)).toBe('ALL');
  });
});

describe('a token', () => {
  it('that nobody has, or in another spelling, is nobody', async () => {
    expect(await authenticate(db, `ms_${'A'.repeat(43)}`, { origin: null })).toBeNull();
    expect(await authenticate(db, ` ${acme.token}`, { origin: null })).toBeNull();
    expect(await authenticate(db, '', { origin: null })).toBeNull();
  });
});

describe('authentication', () => {
  it('of many is one statement, and answers each as it would be answered alone', async () => {
    const team = await acme.team();
    const boss = await acme.manager({ team });
    const rep = await acme.rep({ team });
    const expiresAt = new Date(Date.now() + 3_600_000);
    const { secret } = await createApiToken(db, await boss.viewer(), {
      name: 'Import',
      grants: ['READ'],
      origins: ['https://a.example'],
      expiresAt,
    });
    const nobody = `ms_${'A'.repeat(43)}`;
    const requests = [boss.token, nobody, secret ?? '', rep.token, '', boss.token].map((token) => ({
      token,
      origin: token === secret ? 'https://a.example' : null,
    }));
    const alone = [];
    for (const request of requests) alone.push(await authenticate(db, request.token, request));
    const query = vi.spyOn(db.pool, 'query');
    try {
      const together = await authenticateAll(db, [
        ...requests,
        { token: secret ?? '', origin: 'https://b.example' },
      ]);
      expect(together).toEqual([...alone, null]);
      expect(alone[2]?.expiresAt).toEqual(expiresAt);
      const sent = query.mock.calls.map((call) => JSON.stringify(call));
      expect(sent.filter((text) => text.includes('organization.authenticate'))).toHaveLength(1);
    } finally {
      query.mockRestore();
    }
  });

  it('is one statement; the first after a change of teams is two', async () => {
    const team = await acme.team();
    const boss = await acme.manager({ team });
    const query = vi.spyOn(db.pool, 'query');
    const ask = async () => {
      query.mockClear();
      const { visibleMembers } = await boss.viewer();
      const names = query.mock.calls.map(
        (call) => /\/\* (\S+) \*\//.exec(JSON.stringify(call))?.[1],
      );
      // That the token was used is written once a minute, off the path of who asks, so whenever that may be.
      const sent = names.filter((name) => name !== 'organization.token_used');
      return { sees: visibleMembers === 'ALL' ? null : visibleMembers.size, sent };
    };
    try {
      const one = { sees: 1, sent: ['organization.authenticate'] };
      expect(await ask()).toEqual(one);
      expect(await ask()).toEqual(one);
      await acme.rep({ team });
      expect(await ask()).toEqual({
        sees: 2,
        sent: ['organization.authenticate', 'people.covered'],
      });
      expect(await ask()).toEqual({ ...one, sees: 2 });
    } finally {
      query.mockRestore();
    }
  });

  it('sees a change of teams, leaders, role and scope at once', async () => {
    const [own, other] = [await acme.team(), await acme.team()];
    const boss = await acme.manager({ team: own });
    const rep = await acme.rep({ team: other });
    const admin = await acme.viewer();
    const covers = async () => {
      const { visibleMembers } = await boss.viewer();
      return visibleMembers === 'ALL' ? 'ALL' : visibleMembers.has(rep.memberId);
    };
    expect(await covers()).toBe(false);
    const under = { id: other, parentId: own };
    await moveTeam(db, admin, under);
    expect(await covers()).toBe(true);
    await setRole(db, admin, { id: boss.memberId, role: 'MANAGER', dataScope: 'TEAM' });
    expect(await covers()).toBe(false);
    await updateTeam(db, admin, { id: other, expectedVersion: 2, leaderId: boss.memberId });
    expect(await covers()).toBe(true);
    await updateTeam(db, admin, { id: other, expectedVersion: 3, leaderId: null });
    expect(await covers()).toBe(false);
    await setRole(db, admin, { id: boss.memberId, role: 'MANAGER', dataScope: 'ORGANIZATION' });
    expect(await covers()).toBe('ALL');
  });
});

describe('a reset', () => {
  it('leaves nothing that came in at the same time: neither sessions nor tokens', async () => {
    for (let round = 0; round < 5; round++) {
      const rep = await acme.rep();
      const viewer = await rep.viewer();
      const { employeeNumber } = rep;
      const work = [
        ...[1, 2, 3].map(() =>
          signIn(db, { organizationKey: acme.key, employeeNumber, password: PASSWORD }),
        ),
        ...[1, 2, 3].map(() => createApiToken(db, viewer, { name: 'x', grants: ['READ'] })),
        resetPassword(db, await acme.viewer(), { id: rep.memberId }),
      ];
      const results = await Promise.allSettled(work);
      expect(results.at(-1)?.status).toBe('fulfilled');
      const live = await db.prisma.accessToken.count({
        where: { memberId: rep.memberId, revokedAt: null },
      });
      expect(live).toBe(0);
    }
  });
});
