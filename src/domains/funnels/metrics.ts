import { declareScoringEvent, type ScoringField } from '../../metrics/scoring-events.ts';
import { declareAmounts } from '../organization/amounts.ts';
import { hasAmounts } from './store.ts';

const PLACE: Record<string, ScoringField> = {
  productId: { kind: 'id', description: 'The product, if known.' },
  customerId: { kind: 'id', description: 'The customer, if known.' },
  funnelId: { kind: 'id', description: 'The funnel.' },
  stageId: { kind: 'id', description: 'The stage that was entered.' },
};

declareScoringEvent({
  type: 'opportunity.won',
  description: 'An opportunity was won. Scores for its owner at the winning, at the closing time.',
  fields: {
    amount: { kind: 'amount', description: 'The won amount, in the currency of the organization.' },
    ...PLACE,
  },
  restatedBy: ['opportunity.won_restated'],
  reversedBy: ['opportunity.reopened', 'opportunity.archived_as_mistake'],
});

declareScoringEvent({
  type: 'opportunity.created',
  description: 'An opportunity was opened. Scores for its first owner, at the opening time.',
  fields: PLACE,
  restatedBy: [],
  reversedBy: ['opportunity.archived_as_mistake'],
});

declareAmounts(hasAmounts);
