import { builder } from '../../../api/builder.ts';
import { described } from '../../../api/described.ts';
import { REQUIRED_FIELDS } from '../model.ts';

export const StageKind = builder.enumType('StageKind', {
  description: 'What it means for an opportunity to be in a stage.',
  values: {
    OPEN: { description: 'It is being worked on.' },
    WON: { description: 'It is won. A funnel has exactly one such stage.' },
    LOST: { description: 'It is lost, or was given up. A funnel has at least one such stage.' },
  } as const,
});

export const OpportunityStatus = builder.enumType('OpportunityStatus', {
  description: 'How an opportunity stands: the kind of the stage that it is in.',
  values: {
    OPEN: { description: 'Being worked on.' },
    WON: { description: 'Won: it has a won amount, and its owner of then has the score.' },
    LOST: { description: 'Lost, or given up.' },
  } as const,
});

export const OpportunityField = builder.enumType('OpportunityField', {
  description: 'What a stage can ask for before it is entered.',
  values: described(REQUIRED_FIELDS),
});
