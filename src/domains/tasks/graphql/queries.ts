import { builder } from '../../../api/builder.ts';
import { listArgs, listTasks } from './listing.ts';
import { Task, TaskConnection } from './types.ts';

builder.queryField('tasks', (t) =>
  t.connection(
    {
      type: Task,
      description:
        'The tasks that the caller may see, the newest first unless ordered otherwise. Subscribe to `taskEvents` from its `position`.',
      args: listArgs,
      resolve: (_root, args, ctx, info) => listTasks(ctx, info, args),
    },
    TaskConnection,
  ),
);
