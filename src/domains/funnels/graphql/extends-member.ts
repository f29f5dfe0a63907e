import { builder } from '../../../api/builder.ts';
import { listArgs, opportunitiesBelow } from './listing.ts';
import { Opportunity, OpportunityConnection } from './opportunity-type.ts';

builder.prismaObjectField('Member', 'opportunities', (t) =>
  t.connection(
    {
      type: Opportunity,
      description:
        'The opportunities that the member owns, as far as the caller may see them; the newest first unless ordered otherwise.',
      args: listArgs,
      ...opportunitiesBelow('Member'),
    },
    OpportunityConnection,
  ),
);
