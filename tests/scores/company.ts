import type { CalendarSettings } from '../../src/calendar/settings.ts';
import type { Database } from '../../src/database/database.ts';
import { runText } from '../../src/database/statements.ts';
import { type MemberViewer, systemViewer } from '../../src/database/viewer.ts';
import { createProduct } from '../../src/domains/catalog/service.ts';
import { createCustomer } from '../../src/domains/customers/service.ts';
import { createFunnel } from '../../src/domains/funnels/funnel-service.ts';
import { type Board, loadBoards } from '../../src/domains/leaderboards/board.ts';
import { createLeaderboard } from '../../src/domains/leaderboards/service.ts';
import { createMember } from '../../src/domains/people/members.ts';
import { createTeam } from '../../src/domains/people/teams.ts';
import { type Organization, org } from '../support/seed.ts';
import { Model, NEVER } from './model.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** Zones without a summer time, so that the model can count days by itself. */
export const ZONES = [
  { timeZone: 'Asia/Shanghai', offset: 8 * HOUR },
  { timeZone: 'Asia/Kolkata', offset: 5.5 * HOUR },
  { timeZone: 'Pacific/Honolulu', offset: -10 * HOUR },
] as const;

export const METRICS = [
  'won-amount',
  'won-count',
  'calls',
  'tasks-completed',
  'new-customers',
  'meetings-attended',
] as const;

/** A company whose services are driven, and the model of it that starts out the same. */
export interface Company {
  db: Database;
  organization: Organization;
  organizationId: string;
  calendar: CalendarSettings;
  offset: number;
  admin: MemberViewer;
  /** Whoever it is, with the rights of an administrator. */
  as(member: string): MemberViewer;
  funnelId: string;
  kindId: string;
  customerId: string;
  products: string[];
  /** Ids of the standard metrics. */
  metrics: Record<string, string>;
  /** A board of each metric, with the settings that boards have by default, and one for the teams. */
  boards: Map<string, Board>;
  model: Model;
  /** Short names for what a failure tells. */
  names: Map<string, string>;
  /** The time that the company has; only goes forward. */
  clock: { now: number };
}

// Where no month begins, and long after the log of a new organization, so that no run depends on its day.
const START = Date.UTC(2041, 0, 20, 3);

/** Two regions, one of them with two teams; people in all of them, one in none, and a manager who does not compete. */
export async function company(db: Database, zone = 0): Promise<Company> {
  const { timeZone, offset } = ZONES[zone % ZONES.length] ?? ZONES[0];
  const clock = { now: START };
  setClock(db, clock.now);
  const organization = await org(db, { timeZone, firstDayOfWeek: 1 });
  const { organizationId } = organization;
  const as = (member: string) => systemViewer(organizationId, member, 'scores');
  const admin = as(organization.memberId);
  const model = new Model();
  const names = new Map<string, string>();
  const since = new Date(START - 50 * DAY);

  const team = async (name: string, parentId: string | null = null) => {
    const { id } = await createTeam(db, admin, { name, parentId, since });
    model.teams.push({ id, since: since.getTime() });
    if (parentId) model.move(model.parents, id, parentId, since.getTime());
    names.set(id, name);
    return id;
  };
  const member = async (name: string, teamId: string | null, role: 'MEMBER' | 'MANAGER') => {
    const input = { name, employeeNumber: name, role, teamId, since };
    const { id } = await createMember(db, admin, input);
    const competes = role === 'MEMBER';
    model.people.push({ id, since: since.getTime(), until: NEVER, competes });
    if (teamId) model.move(model.memberships, id, teamId, since.getTime());
    names.set(id, name);
    return id;
  };
  const north = await team('North');
  const south = await team('South');
  const first = await team('N1', north);
  const second = await team('N2', north);
  await member('Ann', first, 'MEMBER');
  await member('Bob', first, 'MEMBER');
  await member('Cem', second, 'MEMBER');
  await member('Dan', south, 'MEMBER');
  await member('Eve', null, 'MEMBER');
  await member('Max', north, 'MANAGER');
  // The administrator who founded it is somebody, too, and never competes.
  const founded = { id: organization.memberId, since: START, until: NEVER, competes: false };
  model.people.push(founded);
  names.set(organization.memberId, '管理员');

  const stages = [
    { name: 'Talking', kind: 'OPEN', probability: '0.5' },
    { name: 'Won', kind: 'WON' },
    { name: 'Lost', kind: 'LOST' },
  ] as const;
  const { id: funnelId } = await createFunnel(db, admin, { name: 'Sales', stages });
  const products: string[] = [];
  for (const name of ['Lamp', 'Chair'])
    products.push((await createProduct(db, admin, { name })).id);
  const customer = await createCustomer(db, admin, { name: 'ACME' });
  const [kind] = await runText<{ id: string }>(
    db.pool,
    `SELECT id FROM meeting_kind WHERE organization_id = $1 AND key = 'MORNING'`,
    [organizationId],
  );
  const kindId = kind?.id ?? '';
  const metrics = await runText<{ key: string; id: string }>(
    db.pool,
    'SELECT key, id FROM metric WHERE organization_id = $1 AND key = ANY ($2)',
    [organizationId, METRICS],
  );
  for (const { key, id } of metrics) {
    const measures = [{ metricId: id }];
    await createLeaderboard(db, admin, { name: key, periodUnit: 'MONTH', measures });
  }
  await createLeaderboard(db, admin, {
    ...{ name: 'teams', periodUnit: 'MONTH', contestants: 'TEAMS' },
    measures: metrics.filter(({ key }) => key === 'won-amount').map(({ id }) => ({ metricId: id })),
  });
  const boards = await loadBoards(db.pool, organizationId, null);
  const { at } = await momentOf(db, organizationId, customer.position);
  const worth = { member: organization.memberId, at, amount: 10_000 };
  model.worth('new-customers', customer.id, worth);
  return {
    db,
    organization,
    organizationId,
    calendar: { timeZone, firstDayOfWeek: 1, fiscalMonthEnd: 31, fiscalYearStartMonth: 1 },
    offset,
    admin,
    as,
    funnelId,
    kindId,
    customerId: customer.id,
    products,
    metrics: Object.fromEntries(metrics.map(({ key, id }) => [key, id])),
    boards: new Map(boards.map((board) => [board.name, board])),
    model,
    names,
    clock,
  };
}

/** Lets the database's time be this from now on. */
export function setClock(db: Database, now: number): void {
  db.clock.shiftMs = now - Date.now();
}

/** The time that a transaction had: when its last event happened, and since when what it tells holds. */
export async function momentOf(
  db: Database,
  organizationId: string,
  position: number,
): Promise<{ at: number; from: number }> {
  const [event] = await runText<{ at: Date; from: Date | null }>(
    db.pool,
    `SELECT occurred_at AS at, (payload ->> 'from')::timestamptz AS "from" FROM event
     WHERE organization_id = $1 AND position = $2 AND type IN ('member.moved', 'team.moved')
     UNION ALL SELECT occurred_at, NULL FROM event WHERE organization_id = $1 AND position = $2`,
    [organizationId, position],
  );
  if (!event) throw new Error(`there is no event at ${position}`);
  const at = event.at.getTime();
  return { at, from: event.from?.getTime() ?? at };
}
