// A test's world, made by acting: every call is a use case of the product, run by somebody who may.
import {
  createDatabase,
  type Database,
  type DatabaseOptions,
} from '../../src/database/database.ts';
import type { DataScope, MemberViewer, Role } from '../../src/database/viewer.ts';
import { authenticate } from '../../src/domains/organization/authenticate.ts';
import type { Settings } from '../../src/domains/organization/rules.ts';
import {
  type CreateOrganization,
  createOrganization,
} from '../../src/domains/people/create-organization.ts';
import { createMember } from '../../src/domains/people/members.ts';
import { setPassword } from '../../src/domains/people/passwords.ts';
import { signIn } from '../../src/domains/people/sign-in.ts';
import {
  configureSignIn,
  DEFAULT_SIGN_IN,
  signInSettings,
} from '../../src/domains/people/sign-in-settings.ts';
import { createTeam } from '../../src/domains/people/teams.ts';
import { testDatabase } from './database.ts';

/** Argon2 as cheap as it goes: tests sign in a lot. */
export const CHEAP_SIGN_IN = { argon2MemoryKib: 8, argon2Passes: 1 };

/** What every actor's password is. */
export const PASSWORD = 'correct horse battery';

/** A new migrated database with a connected node; close it when the file is done. */
export async function connectedDatabase(options: Partial<DatabaseOptions> = {}): Promise<Database> {
  const url = await testDatabase();
  const db = createDatabase({ url, size: 10, pipeline: true, ...options });
  configureSignIn(db, CHEAP_SIGN_IN);
  return db;
}

let named = 0;

/** Names that are unique in the run, so that tests can share a database. */
const unique = (prefix: string): string => {
  named += 1;
  return `${prefix}${process.pid.toString(36)}${named.toString(36)}`;
};

export interface Actor {
  organizationId: string;
  memberId: string;
  employeeNumber: string;
  /** A session's, real. */
  token: string;
  /** With the rights of this moment; `authenticate` makes it. */
  viewer(): Promise<MemberViewer>;
}

export interface NewTeam {
  parent?: string | null;
  leader?: Actor;
  since?: Date;
}

export interface NewActor {
  /** A team's id. */
  team?: string;
  scope?: DataScope;
  role?: Role;
  name?: string;
  since?: Date;
}

export interface Organization extends Actor {
  key: string;
  /** Makes a team and gives its id. */
  team(name?: string, options?: NewTeam): Promise<string>;
  /** MANAGER, TEAM_TREE unless said otherwise. */
  manager(options?: NewActor): Promise<Actor>;
  /** MEMBER, OWN unless said otherwise. */
  rep(options?: NewActor): Promise<Actor>;
  admin(options?: NewActor): Promise<Actor>;
}

export type NewOrganization = Partial<Settings> & Partial<Pick<CreateOrganization, 'key' | 'name'>>;

/** A new organization; what comes back is its first administrator, signed in. */
export async function org(db: Database, options: NewOrganization = {}): Promise<Organization> {
  if (signInSettings(db) === DEFAULT_SIGN_IN) configureSignIn(db, CHEAP_SIGN_IN);
  const key = options.key ?? unique('org-');
  const administrator = { employeeNumber: '1', name: '管理员', password: PASSWORD };
  const made = await createOrganization(db, { name: key, ...options, key, administrator });
  const admin = await actor(db, key, made.organizationId, made.memberId, '1');

  const add = async ({ team, scope, role = 'MEMBER', name, since }: NewActor): Promise<Actor> => {
    const employeeNumber = unique('e');
    const { id } = await createMember(db, await admin.viewer(), {
      employeeNumber,
      name: name ?? `成员 ${employeeNumber}`,
      role,
      dataScope: scope,
      teamId: team,
      since,
    });
    await setPassword(db, await admin.viewer(), { id, password: PASSWORD, mustChange: false });
    return actor(db, key, made.organizationId, id, employeeNumber);
  };

  return {
    ...admin,
    key,
    team: async (name = unique('Team '), { parent, leader, since } = {}) => {
      const leaderId = leader?.memberId;
      const input = { name, parentId: parent, leaderId, since };
      return (await createTeam(db, await admin.viewer(), input)).id;
    },
    manager: (options = {}) => add({ role: 'MANAGER', ...options }),
    rep: (options = {}) => add(options),
    admin: (options = {}) => add({ role: 'ADMIN', ...options }),
  };
}

async function actor(
  db: Database,
  organizationKey: string,
  organizationId: string,
  memberId: string,
  employeeNumber: string,
): Promise<Actor> {
  const session = await signIn(db, { organizationKey, employeeNumber, password: PASSWORD });
  const token = session.secret;
  if (token === null) throw new Error('a new session has a secret');
  return {
    organizationId,
    memberId,
    employeeNumber,
    token,
    viewer: async () => {
      const viewer = await authenticate(db, token, { origin: null });
      if (viewer?.kind !== 'member') throw new Error(`${employeeNumber} is not signed in`);
      return viewer;
    },
  };
}
