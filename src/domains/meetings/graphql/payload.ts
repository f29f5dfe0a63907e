import type { Context } from '../../../api/context.ts';

/** What every mutation of a meeting gives: the meeting, read again with present rights. */
export const meetingField = {
  type: 'Meeting' as const,
  nullable: true as const,
  description: 'The meeting as it now is; null when it has left your view.',
  resolve: (query: object, { id }: { id: string }, _args: object, ctx: Context) =>
    ctx.reader.meeting.findUnique({ ...query, where: { id } }),
};
