// Organizations to measure in: made by the product's own services.
import type { Database } from '../src/database/database.ts';
import { newId } from '../src/database/ids.ts';
import type { MemberViewer } from '../src/database/viewer.ts';
import { authenticate } from '../src/domains/organization/authenticate.ts';
import { createOrganization } from '../src/domains/people/create-organization.ts';
import { createMember } from '../src/domains/people/members.ts';
import { signIn } from '../src/domains/people/sign-in.ts';
import { configureSignIn } from '../src/domains/people/sign-in-settings.ts';
import { createTeam } from '../src/domains/people/teams.ts';
// What every room gives to a new organization.
import '../src/schema.ts';

export interface Bench {
  admin: MemberViewer;
  token: string;
  /** In one team below another. */
  members: string[];
}

export async function makeOrganization(db: Database, members: number): Promise<Bench> {
  configureSignIn(db, { argon2MemoryKib: 8, argon2Passes: 1 });
  const key = `bench-${newId().slice(-12)}`;
  const password = newId();
  const administrator = { employeeNumber: '1', name: 'Administrator', password };
  await createOrganization(db, { key, name: 'Bench', administrator });
  const session = await signIn(db, { organizationKey: key, employeeNumber: '1', password });
  const token = session.secret ?? '';
  const admin = await authenticate(db, token, { origin: null });
  if (admin?.kind !== 'member') throw new Error('the administrator is not signed in');
  const office = await createTeam(db, admin, { name: 'Office' });
  const team = await createTeam(db, admin, { name: 'Team', parentId: office.id });
  const ids: string[] = [];
  for (let number = 0; number < members; number++) {
    const member = {
      employeeNumber: `e${number}`,
      name: `Member ${number}`,
      role: 'MEMBER' as const,
    };
    ids.push((await createMember(db, admin, { ...member, teamId: team.id })).id);
  }
  return { admin, token, members: ids };
}
