import type { Database } from '../../src/database/database.ts';
import { type MemberViewer, type Role, systemViewer } from '../../src/database/viewer.ts';
import { createOrganization } from '../../src/domains/people/create-organization.ts';
import { createMember, moveMember } from '../../src/domains/people/members.ts';
import { randomPassword } from '../../src/domains/people/password-hash.ts';
import { setPassword } from '../../src/domains/people/passwords.ts';
import { createTeam } from '../../src/domains/people/teams.ts';
import { ADMINISTRATOR, DIRECTOR, ORGANIZATION, ROOT_TEAM, TEAMS } from './content.ts';

export interface Account {
  employeeNumber: string;
  name: string;
  role: Role;
  password: string;
}

/** Somebody who acts. */
export interface Person {
  id: string;
  name: string;
  viewer: MemberViewer;
}

export interface DemoTeam {
  id: string;
  name: string;
  manager: Person;
  people: Person[];
}

export interface Staff {
  organizationId: string;
  admin: MemberViewer;
  director: Person;
  rootTeamId: string;
  teams: DemoTeam[];
  /** One to sign in with for each role. */
  accounts: Account[];
}

/** Makes the organization, its teams and its people, at the moment that the database is at. */
export async function hire(db: Database, key: string): Promise<Staff> {
  const adminPassword = randomPassword();
  const administrator = { ...ADMINISTRATOR, password: adminPassword };
  const made = await createOrganization(db, { ...ORGANIZATION, key, administrator });
  const admin = systemViewer(made.organizationId, made.memberId, 'demo');
  const accounts: Account[] = [{ ...ADMINISTRATOR, role: 'ADMIN', password: adminPassword }];

  const person = async (
    name: string,
    employeeNumber: string,
    title: string,
    role: 'MANAGER' | 'MEMBER',
  ): Promise<Person> => {
    const { id } = await createMember(db, admin, { name, employeeNumber, title, role });
    return { id, name, viewer: viewerOf(admin, id, role, [id]) };
  };
  const openAccount = async (of: Person, employeeNumber: string, role: Role): Promise<void> => {
    const password = randomPassword();
    await setPassword(db, admin, { id: of.id, password, mustChange: false });
    accounts.push({ employeeNumber, name: of.name, role, password });
  };

  const director = await person(DIRECTOR, 'D001', '营销中心总监', 'MANAGER');
  const root = await createTeam(db, admin, { name: ROOT_TEAM, leaderId: director.id });
  await moveMember(db, admin, { id: director.id, teamId: root.id });

  const teams: DemoTeam[] = [];
  for (const [at, { name, manager, people }] of TEAMS.entries()) {
    const number = `M00${at + 1}`;
    const leader = await person(manager, number, '营业部经理', 'MANAGER');
    const team = { name, parentId: root.id, leaderId: leader.id };
    const { id: teamId } = await createTeam(db, admin, team);
    await moveMember(db, admin, { id: leader.id, teamId });
    const sellers: Person[] = [];
    for (const [index, seller] of people.entries()) {
      const employeeNumber = `S${at + 1}0${index + 1}`;
      const member = { name: seller, employeeNumber, title: '客户经理', teamId };
      const { id } = await createMember(db, admin, member);
      sellers.push({ id, name: seller, viewer: viewerOf(admin, id, 'MEMBER', [id]) });
    }
    const ids = [leader.id, ...sellers.map(({ id }) => id)];
    const lead = { ...leader, viewer: viewerOf(admin, leader.id, 'MANAGER', ids) };
    teams.push({ id: teamId, name, manager: lead, people: sellers });
    const [first] = sellers;
    if (at === 0 && first) {
      await openAccount(leader, number, 'MANAGER');
      await openAccount(first, 'S101', 'MEMBER');
    }
  }
  const everybody = teams.flatMap(({ manager, people }) => [manager.id, ...people.map(idOf)]);
  director.viewer = viewerOf(admin, director.id, 'MANAGER', [director.id, ...everybody]);
  const { organizationId } = made;
  return { organizationId, admin, director, rootTeamId: root.id, teams, accounts };
}

const idOf = ({ id }: Person): string => id;

/** What sign-in would make of them, without a session. */
function viewerOf(
  admin: MemberViewer,
  memberId: string,
  role: 'MANAGER' | 'MEMBER',
  visible: readonly string[],
): MemberViewer {
  return {
    ...admin,
    memberId,
    role,
    dataScope: role === 'MANAGER' ? 'TEAM_TREE' : 'OWN',
    visibleMembers: new Set(visible),
    grants: new Set(['READ', 'WRITE']),
  };
}
