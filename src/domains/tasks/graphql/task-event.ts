import { getRefFromModel } from '@pothos/plugin-prisma';
import { builder } from '../../../api/builder.ts';
import { type Context, viewerOf } from '../../../api/context.ts';
import { encodeGlobalId } from '../../../api/global-ids.ts';
import { StreamResetReason } from '../../../api/stream-reset.ts';
import { encodeLogCursor, identityOf } from '../../../events/log-cursor.ts';
import type { LoggedEvent } from '../../../events/logged-event.ts';
import { showCommentById } from '../../comments/graphql/types.ts';
import type { TaskStatus as Status } from '../model.ts';
import type { TaskFrame } from '../stream.ts';
import type { News } from '../stream-rules.ts';
import { TASK_FIELDS, TaskField, type TaskFieldName, TaskStatus } from './enums.ts';
import { Task } from './types.ts';

const Member = getRefFromModel('Member', builder);

const TYPES = {
  CREATED: 'TaskCreated',
  ASSIGNED: 'TaskAssigned',
  STATUS_CHANGED: 'TaskStatusChanged',
  UPDATED: 'TaskUpdated',
  COMMENTED: 'TaskCommented',
  ENTERED: 'TaskEnteredView',
  LEFT: 'TaskLeftView',
  RESET: 'TaskStreamReset',
} as const satisfies Record<TaskFrame['kind'], string>;

type EventFrame = Extract<TaskFrame, { event: LoggedEvent }>;
type ResetFrame = Extract<TaskFrame, { kind: 'RESET' }>;

const eventOf = (frame: TaskFrame): LoggedEvent | null =>
  frame.kind === 'RESET' ? null : frame.event;

/** The moment of a reset is the moment that it is told. */
const occurredAt = (frame: TaskFrame, ctx: Context): Date | Promise<Date> =>
  eventOf(frame)?.occurredAt ?? ctx.now();

export const TaskEvent = builder.interfaceRef<TaskFrame>('TaskEvent').implement({
  description: 'Something that happened to a task, as it concerns the caller.',
  resolveType: ({ kind }) => TYPES[kind],
  fields: (t) => ({
    cursor: t.field({
      type: 'Cursor',
      description: 'Give it as `since` to go on from here after a break.',
      resolve: ({ position }, _args, ctx) => {
        const viewer = viewerOf(ctx);
        const { organizationId } = viewer;
        const { epoch } = ctx.feed;
        return encodeLogCursor({ epoch, organizationId, position, identity: identityOf(viewer) });
      },
    }),
    occurredAt: t.field({
      type: 'DateTime',
      description: 'When it happened; of a reset, when it was told.',
      resolve: (frame, _args, ctx) => occurredAt(frame, ctx),
    }),
    actor: t.field({
      type: Member,
      nullable: true,
      description: 'Who did it; null for the system and for a reset.',
      resolve: (frame, _args, ctx) => ctx.load('Member', eventOf(frame)?.actorId),
    }),
    taskId: t.field({
      type: 'ID',
      nullable: true,
      description: 'Global id of the task; null for a reset.',
      resolve: (frame) => {
        const event = eventOf(frame);
        return event && encodeGlobalId('Task', event.recordId);
      },
    }),
    taskVersion: t.int({
      nullable: true,
      description:
        'The version that the task had after it: drop what a list that you already hold covers. Comments leave the version as it is. null for a reset.',
      resolve: (frame) => eventOf(frame)?.recordVersion ?? null,
    }),
    task: t.field({
      type: Task,
      nullable: true,
      description: 'The task as it is now; null when it is gone from view, and for a reset.',
      resolve: (frame, _args, ctx) =>
        frame.kind === 'LEFT' ? null : ctx.load('Task', eventOf(frame)?.recordId),
    }),
  }),
});

/** One of the types of events; all have the fields of the interface. */
const implementation = <Frame extends TaskFrame = EventFrame>(kind: News | 'RESET') =>
  builder.objectRef<Frame>(TYPES[kind]);

const about = { interfaces: [TaskEvent] as never };

builder.objectType(implementation('CREATED'), {
  ...about,
  description: 'A task was made.',
});

builder.objectType(implementation('ENTERED'), {
  ...about,
  description:
    'A task that was there before came into view: it was assigned, shared or changed so that the caller may see it or the filter lets it through.',
});

builder.objectType(implementation('LEFT'), {
  ...about,
  description: 'A task went out of view: drop the row.',
});

builder.objectType(implementation('ASSIGNED'), {
  ...about,
  description: 'A task was given to somebody, or taken away.',
  fields: (t) => ({
    from: t.field({
      type: Member,
      nullable: true,
      description: 'Who had it; null: nobody.',
      resolve: ({ event }, _args, ctx) => ctx.load('Member', idIn(event, 'from')),
    }),
    to: t.field({
      type: Member,
      nullable: true,
      description: 'Who has it now; null: nobody.',
      resolve: ({ event }, _args, ctx) => ctx.load('Member', idIn(event, 'to')),
    }),
  }),
});

builder.objectType(implementation('STATUS_CHANGED'), {
  ...about,
  description: 'A task was begun, completed, reopened or cancelled.',
  fields: (t) => ({
    from: t.field({
      type: TaskStatus,
      description: 'The status before.',
      resolve: ({ event }) => event.payload.from as Status,
    }),
    to: t.field({
      type: TaskStatus,
      description: 'The status after.',
      resolve: ({ event }) => event.payload.to as Status,
    }),
  }),
});

builder.objectType(implementation('UPDATED'), {
  ...about,
  description: 'Something else of a task was changed.',
  fields: (t) => ({
    changes: t.field({
      type: [TaskField],
      description: 'What of it.',
      resolve: ({ event }) => changesOf(event),
    }),
  }),
});

builder.objectType(implementation('COMMENTED'), {
  ...about,
  description: 'A comment on a task was written or changed.',
  fields: (t) => ({
    comment: t.field({
      type: getRefFromModel('Comment', builder),
      nullable: true,
      description: 'The comment as it is now; null when the task is gone from view.',
      resolve: async ({ event }, _args, ctx) => {
        const id = idIn(event, 'commentId');
        if (id) await showCommentById(ctx, id);
        return ctx.load('Comment', id);
      },
    }),
  }),
});

builder.objectType(implementation<ResetFrame>('RESET'), {
  ...about,
  description:
    'Changes may be missing: read the list again and drop what it covers. The stream goes on.',
  fields: (t) => ({
    reason: t.expose('reason', { type: StreamResetReason, description: 'Why.' }),
  }),
});

function idIn({ payload }: LoggedEvent, name: string): string | null {
  const id = payload[name];
  return typeof id === 'string' ? id : null;
}

const isField = (name: unknown): name is keyof typeof TASK_FIELDS =>
  typeof name === 'string' && Object.hasOwn(TASK_FIELDS, name);

function changesOf({ type, payload }: LoggedEvent): TaskFieldName[] {
  if (type === 'task.item_checked') return [TASK_FIELDS.checklist.name];
  if (type !== 'task.updated') return [TASK_FIELDS.watchers.name];
  const changed = Array.isArray(payload.changed) ? payload.changed : [];
  return changed.filter(isField).map((name) => TASK_FIELDS[name].name);
}
