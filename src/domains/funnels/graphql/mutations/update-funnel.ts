import { memberOf } from '../../../../api/context.ts';
import { mutationField } from '../../../../api/mutation.ts';
import { StagesInvalid } from '../../errors.ts';
import { updateFunnel } from '../../funnel-service.ts';
import { MAX_NAME, MAX_STAGES } from '../../model.ts';
import { funnelField } from '../payload.ts';
import { StageInput } from '../stage-input.ts';

mutationField('updateFunnel', {
  description:
    'Renames or archives a funnel, or sets its stages. For administrators, and managers whose data scope is the organization.',
  auth: 'manager',
  errors: [StagesInvalid],
  input: (t) => ({
    id: t.recordId({ for: 'Funnel', required: true, description: 'The funnel.' }),
    expectedVersion: t.int({
      required: true,
      description: 'Refuse with Conflict unless the funnel is at this version.',
    }),
    name: t.string({ description: `1 to ${MAX_NAME} characters; default: as it is.` }),
    archived: t.boolean({
      description: 'Whether it takes no new opportunities; those in it go on. Default: as it is.',
    }),
    stages: t.field({
      type: [StageInput],
      description: `The whole list in its new order, at most ${MAX_STAGES}. A stage that is left out is archived: opportunities in it stay, none enters it any more; named again by its id, it comes back. Default: as they are.`,
    }),
  }),
  resolve: (input, ctx) => updateFunnel(ctx.db, memberOf(ctx), input),
  payload: (t) => ({ funnel: t.prismaField(funnelField) }),
});
