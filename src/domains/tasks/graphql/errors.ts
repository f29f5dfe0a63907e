import { errorType } from '../../../api/errors.ts';
import { MemberNotActive, TooMany } from '../errors.ts';

errorType(MemberNotActive, {
  description: 'The member is no longer active: tasks are given to, and watched by, active ones.',
});

errorType(TooMany, {
  description: 'The task would have more of this than a task may have; `path` says of what.',
  fields: (t) => ({
    limit: t.int({
      description: 'The most that there may be.',
      resolve: ({ data }) => Number(data.limit),
    }),
  }),
});
