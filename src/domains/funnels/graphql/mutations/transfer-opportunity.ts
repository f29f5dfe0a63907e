import { memberOf } from '../../../../api/context.ts';
import { mutationField } from '../../../../api/mutation.ts';
import { transferOpportunity } from '../../service.ts';
import { EXPECTED_VERSION, opportunityField } from '../payload.ts';

mutationField('transferOpportunity', {
  description:
    'Gives an opportunity to another member; credit for a winning stays where it is. For managers, within their data scope, and administrators.',
  auth: 'manager',
  input: (t) => ({
    id: t.recordId({ for: 'Opportunity', required: true, description: 'The opportunity.' }),
    expectedVersion: t.int({ description: EXPECTED_VERSION }),
    ownerId: t.recordId({
      for: 'Member',
      required: true,
      description: 'Who gets it: an active member.',
    }),
  }),
  resolve: (input, ctx) => transferOpportunity(ctx.db, memberOf(ctx), input),
  payload: (t) => ({ opportunity: t.prismaField(opportunityField) }),
});
