import { builder } from '../../../api/builder.ts';
import { memberOf } from '../../../api/context.ts';
import { PeriodInputType, PeriodType, readPeriod } from '../../../api/period.ts';
import { resolvePeriod } from '../../../calendar/named-periods.ts';
import type { Period } from '../../../calendar/periods.ts';
import type { Durations, FunnelCohort, FunnelReport, StageReport } from '../report.ts';
import { readReport } from '../report-store.ts';
import { OpportunityFilterInput } from './inputs.ts';
import { resolveFilter } from './listing.ts';
import { Stage } from './types.ts';

const MONEY = 'in the currency of the organization';
const SHARE = '0 to 1, with four decimals';
const OPEN_COUNT = 'How many are open now.';
const OPEN_AMOUNT = `The expected amounts of the open ones, as far as they are known, ${MONEY}.`;
const OPEN_UNKNOWN = 'How many of the open ones have no known amount.';
const WEIGHTED = `The same, each amount times the probability of the stage that it is in, ${MONEY}, with at most four decimals.`;

const FunnelCohortEnum = builder.enumType('FunnelCohort', {
  description: 'Which opportunities a report is about.',
  values: {
    ENTERED: { description: 'Those that entered the funnel in the period.' },
    CLOSED: { description: 'Those that were won or lost in the period, and still are.' },
  } as const,
});

const DurationSummary = builder.objectRef<Durations>('DurationSummary').implement({
  description: 'How long something took.',
  fields: (t) => ({
    count: t.exposeInt('count', { description: 'How many times it was measured.' }),
    medianSeconds: t.exposeFloat('median', {
      nullable: true,
      description: 'Half of them took at most this long, in seconds; null when there are none.',
    }),
    p90Seconds: t.exposeFloat('p90', {
      nullable: true,
      description: 'Nine in ten took at most this long, in seconds; null when there are none.',
    }),
  }),
});

const FunnelStageReport = builder.objectRef<StageReport>('FunnelStageReport').implement({
  description: 'How a stage did, for the opportunities of a report.',
  fields: (t) => ({
    stage: t.field({
      type: Stage,
      description: 'The stage; also one that is archived.',
      resolve: async ({ stageId }, _args, ctx) => {
        const stage = await ctx.load('Stage', stageId);
        if (!stage) throw new Error(`stage ${stageId} of a report is not there`);
        return stage;
      },
    }),
    entered: t.exposeInt('entered', { description: 'How many were ever in it.' }),
    movedOn: t.exposeInt('movedOn', {
      description: 'How many of them later came to a stage further on, or were won.',
    }),
    conversion: t.expose('conversion', {
      type: 'Decimal',
      nullable: true,
      description: `movedOn / entered, ${SHARE}; null when none entered, and for WON and LOST stages.`,
    }),
    droppedOut: t.exposeInt('droppedOut', {
      description: 'How many are lost, and were lost from here.',
    }),
    dropOff: t.expose('dropOff', {
      type: 'Decimal',
      nullable: true,
      description: `droppedOut / entered, ${SHARE}; null when none entered, and for WON and LOST stages.`,
    }),
    timeInStage: t.field({
      type: DurationSummary,
      description: 'How long the stays in it took that have ended; a stage can be entered again.',
      resolve: (report) => report.timeInStage,
    }),
    longestOpenSeconds: t.exposeFloat('longestOpen', {
      nullable: true,
      description: 'How long the longest stay that still lasts has taken, in seconds; or null.',
    }),
    openCount: t.exposeInt('openCount', { description: OPEN_COUNT }),
    openAmount: t.expose('openAmount', { type: 'Decimal', description: OPEN_AMOUNT }),
    openAmountUnknown: t.exposeInt('openAmountUnknown', { description: OPEN_UNKNOWN }),
    weightedAmount: t.expose('weightedAmount', { type: 'Decimal', description: WEIGHTED }),
    overLimit: t.exposeInt('overLimit', {
      description: 'How many of the open ones are in it for longer than its limit.',
    }),
  }),
});

interface Reported extends FunnelReport {
  period: Period;
  cohort: FunnelCohort;
}

const FunnelReportType = builder.objectRef<Reported>('FunnelReport').implement({
  description:
    'How a funnel did, for the opportunities of a period that the caller may see. All numbers are of one moment; what was archived as a mistake is in none of them.',
  fields: (t) => ({
    period: t.field({
      type: PeriodType,
      description: 'The period asked for.',
      resolve: (report) => report.period,
    }),
    cohort: t.expose('cohort', {
      type: FunnelCohortEnum,
      description: 'Which opportunities of the period it is about.',
    }),
    count: t.exposeInt('count', { description: 'How many opportunities it is about.' }),
    openCount: t.exposeInt('openCount', { description: OPEN_COUNT }),
    openAmount: t.expose('openAmount', { type: 'Decimal', description: OPEN_AMOUNT }),
    openAmountUnknown: t.exposeInt('openAmountUnknown', { description: OPEN_UNKNOWN }),
    weightedAmount: t.expose('weightedAmount', { type: 'Decimal', description: WEIGHTED }),
    wonCount: t.exposeInt('wonCount', { description: 'How many are won.' }),
    lostCount: t.exposeInt('lostCount', { description: 'How many are lost.' }),
    wonAmount: t.expose('wonAmount', {
      type: 'Decimal',
      description: `What those were won for, ${MONEY}.`,
    }),
    winRate: t.expose('winRate', {
      type: 'Decimal',
      nullable: true,
      description: `wonCount / (wonCount + lostCount), ${SHARE}; null while none is closed.`,
    }),
    salesCycle: t.field({
      type: DurationSummary,
      description: 'How long the won ones took from entering the funnel to the winning.',
      resolve: (report) => report.salesCycle,
    }),
    stages: t.field({
      type: [FunnelStageReport],
      description:
        'Stage by stage, in order; archived stages only where an opportunity was in them.',
      resolve: (report) => report.stages,
    }),
  }),
});

builder.prismaObjectFields('Funnel', (t) => ({
  report: t.field({
    type: FunnelReportType,
    description:
      'Conversion, drop-off, time in stage, open and weighted amount, win rate and sales cycle of the opportunities that entered (or closed) in the period.',
    complexity: { field: 50, multiplier: 1 },
    args: {
      period: t.arg({
        type: PeriodInputType,
        required: true,
        description: 'In the calendar of the organization.',
      }),
      cohort: t.arg({
        type: FunnelCohortEnum,
        required: true,
        defaultValue: 'ENTERED',
        description: 'Which opportunities of the period.',
      }),
      where: t.arg({
        type: OpportunityFilterInput,
        description: 'Only those of them that also meet this. Default: all.',
      }),
    },
    resolve: async (funnel, { period: asked, cohort, where }, ctx): Promise<Reported> => {
      const [calendar, now] = await Promise.all([ctx.calendar(), ctx.now()]);
      const period = readPeriod(() => resolvePeriod(calendar, asked, now));
      const conditions = await resolveFilter(ctx, where, 'COUNTED');
      const question = { funnelId: funnel.id, period, cohort, conditions, now };
      const report = await readReport(ctx.db.pool, memberOf(ctx), question);
      return { ...report, period, cohort };
    },
  }),
}));
