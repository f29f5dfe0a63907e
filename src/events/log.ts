import { type Connection, runText } from '../database/statements.ts';
import type { LoggedEvent } from './logged-event.ts';
import { upcast } from './upcasters.ts';

/** A place in one organization's log: everything up to and including `position` has been read. */
export interface LogPlace {
  position: number;
  /** When the event there was logged; keeps the read to the partitions from then on. Null: not known. */
  loggedAt: Date | null;
}

export interface Head extends LogPlace {
  organizationId: string;
}

export interface Heads {
  /** The database's identity: a restore from a backup changes it. */
  epoch: string;
  /** Of the organizations asked about that are elsewhere than known. */
  moved: Head[];
}

const COLUMNS = `organization_id, position, logged_at, occurred_at, type, version, record_type, record_id,
  record_version, actor_id, payload, visibility`;

const TAIL = `/* log.tail */ SELECT ${COLUMNS} FROM event
  WHERE organization_id = $1 AND position > $2 AND logged_at >= $3::timestamptz ORDER BY position LIMIT $4`;

/** The events after a place, oldest first, at most `limit`: fewer than that means the log's end was reached. */
export async function readTail(
  connection: Connection,
  organizationId: string,
  { position, loggedAt }: LogPlace,
  limit: number,
): Promise<LoggedEvent[]> {
  const events = await runText<LoggedEvent>(connection, TAIL, [
    organizationId,
    position,
    loggedAt ?? '-infinity',
    limit,
  ]);
  return events.map(upcast);
}

const AT = `/* log.at */ SELECT ${COLUMNS} FROM event
  WHERE organization_id = $1 AND position = ANY ($2::bigint[]) ORDER BY position`;

/** The events at these positions, oldest first; a position that does not exist is left out. */
export async function readAt(
  connection: Connection,
  organizationId: string,
  positions: readonly number[],
): Promise<LoggedEvent[]> {
  if (positions.length === 0) return [];
  const events = await runText<LoggedEvent>(connection, AT, [organizationId, positions]);
  return events.map(upcast);
}

const MOVED = `/* log.moved */ SELECT e.epoch, h.organization_id, h.position, h.logged_at
  FROM log_epoch e LEFT JOIN (
    unnest($1::uuid[], $2::bigint[]) AS known(id, position)
    JOIN log_head h ON h.organization_id = known.id AND h.position <> known.position
  ) ON true`;

/**
 * The heads of these organizations that differ from what is known, compared exactly, in one statement. Ask about
 * the organizations that somebody listens to: 1,000 cost 5 ms.
 */
export async function readMovedHeads(
  connection: Connection,
  known: ReadonlyMap<string, number>,
): Promise<Heads> {
  const rows = await runText<{ epoch: string } & (Head | { organizationId: null })>(
    connection,
    MOVED,
    [[...known.keys()], [...known.values()]],
  );
  const [first] = rows;
  if (!first) throw new Error('log_epoch is empty: the migrations have not run');
  const moved = rows.filter((row): row is { epoch: string } & Head => row.organizationId !== null);
  return {
    epoch: first.epoch,
    moved: moved.map(({ organizationId, position, loggedAt }) => ({
      organizationId,
      position,
      loggedAt,
    })),
  };
}

/** How far back a client may resume: both hold. */
export interface ResumeWindow {
  events: number;
  milliseconds: number;
}

export const DEFAULT_RESUME_WINDOW: ResumeWindow = {
  events: 100_000,
  milliseconds: 7 * 86_400_000,
};

export type ResumeVerdict = 'RESUMABLE' | 'CURSOR_TOO_OLD' | 'CURSOR_AHEAD';

const VERDICT = `/* log.verdict */ SELECT h.position, (
    SELECT e.logged_at >= now() + make_interval(secs => ($3::float8 - $4::float8) / 1000) FROM event e
    WHERE e.organization_id = h.organization_id AND e.position = $2::bigint + 1
  ) AS recent FROM log_head h WHERE h.organization_id = $1`;

/**
 * Whether what came after a position can still be replayed. `CURSOR_AHEAD`: the log has not come that far, so the
 * position is of another log. `CURSOR_TOO_OLD`: beyond the window, or already moved to cheaper storage.
 * @param shiftMs how far tests have moved the clock that the log is written by
 */
export async function judgeResume(
  connection: Connection,
  organizationId: string,
  position: number,
  { window = DEFAULT_RESUME_WINDOW, shiftMs = 0 }: { window?: ResumeWindow; shiftMs?: number } = {},
): Promise<ResumeVerdict> {
  const [head] = await runText<{ position: number; recent: boolean | null }>(connection, VERDICT, [
    organizationId,
    position,
    shiftMs,
    window.milliseconds,
  ]);
  if (!head || position > head.position) return 'CURSOR_AHEAD';
  if (position === head.position) return 'RESUMABLE';
  return head.recent && head.position - position <= window.events ? 'RESUMABLE' : 'CURSOR_TOO_OLD';
}
