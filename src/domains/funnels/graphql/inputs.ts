import { builder } from '../../../api/builder.ts';
import { SortDirection } from '../../../api/sort-direction.ts';
import { OpportunityStatus } from './enums.ts';

const IN = 'One of these; at most 100.';
const NOT_IN = 'None of these; at most 100. What is unknown is none of them.';
const KNOWN = 'Only those where it is known (true) or unknown (false).';

export const StatusFilter = builder.inputType('OpportunityStatusFilter', {
  description: 'Which statuses.',
  fields: (t) => ({
    in: t.field({ type: [OpportunityStatus], description: 'One of these.' }),
    notIn: t.field({ type: [OpportunityStatus], description: 'None of these.' }),
  }),
});

const idFilter = (name: string, type: string, description: string) =>
  builder.inputType(name, {
    description,
    fields: (t) => ({
      in: t.recordIdList({ for: type, description: IN }),
      notIn: t.recordIdList({ for: type, description: NOT_IN }),
    }),
  });

const optionalIdFilter = (name: string, type: string, description: string) =>
  builder.inputType(name, {
    description,
    fields: (t) => ({
      in: t.recordIdList({ for: type, description: IN }),
      notIn: t.recordIdList({ for: type, description: NOT_IN }),
      known: t.boolean({ description: KNOWN }),
    }),
  });

const FunnelFilter = idFilter('OpportunityFunnelFilter', 'Funnel', 'Which funnels.');
export const StageFilter = idFilter('OpportunityStageFilter', 'Stage', 'Which stages.');
const MemberFilter = idFilter('OpportunityMemberFilter', 'Member', 'Which members.');
const ProductFilter = optionalIdFilter('OpportunityProductFilter', 'Product', 'Which products.');
const CustomerFilter = optionalIdFilter(
  'OpportunityCustomerFilter',
  'Customer',
  'Which customers.',
);

const TeamFilter = builder.inputType('OpportunityTeamFilter', {
  description: 'Which teams.',
  fields: (t) => ({
    in: t.recordIdList({ for: 'Team', description: IN }),
    notIn: t.recordIdList({ for: 'Team', description: 'None of these; at most 100.' }),
    below: t.boolean({
      defaultValue: true,
      required: true,
      description: 'Whether the teams below them count too.',
    }),
  }),
});

const SeriesFilter = builder.inputType('OpportunitySeriesFilter', {
  description: 'Which series of products, by their exact names.',
  fields: (t) => ({
    in: t.stringList({ description: 'One of these; at most 100.' }),
    notIn: t.stringList({ description: NOT_IN }),
    known: t.boolean({ description: 'Only those whose product is known (true) or not (false).' }),
  }),
});

const AmountFilter = builder.inputType('OpportunityAmountFilter', {
  description: 'From one amount through another.',
  fields: (t) => ({
    gte: t.field({ type: 'Decimal', description: 'At least this; default: no bound.' }),
    lte: t.field({ type: 'Decimal', description: 'At most this; default: no bound.' }),
    known: t.boolean({ description: KNOWN }),
  }),
});

const TimeFilter = builder.inputType('OpportunityTimeFilter', {
  description: 'From one moment to another.',
  fields: (t) => ({
    from: t.field({ type: 'DateTime', description: 'Not earlier; default: no bound.' }),
    before: t.field({ type: 'DateTime', description: 'Earlier than this; default: no bound.' }),
  }),
});

const DayFilter = builder.inputType('OpportunityDayFilter', {
  description: 'From one day through another.',
  fields: (t) => ({
    from: t.field({ type: 'Date', description: 'The first day; default: no bound.' }),
    through: t.field({
      type: 'Date',
      description: 'The last day, itself included; default: no bound.',
    }),
    known: t.boolean({ description: KNOWN }),
  }),
});

export const OpportunityFilterInput = builder.inputType('OpportunityFilter', {
  description: 'Which opportunities: all conditions that are given must hold.',
  fields: (t) => ({
    status: t.field({ type: StatusFilter, description: 'By how they stand.' }),
    funnel: t.field({ type: FunnelFilter, description: 'By funnel.' }),
    stage: t.field({ type: StageFilter, description: 'By the stage that they are in.' }),
    owner: t.field({ type: MemberFilter, description: 'By whose they are now.' }),
    creditedTo: t.field({
      type: MemberFilter,
      description: 'By who is credited with the winning.',
    }),
    ownerTeam: t.field({ type: TeamFilter, description: 'By the present team of their owner.' }),
    customer: t.field({ type: CustomerFilter, description: 'By customer.' }),
    product: t.field({ type: ProductFilter, description: 'By product.' }),
    series: t.field({ type: SeriesFilter, description: 'By the series of the product.' }),
    amount: t.field({ type: AmountFilter, description: 'By the expected amount.' }),
    wonAmount: t.field({ type: AmountFilter, description: 'By the won amount.' }),
    expectedCloseOn: t.field({ type: DayFilter, description: 'By the expected day of closing.' }),
    openedAt: t.field({ type: TimeFilter, description: 'By when they entered the funnel.' }),
    stageEnteredAt: t.field({ type: TimeFilter, description: 'By when they entered the stage.' }),
    closedAt: t.field({ type: TimeFilter, description: 'By when they were won or lost.' }),
    createdAt: t.field({ type: TimeFilter, description: 'By when they were entered here.' }),
    overLimit: t.boolean({
      description:
        'Only those that are open and in their stage for longer than its limit (true), or all others (false).',
    }),
    overdue: t.boolean({
      description:
        'Only those that are open and were expected to close before today (true), or all others (false).',
    }),
    archived: t.boolean({
      description:
        'Only those that are archived (true) or not (false). Default: lists show what is not archived; reports and aggregates count both, but never what was archived as a mistake.',
    }),
  }),
});

export const OpportunityOrderField = builder.enumType('OpportunityOrderField', {
  description: 'What opportunities can be ordered by.',
  values: {
    NAME: { description: 'The name.' },
    AMOUNT: { description: 'The expected amount.' },
    WON_AMOUNT: { description: 'The won amount.' },
    EXPECTED_CLOSE_ON: { description: 'The expected day of closing.' },
    OPENED_AT: { description: 'When they entered the funnel.' },
    STAGE_ENTERED_AT: { description: 'When they entered their stage.' },
    CLOSED_AT: { description: 'When they were won or lost.' },
    CREATED_AT: { description: 'When they were entered here.' },
    UPDATED_AT: { description: 'When they were last changed.' },
  } as const,
});

export const OpportunityOrder = builder.inputType('OpportunityOrder', {
  description: 'One step of an order of opportunities.',
  fields: (t) => ({
    field: t.field({ type: OpportunityOrderField, required: true, description: 'By what.' }),
    direction: t.field({ type: SortDirection, required: true, description: 'Which end first.' }),
  }),
});
