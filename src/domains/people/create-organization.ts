import type { Database } from '../../database/database.ts';
import { newId } from '../../database/ids.ts';
import { transact } from '../../database/transact.ts';
import { systemViewer } from '../../database/viewer.ts';
import { giveStandards } from '../organization/created.ts';
import { completeOrganization, reserveOrganization } from '../organization/found.ts';
import { cleanName } from '../organization/limits.ts';
import { DEFAULT_ORGANIZATION } from '../organization/model.ts';
import { checkSettings, cleanKey, type Settings } from '../organization/rules.ts';
import { savePassword } from './credentials-store.ts';
import { memberCreated } from './events.ts';
import { insertMember } from './members-store.ts';
import { type Member, NUMBER_LENGTH } from './model.ts';
import { hashPassword, randomPassword } from './password-hash.ts';
import { checkNewPassword } from './rules.ts';
import './scope.ts';

export interface CreateOrganization extends Partial<Settings> {
  /** What people type at sign-in: letters a to z, digits, hyphens. */
  key: string;
  name: string;
  administrator: {
    employeeNumber: string;
    name: string;
    /** Default: a random one, to be changed at the first sign-in. */
    password?: string;
  };
}

export interface CreatedOrganization {
  organizationId: string;
  /** The first administrator. */
  memberId: string;
  /** The random password, given this once; null when one was chosen. */
  password: string | null;
  position: number;
}

/**
 * Makes an organization with its first administrator and what the rooms give to every new one. Nobody is signed in
 * when this happens, so it is for the command line and demonstration data only.
 *
 * The row comes first, in a transaction of its own, because the log's head must be there for `transact`; a process
 * that dies in between leaves a row without events, which the next call with this key takes up.
 *
 * Throws AlreadyExists when the key is taken, InvalidInput, UnknownTimeZone, UnknownCurrency, WeakPassword.
 */
export async function createOrganization(
  db: Database,
  input: CreateOrganization,
): Promise<CreatedOrganization> {
  const { key: typed, name, administrator, ...chosen } = input;
  const settings = { ...DEFAULT_ORGANIZATION, ...chosen };
  checkSettings(settings);
  const key = cleanKey(typed);
  const admin = firstAdministrator(administrator);
  const { employeeNumber } = admin;
  const password = administrator.password ?? randomPassword();
  checkNewPassword(password, { old: null, employeeNumber }, 'password');
  const hash = await hashPassword(db, password);

  const wanted = { ...settings, key, name: cleanName(name, 'name') };
  const organization = await reserveOrganization(db, wanted);
  const viewer = systemViewer(organization.id, admin.id, 'create-organization');
  const outcome = await transact(db, viewer, 'createOrganization', {}, async (tx) => {
    await completeOrganization(tx, organization);
    await insertMember(tx, admin, tx.now);
    await savePassword(tx, admin.id, hash, administrator.password === undefined);
    tx.event(memberCreated(admin, null, tx.now));
    await giveStandards(tx);
    return { organizationId: organization.id, memberId: admin.id };
  });
  return { ...outcome, password: administrator.password === undefined ? password : null };
}

function firstAdministrator({ employeeNumber, name }: CreateOrganization['administrator']): Member {
  return {
    id: newId(),
    version: 1,
    employeeNumber: cleanName(employeeNumber, 'employeeNumber', NUMBER_LENGTH),
    name: cleanName(name, 'name'),
    title: null,
    hiredOn: null,
    role: 'ADMIN',
    dataScope: 'ORGANIZATION',
    active: true,
    deactivatedAt: null,
    externalId: null,
  };
}
