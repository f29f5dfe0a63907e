import type { Context } from '../../../api/context.ts';

/** What every mutation of an opportunity gives: the opportunity, read again with present rights. */
export const opportunityField = {
  type: 'Opportunity' as const,
  nullable: true as const,
  description: 'The opportunity as it now is; null when it has left your view.',
  resolve: (query: object, { id }: { id: string }, _args: object, ctx: Context) =>
    ctx.reader.opportunity.findUnique({ ...query, where: { id } }),
};

export const funnelField = {
  type: 'Funnel' as const,
  description: 'The funnel as it now is.',
  resolve: (query: object, { id }: { id: string }, _args: object, ctx: Context) =>
    ctx.reader.funnel.findUniqueOrThrow({ ...query, where: { id } }),
};

export const EXPECTED_VERSION = 'Refuse with Conflict unless the opportunity is at this version.';
