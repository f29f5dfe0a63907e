import { memberOf } from '../../../../api/context.ts';
import { mutationField } from '../../../../api/mutation.ts';
import { archiveOpportunity } from '../../service.ts';
import { EXPECTED_VERSION, opportunityField } from '../payload.ts';

mutationField('archiveOpportunity', {
  description:
    'Puts an opportunity to rest: lists do not show it any more, and nothing changes it. Its score stays, unless it was a mistake.',
  input: (t) => ({
    id: t.recordId({ for: 'Opportunity', required: true, description: 'The opportunity.' }),
    expectedVersion: t.int({ description: EXPECTED_VERSION }),
    asMistake: t.boolean({
      defaultValue: false,
      required: true,
      description:
        'It should never have been there: what it scored is taken back, and reports do not count it.',
    }),
  }),
  resolve: (input, ctx) => archiveOpportunity(ctx.db, memberOf(ctx), input),
  payload: (t) => ({ opportunity: t.prismaField(opportunityField) }),
});
