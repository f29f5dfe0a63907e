import { memberOf } from '../../../../api/context.ts';
import { mutationField } from '../../../../api/mutation.ts';
import { FieldsMissing } from '../../errors.ts';
import { reopenOpportunity } from '../../transitions.ts';
import { EXPECTED_VERSION, opportunityField } from '../payload.ts';

mutationField('reopenOpportunity', {
  description:
    'Takes a won or lost opportunity up again. What a winning scored is taken back, at the moment of the winning.',
  errors: [FieldsMissing],
  input: (t) => ({
    id: t.recordId({ for: 'Opportunity', required: true, description: 'The opportunity.' }),
    expectedVersion: t.int({ description: EXPECTED_VERSION }),
    stageId: t.recordId({
      for: 'Stage',
      description:
        'Where it goes on: an OPEN stage of its funnel. Default: the one that it was in last.',
    }),
  }),
  resolve: (input, ctx) => reopenOpportunity(ctx.db, memberOf(ctx), input),
  payload: (t) => ({ opportunity: t.prismaField(opportunityField) }),
});
