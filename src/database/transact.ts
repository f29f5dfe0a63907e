import type { PoolClient } from 'pg';
import type { Database } from './database.ts';
import { NamedError } from './errors.ts';
import { type KeyUse, keepRefusal, keyUse, open, replay } from './idempotency.ts';
import { runText } from './statements.ts';
import { Tx } from './transaction.ts';
import type { MemberViewer } from './viewer.ts';

/** Ids, versions and the like: what is kept under the idempotency key and read again with present rights. */
export type Outcome = Record<string, unknown>;

/** `position`: of the transaction's last event; what `Muster-At-Least` and `extensions.position` carry. */
export type Committed<T> = T & { position: number };

const RETRIED = new Set(['40001', '40P01', '55P03']);
/** Many, as whoever changes teams or definitions over and over makes all who score meanwhile try again. */
const ATTEMPTS = 15;
const LONGEST_PAUSE_MS = 200;

/** Equal keys wait here for each other, rather than each holding a connection. */
const inFlight = new Map<string, Promise<unknown>>();

/**
 * The one way to write. Runs `work` in a transaction whose last statement writes its events, the score entries that
 * they are worth, the roll-ups and the kept outcome, in one flight with COMMIT.
 *
 * - `work` may be called again after a serialization failure, so it must have no effect but through `tx`.
 * - A `NamedError` thrown by it rolls everything back; under an idempotency key it is kept and thrown again for
 *   every retry, if its class says so.
 * - Throws what PostgreSQL says (timeouts, lost connections) as it is: unforeseen, masked by the API.
 */
export async function transact<T extends Outcome>(
  db: Database,
  viewer: MemberViewer,
  mutation: string,
  input: { idempotencyKey?: string | null },
  work: (tx: Tx) => Promise<T>,
): Promise<Committed<T>> {
  const use = keyUse(viewer, mutation, input);
  if (!use) return withRetries(db, viewer, null, work);
  const name = [use.organizationId, use.caller, use.mutation, use.key].join('\n');
  const before = inFlight.get(name);
  const mine = (before ?? Promise.resolve()).then(
    () => withRetries(db, viewer, use, work),
    () => withRetries(db, viewer, use, work),
  );
  inFlight.set(name, mine);
  try {
    return await mine;
  } finally {
    if (inFlight.get(name) === mine) inFlight.delete(name);
  }
}

async function withRetries<T extends Outcome>(
  db: Database,
  viewer: MemberViewer,
  use: KeyUse | null,
  work: (tx: Tx) => Promise<T>,
): Promise<Committed<T>> {
  for (let attempt = 1; ; attempt++) {
    const client = await db.pool.connect();
    let broken: Error | undefined;
    try {
      return await once(db, client, viewer, use, work);
    } catch (error) {
      if (error instanceof NamedError) throw error;
      if (isLost(error)) broken = error;
      if (attempt >= ATTEMPTS || !RETRIED.has(sqlState(error) ?? '')) throw error;
    } finally {
      client.release(broken);
    }
    await new Promise((resolve) =>
      setTimeout(resolve, Math.random() * Math.min(LONGEST_PAUSE_MS, 5 * 2 ** attempt)),
    );
  }
}

async function once<T extends Outcome>(
  db: Database,
  client: PoolClient,
  viewer: MemberViewer,
  use: KeyUse | null,
  work: (tx: Tx) => Promise<T>,
): Promise<Committed<T>> {
  const begun = client.query('BEGIN');
  const [, opened] = await Promise.all([begun, open(client, db, viewer, use)]).catch(
    async (error) => {
      await rollback(client);
      throw error;
    },
  );
  if (use && !opened.fresh) {
    await rollback(client);
    const kept = await replay(client, use);
    // An unkept failure of the twin leaves the key free again: the next attempt takes it.
    if (!kept) throw Object.assign(new Error('the twin left no outcome'), { code: '40001' });
    return { ...(kept.outcome as T), position: kept.position };
  }
  const tx = new Tx(db, client, viewer, opened);
  try {
    const outcome = await work(tx);
    const { position, waitedMs } = await finish(tx, use, outcome);
    for (const listener of db.commitListeners) listener(tx.organizationId, position, waitedMs);
    for (const effect of tx.afterCommit) effect();
    return { ...outcome, position };
  } catch (error) {
    await Promise.allSettled(tx.sent);
    await rollback(client);
    if (!use || !(error instanceof NamedError) || !error.stored) throw error;
    await keepRefusal(client, use, error);
    const kept = await replay(client, use);
    if (!kept) throw error;
    return { ...(kept.outcome as T), position: kept.position };
  }
}

const FINISH = `SELECT last_position, waited_ms FROM finish_v2($1, $2, make_interval(secs => $3::float8 / 1000), $4, $5,
  $6, $7, $8, $9, $10, $11, $12, $13, $14)`;

interface Finished {
  position: number;
  waitedMs: number | null;
}

/** Sends the end and COMMIT in one flight. Nothing after COMMIT decides: every statement's answer is awaited. */
async function finish(tx: Tx, use: KeyUse | null, outcome: Outcome): Promise<Finished> {
  const kept = JSON.stringify({ ok: outcome });
  if (tx.events.length === 0) {
    const keep = use
      ? runText(
          tx.connection,
          `UPDATE idempotency_key SET outcome = $5::jsonb WHERE organization_id = $1 AND caller_key = $2
             AND mutation = $3 AND key = $4`,
          [
            use.organizationId,
            use.caller,
            use.mutation,
            use.key,
            JSON.stringify({ ok: outcome, position: String(tx.openedAt) }),
          ],
        )
      : Promise.resolve();
    const committed = tx.connection.query({ text: 'COMMIT' });
    await Promise.all([...tx.sent, keep, committed.then(mustBeCommit)]);
    return { position: tx.openedAt, waitedMs: null };
  }
  const derived = await tx.db.derive(tx, tx.events);
  const actor = tx.viewer.memberId;
  const events = tx.events.map((event) => ({ actorId: actor, ...event }));
  const finished = runText<{ lastPosition: number; waitedMs: number }>(tx.connection, FINISH, [
    tx.organizationId,
    tx.now,
    tx.db.clock.shiftMs,
    tx.revision,
    tx.bumpsRevision,
    tx.closedBefore,
    JSON.stringify(events),
    JSON.stringify(derived.entries),
    JSON.stringify(derived.rollups),
    JSON.stringify(derived.paths),
    use?.caller ?? null,
    use?.mutation ?? null,
    use?.key ?? null,
    use ? kept : null,
  ]);
  const committed = tx.connection.query({ text: 'COMMIT' });
  const [rows] = await Promise.all([finished, ...tx.sent, committed.then(mustBeCommit)]);
  const [row] = rows;
  if (!row) throw new Error('finish_v2 gave no position');
  return { position: row.lastPosition, waitedMs: row.waitedMs };
}

/** COMMIT of a failed transaction answers ROLLBACK, without an error. */
function mustBeCommit(result: { command: string }): void {
  if (result.command !== 'COMMIT') throw new Error('the transaction was rolled back');
}

async function rollback(client: PoolClient): Promise<void> {
  await client.query('ROLLBACK').catch(() => {});
}

export function sqlState(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}

/** The name of the constraint that a statement broke, if that is what went wrong. */
export function brokenConstraint(error: unknown): string | undefined {
  return error instanceof Error && 'constraint' in error && typeof error.constraint === 'string'
    ? error.constraint
    : undefined;
}

function isLost(error: unknown): error is Error {
  const state = sqlState(error);
  // Class 08, 57P: the connection or the server is gone. Without a state: a socket error.
  return error instanceof Error && (state === undefined || /^(08|57P|E[A-Z]+)/.test(state));
}
