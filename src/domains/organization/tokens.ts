import type { Database } from '../../database/database.ts';
import { InvalidInput, NotAllowed, NotFound, WrongState } from '../../database/errors.ts';
import { isId, newId } from '../../database/ids.ts';
import { readerFor } from '../../database/reader.ts';
import { transact } from '../../database/transact.ts';
import type { Tx } from '../../database/transaction.ts';
import type { Grant, MemberViewer } from '../../database/viewer.ts';
import { tokenCreated, tokenRevoked } from './events.ts';
import { cleanName } from './limits.ts';
import { MAX_DISPLAY_BOARDS, MAX_LIVE_TOKENS, type TokenKind } from './model.ts';
import { checkExpiry, checkGrants, checkOrigins, isAdmin, requireAdmin } from './rules.ts';
import './scope.ts';
import { makeToken } from './token.ts';
import * as store from './tokens-store.ts';

interface WithKey {
  idempotencyKey?: string | null;
}

/** `secret` is null when the same idempotency key was used before: it is never given twice. */
export interface IssuedToken {
  id: string;
  secret: string | null;
  position: number;
}

/** Inside a transaction: makes a token, keeps its hash, tells the log. Gives the secret. */
export async function issueToken(tx: Tx, token: Omit<store.NewToken, 'id'>) {
  const id = newId();
  const secret = makeToken(token.kind);
  await store.insertToken(tx, { ...token, id }, secret);
  tx.event(tokenCreated({ ...token, id }));
  return { id, secret };
}

/** Inside a transaction: ends what a member has of these kinds, but for one token. */
export async function endTokensOf(
  tx: Tx,
  memberId: string,
  kinds: readonly TokenKind[],
  except: string | null = null,
): Promise<void> {
  for (const token of await store.revokeTokensOf(tx, memberId, kinds, except)) {
    tx.event(tokenRevoked(token));
  }
}

/**
 * Makes a token in `transact` and gives its secret to the attempt that was committed, and to no other: neither to a
 * retry under the same key, nor to one whose first attempt was rolled back.
 */
export async function issueWith(
  db: Database,
  viewer: MemberViewer,
  mutation: string,
  input: WithKey,
  work: (tx: Tx) => Promise<{ id: string; secret: string }>,
): Promise<IssuedToken> {
  const secrets = new Map<string, string>();
  const outcome = await transact(db, viewer, mutation, input, async (tx) => {
    const { id, secret } = await work(tx);
    secrets.set(id, secret);
    return { id };
  });
  return { ...outcome, secret: secrets.get(outcome.id) ?? null };
}

export interface CreateApiToken extends WithKey {
  /** What it is for. */
  name: string;
  grants: readonly Grant[];
  /** Browser origins that may use it; none: any, and programs. */
  origins?: readonly string[] | null;
  /** Null: until it is revoked. */
  expiresAt?: Date | null;
}

/**
 * A token for a program that acts as the viewer, with at most the viewer's own grants.
 * Throws InvalidInput; NotAllowed for a token without the grant ADMIN, or for grants beyond the viewer's own;
 * WrongState when the member has too many.
 */
export function createApiToken(
  db: Database,
  viewer: MemberViewer,
  input: CreateApiToken,
): Promise<IssuedToken> {
  if (!viewer.grants.has('ADMIN')) {
    throw new NotAllowed('Only a session or a token with the grant ADMIN makes further tokens.');
  }
  const name = cleanName(input.name, 'name');
  const grants = checkGrants(viewer, input.grants);
  const origins = checkOrigins(input.origins ?? []);
  const expiresAt = input.expiresAt ?? null;
  return issueWith(db, viewer, 'createApiToken', input, async (tx) => {
    checkExpiry(expiresAt, tx.now);
    await requireOwnToken(tx);
    const { memberId } = viewer;
    await requireRoom(tx, 'API', memberId);
    return issueToken(tx, { kind: 'API', name, memberId, grants, origins, expiresAt });
  });
}

export interface CreateDisplayToken extends WithKey {
  /** Where the screen hangs. */
  name: string;
  leaderboardIds: readonly string[];
  expiresAt?: Date | null;
}

/**
 * A token for a screen: it watches these boards and does nothing else. Administrators make it.
 * Throws NotAllowed, InvalidInput, NotFound for an unknown board, WrongState when there are too many.
 */
export async function createDisplayToken(
  db: Database,
  viewer: MemberViewer,
  input: CreateDisplayToken,
): Promise<IssuedToken> {
  requireAdmin(viewer);
  const name = cleanName(input.name, 'name');
  const leaderboardIds = [...new Set(input.leaderboardIds)];
  const path = ['input', 'leaderboards'];
  if (leaderboardIds.length === 0 || leaderboardIds.length > MAX_DISPLAY_BOARDS) {
    throw new InvalidInput(`A display shows 1 to ${MAX_DISPLAY_BOARDS} boards.`, { path });
  }
  const where = { id: { in: leaderboardIds } };
  const known = await readerFor(db, viewer).leaderboard.count({ where });
  if (known < leaderboardIds.length) {
    throw new NotFound('One of the leaderboards does not exist.', { path });
  }
  const expiresAt = input.expiresAt ?? null;
  return issueWith(db, viewer, 'createDisplayToken', input, async (tx) => {
    checkExpiry(expiresAt, tx.now);
    await requireOwnToken(tx);
    await requireRoom(tx, 'DISPLAY', null);
    const token = { memberId: null, grants: ['READ'] as const, leaderboardIds, expiresAt };
    return issueToken(tx, { kind: 'DISPLAY', name, ...token });
  });
}

/**
 * Holds the token that the viewer came with: a revocation of all that a member has either comes first, and this is
 * refused, or comes after, and finds the new token too. The command line comes without one.
 */
async function requireOwnToken(tx: Tx): Promise<void> {
  const { tokenId } = tx.viewer;
  if (!isId(tokenId)) return;
  const own = await store.lockToken(tx, tokenId);
  if (!own || own.revokedAt !== null) throw new NotAllowed('Your own token has been revoked.');
}

/** A courtesy against runaway scripts, not a guarantee: two at once may pass it by one. */
async function requireRoom(tx: Tx, kind: TokenKind, memberId: string | null): Promise<void> {
  if ((await store.countLive(tx, kind, memberId)) < MAX_LIVE_TOKENS) return;
  throw new WrongState(
    `There are ${MAX_LIVE_TOKENS} valid tokens of this kind already: revoke some first.`,
  );
}

/**
 * Ends a token: one's own, or any as an administrator. A token that is revoked already stays so, without an event.
 * Throws NotFound for an unknown token and for other people's.
 */
export function revokeToken(db: Database, viewer: MemberViewer, input: WithKey & { id: string }) {
  return transact(db, viewer, 'revokeToken', input, async (tx) => {
    const token = await store.lockToken(tx, input.id);
    if (!token || (token.memberId !== viewer.memberId && !isAdmin(viewer))) {
      throw new NotFound('There is no such token.', { path: ['input', 'id'] });
    }
    await end(tx, token);
    return { id: token.id };
  });
}

/** Ends the token that the viewer came with. Again without effect when it is ended already. */
export function signOut(db: Database, viewer: MemberViewer, input: WithKey) {
  return transact(db, viewer, 'signOut', input, async (tx) => {
    const token = await store.lockToken(tx, viewer.tokenId);
    if (token) await end(tx, token);
    return { id: viewer.tokenId };
  });
}

async function end(tx: Tx, token: store.LockedToken): Promise<void> {
  if (token.revokedAt !== null) return;
  await store.markRevoked(tx, token.id);
  tx.event(tokenRevoked(token));
}
