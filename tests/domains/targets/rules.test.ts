import { describe, expect, test } from 'vitest';
import { InvalidInput, NotAllowed } from '../../../src/database/errors.ts';
import type { MemberViewer, Role } from '../../../src/database/viewer.ts';
import { maySetTargets, requireValue } from '../../../src/domains/targets/rules.ts';

const viewer = (role: Role): MemberViewer => ({
  kind: 'member',
  organizationId: 'o',
  memberId: 'me',
  role,
  dataScope: 'ORGANIZATION',
  visibleMembers: 'ALL',
  grants: new Set(['READ', 'WRITE', 'ADMIN']),
  tokenId: 't',
  callerKey: 'c',
});

describe('who sets targets', () => {
  const me = { type: 'Member', id: 'me' } as const;
  const other = { type: 'Member', id: 'other' } as const;
  const team = { type: 'Team', id: 'team' } as const;

  test.each([
    ['ADMIN', [true, true, true]],
    ['MANAGER', [false, true, true]],
    ['MEMBER', [false, false, false]],
  ] as const)('%s: for himself, another, a team', (role, allowed) => {
    for (const [index, contestant] of [me, other, team].entries()) {
      const set = () => maySetTargets(viewer(role), contestant);
      if (allowed[index]) expect(set).not.toThrow();
      else expect(set).toThrow(NotAllowed);
    }
  });
});

describe('values', () => {
  test.each([
    ['0', '0'],
    ['-0', '0'],
    ['120000.5000', '120000.5'],
    ['0007', '7'],
    ['9999999999999999.9999', '9999999999999999.9999'],
  ])('%s is kept as %s', (given, kept) => {
    expect(requireValue(given)).toBe(kept);
  });

  test.each(['-1', '-0.0001', '10000000000000000', '1.00001', '1e3', '', 'NaN', ' 1', '1,5'])(
    '"%s" is refused',
    (given) => {
      expect(() => requireValue(given)).toThrow(InvalidInput);
    },
  );
});
