import { memberOf } from '../../../../api/context.ts';
import { mutationField } from '../../../../api/mutation.ts';
import { cancelTask, completeTask, reopenTask, startTask } from '../../transitions.ts';
import { EXPECTED_VERSION, taskField } from '../payload.ts';

/** The changes of status: one input and one payload for all of them. */
function transition(name: string, description: string, service: typeof startTask): void {
  mutationField(name, {
    description,
    input: (t) => ({
      id: t.recordId({ for: 'Task', required: true, description: 'The task.' }),
      expectedVersion: t.int({ description: EXPECTED_VERSION }),
    }),
    resolve: (input, ctx) => service(ctx.db, memberOf(ctx), input),
    payload: (t) => ({ task: t.prismaField(taskField) }),
  });
}

transition('startTask', 'Begins a task that is open.', startTask);
transition(
  'completeTask',
  'Completes a task that is open or begun. Its assignee is credited, or, without one, you.',
  completeTask,
);
transition(
  'reopenTask',
  'Takes up again what is done or cancelled. What the completion scored is taken back.',
  reopenTask,
);
transition(
  'cancelTask',
  'Gives up a task that is not done: for who made it, and for managers in their data scope.',
  cancelTask,
);
