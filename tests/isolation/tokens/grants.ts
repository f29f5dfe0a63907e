// What a token is good for: nothing when it is none, and nothing beyond what the schema says that it must hold.
import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Grant } from '../../../src/database/viewer.ts';
import { createApiToken, revokeToken } from '../../../src/domains/organization/tokens.ts';
import { deactivateMember } from '../../../src/domains/people/members.ts';
import { schema } from '../../../src/schema.ts';
import { type Actor, PASSWORD } from '../../support/seed.ts';
import { refusalsIn } from '../caller.ts';
import { chooserFor } from '../choose.ts';
import { Following } from '../following.ts';
import { type Root, rootsOf } from '../roots.ts';
import { changesBetween } from '../rows.ts';
import { eachOf } from '../trying.ts';
import { muster, records, rows, world } from './stage.ts';

const { db } = muster.app;
let roots: Root[];
beforeAll(() => {
  roots = rootsOf(schema, chooserFor(records));
});

/** The codes that a root field is answered with; of a subscription, over both transports. */
async function codesOf(root: Root, token: string | null): Promise<string[]> {
  if (root.of !== 'Subscription') {
    const answer = await muster.query(root.document, root.variables, { token });
    return [...new Set(refusalsIn(answer).map(({ code }) => code))];
  }
  const codes = new Set<string>();
  for (const over of ['websocket', 'sse'] as const) {
    const stream = muster.subscribe(root.document, root.variables, { token, over });
    const following = new Following(stream);
    await following.moreThan(0, 2_000);
    for (const code of following.codes()) codes.add(code);
    if (/4401|4403/.test(following.end ?? '')) codes.add('UNAUTHENTICATED');
    await following.close();
  }
  return [...codes];
}

async function apiToken(actor: Actor, grants: readonly Grant[], expiresAt: Date | null = null) {
  const input = { name: 'walk', grants, expiresAt };
  const { id, secret } = await createApiToken(db, await actor.viewer(), input);
  return { id, secret: secret ?? '' };
}

const ALL = ['READ', 'WRITE', 'ADMIN'] as const;
const HOUR = 3_600_000;

describe('without a valid token every field but the public ones is refused', () => {
  const cases: [string, () => Promise<string | null>][] = [
    ['no token', () => Promise.resolve(null)],
    ['a malformed one', () => Promise.resolve('not-a-token')],
    [
      'one that was never given',
      () => Promise.resolve(`ms_${randomBytes(32).toString('base64url')}`),
    ],
    [
      'one that has expired',
      async () => {
        const { secret } = await apiToken(world.admin, ALL, new Date(Date.now() + HOUR));
        db.clock.shiftMs = 2 * HOUR;
        return secret;
      },
    ],
    [
      'a session that has expired',
      async () => {
        const input = {
          ...{ organization: world.admin.key, password: PASSWORD },
          employeeNumber: world.people.director.employeeNumber,
        };
        const { signIn } = await muster.expectData<{ signIn: { token: string } }>(
          'mutation ($input: SignInInput!) { signIn(input: $input) { ... on SignInPayload { token } } }',
          { input },
        );
        db.clock.shiftMs = 13 * HOUR;
        return signIn.token;
      },
    ],
    [
      'one that was revoked',
      async () => {
        const { id, secret } = await apiToken(world.admin, ALL);
        await revokeToken(db, await world.admin.viewer(), { id });
        return secret;
      },
    ],
    [
      'that of a member who has left',
      async () => {
        const leaver = await world.admin.admin();
        const { secret } = await apiToken(leaver, ALL);
        await deactivateMember(db, await world.admin.viewer(), { id: leaver.memberId });
        return secret;
      },
    ],
  ];

  test.each(cases)('%s', async (_name, prepare) => {
    const token = await prepare();
    const before = await rows();
    const wrong: string[] = [];
    await eachOf(
      roots.filter(({ requires }) => !requires.includes('ANYONE')),
      async (root) => {
        const codes = await codesOf(root, token);
        if (codes.join() !== 'UNAUTHENTICATED') wrong.push(`${root.name}: ${codes}`);
      },
    );
    expect(wrong).toEqual([]);
    expect(changesBetween(before, await rows())).toEqual({});
  });

  test('public is signing in, and nothing else', () => {
    const open = roots.filter(({ requires }) => requires.includes('ANYONE'));
    expect(open.map(({ name }) => name)).toEqual(['Mutation.signIn']);
  });
});

describe('a token is refused what the schema asks more for', () => {
  test.each<[string, () => Promise<string>, string[]]>([
    ['a member', async () => world.people.rep.token, ['VIEWER', 'MEMBER', 'READ', 'WRITE']],
    [
      'a manager',
      async () => world.people.manager.token,
      ['VIEWER', 'MEMBER', 'READ', 'WRITE', 'MANAGER'],
    ],
    [
      'an administrator’s READ',
      async () => (await apiToken(world.admin, ['READ'])).secret,
      ['VIEWER', 'MEMBER', 'READ', 'MANAGER'],
    ],
    [
      'an administrator’s WRITE',
      async () => (await apiToken(world.admin, ['WRITE'])).secret,
      ['VIEWER', 'MEMBER', 'WRITE', 'MANAGER'],
    ],
    [
      'an administrator’s READ and WRITE',
      async () => (await apiToken(world.admin, ['READ', 'WRITE'])).secret,
      ['VIEWER', 'MEMBER', 'READ', 'WRITE', 'MANAGER'],
    ],
    ['a display', async () => world.displayToken, ['VIEWER', 'READ']],
  ])('%s', async (_name, prepare, held) => {
    const token = await prepare();
    const before = await rows();
    const wrong: string[] = [];
    await eachOf(roots, async (root) => {
      if (root.requires.includes('ANYONE')) return;
      const isRefused = root.requires.some((scope) => !held.includes(scope));
      // Calling what is allowed would change something, or begin a stream; that is for other tests.
      if (!isRefused && root.of !== 'Query') return;
      const codes = await codesOf(root, token);
      if (codes.includes('FORBIDDEN') !== isRefused) {
        wrong.push(`${root.name} asks for ${root.requires}: ${codes.join() || 'no refusal'}`);
      }
    });
    expect(wrong).toEqual([]);
    expect(changesBetween(before, await rows())).toEqual({});
  });

  test('what a member’s token may do without the grant WRITE is ending itself and a password', () => {
    const free = roots.filter(
      ({ of, requires }) => of === 'Mutation' && !requires.includes('WRITE'),
    );
    expect(free.map(({ field }) => field)).toEqual(['changePassword', 'signIn', 'signOut']);
  });
});
