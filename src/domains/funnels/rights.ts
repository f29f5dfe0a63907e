import { NotAllowed } from '../../database/errors.ts';
import type { MemberViewer } from '../../database/viewer.ts';

/** A funnel is everybody's: an administrator, or a manager of the whole organization, changes it. */
export function requireFunnelRights(viewer: MemberViewer): void {
  const mayChange =
    viewer.role === 'ADMIN' || (viewer.role === 'MANAGER' && viewer.dataScope === 'ORGANIZATION');
  if (!mayChange) {
    throw new NotAllowed(
      'Funnels are changed by an administrator, or by a manager whose data scope is ORGANIZATION.',
    );
  }
}

/** Giving an opportunity to somebody else, and changing what a winning was worth. */
export function requireManager(viewer: MemberViewer, what: string): void {
  if (viewer.role === 'MEMBER')
    throw new NotAllowed(`Only a manager or administrator may ${what}.`);
}

/** A member opens opportunities of his own; a manager also for those in the data scope. */
export function requireMayOwn(viewer: MemberViewer, ownerId: string): void {
  if (ownerId !== viewer.memberId && viewer.role === 'MEMBER') {
    throw new NotAllowed('You may open opportunities for yourself only.', {
      path: ['input', 'ownerId'],
    });
  }
}
