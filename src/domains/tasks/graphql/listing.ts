import type { GraphQLResolveInfo } from 'graphql';
import { builder } from '../../../api/builder.ts';
import type { Parent } from '../../../api/children.ts';
import { keysetConnection } from '../../../api/connections.ts';
import { type Context, memberOf } from '../../../api/context.ts';
import type { PageArgs } from '../../../api/page.ts';
import { orderOf, whereOf } from './filter.ts';
import { TaskFilter, TaskOrder } from './inputs.ts';

/** The arguments of every list of tasks. */
export const listArgs = builder.args((t) => ({
  filter: t.field({ type: TaskFilter, description: 'Default: all of them.' }),
  orderBy: t.field({ type: [TaskOrder], description: 'Default: the newest first.' }),
}));

interface ListArgs extends PageArgs {
  filter?: typeof TaskFilter.$inferInput | null;
  orderBy?: (typeof TaskOrder.$inferInput)[] | null;
}

/** A page of the tasks that the viewer may see: all, or those of one record. */
export async function listTasks(
  ctx: Context,
  info: GraphQLResolveInfo,
  args: ListArgs,
  of?: Parent,
) {
  const filter = whereOf(args.filter, memberOf(ctx), await ctx.now());
  return keysetConnection(ctx, info, {
    model: 'Task',
    ...(of && { of }),
    args,
    where: filter,
    orderBy: orderOf(args.orderBy),
    position: true,
  });
}
