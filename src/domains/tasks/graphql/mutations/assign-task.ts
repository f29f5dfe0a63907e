import { memberOf } from '../../../../api/context.ts';
import { mutationField } from '../../../../api/mutation.ts';
import { MemberNotActive } from '../../errors.ts';
import { assignTask } from '../../service.ts';
import { EXPECTED_VERSION, taskField } from '../payload.ts';

mutationField('assignTask', {
  description:
    'Gives a task that is neither done nor cancelled to a member in your data scope, or to nobody.',
  errors: [MemberNotActive],
  input: (t) => ({
    id: t.recordId({ for: 'Task', required: true, description: 'The task.' }),
    assigneeId: t.recordId({
      for: 'Member',
      description: 'Who is to do it. null or left out: nobody.',
    }),
    expectedVersion: t.int({ description: EXPECTED_VERSION }),
  }),
  resolve: ({ assigneeId = null, ...input }, ctx) =>
    assignTask(ctx.db, memberOf(ctx), { ...input, assigneeId }),
  payload: (t) => ({ task: t.prismaField(taskField) }),
});
