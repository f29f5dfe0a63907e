import '../scope.ts';
import { getRefFromModel } from '@pothos/plugin-prisma';
import { builder } from '../../../api/builder.ts';
import { connectionObject } from '../../../api/connection-object.ts';
import { commentsOf } from '../../comments/graphql/comments-of.ts';
import { Comment, CommentConnection } from '../../comments/graphql/types.ts';
import { LIMITS } from '../model.ts';
import { TaskDifficulty, TaskImportance, TaskPriority, TaskStatus } from './enums.ts';

const Member = getRefFromModel('Member', builder);

/** Stays that begin at one moment (all but the last are of no length) are told apart by their ends. */
const LATEST_FIRST = [
  { from: 'desc' as const },
  { until: { sort: 'desc' as const, nulls: 'first' as const } },
  { id: 'desc' as const },
];

const ChecklistItem = builder.prismaNode('ChecklistItem', {
  select: { id: true },
  description: 'One step of a task, to be ticked.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  fields: (t) => ({
    text: t.exposeString('text', { description: `At most ${LIMITS.item} characters.` }),
    checked: t.boolean({
      description: 'Whether it is ticked.',
      select: { checkedAt: true },
      resolve: ({ checkedAt }) => checkedAt !== null,
    }),
    checkedAt: t.expose('checkedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was ticked; null while it is not.',
    }),
    checkedBy: t.field({
      type: Member,
      nullable: true,
      description: 'Who ticked it; null while it is not.',
      select: { checkedById: true },
      resolve: ({ checkedById }, _args, ctx) => ctx.load('Member', checkedById),
    }),
  }),
});

const TaskStatusChange = builder.prismaObject('TaskStatusChange', {
  select: { id: true },
  description: 'A time during which a task had one status.',
  fields: (t) => ({
    status: t.expose('status', { type: TaskStatus, description: 'The status.' }),
    from: t.expose('from', { type: 'DateTime', description: 'Since when.' }),
    until: t.expose('until', {
      type: 'DateTime',
      nullable: true,
      description: 'Until when; null while it has it.',
    }),
    by: t.field({
      type: Member,
      nullable: true,
      description: 'Who gave it this status; null for the system.',
      select: { byId: true },
      resolve: ({ byId }, _args, ctx) => ctx.load('Member', byId),
    }),
  }),
});

const TaskAssignment = builder.prismaObject('TaskAssignment', {
  select: { id: true },
  description: 'A time during which a task had one assignee, or none.',
  fields: (t) => ({
    member: t.field({
      type: Member,
      nullable: true,
      description: 'The assignee; null for none.',
      select: { memberId: true },
      resolve: ({ memberId }, _args, ctx) => ctx.load('Member', memberId),
    }),
    from: t.expose('from', { type: 'DateTime', description: 'Since when.' }),
    until: t.expose('until', {
      type: 'DateTime',
      nullable: true,
      description: 'Until when; null while it lasts.',
    }),
    by: t.field({
      type: Member,
      nullable: true,
      description: 'Who assigned it so; null for the system.',
      select: { byId: true },
      resolve: ({ byId }, _args, ctx) => ctx.load('Member', byId),
    }),
  }),
});

export const Task = builder.prismaNode('Task', {
  select: { id: true },
  description:
    'A piece of work. Seen by those whose data scope covers its assignee or its creator, and by its watchers.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  fields: (t) => ({
    version: t.exposeInt('version', {
      description: 'Grows by one with every change but comments; give it as `expectedVersion`.',
    }),
    title: t.exposeString('title', { description: `At most ${LIMITS.title} characters.` }),
    description: t.exposeString('description', {
      nullable: true,
      description: `At most ${LIMITS.description} characters; null: none.`,
    }),
    status: t.expose('status', { type: TaskStatus, description: 'Where it stands.' }),
    priority: t.expose('priority', { type: TaskPriority, description: 'How much it presses.' }),
    difficulty: t.expose('difficulty', { type: TaskDifficulty, description: 'How hard it is.' }),
    importance: t.expose('importance', {
      type: TaskImportance,
      description: 'How big a matter it is.',
    }),
    dueAt: t.expose('dueAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it is due; null: at no time.',
    }),
    overdue: t.boolean({
      description: 'Whether it is neither done nor cancelled, and its due time has passed.',
      select: { status: true, dueAt: true },
      resolve: async ({ status, dueAt }, _args, ctx) =>
        dueAt !== null && (status === 'OPEN' || status === 'IN_PROGRESS')
          ? dueAt < (await ctx.now())
          : false,
    }),
    assignee: t.relation('assignee', {
      nullable: true,
      description: 'Who does it; null: nobody yet.',
    }),
    creator: t.relation('creator', { description: 'Who made it.' }),
    watchers: t.field({
      type: [Member],
      description: `Who sees it besides, and hears of it: at most ${LIMITS.watchers}.`,
      complexity: { field: 1, multiplier: LIMITS.watchers },
      select: { watchers: { select: { memberId: true }, orderBy: { memberId: 'asc' } } },
      resolve: async ({ watchers }, _args, ctx) => {
        const members = watchers.map(({ memberId }) => ctx.load('Member', memberId));
        return (await Promise.all(members)).filter((member) => member !== null);
      },
    }),
    checklist: t.relation('checklist', {
      type: ChecklistItem,
      description: `Its steps, in order; at most ${LIMITS.checklist}.`,
      complexity: { field: 1, multiplier: LIMITS.checklist },
      query: { orderBy: { ordinal: 'asc' } },
    }),
    customer: t.relation('customer', {
      nullable: true,
      description: 'The customer that it is about; null without one, or if you may not see it.',
    }),
    opportunity: t.relation('opportunity', {
      nullable: true,
      description: 'The opportunity that it is about; null without one, or if you may not see it.',
    }),
    meeting: t.relation('meeting', {
      nullable: true,
      description: 'The meeting that it comes from; null without one, or if you may not see it.',
    }),
    comments: t.connection(
      {
        type: Comment,
        description: 'What people wrote about it, oldest first.',
        resolve: ({ id }, args, ctx, info) => commentsOf(ctx, info, { type: 'Task', id }, args),
      },
      CommentConnection,
    ),
    statusHistory: t.relation('statusChanges', {
      type: TaskStatusChange,
      description: 'Its statuses, the latest first; at most 100.',
      complexity: { field: 1, multiplier: 100 },
      query: { orderBy: LATEST_FIRST, take: 100 },
    }),
    assignmentHistory: t.relation('assignments', {
      type: TaskAssignment,
      description: 'Its assignees, the latest first; at most 100.',
      complexity: { field: 1, multiplier: 100 },
      query: { orderBy: LATEST_FIRST, take: 100 },
    }),
    completedAt: t.expose('completedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was completed; null unless it is done.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      description: 'When it was last changed.',
    }),
  }),
});

export const TaskConnection = connectionObject(Task, {
  name: 'TaskConnection',
  description: 'A page of tasks.',
  position: true,
});
