export const TASK_STATUSES = ['OPEN', 'IN_PROGRESS', 'DONE', 'CANCELLED'] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

export type Priority = 'LOW' | 'NORMAL' | 'HIGH' | 'URGENT';
export type Difficulty = 'EASY' | 'NORMAL' | 'HARD';
export type Importance = 'SMALL' | 'BIG' | 'MAJOR';

export interface Task {
  id: string;
  version: number;
  title: string;
  description: string | null;
  status: TaskStatus;
  priority: Priority;
  difficulty: Difficulty;
  importance: Importance;
  dueAt: Date | null;
  assigneeId: string | null;
  creatorId: string;
  customerId: string | null;
  opportunityId: string | null;
  meetingId: string | null;
  completedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

/** A task with everything that decides who may see and change it. */
export interface LockedTask extends Task {
  watcherIds: string[];
}

export interface ChecklistItem {
  id: string;
  ordinal: number;
  text: string;
  checkedAt: Date | null;
  checkedById: string | null;
}

/** In characters, and in items. */
export const LIMITS = {
  title: 200,
  description: 10_000,
  checklist: 100,
  item: 500,
  watchers: 100,
} as const;

/** A major matter is to be settled, or reported upward, within this time. */
export const MAJOR_HOURS = 4;

export const later = (one: Date, other: Date): Date => (one > other ? one : other);
