import { builder } from '../../../api/builder.ts';
import { listArgs, tasksBelow } from './listing.ts';
import { Task, TaskConnection } from './types.ts';

builder.prismaObjectField('Customer', 'tasks', (t) =>
  t.connection(
    {
      type: Task,
      description:
        'The tasks about the customer, as far as the caller may see them; the newest first unless ordered otherwise.',
      args: listArgs,
      ...tasksBelow('Customer', 'tasks'),
    },
    TaskConnection,
  ),
);
