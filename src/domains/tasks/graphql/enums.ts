import { builder } from '../../../api/builder.ts';

export const TaskStatus = builder.enumType('TaskStatus', {
  description: 'Where a task stands.',
  values: {
    OPEN: { description: 'Yet to be begun.' },
    IN_PROGRESS: { description: 'Begun.' },
    DONE: { description: 'Completed; its assignee has been credited.' },
    CANCELLED: { description: 'Given up.' },
  } as const,
});

export const TaskPriority = builder.enumType('TaskPriority', {
  description: 'What is to be done first.',
  values: {
    LOW: { description: 'When there is time.' },
    NORMAL: { description: 'In its turn.' },
    HIGH: { description: 'Before others.' },
    URGENT: { description: 'Now.' },
  } as const,
});

export const TaskDifficulty = builder.enumType('TaskDifficulty', {
  description: 'How hard a task is.',
  values: {
    EASY: { description: 'Anybody can do it.' },
    NORMAL: { description: 'Takes some experience.' },
    HARD: { description: 'For the best.' },
  } as const,
});

export const TaskImportance = builder.enumType('TaskImportance', {
  description: 'How big a matter it is, which says when it is due unless that is set.',
  values: {
    SMALL: { description: 'Settled by the end of the day, in the time zone of the organization.' },
    BIG: { description: 'Settled by the end of the week of the organization.' },
    MAJOR: { description: 'Settled, or reported upward, within four hours.' },
  } as const,
});

/** What a task has that can change by itself, by its name in payloads. */
export const TASK_FIELDS = {
  title: { name: 'TITLE', description: 'The title.' },
  description: { name: 'DESCRIPTION', description: 'The description.' },
  priority: { name: 'PRIORITY', description: 'The priority.' },
  difficulty: { name: 'DIFFICULTY', description: 'The difficulty.' },
  importance: { name: 'IMPORTANCE', description: 'The importance.' },
  dueAt: { name: 'DUE_AT', description: 'The due time.' },
  customerId: { name: 'CUSTOMER', description: 'The customer that it is about.' },
  opportunityId: { name: 'OPPORTUNITY', description: 'The opportunity that it is about.' },
  meetingId: { name: 'MEETING', description: 'The meeting that it comes from.' },
  checklist: { name: 'CHECKLIST', description: 'The checklist, or a tick in it.' },
  watchers: { name: 'WATCHERS', description: 'Who watches it.' },
} as const;

export type TaskFieldName = (typeof TASK_FIELDS)[keyof typeof TASK_FIELDS]['name'];

export const TaskField = builder.enumType('TaskField', {
  description: 'A part of a task that an update may change.',
  values: Object.fromEntries(
    Object.values(TASK_FIELDS).map(({ name, description }) => [name, { description }]),
  ) as Record<TaskFieldName, { description: string }>,
});

export const TaskOrderField = builder.enumType('TaskOrderField', {
  description: 'What tasks can be ordered by.',
  values: {
    DUE_AT: { description: 'When it is due; tasks without a due time come last.' },
    CREATED_AT: { description: 'When it was made.' },
    UPDATED_AT: { description: 'When it was last changed.' },
    PRIORITY: { description: 'The priority, from LOW to URGENT.' },
    IMPORTANCE: { description: 'The importance, from SMALL to MAJOR.' },
    STATUS: { description: 'The status: open, in progress, done, cancelled.' },
    TITLE: { description: 'The title.' },
  } as const,
});
