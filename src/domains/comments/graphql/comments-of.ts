import type { GraphQLResolveInfo } from 'graphql';
import { keysetConnection } from '../../../api/connections.ts';
import { type Context, memberOf } from '../../../api/context.ts';
import type { PageArgs } from '../../../api/page.ts';
import { showComments } from '../scope.ts';

/**
 * The comments on a record that was read with the viewer's rights, oldest first: for the `comments` field of its type.
 */
export function commentsOf(
  ctx: Context,
  info: GraphQLResolveInfo,
  record: { type: string; id: string },
  args: PageArgs,
) {
  showComments(memberOf(ctx), record.id);
  return keysetConnection(ctx, info, {
    model: 'Comment',
    args,
    where: { recordType: record.type, recordId: record.id },
    orderBy: [{ field: 'createdAt', direction: 'ASC' }],
  });
}
