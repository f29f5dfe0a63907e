import { builder } from '../../../api/builder.ts';
import { listArgs, listOpportunities } from './listing.ts';
import { Opportunity, OpportunityConnection } from './opportunity-type.ts';
import { Funnel } from './types.ts';

builder.queryField('funnels', (t) =>
  t.prismaField({
    type: [Funnel],
    description: 'The funnels of the organization, in the order of their names.',
    args: {
      includeArchived: t.arg.boolean({
        defaultValue: false,
        required: true,
        description: 'Also those that take no new opportunities.',
      }),
    },
    resolve: (query, _root, { includeArchived }, ctx) =>
      ctx.reader.funnel.findMany({
        ...query,
        where: includeArchived ? {} : { archivedAt: null },
        orderBy: [{ name: 'asc' }, { id: 'asc' }],
      }),
  }),
);

builder.queryField('opportunities', (t) =>
  t.connection(
    {
      type: Opportunity,
      description:
        'The opportunities that the caller may see, the newest first unless ordered otherwise.',
      args: listArgs,
      resolve: (_root, args, ctx, info) => listOpportunities(ctx, info, args),
    },
    OpportunityConnection,
  ),
);
