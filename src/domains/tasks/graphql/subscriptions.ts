import { builder } from '../../../api/builder.ts';
import { memberOf } from '../../../api/context.ts';
import { readSince } from '../../../live/since.ts';
import { followTasks } from '../stream.ts';
import { TaskEventFilter } from './inputs.ts';
import { TaskEvent } from './task-event.ts';

builder.subscriptionField('taskEvents', (t) =>
  t.field({
    type: TaskEvent,
    description:
      'Every change to the tasks that the caller may see, each in its place. Without `since` from now on; with it, first what happened since then. A task that comes into view enters, one that goes out of it leaves; where changes cannot be told one by one there is a reset. Rights are read again for every event, and when they end so does the stream, with RIGHTS_ENDED.',
    args: {
      filter: t.arg({
        type: TaskEventFilter,
        description: 'Default: all tasks that the caller may see.',
      }),
      since: t.arg({
        type: 'Cursor',
        description:
          'The cursor of the last event that arrived, or the `position` of a list of tasks.',
      }),
    },
    subscribe: (_root, { filter, since }, ctx) => {
      const { feed, presentViewer: present, config } = ctx;
      const viewer = memberOf(ctx);
      return followTasks({
        ...{ feed, viewer, present },
        filter: filter ?? {},
        since: readSince(since, viewer, feed.epoch),
        limit: config.mailboxSize,
        window: config.resumeWindow,
      });
    },
    resolve: (frame) => frame,
  }),
);
