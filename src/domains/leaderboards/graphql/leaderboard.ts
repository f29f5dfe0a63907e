import { builder } from '../../../api/builder.ts';
import { PeriodInputType, PeriodType, PeriodUnitEnum } from '../../../api/period.ts';
import { TeamBasis } from '../../../api/team-basis.ts';
import { Role } from '../../people/graphql/enums.ts';
import { Team } from '../../people/graphql/types.ts';
import { type Board, type BoardMeasure, isBuilding } from '../board.ts';
import { periodOf } from '../question.ts';
import {
  Audience,
  ContestantKind,
  LeaderboardState,
  MeasureKind,
  NamePrivacy,
  RankingMethod,
  TieBreak,
  ValuePrivacy,
} from './enums.ts';
import { loadWatchable } from './load.ts';
import { Metric } from './metric.ts';
import { StandingConnection } from './standing.ts';
import { standingsPage } from './standings-page.ts';

const LeaderboardMeasure = builder.objectRef<BoardMeasure>('LeaderboardMeasure').implement({
  description: 'What a leaderboard adds up.',
  fieldsDependOn: { organization: ['name', 'kind', 'weight'] },
  fields: (t) => ({
    metric: t.field({
      type: Metric,
      nullable: true,
      description: 'The metric; null to a display, which sees its name.',
      resolve: (measure, _args, ctx) => ctx.load('Metric', measure.metricId),
    }),
    name: t.exposeString('metricName', { description: 'Name of the metric.' }),
    kind: t.field({
      type: MeasureKind,
      description: 'What it takes from the metric.',
      resolve: ({ kind }) => kind,
    }),
    weight: t.field({
      type: 'Decimal',
      description: 'What it is multiplied by in the score. With weight 0 it only decides ties.',
      resolve: ({ weight }) => weight,
    }),
  }),
});

export const BoardRef = builder.objectRef<Board>('Leaderboard');

export const Leaderboard = builder.node(BoardRef, {
  description: 'A ranking of people or teams by metrics over a period, live.',
  fieldsDependOn: {
    organization: [
      ...['id', 'version', 'name', 'contestants', 'teamDepth', 'teams', 'measures', 'periodUnit'],
      ...['ranking', 'tieBreak', 'audience', 'audienceRoles', 'values', 'names', 'competingRoles'],
      ...['showZero', 'currency', 'state', 'archivedAt', 'period'],
    ],
  },
  id: { resolve: ({ id }) => id, description: 'Global id.' },
  loadMany: (ids, ctx) => loadWatchable(ctx, ids),
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'periodUnit' in value,
  fields: (t) => ({
    version: t.exposeInt('version', {
      description: 'Grows by one with every change; give it as expectedVersion.',
    }),
    name: t.exposeString('name', { description: 'At most 200 characters.' }),
    contestants: t.field({
      type: ContestantKind,
      description: 'Who competes.',
      resolve: (board) => board.contestants,
    }),
    scope: t.field({
      type: Team,
      nullable: true,
      description: 'Whose people or teams compete; null is the whole organization.',
      resolve: (board, _args, ctx) => ctx.load('Team', board.scopeTeamId),
    }),
    teamDepth: t.exposeInt('teamDepth', {
      description:
        'How many levels below the scope the competing teams stand; 1 is directly below.',
    }),
    teams: t.field({
      type: TeamBasis,
      description: 'Which team points belong to.',
      resolve: (board) => board.teams,
    }),
    measures: t.field({
      type: [LeaderboardMeasure],
      description: 'What is added up: 1 to 5 measures.',
      resolve: (board) => board.measures,
    }),
    periodUnit: t.field({
      type: PeriodUnitEnum,
      description: 'The unit whose present period is shown unless another is asked for.',
      resolve: (board) => board.periodUnit,
    }),
    ranking: t.field({
      type: RankingMethod,
      description: 'How ranks are numbered.',
      resolve: (board) => board.ranking,
    }),
    tieBreak: t.field({
      type: TieBreak,
      description: 'What decides ties.',
      resolve: (board) => board.tieBreak,
    }),
    audience: t.field({
      type: Audience,
      description: 'Who may watch.',
      resolve: (board) => board.audience,
    }),
    audienceRoles: t.field({
      type: [Role],
      description: 'The roles that may watch, for an audience of ROLES.',
      resolve: (board) => board.audienceRoles,
    }),
    values: t.field({
      type: ValuePrivacy,
      description: 'Which figures are shown.',
      resolve: (board) => board.values,
    }),
    names: t.field({
      type: NamePrivacy,
      description: 'Whose names are shown.',
      resolve: (board) => board.names,
    }),
    competingRoles: t.field({
      type: [Role],
      description: 'Members of these roles compete.',
      resolve: (board) => board.competingRoles,
    }),
    showZero: t.exposeBoolean('showZero', {
      description: 'Whether contestants without a score are shown.',
    }),
    currency: t.exposeString('currency', { description: 'ISO 4217 code of all amounts.' }),
    state: t.field({
      type: LeaderboardState,
      description: 'Whether there are figures.',
      resolve: (board) => (isBuilding(board) ? 'BUILDING' : 'READY'),
    }),
    archivedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was archived; null while it is in use.',
      resolve: (board) => board.archivedAt,
    }),
    period: t.field({
      type: PeriodType,
      description: 'The present period of its unit.',
      resolve: async (board, _args, ctx) => periodOf(board, null, await ctx.now()),
    }),
    standings: t.field({
      type: StandingConnection,
      description:
        'A page of the board. Who may watch it sees every row, whatever their data scope.',
      complexity: ({ first }) => ({ field: 10, multiplier: first ?? 10 }),
      args: {
        period: t.arg({
          type: PeriodInputType,
          description: 'Default: the present period of the board’s unit.',
        }),
        first: t.arg.int({
          defaultValue: 10,
          description: 'How many places, 0 to 100. Default 10.',
        }),
        after: t.arg.string({ description: 'A page cursor: the places after it.' }),
        around: t.arg.recordRef({
          for: ['Member', 'Team'],
          description: 'The contestant in the middle of the page, in place of `after`.',
        }),
        asOf: t.arg({
          type: 'DateTime',
          description:
            'Only what counts up to this moment, itself included. Default: everything in the period.',
        }),
        recordedBy: t.arg({
          type: 'DateTime',
          description: 'Only what was known at this moment. Default: now.',
        }),
      },
      resolve: (board, args, ctx) => standingsPage(ctx, board, args),
    }),
  }),
});
