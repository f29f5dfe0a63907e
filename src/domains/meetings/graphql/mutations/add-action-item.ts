import { memberOf } from '../../../../api/context.ts';
import { mutationField } from '../../../../api/mutation.ts';
import { MemberNotActive, TooMany } from '../../../tasks/errors.ts';
import { TaskDifficulty, TaskImportance, TaskPriority } from '../../../tasks/graphql/enums.ts';
import '../../../tasks/graphql/errors.ts';
import { Task } from '../../../tasks/graphql/types.ts';
import { LIMITS as TASK } from '../../../tasks/model.ts';
import { addActionItem } from '../../holding.ts';
import { Meeting } from '../types.ts';

mutationField('addActionItem', {
  description:
    'Makes a task of what was agreed in a meeting, before, during or after it. For those who take part, and whose data scope covers the host; to whom a task can be given is as in `createTask`.',
  errors: [MemberNotActive, TooMany],
  input: (t) => ({
    meetingId: t.recordId({ for: 'Meeting', required: true, description: 'The meeting.' }),
    title: t.string({ required: true, description: `1 to ${TASK.title} characters.` }),
    description: t.string({ description: `At most ${TASK.description} characters.` }),
    priority: t.field({ type: TaskPriority, description: 'Default: NORMAL.' }),
    difficulty: t.field({ type: TaskDifficulty, description: 'Default: NORMAL.' }),
    importance: t.field({ type: TaskImportance, description: 'Default: SMALL.' }),
    dueAt: t.field({
      type: 'DateTime',
      description: 'Default: what the importance asks for. null: no due time.',
    }),
    assigneeId: t.recordId({ for: 'Member', description: 'Default: you. null: nobody yet.' }),
    watcherIds: t.recordIdList({
      for: 'Member',
      description: `Who else is to see it and hear of it; at most ${TASK.watchers}.`,
    }),
    checklist: t.stringList({
      description: `Its steps, in order: at most ${TASK.checklist}, each 1 to ${TASK.item} characters.`,
    }),
  }),
  resolve: (input, ctx) => addActionItem(ctx.db, memberOf(ctx), input),
  payload: (t) => ({
    task: t.field({
      type: Task,
      nullable: true,
      description: 'The task as it now is; null when it has left your view.',
      resolve: ({ taskId }, _args, ctx) => ctx.load('Task', taskId),
    }),
    meeting: t.field({
      type: Meeting,
      nullable: true,
      description: 'The meeting that it comes from; null when it has left your view.',
      resolve: ({ meetingId }, _args, ctx) => ctx.load('Meeting', meetingId),
    }),
  }),
});
