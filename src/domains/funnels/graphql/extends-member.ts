import { builder } from '../../../api/builder.ts';
import { listArgs, listOpportunities } from './listing.ts';
import { Opportunity, OpportunityConnection } from './opportunity-type.ts';

builder.prismaObjectField('Member', 'opportunities', (t) =>
  t.connection(
    {
      type: Opportunity,
      description:
        'The opportunities that the member owns, as far as the caller may see them; the newest first unless ordered otherwise.',
      args: listArgs,
      resolve: (member, args, ctx, info) =>
        listOpportunities(ctx, info, args, {
          model: 'Member',
          id: member.id,
          relation: 'opportunities',
        }),
    },
    OpportunityConnection,
  ),
);
