import { declareRowScope } from '../../database/row-scope.ts';

/**
 * Everyone knows his own target and that of his team: a member's is seen by whoever's data scope covers him, a team's
 * by whoever's covers one who belongs to it or leads it.
 */
declareRowScope('Target', (viewer) => {
  if (viewer.visibleMembers === 'ALL') return null;
  const covered = { some: { memberId: { in: [...viewer.visibleMembers] }, until: null } };
  return {
    OR: [
      { memberId: { in: [...viewer.visibleMembers] } },
      { team: { memberships: covered } },
      { team: { leaderships: covered } },
    ],
  };
});
