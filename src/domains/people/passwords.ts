import type { Database } from '../../database/database.ts';
import { NotFound } from '../../database/errors.ts';
import { newId } from '../../database/ids.ts';
import { transact } from '../../database/transact.ts';
import type { Tx } from '../../database/transaction.ts';
import { covers, type MemberViewer } from '../../database/viewer.ts';
import { isAdmin, requireAdmin } from '../organization/rules.ts';
import { endTokensOf } from '../organization/tokens.ts';
import { visibleMembers } from '../organization/visible-members.ts';
import { attempt, forgetFailures, nameHash } from './attempts.ts';
import { type Identity, lockPassword, readIdentity, savePassword } from './credentials-store.ts';
import { WrongPassword } from './errors.ts';
import { passwordChanged } from './events.ts';
import { requireMember } from './members-store.ts';
import { hashPassword, isPassword, randomPassword } from './password-hash.ts';
import { checkNewPassword, requireMayReset } from './rules.ts';
import './scope.ts';

interface WithKey {
  idempotencyKey?: string | null;
}

export interface ChangePassword extends WithKey {
  oldPassword: string;
  newPassword: string;
}

/**
 * Changes the viewer's own password and ends the other sessions; API tokens stay. Wrong old passwords count as
 * failed sign-ins. Throws WrongPassword, WeakPassword, SignInLocked.
 */
export async function changePassword(db: Database, viewer: MemberViewer, input: ChangePassword) {
  const who = await identityOf(db, viewer, viewer.memberId);
  const { employeeNumber } = who;
  const name = nameHash(who.organizationKey, employeeNumber);
  const isOld = () => isPassword(db, input.oldPassword, who.passwordHash);
  if (!(await attempt(db, name, isOld))) throw wrongPassword();
  checkNewPassword(input.newPassword, { old: input.oldPassword, employeeNumber }, 'newPassword');
  const hash = await hashPassword(db, input.newPassword);
  // Passwords stay out of what is kept under the key, even hashed.
  const key = { idempotencyKey: input.idempotencyKey ?? null };
  return transact(db, viewer, 'changePassword', key, async (tx) => {
    const member = await requireMember(tx, viewer.memberId, 'id');
    // Between the look at the old password and here somebody else may have set another.
    if ((await lockPassword(tx, member.id)) !== who.passwordHash) throw wrongPassword();
    await savePassword(tx, member.id, hash, false);
    await endTokensOf(tx, member.id, ['SESSION'], viewer.tokenId);
    tx.event(passwordChanged(member, 'CHANGED'));
    return { id: member.id };
  });
}

const wrongPassword = () =>
  new WrongPassword('The old password is not right.', { path: ['input', 'oldPassword'] });

export interface ResetPassword extends WithKey {
  id: string;
}

/**
 * Gives a member a random password, which has to be changed at the next sign-in, ends the member's sessions and API
 * tokens, and unlocks the name. `password` is null when the same idempotency key was used before.
 *
 * Throws NotFound for members out of view, NotAllowed (see `requireMayReset`).
 */
export async function resetPassword(db: Database, viewer: MemberViewer, input: ResetPassword) {
  const who = await identityOf(db, viewer, input.id);
  if (!covers(viewer, who.memberId)) throw notFound();
  const { organizationId, memberId, dataScope, revision } = who;
  const sees = await visibleMembers(db, { organizationId, memberId, dataScope }, revision);
  requireMayReset(viewer, { ...who, id: memberId }, sees);
  const password = randomPassword();
  const passwordHash = await hashPassword(db, password);
  const resetId = newId();
  const outcome = await transact(db, viewer, 'resetPassword', input, async (tx) => {
    const member = await requireMember(tx, memberId, 'id');
    // What was judged before must still be so: rights may have grown in between.
    if (!isAdmin(viewer)) requireMayReset(viewer, member, sees);
    await giveNewPassword(tx, member.id, passwordHash, true);
    await endTokensOf(tx, member.id, ['SESSION', 'API']);
    tx.event(passwordChanged(member, 'RESET'));
    return { id: member.id, resetId };
  });
  await forgetFailures(db, nameHash(who.organizationKey, who.employeeNumber));
  const { id, position } = outcome;
  return { id, position, password: outcome.resetId === resetId ? password : null };
}

async function giveNewPassword(tx: Tx, memberId: string, hash: string, mustChange: boolean) {
  await lockPassword(tx, memberId);
  await savePassword(tx, memberId, hash, mustChange);
}

export interface SetPassword extends WithKey {
  id: string;
  password: string;
  mustChange: boolean;
}

/** Sets a known password, for demonstration data and the command line; no client can. Administrators only. */
export async function setPassword(db: Database, viewer: MemberViewer, input: SetPassword) {
  requireAdmin(viewer);
  const who = await identityOf(db, viewer, input.id);
  checkNewPassword(input.password, { old: null, employeeNumber: who.employeeNumber }, 'password');
  const hash = await hashPassword(db, input.password);
  const key = { idempotencyKey: input.idempotencyKey ?? null };
  return transact(db, viewer, 'setPassword', key, async (tx) => {
    const member = await requireMember(tx, input.id, 'id');
    await giveNewPassword(tx, member.id, hash, input.mustChange);
    await endTokensOf(tx, member.id, ['SESSION']);
    tx.event(passwordChanged(member, 'RESET'));
    return { id: member.id };
  });
}

async function identityOf(db: Database, viewer: MemberViewer, id: string): Promise<Identity> {
  const identity = await readIdentity(db.pool, viewer.organizationId, id);
  if (!identity) throw notFound();
  return identity;
}

const notFound = () => new NotFound('There is no such member.', { path: ['input', 'id'] });
