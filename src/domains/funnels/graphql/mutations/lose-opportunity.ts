import { memberOf } from '../../../../api/context.ts';
import { mutationField } from '../../../../api/mutation.ts';
import { FieldsMissing, MomentOutOfRange } from '../../errors.ts';
import { MAX_REASON } from '../../model.ts';
import { loseOpportunity } from '../../transitions.ts';
import { EXPECTED_VERSION, opportunityField } from '../payload.ts';

mutationField('loseOpportunity', {
  description: 'Gives up an open opportunity.',
  errors: [FieldsMissing, MomentOutOfRange],
  input: (t) => ({
    id: t.recordId({ for: 'Opportunity', required: true, description: 'The opportunity.' }),
    expectedVersion: t.int({ description: EXPECTED_VERSION }),
    reason: t.string({
      required: true,
      description: `Why it was lost, 1 to ${MAX_REASON} characters.`,
    }),
    stageId: t.recordId({
      for: 'Stage',
      description: 'Which of the LOST stages of its funnel. Default: the first.',
    }),
    closedAt: t.field({
      type: 'DateTime',
      description:
        'When: not before it entered its present stage, not in the future. Default: now.',
    }),
  }),
  resolve: (input, ctx) => loseOpportunity(ctx.db, memberOf(ctx), input),
  payload: (t) => ({ opportunity: t.prismaField(opportunityField) }),
});
