import { z } from 'zod';
import { memberOf } from '../../../../api/context.ts';
import { mutationField } from '../../../../api/mutation.ts';
import { PeriodUnitEnum } from '../../../../api/period.ts';
import { TeamBasis } from '../../../../api/team-basis.ts';
import { refuseNull } from '../../../organization/limits.ts';
import { Role } from '../../../people/graphql/enums.ts';
import { MetricRetired } from '../../../targets/errors.ts';
import { correctScore, createLeaderboard, updateLeaderboard } from '../../service.ts';
import {
  Audience,
  ContestantKind,
  NamePrivacy,
  RankingMethod,
  TieBreak,
  ValuePrivacy,
} from '../enums.ts';
import { LeaderboardMeasureInput } from '../inputs.ts';
import { Leaderboard } from '../leaderboard.ts';
import { loadWatchable } from '../load.ts';

mutationField('createLeaderboard', {
  description: 'Adds a leaderboard. For administrators, and managers of the whole organization.',
  auth: 'manager',
  errors: [MetricRetired],
  input: (t) => ({
    name: t.string({
      required: true,
      validate: z.string().trim().min(1).max(200),
      description: 'At most 200 characters.',
    }),
    measures: t.field({
      type: [LeaderboardMeasureInput],
      required: true,
      description: 'What is added up: 1 to 5.',
    }),
    periodUnit: t.field({
      type: PeriodUnitEnum,
      required: true,
      description: 'The unit whose present period is shown.',
    }),
    contestants: t.field({ type: ContestantKind, description: 'Default MEMBERS.' }),
    scopeTeamId: t.recordId({
      for: 'Team',
      description: 'Whose people or teams compete. Default: the whole organization.',
    }),
    teamDepth: t.int({
      description: 'Levels below the scope that competing teams stand at, 1 to 10. Default 1.',
    }),
    teams: t.field({ type: TeamBasis, description: 'Default AS_IT_WAS.' }),
    ranking: t.field({ type: RankingMethod, description: 'Default STANDARD.' }),
    tieBreak: t.field({ type: TieBreak, description: 'Default FIRST_TO_REACH.' }),
    audience: t.field({ type: Audience, description: 'Default ORGANIZATION.' }),
    audienceRoles: t.field({
      type: [Role],
      description: 'Who may watch, for an audience of ROLES.',
    }),
    values: t.field({ type: ValuePrivacy, description: 'Default FULL.' }),
    names: t.field({ type: NamePrivacy, description: 'Default FULL.' }),
    competingRoles: t.field({ type: [Role], description: 'Default: MEMBER.' }),
    showZero: t.boolean({
      description: 'Whether contestants without a score are shown. Default true.',
    }),
  }),
  resolve: (input, ctx) => createLeaderboard(ctx.db, memberOf(ctx), input),
  payload: (t) => ({
    leaderboard: t.field({
      type: Leaderboard,
      nullable: true,
      description: 'The new leaderboard; null when you are not of its audience.',
      resolve: async (outcome, _args, ctx) => (await loadWatchable(ctx, [outcome.id]))[0] ?? null,
    }),
  }),
});

mutationField('updateLeaderboard', {
  description:
    'Changes a leaderboard: what is left out stays. Whoever watches gets the board anew.',
  auth: 'manager',
  errors: [MetricRetired],
  input: (t) => ({
    id: t.recordId({ for: 'Leaderboard', required: true, description: 'The leaderboard.' }),
    expectedVersion: t.int({
      required: true,
      description: 'Refuse with Conflict unless it is at this version.',
    }),
    name: t.string({
      validate: z.string().trim().min(1).max(200),
      description: 'At most 200 characters.',
    }),
    measures: t.field({
      type: [LeaderboardMeasureInput],
      description: 'All of them, in place of the old: 1 to 5.',
    }),
    periodUnit: t.field({
      type: PeriodUnitEnum,
      description: 'The unit whose present period is shown.',
    }),
    contestants: t.field({ type: ContestantKind, description: 'Who competes.' }),
    scopeTeamId: t.recordId({
      for: 'Team',
      description: 'Whose people or teams compete; null: the whole organization.',
    }),
    teamDepth: t.int({
      description: 'Levels below the scope that competing teams stand at, 1 to 10.',
    }),
    teams: t.field({ type: TeamBasis, description: 'Which team points belong to.' }),
    ranking: t.field({ type: RankingMethod, description: 'How ranks are numbered.' }),
    tieBreak: t.field({ type: TieBreak, description: 'What decides ties.' }),
    audience: t.field({ type: Audience, description: 'Who may watch.' }),
    audienceRoles: t.field({
      type: [Role],
      description: 'Who may watch, for an audience of ROLES.',
    }),
    values: t.field({ type: ValuePrivacy, description: 'Which figures are shown.' }),
    names: t.field({ type: NamePrivacy, description: 'Whose names are shown.' }),
    competingRoles: t.field({ type: [Role], description: 'Members of these roles compete.' }),
    showZero: t.boolean({ description: 'Whether contestants without a score are shown.' }),
    archived: t.boolean({ description: 'True takes it out of use, false brings it back.' }),
  }),
  resolve: (input, ctx) =>
    updateLeaderboard(
      ctx.db,
      memberOf(ctx),
      refuseNull(
        input,
        'name',
        'measures',
        'periodUnit',
        'contestants',
        'teamDepth',
        'teams',
        'ranking',
        'tieBreak',
        'audience',
        'audienceRoles',
        'values',
        'names',
        'competingRoles',
        'showZero',
        'archived',
      ),
    ),
  payload: (t) => ({
    leaderboard: t.field({
      type: Leaderboard,
      nullable: true,
      description: 'The leaderboard as it now is; null when you are not of its audience.',
      resolve: async (outcome, _args, ctx) => (await loadWatchable(ctx, [outcome.id]))[0] ?? null,
    }),
  }),
});

mutationField('correctScore', {
  description:
    'Adds an entry to the ledger that no other event made, with a reason. Nothing is edited: a wrong correction is corrected by another.',
  auth: 'admin',
  errors: [MetricRetired],
  input: (t) => ({
    metricId: t.recordId({ for: 'Metric', required: true, description: 'The metric.' }),
    memberId: t.recordId({ for: 'Member', required: true, description: 'Whose score.' }),
    amount: t.field({
      type: 'Decimal',
      required: true,
      description: 'More or less than zero, in the unit of the metric.',
    }),
    reason: t.string({
      required: true,
      validate: z.string().max(1_000),
      description: 'Why; at most 1,000 characters.',
    }),
    countsAt: t.field({
      type: 'DateTime',
      description:
        'Whose period it belongs to, not in the future. Default: now. In a closed period it counts at the start of the open one.',
    }),
  }),
  resolve: (input, ctx) => correctScore(ctx.db, memberOf(ctx), input),
  payload: (t) => ({
    member: t.prismaField({
      type: 'Member',
      nullable: true,
      description: 'Whose score was corrected.',
      resolve: (query, outcome, _args, ctx) =>
        ctx.reader.member.findUnique({ ...query, where: { id: outcome.memberId } }),
    }),
  }),
});
