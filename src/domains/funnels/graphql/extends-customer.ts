import { builder } from '../../../api/builder.ts';
import '../../customers/graphql/types.ts';
import { listArgs, opportunitiesBelow } from './listing.ts';
import { Opportunity, OpportunityConnection } from './opportunity-type.ts';

builder.prismaObjectField('Customer', 'opportunities', (t) =>
  t.connection(
    {
      type: Opportunity,
      description:
        'The opportunities with the customer, as far as the caller may see them; the newest first unless ordered otherwise.',
      args: listArgs,
      ...opportunitiesBelow('Customer'),
    },
    OpportunityConnection,
  ),
);

builder.prismaObjectFields('Opportunity', (t) => ({
  customer: t.relation('customer', {
    nullable: true,
    description: 'Who may buy; null while unknown, and where the caller may not see the customer.',
  }),
}));
