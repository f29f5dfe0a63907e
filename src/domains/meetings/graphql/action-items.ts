import { builder } from '../../../api/builder.ts';
import { listArgs, tasksBelow } from '../../tasks/graphql/listing.ts';
import { Task, TaskConnection } from '../../tasks/graphql/types.ts';

builder.prismaObjectField('Meeting', 'actionItems', (t) =>
  t.connection(
    {
      type: Task,
      description:
        'The tasks that were given in the meeting, as far as the caller may see them; the newest first unless ordered otherwise.',
      args: listArgs,
      ...tasksBelow('Meeting', 'actionItems'),
    },
    TaskConnection,
  ),
);
