import { describe, expect, it } from 'vitest';
import type { DataScope, Grant, MemberViewer, Role } from '../../../src/database/viewer.ts';
import {
  checkNewPassword,
  dataScopeFor,
  effectiveMoment,
  requireMayReset,
} from '../../../src/domains/people/rules.ts';

const at = (hour: number) => new Date(Date.UTC(2026, 0, 5, hour));
const named = (code: string) => expect.objectContaining({ code });

function caught(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

describe('the moment at which a change takes effect', () => {
  const bounds = { now: at(12), closedBefore: at(3) };
  const moment = (wanted: Date | null, last: Date | null) =>
    caught(() => effectiveMoment(wanted, last, bounds, 'effectiveAt'));

  it('is the one asked for, from the last change and the closed period on until now', () => {
    expect(moment(at(5), null)).toEqual(at(5));
    expect(moment(at(5), at(5))).toEqual(at(5));
    expect(moment(at(3), null)).toEqual(at(3));
    expect(moment(at(12), at(4))).toEqual(at(12));
    expect(moment(at(13), null)).toEqual(named('INVALID_INPUT'));
    expect(moment(at(5), at(6))).toEqual(named('BEFORE_LAST_CHANGE'));
    expect(moment(at(2), null)).toEqual(named('PERIOD_CLOSED'));
  });

  it('is now, but never before the last change, whose transaction may have begun later', () => {
    expect(moment(null, null)).toEqual(at(12));
    expect(moment(null, at(4))).toEqual(at(12));
    expect(moment(null, at(13))).toEqual(at(13));
  });
});

describe('a new password', () => {
  const check = (password: string, old: string | null = null) =>
    caught(() => checkNewPassword(password, { old, employeeNumber: '20240017' }, 'newPassword'));

  it('has 10 to 200 characters, counted as people do', () => {
    expect(check('abcdefghij')).toBeUndefined();
    expect(check('销售额第一名今天到我')).toBeUndefined();
    expect(check('🐉🐲🦕🦖🐊🐢🦎🐍🐸🐙')).toBeUndefined();
    expect(check('abcdefghi')).toEqual(named('WEAK_PASSWORD'));
    expect(check('销售额第一名今天')).toEqual(named('WEAK_PASSWORD'));
    expect(check('ab cd'.repeat(40))).toBeUndefined();
    expect(check(`${'ab cd'.repeat(40)}e`)).toEqual(named('WEAK_PASSWORD'));
  });

  it('is not the old one, nor one character, nor the employee number', () => {
    expect(check('abcdefghij', 'abcdefghij')).toEqual(named('WEAK_PASSWORD'));
    expect(check('aaaaaaaaaaaa')).toEqual(named('WEAK_PASSWORD'));
    expect(check('2024001720240017')).toEqual(named('WEAK_PASSWORD'));
    expect(check('20240017!!')).toEqual(named('WEAK_PASSWORD'));
    expect(check('20240017 ist meine')).toBeUndefined();
  });
});

describe('the data scope of a role', () => {
  it('is what goes with it, or what was asked for; an administrator sees everything', () => {
    expect(['ADMIN', 'MANAGER', 'MEMBER'].map((role) => dataScopeFor(role as Role, null))).toEqual([
      'ORGANIZATION',
      'TEAM_TREE',
      'OWN',
    ]);
    expect(dataScopeFor('MEMBER', 'ORGANIZATION')).toBe('ORGANIZATION');
    for (const scope of ['OWN', 'TEAM', 'TEAM_TREE'] as const) {
      expect(caught(() => dataScopeFor('ADMIN', scope))).toEqual(named('INVALID_INPUT'));
    }
  });
});

describe('who may reset a password', () => {
  const viewer = (
    role: Role,
    dataScope: DataScope,
    sees: 'ALL' | string[],
    grants: Grant[] = ['READ', 'WRITE', 'ADMIN'],
  ): MemberViewer => ({
    kind: 'member',
    organizationId: 'o',
    memberId: 'me',
    role,
    dataScope,
    visibleMembers: sees === 'ALL' ? 'ALL' : new Set(sees),
    grants: new Set(grants),
    tokenId: 't',
    callerKey: 'k',
  });
  const target = (role: Role, dataScope: DataScope) => ({
    id: 'you',
    role,
    dataScope,
    active: true,
  });
  const reset = (
    by: MemberViewer,
    of: ReturnType<typeof target>,
    sees: 'ALL' | string[] = ['you'],
  ) => caught(() => requireMayReset(by, of, sees === 'ALL' ? 'ALL' : new Set(sees)));
  const refused = named('NOT_ALLOWED');

  it('is an administrator, for anybody else', () => {
    const admin = viewer('ADMIN', 'ORGANIZATION', 'ALL');
    expect(reset(admin, target('ADMIN', 'ORGANIZATION'), 'ALL')).toBeUndefined();
    expect(reset(admin, { ...target('MEMBER', 'OWN'), id: 'me' })).toEqual(refused);
    const program = viewer('ADMIN', 'ORGANIZATION', 'ALL', ['READ', 'WRITE']);
    expect(reset(program, target('MEMBER', 'OWN'))).toEqual(refused);
  });

  it('is a manager, for plain members through whom nothing more is seen', () => {
    const manager = viewer('MANAGER', 'TEAM_TREE', ['me', 'you', 'third']);
    expect(reset(manager, target('MEMBER', 'OWN'))).toBeUndefined();
    expect(reset(manager, target('MEMBER', 'TEAM'), ['you', 'third'])).toBeUndefined();
    expect(reset(manager, target('MEMBER', 'TEAM'), ['you', 'stranger'])).toEqual(refused);
    expect(reset(manager, target('MEMBER', 'ORGANIZATION'), 'ALL')).toEqual(refused);
    expect(reset(manager, target('MANAGER', 'TEAM'))).toEqual(refused);
    expect(reset(manager, target('ADMIN', 'ORGANIZATION'), 'ALL')).toEqual(refused);
    const everything = viewer('MANAGER', 'ORGANIZATION', 'ALL');
    expect(reset(everything, target('MEMBER', 'ORGANIZATION'), 'ALL')).toBeUndefined();
  });

  it('is no plain member, whatever is seen', () => {
    const member = viewer('MEMBER', 'ORGANIZATION', 'ALL');
    expect(reset(member, target('MEMBER', 'OWN'))).toEqual(refused);
  });
});
