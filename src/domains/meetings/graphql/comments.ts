import { builder } from '../../../api/builder.ts';
import { commentsOf } from '../../comments/graphql/comments-of.ts';
import { Comment, CommentConnection } from '../../comments/graphql/types.ts';
import '../commentable.ts';

builder.prismaObjectField('Meeting', 'comments', (t) =>
  t.connection(
    {
      type: Comment,
      description: 'What was written about the meeting, the oldest first.',
      resolve: ({ id }, args, ctx, info) => commentsOf(ctx, info, { type: 'Meeting', id }, args),
    },
    CommentConnection,
  ),
);
