import { beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../../src/database/ids.ts';
import { runText } from '../../../src/database/statements.ts';
import { authenticate } from '../../../src/domains/organization/authenticate.ts';
import { type TestApp, testApp } from '../../support/app.ts';
import { globalId, mutate, type Result } from '../../support/mutate.ts';
import { type Actor, type Organization, org } from '../../support/seed.ts';

let app: TestApp;
let acme: Organization;

beforeAll(async () => {
  app = await testApp();
  acme = await org(app.app.db);
});

const SECRET = 'secret token { id kind name grants origins expiresAt }';
const createApiToken = (actor: { token: string }, input: object) =>
  mutate(app, actor, 'createApiToken', { name: '看板', grants: ['READ'], ...input }, SECRET);
const secretOf = (result: Result) => String(result.secret);
const idOf = (result: Result) => (result.token as { id: string }).id;
const whoIs = (token: string, origin: string | null = null) =>
  authenticate(app.app.db, token, { origin });

async function inHours<T>(hours: number, work: () => Promise<T>): Promise<T> {
  const { clock } = app.app.db;
  clock.shiftMs += hours * 3_600_000;
  try {
    return await work();
  } finally {
    clock.shiftMs -= hours * 3_600_000;
  }
}

/** A board, as its room keeps it. */
async function board(organizationId: string): Promise<string> {
  const id = newId();
  await runText(
    app.app.db.pool,
    `INSERT INTO leaderboard (id, organization_id, name, contestants, teams, period_unit, ranking, tie_break, audience,
       "values", names, created_at)
     VALUES ($1, $2, '本月', 'MEMBERS', 'AS_IT_WAS', 'MONTH', 'STANDARD', 'NONE', 'ORGANIZATION', 'FULL', 'FULL', now())`,
    [id, organizationId],
  );
  return id;
}

describe('an API token', () => {
  it('acts as its maker with its grants, and is kept as a hash only', async () => {
    const rep = await acme.rep();
    const made = await createApiToken(rep, { grants: ['WRITE', 'READ'] });
    expect(made).toMatchObject({
      secret: expect.stringMatching(/^ma_[\w-]{43}$/),
      token: { kind: 'API', name: '看板', grants: ['READ', 'WRITE'], origins: [], expiresAt: null },
    });
    expect(await whoIs(secretOf(made))).toMatchObject({
      memberId: rep.memberId,
      grants: new Set(['READ', 'WRITE']),
    });
    const rows = await runText<{ row: string }>(
      app.app.db.pool,
      `SELECT t::text AS row FROM access_token t UNION ALL SELECT i::text FROM idempotency_key i
       UNION ALL SELECT payload::text FROM event`,
    );
    expect(rows.length).toBeGreaterThan(3);
    expect(rows.filter(({ row }) => row.includes(secretOf(made).slice(3)))).toEqual([]);
  });

  it('may only what it was granted', async () => {
    const read = { token: secretOf(await createApiToken(acme, {})) };
    const write = { token: secretOf(await createApiToken(acme, { grants: ['WRITE'] })) };
    const both = { token: secretOf(await createApiToken(acme, { grants: ['READ', 'WRITE'] })) };
    const list = '{ members(first: 1) { totalCount } }';
    await app.expectData(list, {}, read);
    expect((await app.query(list, {}, write)).errors[0]?.extensions).toMatchObject({
      code: 'FORBIDDEN',
      requires: 'READ',
    });
    expect(
      (await mutate(app, read, 'revokeToken', { id: globalId('AccessToken', newId()) })).code,
    ).toBe('FORBIDDEN');
    // Only with ADMIN: another token, other people's passwords, the administrator's work.
    expect((await createApiToken(both, {})).code).toBe('NOT_ALLOWED');
    const rep = await acme.rep();
    const reset = { id: globalId('Member', rep.memberId) };
    expect((await mutate(app, both, 'resetPassword', reset)).code).toBe('NOT_ALLOWED');
    expect((await mutate(app, both, 'createTeam', { name: 'x' })).code).toBe('FORBIDDEN');
    expect(await whoIs(rep.token)).not.toBeNull();
  });

  it('gives at most the grants of the one that makes it', async () => {
    const limited = await createApiToken(acme, { grants: ['WRITE', 'ADMIN'] });
    const result = await createApiToken({ token: secretOf(limited) }, { grants: ['READ'] });
    expect(result).toMatchObject({ code: 'NOT_ALLOWED', path: ['input', 'grants'] });
  });

  it('works from the origins that it names, and from no other place', async () => {
    const origins = ['https://wall.example.com'];
    const token = secretOf(await createApiToken(acme, { origins }));
    const from = (origin?: string) =>
      app.query('{ viewer { kind } }', {}, { token, ...(origin && { headers: { origin } }) });
    expect((await from(origins[0])).data).toEqual({ viewer: { kind: 'MEMBER' } });
    for (const origin of [
      'https://wall.example.com.evil.example',
      'http://wall.example.com',
      undefined,
    ]) {
      expect((await from(origin)).errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
    }
    for (const origin of ['*', 'wall.example.com', 'https://wall.example.com/', 'javascript:x']) {
      expect((await createApiToken(acme, { origins: [origin] })).code).toBe('INVALID_INPUT');
    }
  });

  it('ends when it was to end', async () => {
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const token = secretOf(await createApiToken(acme, { expiresAt }));
    expect(await whoIs(token)).not.toBeNull();
    expect(await inHours(1.01, () => whoIs(token))).toBeNull();
    const past = { expiresAt: new Date(Date.now() - 1_000).toISOString() };
    expect((await createApiToken(acme, past)).code).toBe('INVALID_INPUT');
  });

  it('is shown once, however many retries', async () => {
    const tries = Array.from({ length: 10 }, () => createApiToken(acme, { idempotencyKey: 'k1' }));
    const answers = await Promise.all(tries);
    expect(new Set(answers.map(idOf)).size).toBe(1);
    const secrets = answers.map((answer) => answer.secret).filter((secret) => secret !== null);
    expect(secrets).toHaveLength(1);
    expect(await whoIs(String(secrets[0]))).not.toBeNull();
    expect((await createApiToken(acme, { idempotencyKey: 'k1', name: 'other' })).code).toBe(
      'IDEMPOTENCY_KEY_REUSED',
    );
  });
});

describe('revoking', () => {
  it("ends a token at once: the own, for administrators any, and nobody else's", async () => {
    const rep = await acme.rep();
    const made = await createApiToken(rep, {});
    const revoke = (by: Actor) =>
      mutate(app, by, 'revokeToken', { id: idOf(made) }, 'token { revokedAt }');
    for (const stranger of [
      await acme.rep(),
      await acme.manager({ scope: 'ORGANIZATION' }),
      await org(app.app.db),
    ]) {
      expect((await revoke(stranger)).code).toBe('NOT_FOUND');
    }
    expect(await whoIs(secretOf(made))).not.toBeNull();
    const revoked = await revoke(rep);
    expect(revoked.token).toEqual({ revokedAt: expect.any(String) });
    expect(await whoIs(secretOf(made))).toBeNull();
    expect(await revoke(acme)).toEqual(revoked);
    const events = await runText(
      app.app.db.pool,
      `SELECT type FROM event WHERE record_type = 'AccessToken' AND payload ->> 'kind' = 'API'
         AND payload ->> 'memberId' = $1 ORDER BY position`,
      [rep.memberId],
    );
    expect(events).toEqual([{ type: 'token.created' }, { type: 'token.revoked' }]);
  });
});

describe('the list of tokens', () => {
  it('has the own ones, for administrators all, with their last use', async () => {
    const rep = await acme.rep();
    const made = await createApiToken(rep, {});
    const document = `query ($filter: AccessTokenFilter) {
      accessTokens(filter: $filter, first: 100) { nodes { id kind lastUsedAt member { id } } } }`;
    interface Row {
      id: string;
      kind: string;
      lastUsedAt: string | null;
      member: { id: string };
    }
    const list = async (actor: Actor, filter: object = {}) => {
      const data = await app.expectData<{ accessTokens: { nodes: Row[] } }>(
        document,
        { filter },
        actor,
      );
      return data.accessTokens.nodes;
    };
    const own = globalId('Member', rep.memberId);
    const mine = await list(rep);
    expect(mine.map((row) => row.kind)).toEqual(['API', 'SESSION']);
    expect(mine.every((row) => row.member.id === own)).toBe(true);
    expect(mine[0]?.lastUsedAt).toBeNull();

    const before = Date.now();
    await app.expectData('{ viewer { kind } }', {}, { token: secretOf(made) });
    await expect
      .poll(async () => Date.parse((await list(rep))[0]?.lastUsedAt ?? ''))
      .toBeGreaterThan(before - 1_000);

    const all = await list(acme, { kinds: ['API'], members: [own] });
    expect(all.map((row) => row.id)).toEqual([idOf(made)]);
    expect(await list(await org(app.app.db), { members: [own] })).toEqual([]);
    expect(await list(await acme.rep(), { members: [own] })).toEqual([]);
    await mutate(app, rep, 'revokeToken', { id: idOf(made) });
    expect((await list(rep)).map((row) => row.kind)).toEqual(['SESSION']);
    expect((await list(rep, { valid: false })).map((row) => row.id)).toEqual([idOf(made)]);
  });

  it('records the last use at most once a minute', async () => {
    const { token, memberId } = await acme.rep();
    const lastUse = async () =>
      (
        await runText<{ at: Date | null }>(
          app.app.db.pool,
          'SELECT last_used_at AS at FROM access_token WHERE member_id = $1',
          [memberId],
        )
      )[0]?.at ?? null;
    await whoIs(token);
    await expect.poll(lastUse).not.toBeNull();
    const first = await lastUse();
    await inHours(0.5 / 60, () => whoIs(token));
    await inHours(1.5 / 60, () => whoIs(token));
    await expect.poll(lastUse).not.toEqual(first);
    const second = await lastUse();
    expect((second?.getTime() ?? 0) - (first?.getTime() ?? 0)).toBeGreaterThan(80_000);
  });
});

describe('a display token', () => {
  const create = (actor: Actor, leaderboards: string[], more = {}) =>
    mutate(
      app,
      actor,
      'createDisplayToken',
      {
        name: '前台',
        leaderboards: leaderboards.map((id) => globalId('Leaderboard', id)),
        ...more,
      },
      SECRET,
    );

  it('has no member: it says its kind, its boards and the name of the organization, and reads nothing else', async () => {
    const id = await board(acme.organizationId);
    const made = await create(acme, [id]);
    expect(made.token).toMatchObject({ kind: 'DISPLAY', expiresAt: null });
    const token = secretOf(made);
    expect(token).toMatch(/^md_/);
    const viewer = `{ viewer { kind leaderboardIds grants role dataScope mustChangePassword
      member { id } token { id } organization { name } } }`;
    expect(await app.expectData(viewer, {}, { token })).toEqual({
      viewer: {
        kind: 'DISPLAY',
        leaderboardIds: [globalId('Leaderboard', id)],
        grants: [],
        role: null,
        dataScope: null,
        mustChangePassword: false,
        member: null,
        token: null,
        organization: { name: acme.key },
      },
    });
    const refused = [
      '{ viewer { organization { timeZone } } }',
      '{ viewer { organization { id } } }',
      '{ members { totalCount } }',
      '{ teams { totalCount } }',
      '{ accessTokens { totalCount } }',
      `{ node(id: "${globalId('Member', acme.memberId)}") { id } }`,
      `{ node(id: "${globalId('Organization', acme.organizationId)}") { id } }`,
      'mutation { signOut(input: {}) { __typename } }',
      'mutation { createTeam(input: { name: "x" }) { __typename } }',
      'mutation { changePassword(input: { oldPassword: "x", newPassword: "y" }) { __typename } }',
    ];
    for (const document of refused) {
      const { errors, data } = await app.query(document, {}, { token });
      expect([document, errors[0]?.extensions.code]).toEqual([document, 'FORBIDDEN']);
      expect(JSON.stringify(data ?? null)).not.toContain('Asia');
    }
    expect(await whoIs(token)).not.toBeNull();
  });

  it('is made by administrators, for boards of their organization', async () => {
    const id = await board(acme.organizationId);
    const other = await org(app.app.db);
    expect((await create(other, [id])).code).toBe('NOT_FOUND');
    expect((await create(acme, [])).code).toBe('INVALID_INPUT');
    expect((await create(acme, [id, newId()])).code).toBe('NOT_FOUND');
    expect((await create(await acme.manager({ scope: 'ORGANIZATION' }), [id])).code).toBe(
      'FORBIDDEN',
    );
  });

  it('ends when it is revoked, or when it was set to end', async () => {
    const id = await board(acme.organizationId);
    const forever = await create(acme, [id]);
    const hour = await create(acme, [id], {
      expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    });
    await inHours(24 * 365 * 5, async () => {
      expect(await whoIs(secretOf(forever))).not.toBeNull();
      expect(await whoIs(secretOf(hour))).toBeNull();
    });
    await mutate(app, acme, 'revokeToken', { id: idOf(forever) });
    expect(await whoIs(secretOf(forever))).toBeNull();
  });
});
