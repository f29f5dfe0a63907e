import type { Context } from '../../../api/context.ts';

/** What every mutation of a task gives: the task, read again with present rights. */
export const taskField = {
  type: 'Task' as const,
  nullable: true as const,
  description: 'The task as it now is; null when it has left your view.',
  resolve: (query: object, { id }: { id: string }, _args: object, ctx: Context) =>
    ctx.reader.task.findUnique({ ...query, where: { id } }),
};

export const EXPECTED_VERSION = 'Refuse with Conflict unless the task is at this version.';
