import { beforeAll, describe, expect, it } from 'vitest';
import { runText } from '../../../src/database/statements.ts';
import { authenticate } from '../../../src/domains/organization/authenticate.ts';
import { type TestApp, testApp } from '../../support/app.ts';
import { type Actor, type Organization, org, PASSWORD } from '../../support/seed.ts';

let app: TestApp;
let acme: Organization;

beforeAll(async () => {
  app = await testApp();
  acme = await org(app.app.db);
});

const SIGN_IN = /* GraphQL */ `
  mutation ($input: SignInInput!) {
    signIn(input: $input) {
      __typename
      ... on SignInPayload {
        token expiresAt mustChangePassword
        viewer { kind role dataScope grants mustChangePassword member { employeeNumber } organization { key } }
      }
      ... on SignInLocked { until }
      ... on UserError { code message path }
    }
  }`;

interface Result {
  __typename: string;
  code?: string;
  message?: string;
  token?: string | null;
  until?: string;
  [field: string]: unknown;
}

async function signIn(
  who: { employeeNumber: string },
  password: string,
  more: Record<string, unknown> = {},
): Promise<Result> {
  const { employeeNumber } = who;
  const input = { organization: acme.key, employeeNumber, password, ...more };
  return (await app.expectData<{ signIn: Result }>(SIGN_IN, { input })).signIn;
}

async function mutate(
  actor: { token: string },
  name: string,
  input: object,
  fields = '',
): Promise<Result> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const document = `mutation ($input: ${type}Input!) { ${name}(input: $input) {
    __typename ... on ${type}Payload { __typename ${fields} } ... on UserError { code message path } } }`;
  const data = await app.expectData<Record<string, Result>>(document, { input }, actor);
  return data[name] as Result;
}

const globalId = (type: string, id: string) => Buffer.from(`${type}:${id}`).toString('base64url');

async function inHours<T>(hours: number, work: () => Promise<T>): Promise<T> {
  const { clock } = app.app.db;
  clock.shiftMs += hours * 3_600_000;
  try {
    return await work();
  } finally {
    clock.shiftMs -= hours * 3_600_000;
  }
}

describe('signing in', () => {
  it('gives a token that works, and says who it is', async () => {
    const rep = await acme.rep();
    const result = await signIn(rep, PASSWORD, { organization: ` ${acme.key.toUpperCase()} ` });
    expect(result).toMatchObject({
      __typename: 'SignInPayload',
      mustChangePassword: false,
      viewer: {
        kind: 'MEMBER',
        role: 'MEMBER',
        dataScope: 'OWN',
        grants: ['READ', 'WRITE', 'ADMIN'],
        member: { employeeNumber: rep.employeeNumber },
        organization: { key: acme.key },
      },
    });
    expect(result.token).toMatch(/^ms_[\w-]{43}$/);
    const viewer = '{ viewer { member { employeeNumber } token { kind name } } }';
    expect(await app.expectData(viewer, {}, { token: result.token })).toEqual({
      viewer: {
        member: { employeeNumber: rep.employeeNumber },
        token: { kind: 'SESSION', name: 'Session' },
      },
    });
  });

  it('says the same for a wrong password, an unknown number and an unknown organization', async () => {
    const rep = await acme.rep();
    const wrong = await signIn(rep, 'not it at all');
    expect(wrong).toMatchObject({
      __typename: 'SignInRefused',
      code: 'SIGN_IN_REFUSED',
      path: null,
    });
    expect(await signIn({ employeeNumber: 'nobody' }, PASSWORD)).toEqual(wrong);
    expect(await signIn(rep, PASSWORD, { organization: 'nowhere' })).toEqual(wrong);
    expect(await signIn(rep, 'x'.repeat(100_000))).toEqual(wrong);
  });

  it('ends by itself', async () => {
    const rep = await acme.rep();
    const { token } = await signIn(rep, PASSWORD);
    const isValid = () => authenticate(app.app.db, token ?? '', { origin: null });
    expect(await inHours(11.9, isValid)).not.toBeNull();
    expect(await inHours(12.1, isValid)).toBeNull();
  });

  it('gives a secret only once under an idempotency key', async () => {
    const rep = await acme.rep();
    const key = { idempotencyKey: 'browser-1' };
    const answers = await Promise.all([1, 2, 3].map(() => signIn(rep, PASSWORD, key)));
    expect(answers.map((answer) => answer.token).filter(Boolean)).toHaveLength(1);
    expect(answers.map((answer) => answer.__typename)).toEqual(Array(3).fill('SignInPayload'));
  });
});

describe('wrong passwords', () => {
  it('lock the name after five, however many try at once, for a time that doubles', async () => {
    const rep = await acme.rep();
    const tries = await Promise.all(
      Array.from({ length: 20 }, (_, index) => signIn(rep, `wrong guess ${index}`)),
    );
    const count = (type: string) => tries.filter((answer) => answer.__typename === type).length;
    expect([count('SignInRefused'), count('SignInLocked')]).toEqual([5, 15]);
    const locked = await signIn(rep, PASSWORD);
    expect(locked.__typename).toBe('SignInLocked');

    const left = Date.parse(locked.until ?? '') - Date.now();
    expect(left).toBeGreaterThan(20_000);
    expect(left).toBeLessThanOrEqual(30_000);
    await inHours(31 / 3_600, async () => {
      expect((await signIn(rep, 'wrong again')).__typename).toBe('SignInRefused');
      const again = await signIn(rep, PASSWORD);
      expect(again.__typename).toBe('SignInLocked');
      const leftAgain = Date.parse(again.until ?? '') - Date.now() - 31_000;
      expect(leftAgain).toBeGreaterThan(50_000);
      expect(leftAgain).toBeLessThanOrEqual(60_000);
    });
    await inHours(92 / 3_600, async () => {
      expect((await signIn(rep, PASSWORD)).__typename).toBe('SignInPayload');
      expect((await signIn(rep, 'wrong')).__typename).toBe('SignInRefused');
      expect((await signIn(rep, PASSWORD)).__typename).toBe('SignInPayload');
    });
  });

  it('lock a number that nobody has like any other', async () => {
    const nobody = { employeeNumber: 'ghost' };
    const tries = await Promise.all(Array.from({ length: 8 }, () => signIn(nobody, 'whatever')));
    expect(tries.filter((answer) => answer.__typename === 'SignInLocked')).toHaveLength(3);
  });

  it('of one node do not lock out those who type rightly at the same time', async () => {
    const rep = await acme.rep();
    const tries = await Promise.all(Array.from({ length: 12 }, () => signIn(rep, PASSWORD)));
    expect(tries.map((answer) => answer.__typename)).toEqual(Array(12).fill('SignInPayload'));
  });
});

describe('changing the password', () => {
  it('needs the old one, and ends the other sessions', async () => {
    const rep = await acme.rep();
    const other = await signIn(rep, PASSWORD);
    const change = (oldPassword: string, newPassword: string) =>
      mutate(rep, 'changePassword', { oldPassword, newPassword }, 'changed');
    expect((await change('not it', 'a whole new one')).code).toBe('WRONG_PASSWORD');
    expect((await change(PASSWORD, 'short')).code).toBe('WEAK_PASSWORD');
    expect((await change(PASSWORD, PASSWORD)).code).toBe('WEAK_PASSWORD');
    expect((await change(PASSWORD, `${rep.employeeNumber}${rep.employeeNumber}12`)).code).toBe(
      'WEAK_PASSWORD',
    );
    expect((await signIn(rep, PASSWORD)).__typename).toBe('SignInPayload');

    expect(await change(PASSWORD, '新的密码新的密码一二')).toMatchObject({ changed: true });
    expect(await authenticate(app.app.db, other.token ?? '', { origin: null })).toBeNull();
    expect(await rep.viewer()).toBeTruthy();
    expect((await signIn(rep, PASSWORD)).__typename).toBe('SignInRefused');
    expect((await signIn(rep, '新的密码新的密码一二')).__typename).toBe('SignInPayload');
  });

  it('is all that a session may do after a reset, beside signing out', async () => {
    const rep = await acme.rep();
    const reset = await mutate(
      acme,
      'resetPassword',
      { id: globalId('Member', rep.memberId) },
      'password',
    );
    const password = String(reset.password);
    expect(password).toMatch(/^([a-z2-9]{4}-){3}[a-z2-9]{4}$/);
    expect(await authenticate(app.app.db, rep.token, { origin: null })).toBeNull();

    const session = await signIn(rep, password);
    expect(session).toMatchObject({ mustChangePassword: true, viewer: { grants: [] } });
    const token = session.token ?? '';
    const members = await app.query('{ members { totalCount } }', {}, { token });
    expect(members.errors[0]?.extensions.code).toBe('FORBIDDEN');
    const viewer = '{ viewer { mustChangePassword } }';
    expect(await app.expectData(viewer, {}, { token })).toEqual({
      viewer: { mustChangePassword: true },
    });

    const input = { oldPassword: password, newPassword: 'my very own words' };
    expect((await mutate({ token }, 'changePassword', input)).__typename).toBe(
      'ChangePasswordPayload',
    );
    await app.expectData('{ members { totalCount } }', {}, { token });
    expect((await mutate({ token }, 'signOut', {})).__typename).toBe('SignOutPayload');
    const after = await app.query('{ viewer { kind } }', {}, { token });
    expect(after.errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });
});

describe('resetting a password', () => {
  const reset = (by: Actor, of: Actor, more = {}) =>
    mutate(by, 'resetPassword', { id: globalId('Member', of.memberId), ...more }, 'password');

  it('shows it once, however often the same key comes', async () => {
    const rep = await acme.rep();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () =>
        reset(acme, rep, { idempotencyKey: `reset ${rep.memberId}` }),
      ),
    );
    const shown = answers.map((answer) => answer.password).filter((password) => password !== null);
    expect(shown).toHaveLength(1);
    expect((await signIn(rep, String(shown[0]))).__typename).toBe('SignInPayload');
    const kept = await runText<{ text: string }>(
      app.app.db.pool,
      'SELECT outcome::text AS text FROM idempotency_key WHERE outcome IS NOT NULL',
    );
    expect(kept.some(({ text }) => text.includes(String(shown[0])))).toBe(false);
  });

  it('unlocks the name', async () => {
    const rep = await acme.rep();
    for (let failure = 0; failure < 6; failure++) await signIn(rep, 'wrong');
    expect((await signIn(rep, PASSWORD)).__typename).toBe('SignInLocked');
    const { password } = await reset(acme, rep);
    expect((await signIn(rep, String(password))).__typename).toBe('SignInPayload');
  });

  it('is for administrators, and for managers on plain members who see no more than they', async () => {
    const team = await acme.team();
    const elsewhere = await acme.team();
    const manager = await acme.manager({ team });
    const allowed = await acme.rep({ team });
    const cases: [by: Actor, of: Actor, code: string][] = [
      [await acme.rep({ team, scope: 'TEAM' }), allowed, 'FORBIDDEN'],
      [manager, await acme.rep({ team: elsewhere }), 'NOT_FOUND'],
      [manager, await acme.manager({ team }), 'NOT_ALLOWED'],
      [manager, await acme.admin({ team }), 'NOT_ALLOWED'],
      [manager, await acme.rep({ team, scope: 'ORGANIZATION' }), 'NOT_ALLOWED'],
      [manager, manager, 'NOT_ALLOWED'],
      [await org(app.app.db), allowed, 'NOT_FOUND'],
    ];
    const leads = await acme.rep({ team, scope: 'TEAM' });
    await acme.team(undefined, { leader: leads });
    await acme.rep({ team: await acme.team(undefined, { leader: leads }) });
    cases.push([manager, leads, 'NOT_ALLOWED']);
    for (const [by, of, code] of cases) {
      const answer = await app.query(
        'mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { __typename ... on UserError { code } } }',
        { input: { id: globalId('Member', of.memberId) } },
        by,
      );
      const result = answer.data?.resetPassword as { code?: string } | undefined;
      expect(result?.code ?? answer.errors[0]?.extensions.code).toBe(code);
      // Nothing was changed.
      expect(await authenticate(app.app.db, of.token, { origin: null })).not.toBeNull();
      expect(
        (
          await signIn({ employeeNumber: of.employeeNumber }, PASSWORD, {
            organization: acme.key,
          })
        ).__typename,
      ).toBe('SignInPayload');
    }
    expect((await reset(manager, allowed)).__typename).toBe('ResetPasswordPayload');
  });
});
