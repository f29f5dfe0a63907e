import { builder } from '../../../api/builder.ts';
import { SortDirection } from '../../../api/sort-direction.ts';
import { LIMITS } from '../model.ts';
import {
  TaskDifficulty,
  TaskImportance,
  TaskOrderField,
  TaskPriority,
  TaskStatus,
} from './enums.ts';

const ONE_OF = 'One of these, at most 100.';

const TaskStatusFilter = builder.inputType('TaskStatusFilter', {
  description: 'Which statuses.',
  fields: (t) => ({ in: t.field({ type: [TaskStatus], required: true, description: ONE_OF }) }),
});

const TaskPriorityFilter = builder.inputType('TaskPriorityFilter', {
  description: 'Which priorities.',
  fields: (t) => ({ in: t.field({ type: [TaskPriority], required: true, description: ONE_OF }) }),
});

const TaskDifficultyFilter = builder.inputType('TaskDifficultyFilter', {
  description: 'Which difficulties.',
  fields: (t) => ({ in: t.field({ type: [TaskDifficulty], required: true, description: ONE_OF }) }),
});

const TaskImportanceFilter = builder.inputType('TaskImportanceFilter', {
  description: 'Which importances.',
  fields: (t) => ({ in: t.field({ type: [TaskImportance], required: true, description: ONE_OF }) }),
});

/** One input for ids of each type that tasks lead to. */
const idFilter = (type: string) =>
  builder.inputType(`Task${type}Filter`, {
    description: `Which ${type.toLowerCase()}, by id.`,
    fields: (t) => ({ in: t.recordIdList({ for: type, required: true, description: ONE_OF }) }),
  });

const TaskMemberFilter = idFilter('Member');
const TaskCustomerFilter = idFilter('Customer');
const TaskOpportunityFilter = idFilter('Opportunity');
const TaskMeetingFilter = idFilter('Meeting');

const TaskTimeFilter = builder.inputType('TaskTimeFilter', {
  description: 'From one moment to another.',
  fields: (t) => ({
    from: t.field({ type: 'DateTime', description: 'Not earlier; default: no bound.' }),
    before: t.field({ type: 'DateTime', description: 'Earlier than this; default: no bound.' }),
  }),
});

export const TaskFilter = builder.inputType('TaskFilter', {
  description: 'Which tasks: all conditions that are given must hold.',
  fields: (t) => ({
    status: t.field({ type: TaskStatusFilter, description: 'By status.' }),
    priority: t.field({ type: TaskPriorityFilter, description: 'By priority.' }),
    difficulty: t.field({ type: TaskDifficultyFilter, description: 'By difficulty.' }),
    importance: t.field({ type: TaskImportanceFilter, description: 'By importance.' }),
    assignee: t.field({ type: TaskMemberFilter, description: 'By assignee.' }),
    creator: t.field({ type: TaskMemberFilter, description: 'By who made them.' }),
    watcher: t.field({ type: TaskMemberFilter, description: 'By who watches them.' }),
    customer: t.field({ type: TaskCustomerFilter, description: 'By customers that you may see.' }),
    opportunity: t.field({
      type: TaskOpportunityFilter,
      description: 'By opportunities that you may see.',
    }),
    meeting: t.field({ type: TaskMeetingFilter, description: 'By meetings that you may see.' }),
    mine: t.boolean({ description: 'true: assigned to you; false: not. Default: either.' }),
    assigned: t.boolean({ description: 'Whether somebody has it. Default: either.' }),
    overdue: t.boolean({
      description: 'Whether it is neither done nor cancelled and its due time has passed.',
    }),
    dueAt: t.field({ type: TaskTimeFilter, description: 'By due time.' }),
    createdAt: t.field({ type: TaskTimeFilter, description: 'By when they were made.' }),
    completedAt: t.field({ type: TaskTimeFilter, description: 'By when they were completed.' }),
  }),
});

export const TaskEventFilter = builder.inputType('TaskEventFilter', {
  description:
    'Which tasks to hear of: all conditions that are given must hold. A task that comes to meet them enters the view, one that meets them no longer leaves it.',
  fields: (t) => ({
    task: t.field({ type: idFilter('Task'), description: 'These tasks.' }),
    status: t.field({ type: TaskStatusFilter, description: 'By status.' }),
    priority: t.field({ type: TaskPriorityFilter, description: 'By priority.' }),
    difficulty: t.field({ type: TaskDifficultyFilter, description: 'By difficulty.' }),
    importance: t.field({ type: TaskImportanceFilter, description: 'By importance.' }),
    assignee: t.field({ type: TaskMemberFilter, description: 'By assignee.' }),
    creator: t.field({ type: TaskMemberFilter, description: 'By who made them.' }),
    customer: t.field({ type: TaskCustomerFilter, description: 'By customers that you may see.' }),
    opportunity: t.field({
      type: TaskOpportunityFilter,
      description: 'By opportunities that you may see.',
    }),
    meeting: t.field({ type: TaskMeetingFilter, description: 'By meetings that you may see.' }),
    mine: t.boolean({ description: 'true: assigned to you; false: not. Default: either.' }),
  }),
});

export const TaskOrder = builder.inputType('TaskOrder', {
  description: 'One step of an order of tasks.',
  fields: (t) => ({
    field: t.field({ type: TaskOrderField, required: true, description: 'By what.' }),
    direction: t.field({ type: SortDirection, required: true, description: 'Which end first.' }),
  }),
});

export const ChecklistItemInput = builder.inputType('ChecklistItemInput', {
  description: 'One step of a checklist that is given anew.',
  fields: (t) => ({
    id: t.recordId({
      for: 'ChecklistItem',
      description: 'Of an item that the task has: it keeps its tick. Default: a new item.',
    }),
    text: t.string({ required: true, description: `1 to ${LIMITS.item} characters.` }),
  }),
});
