import { declareRowScope, everyRow, ownedBy } from '../../database/row-scope.ts';

// What a metric counts and which boards there are is no secret within the organization; who may watch a board, and
// whose entries may be read, is decided in access.ts and entries.ts.
declareRowScope('Metric', everyRow);
declareRowScope('MetricVersion', everyRow);
declareRowScope('Leaderboard', everyRow);
declareRowScope('LeaderboardMeasure', everyRow);
// Read with its entry only, whose rights are decided in entries.ts.
declareRowScope('ScoreCorrection', () => ({ id: { in: [] } }));
// In aggregates a score is seen by whoever's data scope covers its member; boards show theirs whole.
declareRowScope('ScoreEntry', ownedBy('memberId'));
declareRowScope('TeamPath', everyRow);
