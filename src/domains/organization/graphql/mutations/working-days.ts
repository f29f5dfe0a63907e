import { builder } from '../../../../api/builder.ts';
import { memberOf } from '../../../../api/context.ts';
import { mutationField } from '../../../../api/mutation.ts';
import { MAX_DAYS_AT_ONCE, MAX_EXCEPTIONS } from '../../model.ts';
import { setWorkingDays } from '../../working-days.ts';
import { Organization } from '../types.ts';

const WorkingDayInput = builder.inputType('WorkingDayInput', {
  description: 'A day that is worked or not, whatever the calendar says.',
  fields: (t) => ({
    day: t.field({ type: 'Date', required: true, description: 'The day.' }),
    isWorkingDay: t.boolean({
      description:
        'Whether it is worked; null or left out: what was entered for it is taken back, and the calendar decides again.',
    }),
    name: t.string({ description: 'What for, such as 春节; at most 200 characters.' }),
  }),
});

mutationField('setWorkingDays', {
  description: `Enters days that are worked or off other than the calendar says, or takes them back; an organization has at most ${MAX_EXCEPTIONS}. What was entered before stays in the history.`,
  auth: 'admin',
  input: (t) => ({
    days: t.field({
      type: [WorkingDayInput],
      required: true,
      description: `1 to ${MAX_DAYS_AT_ONCE} days, each once.`,
    }),
  }),
  resolve: (input, ctx) => setWorkingDays(ctx.db, memberOf(ctx), input),
  payload: (t) => ({
    organization: t.field({
      type: Organization,
      nullable: true,
      description: 'The organization with the days as they now are.',
      resolve: (_outcome, _args, ctx) => ctx.load('Organization', memberOf(ctx).organizationId),
    }),
  }),
});
