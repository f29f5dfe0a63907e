import { memberOf } from '../../../../api/context.ts';
import { mutationField } from '../../../../api/mutation.ts';
import { commentableTypes } from '../../commentable.ts';
import { addComment, editComment } from '../../service.ts';
import { showCommentById } from '../types.ts';

mutationField('addComment', {
  description:
    'Writes a comment on a record that the caller may see. Who may see the record hears of it.',
  input: (t) => ({
    recordId: t.recordRef({
      for: commentableTypes(),
      required: true,
      description: `The record: a ${commentableTypes().join(' or a ')}.`,
    }),
    body: t.string({ required: true, description: 'The text: 1 to 10,000 characters.' }),
  }),
  resolve: ({ recordId, ...input }, ctx) =>
    addComment(ctx.db, memberOf(ctx), { ...input, record: recordId }),
  payload: (t) => ({
    comment: t.prismaField({
      type: 'Comment',
      nullable: true,
      description: 'The new comment.',
      resolve: async (query, { id }, _args, ctx) => {
        await showCommentById(ctx, id);
        return ctx.reader.comment.findUnique({ ...query, where: { id } });
      },
    }),
  }),
});

mutationField('editComment', {
  description: 'Changes the text of one of the caller’s own comments.',
  input: (t) => ({
    id: t.recordId({ for: 'Comment', required: true, description: 'The comment.' }),
    expectedVersion: t.int({
      required: true,
      description: 'The version that the change was made from; another one is a Conflict.',
    }),
    body: t.string({ required: true, description: 'The new text: 1 to 10,000 characters.' }),
  }),
  resolve: (input, ctx) => editComment(ctx.db, memberOf(ctx), input),
  payload: (t) => ({
    comment: t.prismaField({
      type: 'Comment',
      nullable: true,
      description: 'The comment as it now is.',
      resolve: async (query, { id }, _args, ctx) => {
        await showCommentById(ctx, id);
        return ctx.reader.comment.findUnique({ ...query, where: { id } });
      },
    }),
  }),
});
