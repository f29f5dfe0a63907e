import { memberOf } from '../../../../api/context.ts';
import { mutationField } from '../../../../api/mutation.ts';
import { StagesInvalid } from '../../errors.ts';
import { createFunnel } from '../../funnel-service.ts';
import { MAX_NAME, MAX_STAGES } from '../../model.ts';
import { funnelField } from '../payload.ts';
import { StageInput } from '../stage-input.ts';

mutationField('createFunnel', {
  description:
    'Makes a funnel. For administrators, and managers whose data scope is the organization.',
  auth: 'manager',
  errors: [StagesInvalid],
  input: (t) => ({
    name: t.string({
      required: true,
      description: `1 to ${MAX_NAME} characters; unique in the organization.`,
    }),
    externalId: t.string({
      description: `Its key in another system, at most ${MAX_NAME} characters; unique in the organization.`,
    }),
    stages: t.field({
      type: [StageInput],
      required: true,
      description: `In order, at most ${MAX_STAGES}: exactly one WON, at least one LOST and one OPEN. Ids are not given.`,
    }),
  }),
  resolve: (input, ctx) => createFunnel(ctx.db, memberOf(ctx), input),
  payload: (t) => ({ funnel: t.prismaField(funnelField) }),
});
