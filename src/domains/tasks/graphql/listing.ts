import type { GraphQLResolveInfo } from 'graphql';
import { builder } from '../../../api/builder.ts';
import { keysetConnection } from '../../../api/connections.ts';
import { type Context, memberOf } from '../../../api/context.ts';
import { listBelow } from '../../../api/list-below.ts';
import type { PageArgs } from '../../../api/page.ts';
import { orderOf, whereOf } from './filter.ts';
import { TaskFilter, TaskOrder } from './inputs.ts';

/** The arguments of every list of tasks. */
export const listArgs = builder.args((t) => ({
  filter: t.field({ type: TaskFilter, description: 'Default: all of them.' }),
  orderBy: t.field({ type: [TaskOrder], description: 'Default: the newest first.' }),
}));

interface ListArgs extends PageArgs {
  filter?: typeof TaskFilter.$inferInput | null | undefined;
  orderBy?: (typeof TaskOrder.$inferInput)[] | null | undefined;
}

/** A page of the tasks that the viewer may see. */
export async function listTasks(ctx: Context, info: GraphQLResolveInfo, args: ListArgs) {
  return keysetConnection(ctx, info, {
    model: 'Task',
    args,
    where: await whereNow(args, ctx),
    orderBy: orderOf(args.orderBy),
    position: true,
  });
}

/** The options of a list of the tasks of one record. */
export const tasksBelow = (
  of: 'Customer' | 'Member' | 'Opportunity' | 'Meeting',
  relation: string,
) =>
  listBelow<'Task', ListArgs>({
    ...{ model: 'Task', of, relation, position: true },
    plain: ({ filter }) => (filter ? null : {}),
    where: whereNow,
    orderBy: ({ orderBy }) => orderOf(orderBy),
  });

/** Reads the clock only for what asks for it. */
async function whereNow({ filter }: ListArgs, ctx: Context) {
  const isTimed = typeof filter?.overdue === 'boolean';
  return whereOf(filter, memberOf(ctx), isTimed ? await ctx.now() : null);
}
