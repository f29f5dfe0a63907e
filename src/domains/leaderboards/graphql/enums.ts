import { builder } from '../../../api/builder.ts';
import { described } from '../../../api/described.ts';
import { BOARD_RESETS } from '../follow-board.ts';
import { NEWS_KINDS } from '../news.ts';

export const ContestantKind = builder.enumType('ContestantKind', {
  description: 'Who competes on a leaderboard.',
  values: described({ MEMBERS: 'People.', TEAMS: 'Teams, each with all teams below it.' }),
});

export const RankingMethod = builder.enumType('RankingMethod', {
  description: 'How equal scores are numbered.',
  values: described({
    STANDARD: 'Equal scores share a rank and the next ranks are left out: 1, 2, 2, 4.',
    DENSE: 'Equal scores share a rank and none is left out: 1, 2, 2, 3.',
    ORDINAL: 'Every contestant has a rank of its own: 1, 2, 3, 4.',
  }),
});

export const TieBreak = builder.enumType('TieBreak', {
  description: 'What decides between equal scores.',
  values: described({
    FIRST_TO_REACH:
      'Who reached the present score first: the moment of the entry after which it never again fell below.',
    SECOND_MEASURE: 'The value of the second measure, before its weight.',
    NONE: 'Nothing: equal is equal.',
  }),
});

export const Audience = builder.enumType('Audience', {
  description: 'Who may watch a leaderboard, beside administrators and the displays that name it.',
  values: described({
    ORGANIZATION: 'Everybody in the organization.',
    SCOPE_TEAM: 'Members and leaders of the scope team and the teams below it.',
    CONTESTANTS: 'Whoever competes on it.',
    ROLES: 'Members with one of the named roles.',
  }),
});

export const ValuePrivacy = builder.enumType('ValuePrivacy', {
  description: 'Which figures a leaderboard shows.',
  values: described({
    FULL: 'Scores, gaps and progress.',
    PROGRESS: 'Percent of the target, no scores and no gaps.',
    RANK_ONLY: 'Ranks alone.',
  }),
});

export const NamePrivacy = builder.enumType('NamePrivacy', {
  description: 'Whose names a leaderboard shows.',
  values: described({
    FULL: 'Everybody’s.',
    MASKED: 'Only the first character, except to oneself.',
  }),
});

export const MeasureKind = builder.enumType('MeasureKind', {
  description: 'What a measure takes from its metric.',
  values: described({
    VALUE: 'The value itself.',
    PERCENT_OF_TARGET: 'Percent of the contestant’s target of the period; nothing without one.',
  }),
});

export const LeaderboardState = builder.enumType('LeaderboardState', {
  description: 'Whether a leaderboard has figures.',
  values: described({
    READY: 'It has.',
    BUILDING:
      'A metric of it is being built from the log: there are no figures until it is complete.',
  }),
});

export const MetricState = builder.enumType('MetricState', {
  description: 'Whether a metric counts.',
  values: described({
    ACTIVE: 'Its present definition counts.',
    BUILDING:
      'Its newest definition is being built from the log; an earlier one, if any, counts until then.',
    RETIRED: 'It is kept for its history and takes no new boards.',
  }),
});

export const ResetReason = builder.enumType('ResetReason', {
  description: 'Why an update starts afresh instead of following on the one before.',
  values: described(BOARD_RESETS),
});

export const BoardNewsKind = builder.enumType('BoardNewsKind', {
  description: 'What there is to celebrate on a leaderboard.',
  values: described(NEWS_KINDS),
});
