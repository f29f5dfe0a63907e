import type { CalendarSettings } from '../../calendar/settings.ts';
import type { Database } from '../../database/database.ts';
import { NotFound } from '../../database/errors.ts';
import { readerFor } from '../../database/reader.ts';
import type { Tx } from '../../database/transaction.ts';
import type { MemberViewer } from '../../database/viewer.ts';
import { readOrganization } from '../organization/service.ts';
import { MemberNotActive } from './errors.ts';
import { readMembers } from './store.ts';

// What a task's foreign keys lead to. Nothing is locked here: the keys themselves guarantee that the rows exist.

interface Given {
  id: string;
  path: readonly string[];
}

/** Throws NotFound for a member who does not exist, MemberNotActive for one who has left. */
export async function requireActiveMembers(tx: Tx, given: readonly Given[]): Promise<void> {
  if (given.length === 0) return;
  const rows = await readMembers(tx, [...new Set(given.map(({ id }) => id))]);
  const active = new Map(rows.map((row) => [row.id, row.active]));
  for (const { id, path } of given) {
    if (!active.has(id)) throw new NotFound('There is no such member.', { path });
    if (!active.get(id)) throw new MemberNotActive('This member is not active any more.', { path });
  }
}

const LINKS = ['customer', 'opportunity', 'meeting'] as const;

export type Links = { [Link in (typeof LINKS)[number] as `${Link}Id`]?: string | null };

/** Throws NotFound for a customer, opportunity or meeting that the viewer may not see, by the row scope of each. */
export async function requireLinks(
  db: Database,
  viewer: MemberViewer,
  links: Links,
): Promise<void> {
  const reader = readerFor(db, viewer);
  const seen = {
    customer: (id: string) => reader.customer.findUnique({ where: { id }, select: { id: true } }),
    opportunity: (id: string) =>
      reader.opportunity.findUnique({ where: { id }, select: { id: true } }),
    meeting: (id: string) => reader.meeting.findUnique({ where: { id }, select: { id: true } }),
  };
  for (const link of LINKS) {
    const id = links[`${link}Id`];
    if (id && !(await seen[link](id))) {
      throw new NotFound(`There is no such ${link}.`, { path: ['input', `${link}Id`] });
    }
  }
}

export async function calendarOf(tx: Tx): Promise<CalendarSettings> {
  const organization = await readOrganization(tx.connection, tx.organizationId);
  if (!organization) throw new Error(`there is no organization ${tx.organizationId}`);
  return organization;
}
