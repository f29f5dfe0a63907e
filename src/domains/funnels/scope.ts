import { declareRowScope, everyRow, ownedBy, visibleThrough } from '../../database/row-scope.ts';
import type { MemberViewer } from '../../database/viewer.ts';
import type { Condition } from './filter.ts';

declareRowScope('Funnel', everyRow);
declareRowScope('Stage', everyRow);
declareRowScope('Opportunity', ownedBy('ownerId'));
declareRowScope('StageChange', visibleThrough('opportunity', 'Opportunity'));
declareRowScope('OpportunityAmount', visibleThrough('opportunity', 'Opportunity'));
declareRowScope('OpportunityOwnership', visibleThrough('opportunity', 'Opportunity'));

/** The row scope of opportunities for our own SQL; the organization is not in it. */
export const ownScope = ({ visibleMembers }: MemberViewer): Condition[] =>
  visibleMembers === 'ALL' ? [] : [{ column: 'ownerId', in: [...visibleMembers] }];
