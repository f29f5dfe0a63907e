import { createHash } from 'node:crypto';
import type { Database } from './database.ts';
import { IdempotencyKeyReused, type NamedError, reviveError } from './errors.ts';
import { type Connection, runText } from './statements.ts';
import type { Opened } from './transaction.ts';
import type { MemberViewer } from './viewer.ts';

/** One use of one idempotency key: its scope is organization, caller and mutation. */
export interface KeyUse {
  organizationId: string;
  caller: string;
  mutation: string;
  key: string;
  hash: Buffer;
}

export const MAX_KEY_LENGTH = 200;

type Kept =
  | { ok: Record<string, unknown>; position: string }
  | {
      error: {
        name: string;
        message: string;
        path: string[] | null;
        data: Record<string, unknown>;
      };
    };

export function keyUse(
  viewer: MemberViewer,
  mutation: string,
  input: { idempotencyKey?: string | null },
): KeyUse | null {
  const { idempotencyKey: key, ...rest } = input;
  if (key === null || key === undefined) return null;
  return {
    organizationId: viewer.organizationId,
    caller: viewer.callerKey,
    mutation,
    key,
    hash: createHash('sha256').update(canonical(rest)).digest(),
  };
}

/** JSON with sorted keys, so that equal inputs have equal hashes. Secrets go in hashed with the rest. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (inner instanceof Set) return [...inner];
    if (inner && typeof inner === 'object' && !Array.isArray(inner)) {
      return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
    }
    return inner;
  });
}

const NOW = `date_trunc('milliseconds', now() + make_interval(secs => $2::float8 / 1000))`;

const OPEN = `SELECT ${NOW} AS now, h.revision, h.closed_before, h.position, true AS fresh
FROM log_head h WHERE h.organization_id = $1`;

// The insert waits for a twin that is still open; the twin's outcome is read by a later statement.
const OPEN_WITH_KEY = `WITH taken AS (
  INSERT INTO idempotency_key (organization_id, caller_key, mutation, key, input_hash, created_at)
  VALUES ($1, $3, $4, $5, $6, now()) ON CONFLICT DO NOTHING RETURNING 1
)
SELECT ${NOW} AS now, h.revision, h.closed_before, h.position, EXISTS (SELECT FROM taken) AS fresh
FROM log_head h WHERE h.organization_id = $1`;

/** The first statement of a transaction: takes the key, reads the clock and the head without locking it. */
export async function open(
  connection: Connection,
  db: Database,
  viewer: MemberViewer,
  use: KeyUse | null,
): Promise<Opened & { fresh: boolean }> {
  const shift = db.clock.shiftMs;
  const [row] = use
    ? await runText<Opened & { fresh: boolean }>(connection, OPEN_WITH_KEY, [
        use.organizationId,
        shift,
        use.caller,
        use.mutation,
        use.key,
        use.hash,
      ])
    : await runText<Opened & { fresh: boolean }>(connection, OPEN, [viewer.organizationId, shift]);
  if (!row) throw new Error(`organization ${viewer.organizationId} has no log`);
  return row;
}

/** Gives the kept outcome of an earlier use, or throws its kept error. Null: there is none, the key is free. */
export async function replay(
  connection: Connection,
  use: KeyUse,
): Promise<{ outcome: Record<string, unknown>; position: number } | null> {
  const [row] = await runText<{ inputHash: Buffer; outcome: Kept | null }>(
    connection,
    `SELECT input_hash, outcome FROM idempotency_key
     WHERE organization_id = $1 AND caller_key = $2 AND mutation = $3 AND key = $4`,
    [use.organizationId, use.caller, use.mutation, use.key],
  );
  if (!row?.outcome) return null;
  if (!use.hash.equals(row.inputHash)) {
    throw new IdempotencyKeyReused(
      `The idempotency key "${use.key}" was used before for another input of ${use.mutation}: take a new key for a new request.`,
      { path: ['input', 'idempotencyKey'] },
    );
  }
  if ('error' in row.outcome) throw reviveError(row.outcome.error);
  return { outcome: row.outcome.ok, position: Number(row.outcome.position) };
}

/** Keeps a refusal under the key; whoever kept an outcome first is right. */
export async function keepRefusal(connection: Connection, use: KeyUse, error: NamedError) {
  const kept: Kept = {
    error: {
      name: error.name,
      message: error.message,
      path: error.inputPath ? [...error.inputPath] : null,
      data: error.data,
    },
  };
  await runText(
    connection,
    `INSERT INTO idempotency_key (organization_id, caller_key, mutation, key, input_hash, outcome, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, now()) ON CONFLICT DO NOTHING`,
    [use.organizationId, use.caller, use.mutation, use.key, use.hash, JSON.stringify(kept)],
  );
}

/** Forgets keys older than this; called now and then by every node. */
export async function forgetKeys(connection: Connection, hours: number): Promise<void> {
  await runText(
    connection,
    'DELETE FROM idempotency_key WHERE created_at < now() - make_interval(hours => $1::int)',
    [hours],
  );
}
