import type { Database } from '../../src/database/database.ts';
import { createProduct } from '../../src/domains/catalog/service.ts';
import { defineMetric } from '../../src/domains/leaderboards/metric-service.ts';
import { correctScore, createLeaderboard } from '../../src/domains/leaderboards/service.ts';
import { createMeetingKind } from '../../src/domains/meetings/kinds.ts';
import { closePeriod } from '../../src/domains/organization/closing.ts';
import { createApiToken, createDisplayToken } from '../../src/domains/organization/tokens.ts';
import { setWorkingDays } from '../../src/domains/organization/working-days.ts';
import { moveMember, updateMember } from '../../src/domains/people/members.ts';
import { signIn } from '../../src/domains/people/sign-in.ts';
import { moveTeam, updateTeam } from '../../src/domains/people/teams.ts';
import { setTarget } from '../../src/domains/targets/service.ts';
import { type Actor, type Organization, org } from '../support/seed.ts';
import type { Marks } from './marks.ts';

/**
 * Root with North and South below it, NorthEast below North. Everybody's data scope is another:
 * `director` ORGANIZATION, `manager` TEAM_TREE of North, `leader` TEAM of North, the others OWN.
 */
export const PEOPLE = {
  director: { role: 'MANAGER', scope: 'ORGANIZATION', team: 'root' },
  manager: { role: 'MANAGER', scope: 'TEAM_TREE', team: 'north' },
  leader: { role: 'MEMBER', scope: 'TEAM', team: 'north' },
  rep: { role: 'MEMBER', scope: 'OWN', team: 'north' },
  junior: { role: 'MEMBER', scope: 'OWN', team: 'northEast' },
  stranger: { role: 'MEMBER', scope: 'OWN', team: 'south' },
} as const;

export type PersonName = keyof typeof PEOPLE;

export interface Company {
  admin: Organization;
  people: Record<PersonName, Actor>;
  boards: { all: string; hidden: string; other: string };
  displayToken: string;
  apiToken: string;
  main: Record<string, string>;
}

export async function found(db: Database, marks: Marks): Promise<Company> {
  const { text, amount } = marks;
  const key = `${marks.word}-${Date.now().toString(36)}`.toLowerCase();
  const admin = await org(db, { key, name: text('organization') });
  const viewer = await admin.viewer();
  await closePeriod(db, viewer, { through: '2024-12-31', reason: text('closing') });
  const holiday = { day: '2024-02-09', isWorkingDay: false, name: text('holiday') };
  await setWorkingDays(db, viewer, { days: [holiday] });

  const root = await admin.team(text('root'));
  const north = await admin.team(text('north'), { parent: root });
  const south = await admin.team(text('south'), { parent: root });
  const northEast = await admin.team(text('north-east'), { parent: root });
  await moveTeam(db, viewer, { id: northEast, parentId: north });
  const teams = { root, north, south, northEast };

  const people: Partial<Record<PersonName, Actor>> = {};
  for (const [name, { role, scope, team }] of Object.entries(PEOPLE)) {
    const member = { team: teams[team], scope, role, name: text(name) };
    people[name as PersonName] = await admin.rep(member);
  }
  const all = people as Record<PersonName, Actor>;
  await updateTeam(db, viewer, {
    ...{ id: north, expectedVersion: 1, leaderId: all.leader.memberId },
    externalId: text('team-ext'),
  });
  await moveMember(db, viewer, { id: all.stranger.memberId, teamId: south });
  await updateMember(db, viewer, {
    ...{ id: all.rep.memberId, expectedVersion: 1, title: text('title') },
    ...{ externalId: text('member-ext'), hiredOn: '2021-03-19' },
  });

  const product = await createProduct(db, viewer, {
    ...{ name: text('product'), series: text('series'), externalId: text('product-ext') },
    ...{ aliases: [text('alias')], listPrice: amount() },
  });
  const kind = await createMeetingKind(db, viewer, {
    ...{ name: text('kind'), description: text('kind text'), key: marks.word.toUpperCase() },
    agenda: [{ topic: text('template topic'), minutes: 10 }],
  });
  const metric = await defineMetric(db, viewer, {
    ...{ key: `${marks.word}-metric`.toLowerCase(), name: text('metric') },
    ...{ description: text('metric text'), event: 'opportunity.won', valueField: 'amount' },
    conditions: [{ field: 'amount', gte: '1' }],
  });
  await isBuilt(db, metric.id);

  const measures = [{ metricId: metric.id }];
  const board = (what: string, more = {}) =>
    createLeaderboard(db, viewer, { name: text(what), periodUnit: 'MONTH', measures, ...more });
  const hidden = { audience: 'ROLES', audienceRoles: ['ADMIN'], names: 'MASKED' };
  const boards = {
    hidden: (await board('hidden board', hidden)).id,
    other: (await board('team board', { contestants: 'TEAMS', scopeTeamId: root })).id,
    all: (await board('board', { scopeTeamId: root })).id,
  };
  await correctScore(db, viewer, {
    ...{ metricId: metric.id, memberId: all.rep.memberId, amount: amount() },
    reason: text('correction'),
  });
  await setTarget(db, viewer, {
    ...{ metricId: metric.id, contestant: { type: 'Team', id: north } },
    ...{ unit: 'MONTH', value: amount() },
  });

  const display = { name: text('display'), leaderboardIds: [boards.all] };
  const screen = await createDisplayToken(db, viewer, display);
  const api = { name: text('api'), grants: ['READ', 'WRITE', 'ADMIN'] as const };
  const program = await createApiToken(db, viewer, api);
  const wrong = { organizationKey: key, employeeNumber: '1', password: 'a wrong one' };
  await signIn(db, wrong).catch(() => {});
  return {
    admin,
    people: all,
    boards,
    displayToken: screen.secret ?? '',
    apiToken: program.secret ?? '',
    main: {
      ...{ Organization: admin.organizationId, Team: north, Product: product.id },
      ...{ MeetingKind: kind.id, Metric: metric.id, Leaderboard: boards.all },
      ...{ AccessToken: program.id, Member: all.rep.memberId },
    },
  };
}

/** A new metric counts once a node has read the log for it. */
async function isBuilt(db: Database, metricId: string): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const where = { metricId, state: 'ACTIVE' as const };
    if ((await db.prisma.metricVersion.count({ where })) > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('the metric was not built');
}
