import type { Database } from '../../database/database.ts';
import { newId } from '../../database/ids.ts';
import { runText } from '../../database/statements.ts';
import type { Tx } from '../../database/transaction.ts';
import {
  type AgendaEntry,
  type Attendance,
  LIMITS,
  type Meeting,
  type Participant,
  type Times,
} from './model.ts';

export interface Locked {
  meeting: Meeting;
  participants: Participant[];
}

/** The meeting, locked until the transaction ends, and then who takes part: in this order, or they may be stale. */
export async function lock(tx: Tx, id: string): Promise<Locked | null> {
  const meeting = await tx.first(
    tx.selectFrom('meeting').where('id', '=', id).selectAll().forNoKeyUpdate(),
  );
  return meeting && { meeting, participants: await participantsOf(tx, id) };
}

const participantsOf = (tx: Tx, meetingId: string): Promise<Participant[]> =>
  tx.run(
    tx
      .selectFrom('invitation')
      .where('meetingId', '=', meetingId)
      .select(['memberId', 'invited', 'attendance'])
      .orderBy('memberId'),
  );

export function insert(tx: Tx, meeting: Omit<Meeting, 'organizationId'>): void {
  tx.send(tx.insertInto('meeting', [meeting]));
}

/** Changes columns and raises the version; gives the new version. */
export function save(tx: Tx, meeting: Meeting, changes: Partial<Meeting>): number {
  const version = meeting.version + 1;
  tx.send(
    tx
      .updateTable('meeting')
      .where('id', '=', meeting.id)
      .set({ ...changes, version }),
  );
  return version;
}

// One text for any number of rows: every statement's text keeps a plan on the server.
const INVITE = `/* meetings.invite */
INSERT INTO invitation (organization_id, meeting_id, member_id, invited)
SELECT $1, $2, member_id, true FROM unnest($3::uuid[]) AS member_id ORDER BY member_id
ON CONFLICT (meeting_id, member_id) DO UPDATE SET invited = true`;

export async function invite(tx: Tx, meetingId: string, memberIds: readonly string[]) {
  if (memberIds.length === 0) return;
  await tx.text(INVITE, [tx.organizationId, meetingId, [...memberIds]]);
}

export async function uninvite(tx: Tx, meetingId: string, memberIds: readonly string[]) {
  if (memberIds.length === 0) return;
  await tx.text(
    `/* meetings.uninvite */
     DELETE FROM invitation WHERE organization_id = $1 AND meeting_id = $2 AND member_id = ANY ($3::uuid[])`,
    [tx.organizationId, meetingId, [...memberIds]],
  );
}

const ATTEND = `/* meetings.attend */
INSERT INTO invitation (organization_id, meeting_id, member_id, invited, attendance, recorded_at, recorded_by_id)
SELECT $1, $2, member_id, false, attendance::"Attendance", $5, $6
FROM unnest($3::uuid[], $4::text[]) AS given (member_id, attendance) ORDER BY member_id
ON CONFLICT (meeting_id, member_id) DO UPDATE
SET attendance = excluded.attendance, recorded_at = excluded.recorded_at, recorded_by_id = excluded.recorded_by_id`;

/** Writes attendances; who has none and was not invited has not come. */
export async function attend(
  tx: Tx,
  meetingId: string,
  given: readonly { memberId: string; attendance: Attendance | null }[],
): Promise<void> {
  await tx.text(ATTEND, [
    tx.organizationId,
    meetingId,
    given.map(({ memberId }) => memberId),
    given.map(({ attendance }) => attendance),
    tx.now,
    tx.viewer.memberId,
  ]);
  await tx.text(
    `/* meetings.forget_absent_guests */
     DELETE FROM invitation
     WHERE organization_id = $1 AND meeting_id = $2 AND NOT invited AND attendance IS NULL`,
    [tx.organizationId, meetingId],
  );
}

/** Nobody attended a meeting that is cancelled. */
export function clearAttendance(tx: Tx, meetingId: string): void {
  tx.send(
    tx
      .updateTable('invitation')
      .where('meetingId', '=', meetingId)
      .where('attendance', 'is not', null)
      .set({ attendance: null, recordedAt: tx.now, recordedById: tx.viewer.memberId }),
  );
}

export async function replaceAgenda(
  tx: Tx,
  meetingId: string,
  agenda: readonly AgendaEntry[],
): Promise<void> {
  await tx.run(tx.deleteFrom('agendaItem').where('meetingId', '=', meetingId));
  insertAgenda(tx, meetingId, agenda);
}

export function insertAgenda(tx: Tx, meetingId: string, agenda: readonly AgendaEntry[]): void {
  if (agenda.length === 0) return;
  const rows = agenda.map(({ topic, minutes, presenterId }, index) => ({
    id: newId(),
    meetingId,
    ordinal: index + 1,
    topic,
    minutes,
    presenterId,
  }));
  tx.send(tx.insertInto('agendaItem', rows));
}

export const agendaOf = (tx: Tx, meetingId: string): Promise<AgendaEntry[]> =>
  tx.run(
    tx
      .selectFrom('agendaItem')
      .where('meetingId', '=', meetingId)
      .select(['topic', 'minutes', 'presenterId'])
      .orderBy('ordinal'),
  );

export interface Overlap extends Times {
  memberId: string;
  meetingId: string;
}

// No meeting is longer than the interval, so that the index on starts_at bounds the search at both ends.
const OVERLAPS = `/* meetings.overlaps */
SELECT other.member_id, m.id AS meeting_id, m.starts_at, m.ends_at
FROM meeting this
JOIN meeting m ON m.organization_id = this.organization_id AND m.id <> this.id AND m.status <> 'CANCELLED'
  AND m.starts_at < this.ends_at AND m.starts_at > this.starts_at - make_interval(mins => $3) AND m.ends_at > this.starts_at
JOIN invitation other ON other.meeting_id = m.id
JOIN invitation mine ON mine.meeting_id = this.id AND mine.member_id = other.member_id
WHERE this.organization_id = $1 AND this.id = $2 AND this.status <> 'CANCELLED'
ORDER BY m.starts_at, m.id, other.member_id LIMIT $4`;

/**
 * Where people of this meeting take part in others at the same time: at most 100, the earliest first. Not limited to
 * what anybody may see: who shows them gives away no more than the times.
 */
export const overlapsOf = (
  db: Database,
  organizationId: string,
  meetingId: string,
): Promise<Overlap[]> =>
  runText<Overlap>(db.pool, OVERLAPS, [organizationId, meetingId, LIMITS.minutes, LIMITS.overlaps]);
