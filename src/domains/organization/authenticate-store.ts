import type { Database } from '../../database/database.ts';
import { runText } from '../../database/statements.ts';
import type { DataScope, Grant, Role } from '../../database/viewer.ts';
import type { TokenKind } from './model.ts';
import { hashToken } from './token.ts';

/** A token that is valid now, with what its member may do. */
export interface KnownToken {
  id: string;
  organizationId: string;
  kind: TokenKind;
  memberId: string | null;
  grants: Grant[];
  origins: string[];
  leaderboardIds: string[];
  expiresAt: Date | null;
  /** Its last use is a minute or longer ago. */
  isUseOld: boolean;
  role: Role | null;
  dataScope: DataScope | null;
  mustChange: boolean | null;
  revision: number;
}

// One statement over both rooms that it concerns, as it begins every request. $2: shift of the clock in ms.
const find = (wanted: string) => `/* organization.authenticate */
SELECT t.token_hash, t.id, t.organization_id, t.kind, t.member_id, t.grants, t.origins, t.leaderboard_ids, t.expires_at,
  t.last_used_at IS NULL OR t.last_used_at < c.now - interval '1 minute' AS is_use_old,
  m.role, m.data_scope, p.must_change, h.revision
FROM (SELECT now() + make_interval(secs => $2::float8 / 1000) AS now) c
JOIN access_token t ON t.token_hash ${wanted}
JOIN log_head h ON h.organization_id = t.organization_id
LEFT JOIN member m ON m.id = t.member_id
LEFT JOIN credential p ON p.member_id = t.member_id
WHERE t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > c.now)
  AND (t.kind = 'DISPLAY' OR m.active)`;

const FIND = find('= $1');
const FIND_ALL = find('= ANY($1)');

const USED = `/* organization.token_used */
UPDATE access_token SET last_used_at = date_trunc('milliseconds', now() + make_interval(secs => $2::float8 / 1000))
WHERE id = $1`;

export async function findToken(db: Database, token: string): Promise<KnownToken | null> {
  const parameters = [hashToken(token), db.clock.shiftMs];
  const [found] = await runText<KnownToken>(db.pool, FIND, parameters);
  return found ?? null;
}

/** Those of many tokens that are known, by the token, in one statement. */
export async function findTokens(
  db: Database,
  tokens: readonly string[],
): Promise<Map<string, KnownToken>> {
  const hashes = new Map(tokens.map((token) => [hashToken(token).toString('base64'), token]));
  const wanted = [...hashes.keys()].map((hash) => Buffer.from(hash, 'base64'));
  const rows = await runText<KnownToken & { tokenHash: Buffer }>(db.pool, FIND_ALL, [
    wanted,
    db.clock.shiftMs,
  ]);
  return new Map(rows.map((row) => [hashes.get(row.tokenHash.toString('base64')) ?? '', row]));
}

export async function saveUse(db: Database, tokenId: string): Promise<void> {
  await runText(db.pool, USED, [tokenId, db.clock.shiftMs]);
}
