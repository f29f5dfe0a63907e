import { memberOf } from '../../../../api/context.ts';
import { mutationField } from '../../../../api/mutation.ts';
import { checkItem } from '../../following.ts';
import { EXPECTED_VERSION, taskField } from '../payload.ts';

mutationField('checkItem', {
  description: 'Ticks an item of the checklist of a task that is neither done nor cancelled.',
  input: (t) => ({
    id: t.recordId({ for: 'Task', required: true, description: 'The task.' }),
    itemId: t.recordId({ for: 'ChecklistItem', required: true, description: 'Which item.' }),
    checked: t.boolean({
      defaultValue: true,
      required: true,
      description: 'false: takes the tick away.',
    }),
    expectedVersion: t.int({ description: EXPECTED_VERSION }),
  }),
  resolve: (input, ctx) => checkItem(ctx.db, memberOf(ctx), input),
  payload: (t) => ({ task: t.prismaField(taskField) }),
});
