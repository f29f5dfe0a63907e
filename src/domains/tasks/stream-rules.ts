import type { Visibility } from '../../database/event-draft.ts';
import { covers, type MemberViewer } from '../../database/viewer.ts';
import type { LoggedEvent } from '../../events/logged-event.ts';
import type { Fact } from './events.ts';

export const NEWS = [
  'CREATED',
  'ASSIGNED',
  'STATUS_CHANGED',
  'UPDATED',
  'COMMENTED',
  'ENTERED',
  'LEFT',
] as const;
/** What an event of a task is to one viewer with one filter. */
export type News = (typeof NEWS)[number];

type OneOf = { in: readonly string[] } | null;

/** Which tasks a stream is about: all that is given must hold. */
export interface TaskEventFilter {
  task?: OneOf;
  status?: OneOf;
  priority?: OneOf;
  difficulty?: OneOf;
  importance?: OneOf;
  assignee?: OneOf;
  creator?: OneOf;
  customer?: OneOf;
  opportunity?: OneOf;
  meeting?: OneOf;
  /** Assigned to the viewer, or not. */
  mine?: boolean | null;
}

/** What of a task a filter asks about, at one moment. */
export type Facts = Readonly<Partial<Record<Fact, string | null>>>;

const CONDITIONS = {
  status: 'status',
  priority: 'priority',
  difficulty: 'difficulty',
  importance: 'importance',
  assignee: 'assigneeId',
  creator: 'creatorId',
  customer: 'customerId',
  opportunity: 'opportunityId',
  meeting: 'meetingId',
} as const satisfies Partial<Record<keyof TaskEventFilter, Fact>>;

/** The task before and after an event, by its payload; null for events that say nothing of it. */
export function factsOf({ payload }: LoggedEvent): { before: Facts; after: Facts } | null {
  const after = payload.task;
  if (!after || typeof after !== 'object') return null;
  return { before: { ...after, ...(payload.was as Facts) } as Facts, after: after as Facts };
}

export function matches(
  filter: TaskEventFilter,
  taskId: string,
  facts: Facts,
  me: string,
): boolean {
  if (filter.task && !filter.task.in.includes(taskId)) return false;
  if (typeof filter.mine === 'boolean' && filter.mine !== (facts.assigneeId === me)) return false;
  for (const [condition, fact] of Object.entries(CONDITIONS)) {
    const wanted = filter[condition as keyof typeof CONDITIONS];
    const value = facts[fact];
    if (wanted && !(typeof value === 'string' && wanted.in.includes(value))) return false;
  }
  return true;
}

/** Whether the viewer's rights reach a record of this visibility. */
export function reaches(viewer: MemberViewer, visibility: Visibility | null): boolean {
  if (!visibility) return false;
  return (
    visibility.owners.some((owner) => covers(viewer, owner)) ||
    (visibility.watchers ?? []).includes(viewer.memberId)
  );
}

const KINDS: Readonly<Record<string, News>> = {
  'task.created': 'CREATED',
  'task.assigned': 'ASSIGNED',
  'task.started': 'STATUS_CHANGED',
  'task.completed': 'STATUS_CHANGED',
  'task.reopened': 'STATUS_CHANGED',
  'task.cancelled': 'STATUS_CHANGED',
  'task.updated': 'UPDATED',
  'task.watched': 'UPDATED',
  'task.unwatched': 'UPDATED',
  'task.item_checked': 'UPDATED',
  'task.commented': 'COMMENTED',
  'comment.edited': 'COMMENTED',
};

/** What an event is to somebody who had the task in view before it, or has it after it, or both. */
export function newsOf(type: string, before: boolean, after: boolean): News | null {
  const kind = KINDS[type];
  if (!kind || (!before && !after)) return null;
  if (!after) return 'LEFT';
  if (!before) return kind === 'CREATED' ? 'CREATED' : 'ENTERED';
  return kind;
}

/** Changes of teams and members that may change what somebody's data scope covers. */
const RIGHTS = new Set([
  'team.moved',
  'team.leader_changed',
  'member.created',
  'member.moved',
  'member.role_set',
  'member.deactivated',
  'member.reactivated',
]);

export const mayChangeRights = ({ type }: LoggedEvent): boolean => RIGHTS.has(type);

/** Whether a change of rights that happened while nobody looked may have moved tasks into or out of the view. */
export function mayHaveMoved(event: LoggedEvent, viewer: MemberViewer): boolean {
  if (event.recordId === viewer.memberId) return event.type !== 'member.created';
  return viewer.dataScope === 'TEAM' || viewer.dataScope === 'TEAM_TREE';
}

/** Whether two moments of one viewer see the same records. */
export function seesTheSame(one: MemberViewer, other: MemberViewer): boolean {
  const [a, b] = [one.visibleMembers, other.visibleMembers];
  if (a === b) return true;
  if (a === 'ALL' || b === 'ALL' || a.size !== b.size) return false;
  return [...a].every((memberId) => b.has(memberId));
}
