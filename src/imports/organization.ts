import {
  type CalendarSettings,
  checkCalendarSettings,
  DEFAULT_CALENDAR_SETTINGS,
  type EarlierSettings,
  type PlainSettings,
} from '../calendar/settings.ts';
import type { Database } from '../database/database.ts';
import { type MemberViewer, systemViewer } from '../database/viewer.ts';
import { createOrganization } from '../domains/people/create-organization.ts';
import { ImportError, type Mapping, type OrganizationMapping } from './model.ts';

export interface Target {
  key: string;
  name: string;
  viewer: MemberViewer;
  settings: CalendarSettings;
  /** How the administrator of an organization that was just made signs in; shown this once. */
  made: { employeeNumber: string; password: string } | null;
}

/**
 * The organization that an import goes to: the one that is asked for, else the mapping's own, which is made when it
 * is not there, else the only one there is. Acts as its first administrator. Throws ImportError.
 */
export async function targetOf(
  db: Database,
  mapping: Mapping,
  asked: string | undefined,
): Promise<Target> {
  const key = asked ?? mapping.organization?.key ?? (await onlyKey(db));
  const organization = await db.prisma.organization.findUnique({ where: { key } });
  if (!organization) {
    if (asked === undefined && mapping.organization) return make(db, mapping, mapping.organization);
    throw new ImportError(`There is no organization with the key "${key}": ${await known(db)}.`);
  }
  const { id, name, currency } = organization;
  if (currency !== mapping.currency) {
    throw new ImportError(
      `The amounts in these files are ${mapping.currency}, and ${name} counts in ${currency}.`,
    );
  }
  const administrator = await db.prisma.member.findFirst({
    where: { organizationId: id, role: 'ADMIN', active: true },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
  if (!administrator) throw new ImportError(`${name} has no administrator.`);
  const viewer = systemViewer(id, administrator.id, 'import');
  return { key, name, viewer, settings: calendarOf(organization), made: null };
}

/** Only the organization's own room writes what held before. */
const calendarOf = (row: PlainSettings & { earlierCalendar: unknown }): CalendarSettings =>
  checkCalendarSettings({ ...row, earlier: row.earlierCalendar as EarlierSettings | null });

async function make(
  db: Database,
  { currency }: Mapping,
  { key, name, timeZone, locale = 'en-US', administrator }: OrganizationMapping,
): Promise<Target> {
  const calendar = { ...DEFAULT_CALENDAR_SETTINGS, timeZone };
  const options = { ...calendar, key, name, locale, currency, administrator };
  const { organizationId, memberId, password } = await createOrganization(db, options);
  const { employeeNumber } = administrator;
  return {
    key,
    name,
    viewer: systemViewer(organizationId, memberId, 'import'),
    settings: checkCalendarSettings(calendar),
    made: password === null ? null : { employeeNumber, password },
  };
}

async function onlyKey(db: Database): Promise<string> {
  const [first, second] = await db.prisma.organization.findMany({
    take: 2,
    orderBy: { key: 'asc' },
  });
  if (first && !second) return first.key;
  if (!first) throw new ImportError('There is no organization yet: make one first.');
  throw new ImportError(`Say which --organization: ${await known(db)}.`);
}

async function known(db: Database): Promise<string> {
  const found = await db.prisma.organization.findMany({ take: 20, orderBy: { key: 'asc' } });
  return found.length > 0 ? `there is ${found.map(({ key }) => key).join(', ')}` : 'there is none';
}
