import type { Database } from '../../../src/database/database.ts';
import { newId } from '../../../src/database/ids.ts';
import { runText } from '../../../src/database/statements.ts';
import { transact } from '../../../src/database/transact.ts';
import type { MemberViewer } from '../../../src/database/viewer.ts';
import { type ScheduleMeeting, scheduleMeeting } from '../../../src/domains/meetings/service.ts';
import { defineAgainstEvents, STANDARD_GRAINS } from '../../../src/metrics/definition.ts';
import { deriveScores } from '../../../src/metrics/derive.ts';
import { insertMetric, insertVersion, readCalendar } from '../../../src/metrics/store.ts';
import { type Actor, connectedDatabase, org } from '../../support/seed.ts';

export interface LoggedEvent {
  type: string;
  recordVersion: number;
  payload: Record<string, unknown>;
  visibility: { before: { owners: string[] } | null; after: { owners: string[] } | null };
}

/** What the log says of a record, in order. */
export const eventsOf = (db: Database, recordId: string): Promise<LoggedEvent[]> =>
  runText<LoggedEvent>(
    db.pool,
    'SELECT type, record_version, payload, visibility FROM event WHERE record_id = $1 ORDER BY position',
    [recordId],
  );

/** How many rows the log of an organization has. */
export async function headOf(db: Database, organizationId: string): Promise<number> {
  const [head] = await runText<{ position: number }>(
    db.pool,
    'SELECT position FROM log_head WHERE organization_id = $1',
    [organizationId],
  );
  return head?.position ?? -1;
}

/** Gives an organization the metric `attended`: who was present or late. */
export async function countAttendance(db: Database, admin: MemberViewer): Promise<void> {
  await transact(db, admin, 'countAttendance', {}, async (tx) => {
    const id = newId();
    await insertMetric(tx, { id, key: 'attended', name: '到会次数', description: null });
    const definition = defineAgainstEvents(
      {
        event: 'meeting.attendance_recorded',
        conditions: [{ field: 'attendance', in: ['PRESENT', 'LATE'] }],
      },
      await readCalendar(tx.connection, tx.organizationId),
    );
    await insertVersion(tx, id, definition, STANDARD_GRAINS, 'ACTIVE');
    tx.bumpRevision();
    return {};
  });
}

export interface Entry {
  memberId: string;
  amount: string;
  countsAt: Date;
}

/** What the ledger holds for one metric, in the order of entry. */
export const entriesOf = (db: Database, organizationId: string, key: string): Promise<Entry[]> =>
  runText<Entry>(
    db.pool,
    `SELECT e.member_id, trim_scale(e.amount)::text AS amount, e.counts_at FROM score_entry e
     JOIN metric_version v ON v.id = e.metric_version_id JOIN metric m ON m.id = v.metric_id
     WHERE e.organization_id = $1 AND m.key = $2 ORDER BY e.position, e.ordinal`,
    [organizationId, key],
  );

/** 8:30 in Shanghai, on a Monday. */
export const MORNING = new Date('2026-03-02T00:30:00.000Z');

const FROM_JANUARY = { since: new Date('2026-01-01T00:00:00Z') };

/** An organization with one team: its leader and two members; and somebody of no team. */
export async function meetingsWorld() {
  const db = await connectedDatabase({ derive: deriveScores });
  const admin = await org(db);
  await countAttendance(db, await admin.viewer());
  const team = await admin.team('电话一组');
  const leader = await admin.manager({ team, scope: 'TEAM', ...FROM_JANUARY });
  const rep = await admin.rep({ team, ...FROM_JANUARY });
  const colleague = await admin.rep({ team, ...FROM_JANUARY });
  const outsider = await admin.rep();

  const kind = (key = 'MORNING') =>
    db.prisma.meetingKind.findFirstOrThrow({
      where: { organizationId: admin.organizationId, key },
    });
  return {
    ...{ db, admin, team, leader, rep, colleague, outsider, kind },
    read: (id: string) =>
      db.prisma.meeting.findUniqueOrThrow({
        where: { id },
        include: { agendaItems: { orderBy: { ordinal: 'asc' } }, invitations: true },
      }),
    async schedule(actor: Actor, input: Partial<ScheduleMeeting> = {}) {
      const kindId = input.kindId ?? (await kind()).id;
      return scheduleMeeting(db, await actor.viewer(), { startsAt: MORNING, ...input, kindId });
    },
  };
}

export type MeetingsWorld = Awaited<ReturnType<typeof meetingsWorld>>;

export const ids = (...actors: Actor[]) => actors.map(({ memberId }) => memberId).sort();
