import type { Database } from '../../database/database.ts';
import type { Grant, MemberViewer } from '../../database/viewer.ts';
import { cleanOptionalName } from '../organization/limits.ts';
import { issueToken, issueWith } from '../organization/tokens.ts';
import { visibleMembers } from '../organization/visible-members.ts';
import { attempt, nameHash } from './attempts.ts';
import { findIdentity, type Identity, lockPassword } from './credentials-store.ts';
import { SignInRefused } from './errors.ts';
import { requireMember } from './members-store.ts';
import { NUMBER_LENGTH, PASSWORD_MAX } from './model.ts';
import { isPassword } from './password-hash.ts';
import './scope.ts';
import { signInSettings } from './sign-in-settings.ts';

export interface SignIn {
  /** The organization's key; capitals do not matter. */
  organizationKey: string;
  employeeNumber: string;
  password: string;
  /** What the session is called in the list of tokens, such as a browser's name. */
  device?: string | null;
  /** Hours until the session ends. Default: the node's setting. */
  sessionHours?: number;
  idempotencyKey?: string | null;
}

export interface SignedIn {
  tokenId: string;
  /** Null when the same idempotency key was used before. */
  secret: string | null;
  /** Null where the secret is. */
  expiresAt: Date | null;
  mustChangePassword: boolean;
  /** The member with the rights of the new session. */
  viewer: MemberViewer;
  position: number;
}

const ALL_GRANTS: readonly Grant[] = ['READ', 'WRITE', 'ADMIN'];
const KEY_LENGTH = 60;

/**
 * Begins a session. Unknown organizations and numbers take as long as wrong passwords, and are locked like them.
 * Throws SignInRefused, SignInLocked.
 */
export async function signIn(db: Database, input: SignIn): Promise<SignedIn> {
  const organizationKey = input.organizationKey.trim().toLowerCase();
  const employeeNumber = input.employeeNumber.normalize('NFC').trim();
  const isTooLong =
    organizationKey.length > KEY_LENGTH ||
    employeeNumber.length > NUMBER_LENGTH * 2 ||
    input.password.length > PASSWORD_MAX * 2;
  // What nobody can have need not be counted.
  if (isTooLong) throw refused();
  let identity: Identity | null = null;
  const isRight = await attempt(db, nameHash(organizationKey, employeeNumber), async () => {
    identity = await findIdentity(db.pool, organizationKey, employeeNumber);
    const hash = (identity?.active && identity.passwordHash) || null;
    return isPassword(db, input.password, hash);
  });
  if (!isRight || !identity) throw refused();
  return beginSession(db, identity, input);
}

/** One sentence for every cause. */
const refused = () =>
  new SignInRefused('Organization, employee number and password do not belong together.');

async function beginSession(db: Database, who: Identity, input: SignIn): Promise<SignedIn> {
  const viewer = await viewerOf(db, who);
  const name = cleanOptionalName(input.device, 'device') ?? 'Session';
  const { memberId, mustChange } = who;
  const hours = input.sessionHours ?? signInSettings(db).sessionHours;
  let expiresAt: Date | null = null;
  // The password stays out of what is kept under the key, even as a hash.
  const key = { idempotencyKey: input.idempotencyKey ?? null };
  const issued = await issueWith(db, viewer, 'signIn', key, async (tx) => {
    // A reset or a leaving that was committed since the password was looked at has ended all sessions: no new one.
    const member = await requireMember(tx, memberId, 'employeeNumber');
    const isSame = (await lockPassword(tx, memberId)) === who.passwordHash;
    if (!member.active || !isSame) throw refused();
    expiresAt = new Date(tx.now.getTime() + hours * 3_600_000);
    return issueToken(tx, { kind: 'SESSION', name, memberId, grants: ALL_GRANTS, expiresAt });
  });
  const { id: tokenId, secret, position } = issued;
  const session = { ...viewer, tokenId };
  return {
    tokenId,
    secret,
    expiresAt: secret === null ? null : expiresAt,
    mustChangePassword: mustChange,
    viewer: session,
    position,
  };
}

async function viewerOf(db: Database, who: Identity): Promise<MemberViewer> {
  const { organizationId, memberId, role, dataScope, revision } = who;
  return {
    kind: 'member',
    organizationId,
    memberId,
    role,
    dataScope,
    visibleMembers: await visibleMembers(db, { organizationId, memberId, dataScope }, revision),
    grants: new Set(who.mustChange ? [] : ALL_GRANTS),
    tokenId: 'sign-in',
    callerKey: `member:${memberId}`,
  };
}
