import { declareRowScope, everyRow } from '../../database/row-scope.ts';

declareRowScope('Product', everyRow);
declareRowScope('ProductLabel', everyRow);
