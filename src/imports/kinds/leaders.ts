import path from 'node:path';
import { updateTeam } from '../../domains/people/teams.ts';
import { readCsv } from '../csv-file.ts';
import { LineReader } from '../line-reader.ts';
import type { TeamSource } from '../model.ts';
import { MAX_NUMBER, presentTeam } from '../people-store.ts';
import type { Reference } from '../references.ts';
import type { Origin } from '../report.ts';
import { inTransaction, type Session } from '../session.ts';
import { columnsOf } from '../values.ts';

interface Appointment extends Origin {
  team: string;
  leader: Reference;
}

/**
 * Says who leads the imported teams, once the members are there. A team whose leader is unknown goes without, and its
 * line is reported as refused.
 */
export async function appointLeaders(
  session: Session,
  sources: readonly TeamSource[],
): Promise<void> {
  for (const source of sources) {
    if (!source.leader) continue;
    for (const appointment of await readAppointments(session, source)) {
      const reason = await appoint(session, appointment);
      if (reason === null) continue;
      const { column, value } = appointment.leader;
      const told = { column, value, reason: `${reason}; the team goes without a leader` };
      session.report.refused('teams', appointment, [told]);
    }
  }
}

async function readAppointments(session: Session, source: TeamSource): Promise<Appointment[]> {
  const format = { ...session.mapping, ...source };
  const columns = [source.externalId, source.leader].flatMap(columnsOf);
  const found = new Map<string, Appointment>();
  const file = path.join(session.folder, source.file);
  for await (const row of readCsv(file, { ...format, columns })) {
    if ('broken' in row) continue;
    const line = new LineReader(row.fields, format, session.settings, () => null);
    const team = line.text(source.externalId, MAX_NUMBER);
    const leader = line.reference('member', source.leader);
    if (!team || !leader || found.has(team)) continue;
    found.set(team, { file: source.file, line: row.line, team, leader });
  }
  return [...found.values()];
}

/** Nothing happens where it is so already. Gives why it cannot be, or null. */
async function appoint(session: Session, { team, leader }: Appointment): Promise<string | null> {
  const { before, found } = await inTransaction(session, async (tx) => ({
    before: await presentTeam(tx, team),
    found: (await session.references.resolve(tx, [leader])).get(leader),
  }));
  if (!before) return null; // Its line was refused, and said why.
  if (!found || !('id' in found)) return found?.reason ?? 'is unknown';
  await updateTeam(session.db, session.viewer, {
    id: before.id,
    expectedVersion: before.version,
    leaderId: found.id,
    // The first leader leads from `membersFrom` on, a later one from now on.
    leaderSince: before.hadLeader ? null : session.membersFrom,
  });
  return null;
}
