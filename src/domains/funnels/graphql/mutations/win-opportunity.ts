import { memberOf } from '../../../../api/context.ts';
import { mutationField } from '../../../../api/mutation.ts';
import { AmountUnknown, FieldsMissing, MomentOutOfRange } from '../../errors.ts';
import { winOpportunity } from '../../transitions.ts';
import { EXPECTED_VERSION, opportunityField } from '../payload.ts';

mutationField('winOpportunity', {
  description:
    'Wins an open opportunity. Who owned it at the closing time has the score, also when it is given to somebody else later.',
  errors: [AmountUnknown, FieldsMissing, MomentOutOfRange],
  input: (t) => ({
    id: t.recordId({ for: 'Opportunity', required: true, description: 'The opportunity.' }),
    expectedVersion: t.int({ description: EXPECTED_VERSION }),
    wonAmount: t.field({
      type: 'Decimal',
      description:
        'What it was won for, in the currency of the organization. Default: the expected amount, if that is known.',
    }),
    closedAt: t.field({
      type: 'DateTime',
      description:
        'When: not before it entered its present stage, not in the future. Default: now.',
    }),
  }),
  resolve: (input, ctx) => winOpportunity(ctx.db, memberOf(ctx), input),
  payload: (t) => ({ opportunity: t.prismaField(opportunityField) }),
});
