import type { Database } from '../../database/database.ts';
import type { MemberViewer, Viewer } from '../../database/viewer.ts';
import { findToken, findTokens, type KnownToken, saveUse } from './authenticate-store.ts';
import { looksLikeToken } from './token.ts';
import { visibleMembers } from './visible-members.ts';

export interface Request {
  /** The request's Origin header; null when it has none. */
  origin: string | null;
}

/**
 * Who a token stands for, with the rights of this moment: null when it is unknown, revoked or expired, its member
 * is no longer active, or it names origins and the request comes from another or names none.
 *
 * A session of a member who has to change the password first has no grants: it may do that and sign out.
 */
export async function authenticate(
  db: Database,
  token: string,
  { origin }: Request,
): Promise<Viewer | null> {
  if (!looksLikeToken(token)) return null;
  const found = await findToken(db, token);
  return found && viewerOf(db, found, origin);
}

/** The same for many at once, with one statement for all tokens: for each request, in their order, who it stands for. */
export async function authenticateAll(
  db: Database,
  requests: readonly (Request & { token: string })[],
): Promise<(Viewer | null)[]> {
  const tokens = new Set(requests.map(({ token }) => token).filter(looksLikeToken));
  const found = tokens.size > 0 ? await findTokens(db, [...tokens]) : new Map<string, KnownToken>();
  return Promise.all(
    requests.map(({ token, origin }) => {
      const known = found.get(token);
      return known ? viewerOf(db, known, origin) : null;
    }),
  );
}

async function viewerOf(
  db: Database,
  found: KnownToken,
  origin: string | null,
): Promise<Viewer | null> {
  if (found.origins.length > 0 && (origin === null || !found.origins.includes(origin))) return null;
  if (found.isUseOld) recordUse(db, found.id);
  return found.kind === 'DISPLAY' ? displayOf(found) : memberOf(db, found);
}

function displayOf({ organizationId, id, leaderboardIds, expiresAt }: KnownToken): Viewer {
  return {
    kind: 'display',
    organizationId,
    tokenId: id,
    expiresAt,
    callerKey: `display:${id}`,
    leaderboardIds: new Set(leaderboardIds),
  };
}

async function memberOf(db: Database, found: KnownToken): Promise<MemberViewer | null> {
  const { organizationId, id, memberId, role, dataScope, revision, kind, expiresAt } = found;
  if (memberId === null || role === null || dataScope === null) return null;
  const mayNothing = kind === 'SESSION' && found.mustChange === true;
  return {
    kind: 'member',
    organizationId,
    memberId,
    role,
    dataScope,
    visibleMembers: await visibleMembers(db, { organizationId, memberId, dataScope }, revision),
    grants: new Set(mayNothing ? [] : found.grants),
    tokenId: id,
    expiresAt,
    // A retry after signing in again is still the same caller's; programs that share a member are not.
    callerKey: kind === 'SESSION' ? `member:${memberId}` : `token:${id}`,
  };
}

const recording = new WeakMap<Database, Set<string>>();

/** Beside the request, which does not wait for it; at most once a minute for each token. */
function recordUse(db: Database, tokenId: string): void {
  const busy = recording.get(db) ?? new Set();
  recording.set(db, busy);
  if (busy.has(tokenId)) return;
  busy.add(tokenId);
  saveUse(db, tokenId)
    // When it was last used is no reason to fail anything; the next use tries again.
    .catch(() => {})
    .finally(() => busy.delete(tokenId));
}
