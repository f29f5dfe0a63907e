import { builder } from '../../../api/builder.ts';
import { connectionObject } from '../../../api/connection-object.ts';
import { type Context, memberOf } from '../../../api/context.ts';
import type PrismaTypes from '../../../generated/pothos-prisma-types.ts';
import { showComments } from '../scope.ts';
import { readRecordOf } from '../service.ts';

/** Reads a comment's record with the viewer's rights; where it is there, so are its comments. */
export async function showCommentById(ctx: Context, id: string): Promise<void> {
  const viewer = memberOf(ctx);
  const on = await readRecordOf(ctx.db, viewer.organizationId, id);
  if (!on) return;
  const record = await ctx.load(on.recordType as keyof PrismaTypes, on.recordId);
  if (record) showComments(viewer, on.recordId);
}

export const Comment = builder.prismaNode('Comment', {
  select: { id: true },
  description: 'What somebody wrote about a record; visible to whoever may see that record.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  findUnique: async (id, ctx) => {
    if (ctx.viewer?.kind === 'member') await showCommentById(ctx, id);
    return { id };
  },
  fields: (t) => ({
    version: t.exposeInt('version', {
      description: 'Grows by one with every change; give it as `expectedVersion`.',
    }),
    body: t.exposeString('body', { description: 'The text: 1 to 10,000 characters.' }),
    author: t.relation('author', { description: 'Who wrote it.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was written.' }),
    editedAt: t.expose('editedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When its author last changed it; null if never.',
    }),
  }),
});

export const CommentConnection = connectionObject(Comment, {
  name: 'CommentConnection',
  description: 'A page of comments.',
});
