import { errorType } from '../../../api/errors.ts';
import { AmountUnknown, FieldsMissing, MomentOutOfRange, StagesInvalid } from '../errors.ts';
import { OpportunityField } from './enums.ts';
import { Stage } from './types.ts';

errorType(FieldsMissing, {
  description:
    'The stage asks for what is still empty, or a field that the present stage asks for was to be cleared. Fill the fields and try again.',
  fields: (t) => ({
    fields: t.field({
      type: [OpportunityField],
      description: 'What is empty.',
      resolve: ({ fields }) => fields,
    }),
    stage: t.field({
      type: Stage,
      nullable: true,
      description: 'The stage that asks for it.',
      resolve: ({ stageId }, _args, ctx) => ctx.load('Stage', stageId),
    }),
  }),
});

errorType(AmountUnknown, {
  description:
    'A winning needs an amount, and none is expected: give `wonAmount`, which may also be 0.',
});

errorType(MomentOutOfRange, {
  description: 'A date lies before what it follows, or in the future.',
  fields: (t) => ({
    earliest: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'The first moment that it may be; null: any in the past.',
      resolve: ({ earliest }) => earliest,
    }),
    latest: t.field({
      type: 'DateTime',
      description: 'The last moment that it may be.',
      resolve: ({ latest }) => latest,
    }),
  }),
});

errorType(StagesInvalid, {
  description:
    'A funnel has exactly one WON stage, at least one LOST and one OPEN, each name once; and a stage keeps its kind.',
});
