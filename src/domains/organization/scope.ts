import { declareRowScope, everyRow } from '../../database/row-scope.ts';
import { seesAllTokens } from './rules.ts';

declareRowScope('Organization', everyRow);
declareRowScope('PeriodClosing', everyRow);
declareRowScope('WorkingDayException', everyRow);
declareRowScope('AccessToken', (viewer) =>
  seesAllTokens(viewer) ? null : { memberId: viewer.memberId },
);
