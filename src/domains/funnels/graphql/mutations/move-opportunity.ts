import { memberOf } from '../../../../api/context.ts';
import { mutationField } from '../../../../api/mutation.ts';
import { FieldsMissing } from '../../errors.ts';
import { moveOpportunity } from '../../transitions.ts';
import { EXPECTED_VERSION, opportunityField } from '../payload.ts';

mutationField('moveOpportunity', {
  description: 'Moves an open opportunity to another OPEN stage of its funnel, forward or back.',
  errors: [FieldsMissing],
  input: (t) => ({
    id: t.recordId({ for: 'Opportunity', required: true, description: 'The opportunity.' }),
    expectedVersion: t.int({ description: EXPECTED_VERSION }),
    stageId: t.recordId({ for: 'Stage', required: true, description: 'Where it goes.' }),
  }),
  resolve: (input, ctx) => moveOpportunity(ctx.db, memberOf(ctx), input),
  payload: (t) => ({ opportunity: t.prismaField(opportunityField) }),
});
