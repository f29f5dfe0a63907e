import { declareScoringEvent } from '../../metrics/scoring-events.ts';
import { declareAmounts } from '../organization/amounts.ts';
import { CUSTOMER_SOURCES } from './model.ts';
import { hasRevenues } from './store.ts';

declareAmounts(hasRevenues);

const grade = { kind: 'choice', description: 'A, B, C or D; null without a grade.' } as const;
const lifecycle = {
  kind: 'choice',
  description: 'POTENTIAL, DEVELOPING, FIRST_DEAL, ACTIVE, LOYAL, AT_RISK or LOST.',
} as const;

declareScoringEvent({
  type: 'customer.created',
  description:
    'A customer was entered. Counts for its first owner, at the time of the entry (of an import: the time it tells).',
  fields: {
    kind: { kind: 'choice', description: 'COMPANY or PERSON.' },
    grade,
    lifecycle,
    source: {
      kind: 'choice',
      description: `Where it came from: ${CUSTOMER_SOURCES.join(', ')}; OTHER for any other text; null if unknown.`,
    },
  },
  restatedBy: ['customer.unarchived'],
  reversedBy: ['customer.archived_as_mistake'],
});

declareScoringEvent({
  type: 'activity.logged',
  description:
    'Somebody dealt with a customer. Counts for the author, at the time when it happened.',
  fields: {
    kind: { kind: 'choice', description: 'CALL, VISIT, MESSAGE, MEETING or NOTE.' },
    customerId: { kind: 'id', description: 'The customer.' },
    contactId: { kind: 'id', description: 'Who was spoken to; null if not said.' },
    grade,
    lifecycle,
  },
  restatedBy: [],
  reversedBy: ['activity.retracted'],
});
