import { declareRowScope, everyRow, visibleThrough } from '../../database/row-scope.ts';

/**
 * A meeting is seen by those whose data scope covers somebody who takes part in it, themselves included. The host
 * always has an invitation. Kinds are everybody's.
 */
declareRowScope('Meeting', (viewer) =>
  viewer.visibleMembers === 'ALL'
    ? null
    : { invitations: { some: { memberId: { in: [...viewer.visibleMembers] } } } },
);
declareRowScope('MeetingKind', everyRow);
declareRowScope('Invitation', visibleThrough('meeting', 'Meeting'));
declareRowScope('AgendaItem', visibleThrough('meeting', 'Meeting'));
