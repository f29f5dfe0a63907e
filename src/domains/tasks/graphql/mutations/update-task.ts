import { memberOf } from '../../../../api/context.ts';
import { mutationField } from '../../../../api/mutation.ts';
import { refuseNull } from '../../../organization/limits.ts';
import { TooMany } from '../../errors.ts';
import { LIMITS } from '../../model.ts';
import { updateTask } from '../../service.ts';
import { TaskDifficulty, TaskImportance, TaskPriority } from '../enums.ts';
import { ChecklistItemInput } from '../inputs.ts';
import { taskField } from '../payload.ts';

const LEAVES = 'Left out: stays as it is.';

mutationField('updateTask', {
  description:
    'Changes a task that is neither done nor cancelled. What is left out stays as it is; null clears where a task may be without.',
  errors: [TooMany],
  input: (t) => ({
    id: t.recordId({ for: 'Task', required: true, description: 'The task.' }),
    expectedVersion: t.int({
      required: true,
      description: 'The version that the change was made on; Conflict if it is another by now.',
    }),
    title: t.string({ description: `1 to ${LIMITS.title} characters. ${LEAVES}` }),
    description: t.string({ description: `At most ${LIMITS.description} characters. ${LEAVES}` }),
    priority: t.field({ type: TaskPriority, description: LEAVES }),
    difficulty: t.field({ type: TaskDifficulty, description: LEAVES }),
    importance: t.field({
      type: TaskImportance,
      description: `${LEAVES} The due time stays in any case.`,
    }),
    dueAt: t.field({ type: 'DateTime', description: `null: no due time. ${LEAVES}` }),
    customerId: t.recordId({ for: 'Customer', description: `null: none. ${LEAVES}` }),
    opportunityId: t.recordId({ for: 'Opportunity', description: `null: none. ${LEAVES}` }),
    meetingId: t.recordId({ for: 'Meeting', description: `null: none. ${LEAVES}` }),
    checklist: t.field({
      type: [ChecklistItemInput],
      description: `The whole checklist, in order, at most ${LIMITS.checklist}; items that are not in it go. ${LEAVES}`,
    }),
  }),
  resolve: (input, ctx) =>
    updateTask(
      ctx.db,
      memberOf(ctx),
      refuseNull(input, 'title', 'priority', 'difficulty', 'importance'),
    ),
  payload: (t) => ({ task: t.prismaField(taskField) }),
});
