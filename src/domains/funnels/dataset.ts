import type { Dataset } from '../../aggregates/dataset.ts';
import { customerDistinct, customerKeys } from '../customers/dataset.ts';

const MONEY = 'in the currency of the organization';

/** Opportunities as aggregates see them. */
export const opportunityDataset: Dataset = {
  name: 'Opportunity',
  model: 'Opportunity',
  times: {
    CLOSED_AT: { path: 'closedAt', description: 'When they were won or lost.' },
    OPENED_AT: { path: 'openedAt', description: 'When they entered the funnel.' },
    STAGE_ENTERED_AT: { path: 'stageEnteredAt', description: 'When they entered their stage.' },
    CREATED_AT: { path: 'createdAt', description: 'When they were entered here.' },
    EXPECTED_CLOSE_ON: { path: 'expectedCloseOn', description: 'The expected day of closing.' },
  },
  keys: {
    STATUS: {
      kind: 'value',
      path: 'status',
      type: { enum: '"OpportunityStatus"' },
      description: 'How they stand.',
    },
    FUNNEL: {
      kind: 'record',
      path: 'funnelId',
      model: 'Funnel',
      orderBy: 'name',
      gaps: { archivedAt: null },
      description: 'The funnel.',
    },
    STAGE: {
      kind: 'record',
      path: 'stageId',
      model: 'Stage',
      orderBy: 'ordinal',
      gaps: { archivedAt: null },
      description: 'The stage that they are in, in the order of the funnel.',
    },
    OWNER: {
      kind: 'record',
      path: 'ownerId',
      model: 'Member',
      orderBy: 'name',
      gaps: 'MEMBERS',
      description: 'Whose they are.',
    },
    OWNER_TEAM: {
      kind: 'team',
      path: 'ownerId',
      description: 'The team of the owner: as `teams` says, with those above by `rollup`.',
    },
    CREDITED_TO: {
      kind: 'record',
      path: 'creditedToId',
      model: 'Member',
      orderBy: 'name',
      description: 'Who is credited with the winning.',
    },
    CREDITED_TEAM: {
      kind: 'team',
      path: 'creditedToId',
      description: 'The team of whoever is credited with the winning.',
    },
    ...customerKeys('customer'),
    PRODUCT: {
      kind: 'record',
      path: 'productId',
      model: 'Product',
      orderBy: 'name',
      gaps: { active: true },
      description: 'The product.',
    },
    SERIES: {
      kind: 'value',
      path: 'product.series',
      type: 'text',
      description: 'The series of the product.',
    },
    LOSS_REASON: {
      kind: 'value',
      path: 'lossReason',
      type: 'text',
      description: 'Why they were lost.',
    },
    AMOUNT: { kind: 'number', path: 'amount', description: 'The expected amount, in bands.' },
    WON_AMOUNT: { kind: 'number', path: 'wonAmount', description: 'The won amount, in bands.' },
  },
  decimals: {
    AMOUNT: {
      path: 'amount',
      field: 'amount',
      description: `What is, or was, expected, ${MONEY}.`,
    },
    WON_AMOUNT: {
      path: 'wonAmount',
      field: 'wonAmount',
      description: `What was won, ${MONEY}.`,
    },
    CYCLE: {
      path: 'openedAt',
      until: 'closedAt',
      field: 'cycleSeconds',
      description: 'How long they took from entering the funnel to the closing, in seconds.',
    },
  },
  distinct: {
    ...customerDistinct('customer'),
    OWNER: { path: 'ownerId', description: 'Owners.' },
    PRODUCT: { path: 'productId', description: 'Products.' },
    STAGE: { path: 'stageId', description: 'Stages.' },
  },
  history: {
    since: 'openedAt',
    fixed: ['id', 'openedAt', 'createdAt', 'funnelId', 'archivedAsMistake'],
    tables: [
      {
        model: 'StageChange',
        of: 'opportunityId',
        columns: { stageId: 'stageId', status: 'status', stageEnteredAt: 'from' },
      },
      { model: 'OpportunityAmount', of: 'opportunityId', columns: { amount: 'amount' } },
      { model: 'OpportunityOwnership', of: 'opportunityId', columns: { ownerId: 'memberId' } },
    ],
  },
};

/** Stays in stages as aggregates see them. */
export const stageChangeDataset: Dataset = {
  name: 'StageChange',
  model: 'StageChange',
  times: {
    ENTERED_AT: { path: 'from', description: 'When the stays began.' },
    LEFT_AT: { path: 'until', description: 'When they ended.' },
    RECORDED_AT: { path: 'recordedAt', description: 'When they became known here.' },
  },
  keys: {
    STAGE: {
      kind: 'record',
      path: 'stageId',
      model: 'Stage',
      orderBy: 'ordinal',
      gaps: { archivedAt: null },
      description: 'Where they stayed, in the order of the funnel.',
    },
    STATUS: {
      kind: 'value',
      path: 'status',
      type: { enum: '"OpportunityStatus"' },
      description: 'What they were during the stay.',
    },
    FUNNEL: {
      kind: 'record',
      path: 'opportunity.funnelId',
      model: 'Funnel',
      orderBy: 'name',
      gaps: { archivedAt: null },
      description: 'The funnel.',
    },
    OWNER: {
      kind: 'record',
      path: 'opportunity.ownerId',
      model: 'Member',
      orderBy: 'name',
      gaps: 'MEMBERS',
      description: 'Whose they are now.',
    },
    OWNER_TEAM: {
      kind: 'team',
      path: 'opportunity.ownerId',
      description: 'The team of the owner: as `teams` says, with those above by `rollup`.',
    },
    MOVED_BY: {
      kind: 'record',
      path: 'byId',
      model: 'Member',
      orderBy: 'name',
      description: 'Who moved them there.',
    },
    PRODUCT: {
      kind: 'record',
      path: 'opportunity.productId',
      model: 'Product',
      orderBy: 'name',
      gaps: { active: true },
      description: 'The product.',
    },
    SERIES: {
      kind: 'value',
      path: 'opportunity.product.series',
      type: 'text',
      description: 'The series of the product.',
    },
    ...customerKeys('opportunity.customer'),
  },
  decimals: {
    STAY: {
      path: 'from',
      until: 'until',
      field: 'staySeconds',
      description: 'How long the stays took that have ended, in seconds.',
    },
    AMOUNT: {
      path: 'opportunity.amount',
      field: 'amount',
      description: `What is expected of the opportunities now, ${MONEY}.`,
    },
  },
  distinct: {
    OPPORTUNITY: { path: 'opportunityId', description: 'Opportunities.' },
    OWNER: { path: 'opportunity.ownerId', description: 'Owners.' },
    ...customerDistinct('opportunity.customer'),
  },
};
