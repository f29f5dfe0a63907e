import { builder } from '../../../api/builder.ts';
import { MAX_LIMIT_DAYS, MAX_NAME, MAX_TEXT } from '../model.ts';
import { OpportunityField, StageKind } from './enums.ts';

export const StageInput = builder.inputType('StageInput', {
  description: 'One stage of a funnel. For one that exists, what is left out stays as it is.',
  fields: (t) => ({
    id: t.recordId({ for: 'Stage', description: 'The stage, if it exists; default: a new one.' }),
    name: t.string({
      description: `1 to ${MAX_NAME} characters, unique in the funnel. A new stage needs one.`,
    }),
    kind: t.field({
      type: StageKind,
      description: 'What it means to be here. A new stage needs one; it never changes.',
    }),
    probability: t.field({
      type: 'Decimal',
      description:
        'How likely an opportunity here is to be won, 0 to 1, at most 4 decimals. A new OPEN stage needs one; WON is 1, LOST is 0.',
    }),
    limitDays: t.int({
      description: `After how many days a stay here is too long, 1 to ${MAX_LIMIT_DAYS}; null: never.`,
    }),
    requiredFields: t.field({
      type: [OpportunityField],
      description: 'What must be filled before it is entered; default for a new stage: nothing.',
    }),
    steps: t.string({
      description: `What is to be done here and by whom, at most ${MAX_TEXT} characters; null: nothing said.`,
    }),
  }),
});
