import { memberOf } from '../../../../api/context.ts';
import { errorType } from '../../../../api/errors.ts';
import { mutationField } from '../../../../api/mutation.ts';
import { PeriodUnitEnum } from '../../../../api/period.ts';
import { MetricRetired } from '../../errors.ts';
import type { Contestant } from '../../model.ts';
import { setTarget } from '../../service.ts';
import { Target } from '../types.ts';

errorType(MetricRetired, {
  description:
    'The metric is retired: name one that is in use. Its old targets can still be removed.',
});

mutationField('setTarget', {
  description:
    'Sets, changes or removes what a member or team is to reach of a metric in one period. For administrators, and for managers for members and teams in their data scope, but not for themselves. Of two who set the same one at once the last wins.',
  auth: 'manager',
  errors: [MetricRetired],
  input: (t) => ({
    metricId: t.recordId({ for: 'Metric', required: true, description: 'What is counted.' }),
    contestantId: t.recordRef({
      for: ['Member', 'Team'],
      required: true,
      description: 'Whose target it is: a member or a team.',
    }),
    unit: t.field({ type: PeriodUnitEnum, required: true, description: 'How long the period is.' }),
    containing: t.field({
      type: 'Date',
      description:
        'Any day of the period; default: the present day in the time zone of the organization.',
    }),
    value: t.field({
      type: 'Decimal',
      description:
        'How much is to be reached, at least 0, in the unit of the metric; null or missing removes the target.',
    }),
    expectedVersion: t.int({
      description:
        'Refuse with Conflict unless the target is at this version; 0: unless none is set.',
    }),
  }),
  resolve: ({ contestantId, ...input }, ctx) =>
    setTarget(ctx.db, memberOf(ctx), {
      ...input,
      contestant: contestantId as Contestant,
      value: input.value ?? null,
    }),
  payload: (t) => ({
    target: t.field({
      type: Target,
      nullable: true,
      description: 'The target as it now is; null when it is removed.',
      resolve: ({ id }, _args, ctx) => ctx.load('Target', id),
    }),
  }),
});
