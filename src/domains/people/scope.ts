import { declareRowScope, everyRow } from '../../database/row-scope.ts';
import { isAdmin } from '../organization/rules.ts';

declareRowScope('Team', everyRow);
declareRowScope('TeamParentage', everyRow);
declareRowScope('TeamLeadership', everyRow);
declareRowScope('Member', everyRow);
declareRowScope('Membership', everyRow);
declareRowScope('Credential', (viewer) => (isAdmin(viewer) ? null : { memberId: viewer.memberId }));
