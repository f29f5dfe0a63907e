import type { Tx } from '../../database/transaction.ts';
import type { Grant } from '../../database/viewer.ts';
import type { TokenKind } from './model.ts';
import { hashToken } from './token.ts';

export interface NewToken {
  id: string;
  kind: TokenKind;
  name: string;
  memberId: string | null;
  grants: readonly Grant[];
  origins?: readonly string[];
  leaderboardIds?: readonly string[];
  expiresAt: Date | null;
}

export interface LiveToken {
  id: string;
  kind: TokenKind;
  memberId: string | null;
}

export async function insertToken(tx: Tx, token: NewToken, secret: string): Promise<void> {
  const { grants, origins = [], leaderboardIds = [], ...row } = token;
  await tx.run(
    tx.insertInto('accessToken', [
      {
        ...row,
        grants: [...grants],
        origins: [...origins],
        leaderboardIds: [...leaderboardIds],
        tokenHash: hashToken(secret),
        createdAt: tx.now,
        createdById: tx.viewer.memberId,
      },
    ]),
  );
}

/** Valid API tokens of one member, or valid display tokens of the organization. */
export async function countLive(tx: Tx, kind: TokenKind, memberId: string | null): Promise<number> {
  const live = tx
    .selectFrom('accessToken')
    .select((expression) => expression.fn.countAll<number>().as('count'))
    .where('kind', '=', kind)
    .where('revokedAt', 'is', null)
    .where((token) => token.or([token('expiresAt', 'is', null), token('expiresAt', '>', tx.now)]));
  const row = await tx.first(memberId ? live.where('memberId', '=', memberId) : live);
  return Number(row?.count ?? 0);
}

export interface LockedToken extends LiveToken {
  revokedAt: Date | null;
}

export function lockToken(tx: Tx, id: string): Promise<LockedToken | null> {
  return tx.first(
    tx
      .selectFrom('accessToken')
      .select(['id', 'kind', 'memberId', 'revokedAt'])
      .where('id', '=', id)
      .forNoKeyUpdate(),
  );
}

export async function markRevoked(tx: Tx, id: string): Promise<void> {
  await tx.run(tx.updateTable('accessToken').set({ revokedAt: tx.now }).where('id', '=', id));
}

/**
 * Revokes what a member still has, but for one token. Looks again until nothing is left: whoever makes a token holds
 * the one it is made with, so that what was made while this waited is seen by the next look.
 */
export async function revokeTokensOf(
  tx: Tx,
  memberId: string,
  kinds: readonly TokenKind[],
  except: string | null,
): Promise<LiveToken[]> {
  const ended: LiveToken[] = [];
  for (;;) {
    const live = (await lockLive(tx, memberId, kinds)).filter((token) => token.id !== except);
    if (live.length === 0) return ended;
    const ids = live.map((token) => token.id);
    await tx.run(tx.updateTable('accessToken').set({ revokedAt: tx.now }).where('id', 'in', ids));
    ended.push(...live);
  }
}

const lockLive = (tx: Tx, memberId: string, kinds: readonly TokenKind[]): Promise<LiveToken[]> =>
  tx.run(
    tx
      .selectFrom('accessToken')
      .select(['id', 'kind', 'memberId'])
      .where('memberId', '=', memberId)
      .where('kind', 'in', [...kinds])
      .where('revokedAt', 'is', null)
      .orderBy('id')
      .forNoKeyUpdate(),
  );
