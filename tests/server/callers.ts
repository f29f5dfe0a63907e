// Callers by name: viewers of one organization, each behind a token.
import { newId } from '../../src/database/ids.ts';
import type { MemberViewer, Viewer } from '../../src/database/viewer.ts';

export const organizationId = newId();
const callers = new Map<string, Viewer>();

/** A token that the fixture's `authenticate` takes, with the viewer behind it. */
export function caller(viewer: Partial<Viewer> & { kind: Viewer['kind'] }): string {
  const token = `token-${callers.size}`;
  const common = { organizationId, tokenId: newId(), callerKey: token };
  callers.set(token, {
    ...(viewer.kind === 'member'
      ? {
          memberId: newId(),
          role: 'MEMBER',
          dataScope: 'OWN',
          visibleMembers: new Set(),
          grants: new Set(['READ', 'WRITE', 'ADMIN']),
        }
      : { leaderboardIds: new Set() }),
    ...common,
    ...viewer,
  } as Viewer);
  return token;
}

export const revoke = (token: string): void => {
  callers.delete(token);
};

/** Gives the viewer behind a token other rights. */
export const change = (token: string, rights: Partial<MemberViewer>): void => {
  callers.set(token, { ...callers.get(token), ...rights } as Viewer);
};

/** The viewer behind a token; null for any other. */
export const callerOf = (token: string | null): Viewer | null => callers.get(token ?? '') ?? null;
