import type { Dataset } from '../../aggregates/dataset.ts';

/** Entries of the ledger as aggregates see them. */
export const scoreDataset: Dataset = {
  name: 'Score',
  model: 'ScoreEntry',
  times: {
    COUNTS_AT: { path: 'countsAt', description: 'Whose period they belong to.' },
    RECORDED_AT: { path: 'recordedAt', description: 'When they were learned.' },
  },
  keys: {
    METRIC: {
      kind: 'record',
      path: 'metricVersion.metricId',
      model: 'Metric',
      orderBy: 'name',
      gaps: { retiredAt: null },
      description: 'What was measured.',
    },
    MEMBER: {
      kind: 'record',
      path: 'memberId',
      model: 'Member',
      orderBy: 'name',
      gaps: 'MEMBERS',
      description: 'Whose score it is.',
    },
    TEAM: {
      kind: 'team',
      path: 'memberId',
      earnedIn: 'teamPath.teamIds',
      description:
        'The team that it was earned in, or that its member belongs to now: as `teams` says.',
    },
    AMOUNT: { kind: 'number', path: 'amount', description: 'The amount of the entry, in bands.' },
  },
  decimals: {
    AMOUNT: {
      path: 'amount',
      field: 'amount',
      description:
        'In the unit of the metric: group by METRIC, or ask for one. Reversals count below 0.',
    },
  },
  distinct: {
    MEMBER: { path: 'memberId', description: 'Members.' },
    SUBJECT: { path: 'subject', description: 'What the scores are for, such as opportunities.' },
  },
  history: {
    since: 'countsAt',
    fixed: [
      'memberId',
      'amount',
      'countsAt',
      'recordedAt',
      'subject',
      'metricVersionId',
      'teamPathId',
    ],
    tables: [],
  },
};
