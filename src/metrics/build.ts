import type { PoolClient } from 'pg';
import type { Database } from '../database/database.ts';
import { runText } from '../database/statements.ts';
import type { MetricVersion } from './definition.ts';
import { DerivedDrafts } from './derive.ts';
import { consequenceOf, subjectOf } from './ledger.ts';
import { closedBeforeAt, closingOf, readForReplay, typesOf } from './log-replay.ts';
import { readSubjectStandings, standingKey } from './standing-store.ts';

const BATCH = 500;

interface Building extends MetricVersion {
  organizationId: string;
  builtTo: number;
}

/**
 * Builds a version from the log while writes go on, and switches to it at one log position: the last events are
 * read under the organization's head, so that none is missing and none counts twice. Goes on where a node that died
 * left off; two nodes never build the same version. Gives false when there is nothing to build.
 */
export async function buildVersion(db: Database, versionId: string): Promise<boolean> {
  const client = await db.pool.connect();
  try {
    const [lock] = await runText<{ taken: boolean }>(client, LOCK, [versionId]);
    if (!lock?.taken) return false;
    try {
      let step: Step = 'more';
      while (step === 'more') step = await buildStep(db, client, versionId);
      return step === 'done';
    } finally {
      await runText(client, UNLOCK, [versionId]);
    }
  } finally {
    client.release();
  }
}

const LOCK = `SELECT pg_try_advisory_lock(hashtextextended('muster.build ' || $1::text, 0)) AS taken`;
const UNLOCK = `SELECT pg_advisory_unlock(hashtextextended('muster.build ' || $1::text, 0))`;

/** Versions that wait to be built, in any organization. */
export async function pendingBuilds(db: Database): Promise<string[]> {
  const rows = await runText<{ id: string }>(
    db.pool,
    `SELECT id FROM metric_version WHERE state = 'BUILDING' ORDER BY created_at`,
  );
  return rows.map(({ id }) => id);
}

type Step = 'more' | 'done' | 'gone';

async function buildStep(db: Database, client: PoolClient, versionId: string): Promise<Step> {
  await client.query('BEGIN');
  try {
    const [version] = await runText<Building>(
      client,
      `SELECT id, organization_id, metric_id, number, definition, grains::text[] AS grains, built_to
       FROM metric_version WHERE id = $1 AND state = 'BUILDING' FOR NO KEY UPDATE`,
      [versionId],
    );
    if (!version) {
      await client.query('ROLLBACK');
      return 'gone';
    }
    let head = await headPosition(client, version.organizationId, false);
    const last = head - version.builtTo <= BATCH;
    // From here on nothing of this organization commits until the switch is made.
    if (last) head = await headPosition(client, version.organizationId, true);
    const builtTo = await buildBatch(client, version, head);
    if (!last || builtTo < head) {
      await runText(client, 'UPDATE metric_version SET built_to = $2 WHERE id = $1', [
        versionId,
        builtTo,
      ]);
      await client.query('COMMIT');
      return 'more';
    }
    const position = await activate(db, client, version, builtTo);
    await client.query('COMMIT');
    for (const listener of db.commitListeners) listener(version.organizationId, position, null);
    return 'done';
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}

async function headPosition(
  client: PoolClient,
  organizationId: string,
  lock: boolean,
): Promise<number> {
  const [head] = await runText<{ position: number }>(
    client,
    `SELECT position FROM log_head WHERE organization_id = $1${lock ? ' FOR NO KEY UPDATE' : ''}`,
    [organizationId],
  );
  return head?.position ?? 0;
}

/** Gives the position up to which everything is built. */
async function buildBatch(client: PoolClient, version: Building, head: number): Promise<number> {
  const { organizationId, builtTo, definition } = version;
  const events = await readForReplay(
    client,
    organizationId,
    typesOf(definition),
    builtTo,
    head,
    BATCH,
  );
  if (events.length === 0) return head;
  const keys = events.map((event) => ({ version: version.id, subject: subjectOf(event) }));
  const [standings, bound] = await Promise.all([
    readSubjectStandings(client, organizationId, keys),
    closedBeforeAt(client, organizationId, builtTo),
  ]);
  let closedBefore = bound;
  const drafts = new DerivedDrafts(organizationId);
  for (const event of events) {
    const closing = closingOf(event);
    if (closing !== undefined) closedBefore = closing;
    const key = standingKey(version.id, subjectOf(event));
    const ref = { position: event.position, event: null };
    const consequence = consequenceOf(version, event, ref, standings.get(key) ?? [], closedBefore);
    if (!consequence) continue;
    standings.set(key, consequence.standing);
    drafts.add(
      version,
      { position: event.position, recordedAt: event.loggedAt.toISOString() },
      consequence,
    );
  }
  if (drafts.size > 0) {
    const { entries, rollups, paths } = drafts.derived();
    const sums = JSON.stringify(rollups);
    await runText(client, 'SELECT rollups_apply_v1($1, $2)', [organizationId, sums]);
    await runText(client, 'SELECT entries_insert_v1($1, 0, now(), $2, $3)', [
      organizationId,
      JSON.stringify(entries),
      JSON.stringify(paths),
    ]);
    await runText(client, 'SELECT rollups_settle_v1($1, $2)', [organizationId, sums]);
  }
  return events.length < BATCH ? head : (events.at(-1)?.position ?? head);
}

/** Makes this version the one that counts, at the position that follows. */
async function activate(
  db: Database,
  client: PoolClient,
  version: Building,
  builtTo: number,
): Promise<number> {
  await runText(
    client,
    `UPDATE metric_version SET state = 'SUPERSEDED' WHERE metric_id = $1 AND state = 'ACTIVE'`,
    [version.metricId],
  );
  await runText(client, `UPDATE metric_version SET state = 'ACTIVE', built_to = $2 WHERE id = $1`, [
    version.id,
    builtTo,
  ]);
  const activated = {
    type: 'metric.activated',
    version: 1,
    recordType: 'Metric',
    recordId: version.metricId,
    recordVersion: null,
    actorId: null,
    payload: { versionId: version.id, number: version.number },
    visibility: { before: null, after: null },
  };
  const [finished] = await runText<{ lastPosition: number }>(
    client,
    `SELECT f.last_position FROM log_head h, LATERAL finish_v2(h.organization_id,
       date_trunc('milliseconds', now() + make_interval(secs => $2::float8 / 1000)),
       make_interval(secs => $2::float8 / 1000), h.revision, true, h.closed_before, $3, '[]', '[]', '[]', null, null, null, null) f
     WHERE h.organization_id = $1`,
    [version.organizationId, db.clock.shiftMs, JSON.stringify([activated])],
  );
  return finished?.lastPosition ?? builtTo;
}
