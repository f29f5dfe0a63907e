import type { EventDraft, Json } from '../../database/event-draft.ts';
import type { MetricVersion } from '../../metrics/definition.ts';

const ORGANIZATION_WIDE = { before: null, after: null };

export const metricEvent = (
  type: 'metric.defined' | 'metric.updated' | 'metric.retired',
  metric: { id: string; version: number },
  version: MetricVersion | null,
): EventDraft => ({
  type,
  version: 1,
  recordType: 'Metric',
  recordId: metric.id,
  recordVersion: metric.version,
  payload: version
    ? { versionId: version.id, number: version.number, event: version.definition.event }
    : {},
  visibility: ORGANIZATION_WIDE,
});

export const leaderboardEvent = (
  type: 'leaderboard.created' | 'leaderboard.updated' | 'leaderboard.archived',
  board: { id: string; version: number },
  payload: { [key: string]: Json } = {},
): EventDraft => ({
  type,
  version: 1,
  recordType: 'Leaderboard',
  recordId: board.id,
  recordVersion: board.version,
  payload,
  visibility: ORGANIZATION_WIDE,
});

/** Its reason is free text and stays in a row, by the same id. */
export const scoreCorrected = (correction: {
  id: string;
  metricId: string;
  memberId: string;
  amount: string;
  countsAt: Date;
}): EventDraft => ({
  type: 'score.corrected',
  version: 1,
  recordType: 'ScoreCorrection',
  recordId: correction.id,
  recordVersion: 1,
  payload: {
    metricId: correction.metricId,
    memberId: correction.memberId,
    amount: correction.amount,
    countsAt: correction.countsAt.toISOString(),
  },
  visibility: { before: null, after: { owners: [correction.memberId] } },
});
