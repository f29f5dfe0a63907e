import { memberOf } from '../../../../api/context.ts';
import { mutationField } from '../../../../api/mutation.ts';
import { FieldsMissing } from '../../errors.ts';
import { MAX_NAME } from '../../model.ts';
import { updateOpportunity } from '../../service.ts';
import { EXPECTED_VERSION, opportunityField } from '../payload.ts';

mutationField('updateOpportunity', {
  description:
    'Changes what is known of an opportunity; what is left out stays, null clears. Of a won one, customer, product, won amount and credit are for managers and administrators: the difference in score counts at the moment of the winning.',
  errors: [FieldsMissing],
  input: (t) => ({
    id: t.recordId({ for: 'Opportunity', required: true, description: 'The opportunity.' }),
    expectedVersion: t.int({ required: true, description: EXPECTED_VERSION }),
    name: t.string({ description: `1 to ${MAX_NAME} characters; it cannot be cleared.` }),
    customerId: t.recordId({ for: 'Customer', description: 'Who may buy; null: unknown.' }),
    productId: t.recordId({
      for: 'Product',
      description: 'What may be bought: a product that is sold; null: unknown.',
    }),
    amount: t.field({
      type: 'Decimal',
      description:
        'What is expected, in the currency of the organization; null: unknown. Only while it is open.',
    }),
    expectedCloseOn: t.field({
      type: 'Date',
      description: 'The day on which a decision is expected; null: unknown. Only while it is open.',
    }),
    wonAmount: t.field({
      type: 'Decimal',
      description:
        'What it was won for, in the currency of the organization. Only of a won one; it cannot be cleared.',
    }),
    creditedToId: t.recordId({
      for: 'Member',
      description: 'Who has the score. Only of a won one; it cannot be cleared.',
    }),
  }),
  resolve: (input, ctx) => updateOpportunity(ctx.db, memberOf(ctx), input),
  payload: (t) => ({ opportunity: t.prismaField(opportunityField) }),
});
