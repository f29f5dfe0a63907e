import type { Dataset } from '../../aggregates/dataset.ts';
import { customerDistinct, customerKeys } from '../customers/dataset.ts';

/** Tasks as aggregates see them. */
export const taskDataset: Dataset = {
  name: 'Task',
  model: 'Task',
  times: {
    CREATED_AT: { path: 'createdAt', description: 'When they were made.' },
    DUE_AT: { path: 'dueAt', description: 'When they are due.' },
    COMPLETED_AT: { path: 'completedAt', description: 'When they were completed.' },
  },
  keys: {
    STATUS: {
      kind: 'value',
      path: 'status',
      type: { enum: '"TaskStatus"' },
      description: 'How they stand.',
    },
    PRIORITY: {
      kind: 'value',
      path: 'priority',
      type: { enum: '"Priority"' },
      description: 'How soon they matter.',
    },
    DIFFICULTY: {
      kind: 'value',
      path: 'difficulty',
      type: { enum: '"Difficulty"' },
      description: 'How hard they are.',
    },
    IMPORTANCE: {
      kind: 'value',
      path: 'importance',
      type: { enum: '"Importance"' },
      description: 'How much depends on them.',
    },
    ASSIGNEE: {
      kind: 'record',
      path: 'assigneeId',
      model: 'Member',
      orderBy: 'name',
      gaps: 'MEMBERS',
      description: 'Who is to do them.',
    },
    ASSIGNEE_TEAM: {
      kind: 'team',
      path: 'assigneeId',
      description: 'The team of whoever is to do them.',
    },
    CREATOR: {
      kind: 'record',
      path: 'creatorId',
      model: 'Member',
      orderBy: 'name',
      description: 'Who made them.',
    },
    OPPORTUNITY: {
      kind: 'record',
      path: 'opportunity.id',
      model: 'Opportunity',
      orderBy: 'name',
      description: 'The opportunity, of those that the caller may see.',
    },
    ...customerKeys('customer'),
  },
  decimals: {
    WORK: {
      path: 'createdAt',
      until: 'completedAt',
      field: 'workSeconds',
      description: 'How long they took from the making to the completion, in seconds.',
    },
    DELAY: {
      path: 'dueAt',
      until: 'completedAt',
      field: 'delaySeconds',
      description:
        'How long after the due time they were completed, in seconds; below 0: before it.',
    },
  },
  distinct: {
    ASSIGNEE: { path: 'assigneeId', description: 'Assignees.' },
    CREATOR: { path: 'creatorId', description: 'Who made them.' },
    ...customerDistinct('customer'),
  },
  history: {
    since: 'createdAt',
    fixed: ['id', 'createdAt', 'creatorId'],
    tables: [
      { model: 'TaskStatusChange', of: 'taskId', columns: { status: 'status' } },
      { model: 'TaskAssignment', of: 'taskId', columns: { assigneeId: 'memberId' } },
    ],
  },
};
