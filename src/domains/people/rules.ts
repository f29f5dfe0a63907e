import { InvalidInput, NotAllowed } from '../../database/errors.ts';
import { covers, type DataScope, type MemberViewer, type Role } from '../../database/viewer.ts';
import { requireCalendarMoment } from '../organization/limits.ts';
import { isAdmin, requireOpen } from '../organization/rules.ts';
import { BeforeLastChange, WeakPassword } from './errors.ts';
import { DEFAULT_DATA_SCOPE, PASSWORD_MAX, PASSWORD_MIN } from './model.ts';

const BREADTH: Record<DataScope, number> = { OWN: 0, TEAM: 1, TEAM_TREE: 2, ORGANIZATION: 3 };

/** The data scope that a role gets. Throws InvalidInput: an administrator sees the whole organization. */
export function dataScopeFor(role: Role, wanted: DataScope | null | undefined): DataScope {
  const dataScope = wanted ?? DEFAULT_DATA_SCOPE[role];
  if (role === 'ADMIN' && dataScope !== 'ORGANIZATION') {
    throw new InvalidInput('An administrator has the data scope ORGANIZATION.', {
      path: ['input', 'dataScope'],
    });
  }
  return dataScope;
}

/**
 * When a change takes effect: the moment that was asked for, else now, but never before the change that it follows.
 * Throws InvalidInput for the future, BeforeLastChange, PeriodClosed.
 */
export function effectiveMoment(
  wanted: Date | null | undefined,
  last: Date | null,
  { now, closedBefore }: { now: Date; closedBefore: Date | null },
  field: string,
): Date {
  // Transactions that waited for each other may have begun in the other order.
  if (!wanted) return last !== null && last > now ? last : now;
  const path = ['input', field];
  requireCalendarMoment(wanted, field);
  if (wanted > now) throw new InvalidInput(`${field} lies in the future.`, { path });
  if (last !== null && wanted < last) {
    throw new BeforeLastChange(
      `The last change took effect at ${last.toISOString()}: this one cannot come before it.`,
      { path, data: { lastChangeAt: last.toISOString() } },
    );
  }
  requireOpen(wanted, closedBefore, field);
  return wanted;
}

/** Throws WeakPassword. Length is what helps; what must not be is what others can guess first. */
export function checkNewPassword(
  password: string,
  { old, employeeNumber }: { old: string | null; employeeNumber: string },
  field: string,
): void {
  const refuse = (message: string) => new WeakPassword(message, { path: ['input', field] });
  const length = [...password].length;
  if (length < PASSWORD_MIN || length > PASSWORD_MAX) {
    throw refuse(`A password has ${PASSWORD_MIN} to ${PASSWORD_MAX} characters.`);
  }
  if (password === old) throw refuse('The new password is the old one.');
  if (new Set(password).size < 4)
    throw refuse('A password has at least four different characters.');
  const rest = password.toLowerCase().replaceAll(employeeNumber.toLowerCase(), '');
  if ([...rest].length < PASSWORD_MIN / 2) {
    throw refuse('A password is more than the employee number.');
  }
}

export interface ResetTarget {
  id: string;
  role: Role;
  dataScope: DataScope;
  active: boolean;
}

/**
 * Who may give a member a new password: administrators; managers to plain members whose records they see. Whoever
 * resets a password can sign in with it, so nobody gets more that way than what he has: `targetSees` is whose records
 * the member sees. Throws NotAllowed; whether the member is in view was judged before.
 */
export function requireMayReset(
  viewer: MemberViewer,
  target: ResetTarget,
  targetSees: 'ALL' | ReadonlySet<string>,
): void {
  if (target.id === viewer.memberId) {
    throw new NotAllowed('Change your own password with `changePassword`.');
  }
  if (isAdmin(viewer)) return;
  const isPlain =
    target.role === 'MEMBER' && BREADTH[target.dataScope] <= BREADTH[viewer.dataScope];
  const seesNoMore =
    viewer.visibleMembers === 'ALL' ||
    (targetSees !== 'ALL' && [...targetSees].every((id) => covers(viewer, id)));
  if (viewer.role === 'MANAGER' && viewer.grants.has('ADMIN') && isPlain && seesNoMore) return;
  throw new NotAllowed(
    'Only an administrator, or a manager for a plain member of his own teams, resets a password.',
  );
}
