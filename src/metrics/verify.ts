import pg from 'pg';
import { bucketOf } from '../calendar/periods.ts';
import { NIL_ID } from '../database/ids.ts';
import { runText } from '../database/statements.ts';
import { fromUnits, toUnits } from './amounts.ts';
import type { MetricVersion } from './definition.ts';
import { readFacts } from './facts.ts';
import { consequenceOf, type Standing, subjectOf } from './ledger.ts';
import { closingOf, readForReplay, typesOf } from './log-replay.ts';
import { teamPathId } from './team-paths.ts';
import { compareBoards } from './verify-boards.ts';

const PAGE = 5_000;

interface Entry {
  ref: string;
  subject: string;
  member: string;
  path: string;
  teamIds: readonly string[];
  amount: bigint;
  countsAt: string;
  originallyAt: string | null;
  position: number;
  ordinal: number;
}

/**
 * Recomputes every score of a database from the event log alone and compares it with the ledger, the roll-ups and
 * boards with the ledger, and the log with itself. Gives the discrepancies, each a sentence; none is the promise kept.
 */
export async function verifyLedger(url: string): Promise<string[]> {
  const config: pg.ClientConfig & { pipeline: boolean } = { connectionString: url, pipeline: true };
  const client = new pg.Client(config);
  await client.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const organizations = await runText<{ organizationId: string; position: number }>(
      client,
      'SELECT organization_id, position FROM log_head ORDER BY organization_id',
    );
    const found: string[] = [];
    for (const { organizationId, position } of organizations) {
      found.push(...(await verifyLog(client, organizationId, position)));
      const { versions } = await readFacts(client, organizationId);
      for (const version of versions) {
        const entries = await readEntries(client, organizationId, version.id);
        const label = `organization ${organizationId}, metric ${version.metricId} version ${version.number}`;
        const expected = await replay(client, organizationId, version, position);
        found.push(...compareEntries(label, expected, entries));
        found.push(...(await compareRollups(client, label, organizationId, version, entries)));
        found.push(...(await compareBoards(client, label, organizationId, version)));
      }
    }
    return found;
  } finally {
    await client.end();
  }
}

/** Positions without gap or double, times that never go back, versions of a record in order. */
async function verifyLog(
  client: pg.Client,
  organizationId: string,
  head: number,
): Promise<string[]> {
  const [log] = await runText<{
    events: number;
    first: number;
    last: number;
    backwards: number;
    unordered: number;
  }>(
    client,
    `SELECT count(*) AS events, coalesce(min(position), 0) AS first, coalesce(max(position), 0) AS last,
       count(*) FILTER (WHERE logged_at < before) AS backwards,
       count(*) FILTER (WHERE record_version < version_before) AS unordered
     FROM (SELECT position, logged_at, record_version, lag(logged_at) OVER (ORDER BY position) AS before,
         lag(record_version) OVER (PARTITION BY record_id ORDER BY position) AS version_before
       FROM event WHERE organization_id = $1) e`,
    [organizationId],
  );
  const found: string[] = [];
  const label = `organization ${organizationId}`;
  if (!log) return found;
  if (log.last !== head) found.push(`${label}: the log ends at ${log.last}, its head says ${head}`);
  if (log.events > 0 && (log.first !== 1 || log.last !== log.events)) {
    found.push(`${label}: ${log.events} events between positions ${log.first} and ${log.last}`);
  }
  if (log.backwards > 0)
    found.push(`${label}: ${log.backwards} events were logged before the one before them`);
  if (log.unordered > 0)
    found.push(`${label}: ${log.unordered} events show a version before an earlier one`);
  return found;
}

async function replay(
  client: pg.Client,
  organizationId: string,
  version: MetricVersion,
  head: number,
): Promise<Entry[]> {
  const standings = new Map<string, readonly Standing[]>();
  const result: Entry[] = [];
  let closedBefore: string | null = null;
  let after = 0;
  for (;;) {
    const events = await readForReplay(
      client,
      organizationId,
      typesOf(version.definition),
      after,
      head,
      PAGE,
    );
    for (const event of events) {
      const closing = closingOf(event);
      if (closing !== undefined) closedBefore = closing;
      const subject = subjectOf(event);
      const before = standings.get(subject) ?? [];
      const ref = { position: event.position, event: null };
      const consequence = consequenceOf(version, event, ref, before, closedBefore);
      if (!consequence) continue;
      standings.set(subject, consequence.standing);
      for (const entry of consequence.entries) {
        result.push({
          ref: `${event.position}.${entry.ordinal}`,
          subject,
          member: entry.member,
          path: teamPathId(organizationId, entry.teamPath),
          teamIds: entry.teamPath,
          amount: entry.amount,
          countsAt: entry.countsAt,
          originallyAt: entry.originallyAt,
          position: event.position,
          ordinal: entry.ordinal,
        });
      }
    }
    const last = events.at(-1);
    if (!last || events.length < PAGE) return result;
    after = last.position;
  }
}

async function readEntries(
  client: pg.Client,
  organizationId: string,
  version: string,
): Promise<Entry[]> {
  const rows = await runText<
    Omit<Entry, 'amount' | 'ref' | 'countsAt' | 'originallyAt'> & {
      amount: string;
      countsAt: Date;
      originallyAt: Date | null;
    }
  >(
    client,
    `SELECT e.subject, e.member_id AS member, e.team_path_id AS path, p.team_ids, e.amount, e.counts_at,
       e.originally_at, e.position, e.ordinal
     FROM score_entry e LEFT JOIN team_path p ON p.id = e.team_path_id
     WHERE e.organization_id = $1 AND e.metric_version_id = $2 ORDER BY e.position, e.ordinal`,
    [organizationId, version],
  );
  return rows.map((row) => ({
    ...row,
    ref: `${row.position}.${row.ordinal}`,
    amount: toUnits(row.amount),
    countsAt: row.countsAt.toISOString(),
    originallyAt: row.originallyAt?.toISOString() ?? null,
  }));
}

function compareEntries(label: string, expected: Entry[], actual: Entry[]): string[] {
  const tell = (entry: Entry | undefined) =>
    entry
      ? [
          entry.subject,
          entry.member,
          entry.path,
          fromUnits(entry.amount),
          entry.countsAt,
          entry.originallyAt,
        ].join(' ')
      : 'nothing';
  const byRef = new Map(actual.map((entry) => [entry.ref, entry]));
  const found: string[] = [];
  for (const entry of expected) {
    const known = byRef.get(entry.ref);
    if (tell(known) !== tell(entry)) {
      found.push(
        `${label}: entry ${entry.ref} should be ${tell(entry)}, the ledger has ${tell(known)}`,
      );
    }
    byRef.delete(entry.ref);
  }
  for (const entry of byRef.values())
    found.push(`${label}: entry ${entry.ref} has no event: ${tell(entry)}`);
  return found;
}

async function compareRollups(
  client: pg.Client,
  label: string,
  organizationId: string,
  version: MetricVersion,
  entries: Entry[],
): Promise<string[]> {
  const groups = new Map<string, Entry[]>();
  const add = (key: string, entry: Entry) => {
    const own = groups.get(key);
    if (own) own.push(entry);
    else groups.set(key, [entry]);
  };
  for (const entry of entries) {
    for (const grain of version.grains) {
      const bucket = bucketOf(version.definition.calendar, grain, new Date(entry.countsAt));
      add([grain, bucket, 'MEMBER', entry.member, entry.path].join(' '), entry);
      for (const team of entry.teamIds) add([grain, bucket, 'TEAM', team, NIL_ID].join(' '), entry);
    }
  }
  const rows = await runText<{
    key: string;
    amount: string;
    entries: number;
    reachedAt: Date | number | null;
  }>(
    client,
    `SELECT concat_ws(' ', grain, to_char(bucket, 'YYYY-MM-DD'), kind, contestant_id, team_path_id) AS key,
       amount, entries, reached_at
     FROM rollup WHERE organization_id = $1 AND metric_version_id = $2`,
    [organizationId, version.id],
  );
  const found: string[] = [];
  const stored = new Map(rows.map((row) => [row.key, row]));
  for (const [key, own] of groups) {
    const row = stored.get(key);
    stored.delete(key);
    const sum = own.reduce((total, entry) => total + entry.amount, 0n);
    const reached = reachedAt(own);
    const has = row
      ? `${fromUnits(toUnits(row.amount))} of ${row.entries}, reached ${momentText(row.reachedAt)}`
      : 'no row';
    const should = `${fromUnits(sum)} of ${own.length}, reached ${momentText(reached)}`;
    if (has !== should) found.push(`${label}: roll-up ${key} should be ${should}, is ${has}`);
  }
  for (const key of stored.keys()) found.push(`${label}: roll-up ${key} has no entries`);
  return found;
}

/** By brute force: after which entry was the score never again below what it is now? */
export function reachedAt(
  entries: readonly Pick<Entry, 'amount' | 'countsAt' | 'position' | 'ordinal'>[],
): Date | null {
  const sorted = [...entries].sort(
    (a, b) =>
      a.countsAt.localeCompare(b.countsAt) || a.position - b.position || a.ordinal - b.ordinal,
  );
  const total = sorted.reduce((sum, entry) => sum + entry.amount, 0n);
  let running = total;
  for (const entry of sorted.reverse()) {
    running -= entry.amount;
    if (running < total) return new Date(entry.countsAt);
  }
  return null;
}

const momentText = (value: Date | number | null): string =>
  value instanceof Date ? value.toISOString() : String(value);
