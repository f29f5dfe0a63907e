import { memberOf } from '../../../../api/context.ts';
import { mutationField } from '../../../../api/mutation.ts';
import { showCommentById } from '../../../comments/graphql/types.ts';
import { commentOnTask } from '../../commenting.ts';
import { EXPECTED_VERSION, taskField } from '../payload.ts';

mutationField('commentOnTask', {
  description:
    'Writes a comment on a task that you may see, watching it included. The version of the task stays as it is.',
  input: (t) => ({
    id: t.recordId({ for: 'Task', required: true, description: 'The task.' }),
    body: t.string({ required: true, description: 'The text: 1 to 10,000 characters.' }),
    expectedVersion: t.int({ description: EXPECTED_VERSION }),
  }),
  resolve: (input, ctx) => commentOnTask(ctx.db, memberOf(ctx), input),
  payload: (t) => ({
    task: t.prismaField(taskField),
    comment: t.prismaField({
      type: 'Comment',
      nullable: true,
      description: 'The new comment; null when the task has left your view.',
      resolve: async (query, { commentId }, _args, ctx) => {
        await showCommentById(ctx, commentId);
        return ctx.reader.comment.findUnique({ ...query, where: { id: commentId } });
      },
    }),
  }),
});
