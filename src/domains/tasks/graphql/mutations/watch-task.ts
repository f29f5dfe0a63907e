import { memberOf } from '../../../../api/context.ts';
import { mutationField } from '../../../../api/mutation.ts';
import { MemberNotActive, TooMany } from '../../errors.ts';
import { watchTask } from '../../following.ts';
import { LIMITS } from '../../model.ts';
import { EXPECTED_VERSION, taskField } from '../payload.ts';

mutationField('watchTask', {
  description: `Lets a member see a task and hear of it, whatever the data scope: you, or, where you may change the task, somebody else. At most ${LIMITS.watchers} watch a task.`,
  errors: [MemberNotActive, TooMany],
  input: (t) => ({
    id: t.recordId({ for: 'Task', required: true, description: 'The task.' }),
    memberId: t.recordId({ for: 'Member', description: 'Who; default: you.' }),
    watching: t.boolean({
      defaultValue: true,
      required: true,
      description: 'false: watches it no longer.',
    }),
    expectedVersion: t.int({ description: EXPECTED_VERSION }),
  }),
  resolve: (input, ctx) => watchTask(ctx.db, memberOf(ctx), input),
  payload: (t) => ({ task: t.prismaField(taskField) }),
});
