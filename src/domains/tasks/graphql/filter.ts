import type { KeysetOptions } from '../../../api/connections.ts';
import type { MemberViewer } from '../../../database/viewer.ts';
import type { Prisma } from '../../../generated/prisma/client.ts';
import type { TaskFilter, TaskOrder } from './inputs.ts';

type Filter = typeof TaskFilter.$inferInput;
type Where = Prisma.TaskWhereInput;
type OrderBy = NonNullable<KeysetOptions<'Task'>['orderBy']>;

const COLUMNS = {
  DUE_AT: 'dueAt',
  CREATED_AT: 'createdAt',
  UPDATED_AT: 'updatedAt',
  PRIORITY: 'priority',
  IMPORTANCE: 'importance',
  STATUS: 'status',
  TITLE: 'title',
} as const;

export const orderOf = (
  steps: readonly (typeof TaskOrder.$inferInput)[] | null | undefined,
): OrderBy =>
  steps?.length
    ? steps.map(({ field, direction }) => ({ field: COLUMNS[field], direction }))
    : [{ field: 'createdAt', direction: 'DESC' }];

/**
 * The conditions of a filter, for this viewer; what he may not see a task by is not there to filter by either. The
 * present moment is for `overdue` only.
 */
export function whereOf(
  filter: Filter | null | undefined,
  viewer: MemberViewer,
  now: Date | null,
): Where {
  if (!filter) return {};
  const and: Where[] = [...plainConditions(filter), ...linkConditions(filter)];
  if (typeof filter.mine === 'boolean') {
    const mine: Where = { assigneeId: viewer.memberId };
    // Written out, as nothing is different from null in SQL.
    and.push(filter.mine ? mine : { OR: [{ NOT: mine }, { assigneeId: null }] });
  }
  if (typeof filter.assigned === 'boolean') {
    and.push(filter.assigned ? { NOT: { assigneeId: null } } : { assigneeId: null });
  }
  if (typeof filter.overdue === 'boolean') {
    if (now === null) throw new Error('what is overdue is so at a moment');
    const overdue: Where = { status: { in: ['OPEN', 'IN_PROGRESS'] }, dueAt: { lt: now } };
    and.push(filter.overdue ? overdue : { OR: [{ NOT: overdue }, { dueAt: null }] });
  }
  return and.length > 0 ? { AND: and } : {};
}

function plainConditions(filter: Filter): Where[] {
  const and: Where[] = [];
  if (filter.status) and.push({ status: { in: filter.status.in } });
  if (filter.priority) and.push({ priority: { in: filter.priority.in } });
  if (filter.difficulty) and.push({ difficulty: { in: filter.difficulty.in } });
  if (filter.importance) and.push({ importance: { in: filter.importance.in } });
  if (filter.assignee) and.push({ assigneeId: { in: filter.assignee.in } });
  if (filter.creator) and.push({ creatorId: { in: filter.creator.in } });
  if (filter.watcher) and.push({ watchers: { some: { memberId: { in: filter.watcher.in } } } });
  for (const column of ['dueAt', 'createdAt', 'completedAt'] as const) {
    const { from, before } = filter[column] ?? {};
    if (from) and.push({ [column]: { gte: from } });
    if (before) and.push({ [column]: { lt: before } });
  }
  return and;
}

const LINKS = ['customer', 'opportunity', 'meeting'] as const;

/** The record itself is asked for, and not its id in the task: the reader knows of none that the viewer may not see. */
function linkConditions(filter: Filter): Where[] {
  return LINKS.flatMap((name) => {
    const given = filter[name];
    return given ? [{ [name]: { is: { id: { in: given.in } } } }] : [];
  });
}
