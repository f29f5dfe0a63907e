import { memberOf } from '../../../../api/context.ts';
import { mutationField } from '../../../../api/mutation.ts';
import { MemberNotActive, TooMany } from '../../errors.ts';
import { LIMITS } from '../../model.ts';
import { createTask } from '../../service.ts';
import { TaskDifficulty, TaskImportance, TaskPriority } from '../enums.ts';
import { taskField } from '../payload.ts';

mutationField('createTask', {
  description:
    'Makes a task. Members take tasks for themselves; managers also give them to the members in their data scope.',
  errors: [MemberNotActive, TooMany],
  input: (t) => ({
    title: t.string({ required: true, description: `1 to ${LIMITS.title} characters.` }),
    description: t.string({ description: `At most ${LIMITS.description} characters.` }),
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
      description: `Who else is to see it and hear of it; at most ${LIMITS.watchers}.`,
    }),
    checklist: t.stringList({
      description: `Its steps, in order: at most ${LIMITS.checklist}, each 1 to ${LIMITS.item} characters.`,
    }),
    customerId: t.recordId({ for: 'Customer', description: 'What it is about; default: none.' }),
    opportunityId: t.recordId({
      for: 'Opportunity',
      description: 'What it is about; default: none.',
    }),
    meetingId: t.recordId({ for: 'Meeting', description: 'What it comes from; default: none.' }),
  }),
  resolve: (input, ctx) => createTask(ctx.db, memberOf(ctx), input),
  payload: (t) => ({ task: t.prismaField(taskField) }),
});
