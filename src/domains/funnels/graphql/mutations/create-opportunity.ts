import { memberOf } from '../../../../api/context.ts';
import { mutationField } from '../../../../api/mutation.ts';
import { FieldsMissing, MomentOutOfRange } from '../../errors.ts';
import { MAX_NAME } from '../../model.ts';
import { createOpportunity } from '../../service.ts';
import { opportunityField } from '../payload.ts';

mutationField('createOpportunity', {
  description:
    'Opens an opportunity in a stage of a funnel. Members open their own; managers also for the members in their data scope.',
  errors: [FieldsMissing, MomentOutOfRange],
  input: (t) => ({
    name: t.string({ required: true, description: `1 to ${MAX_NAME} characters.` }),
    funnelId: t.recordId({
      for: 'Funnel',
      required: true,
      description: 'Which way it is to go; this never changes.',
    }),
    stageId: t.recordId({
      for: 'Stage',
      description: 'Where it begins: an OPEN stage of the funnel. Default: the first.',
    }),
    ownerId: t.recordId({ for: 'Member', description: 'Whose it is. Default: the caller’s.' }),
    customerId: t.recordId({ for: 'Customer', description: 'Who may buy; default: unknown.' }),
    productId: t.recordId({
      for: 'Product',
      description: 'What may be bought: a product that is sold; default: unknown.',
    }),
    amount: t.field({
      type: 'Decimal',
      description: 'What is expected, in the currency of the organization; default: unknown.',
    }),
    expectedCloseOn: t.field({
      type: 'Date',
      description: 'The day on which a decision is expected; default: unknown.',
    }),
    openedAt: t.field({
      type: 'DateTime',
      description: 'When it entered the funnel, not in the future. Default: now.',
    }),
    externalId: t.string({
      description: `Its key in another system, at most ${MAX_NAME} characters; unique in the organization.`,
    }),
  }),
  resolve: (input, ctx) => createOpportunity(ctx.db, memberOf(ctx), input),
  payload: (t) => ({ opportunity: t.prismaField(opportunityField) }),
});
