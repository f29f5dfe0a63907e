import { builder } from '../../../api/builder.ts';
import { listArgs, tasksBelow } from './listing.ts';
import { Task, TaskConnection } from './types.ts';

builder.prismaObjectField('Opportunity', 'tasks', (t) =>
  t.connection(
    {
      type: Task,
      description:
        'The tasks about the opportunity, as far as the caller may see them; the newest first unless ordered otherwise.',
      args: listArgs,
      ...tasksBelow('Opportunity', 'tasks'),
    },
    TaskConnection,
  ),
);
