import { aggregateField } from '../../../api/aggregates/field.ts';
import { Product } from '../../catalog/graphql/types.ts';
import { CustomerKind, Grade, LifecycleStage } from '../../customers/graphql/enums.ts';
import { Customer } from '../../customers/graphql/types.ts';
import { Member, Team } from '../../people/graphql/types.ts';
import { opportunityDataset } from '../dataset.ts';
import { prismaWhere } from '../filter.ts';
import { OpportunityStatus } from './enums.ts';
import { OpportunityFilterInput } from './inputs.ts';
import { resolveFilter, SEARCH, searchWhere } from './listing.ts';
import { Opportunity, OpportunityConnection } from './opportunity-type.ts';
import { Funnel, Stage } from './types.ts';

aggregateField({
  dataset: opportunityDataset,
  field: 'opportunityAggregate',
  plural: 'opportunities',
  description:
    'Any question about the opportunities that the caller may see: grouped, in runs of time, compared, ranked, with a filter for each figure. Those archived as a mistake count nowhere.',
  periodOf: 'CLOSED_AT',
  whereText: 'all of them, archived ones too.',
  filter: OpportunityFilterInput as never,
  shows: {
    STATUS: OpportunityStatus,
    FUNNEL: Funnel,
    STAGE: Stage,
    OWNER: Member,
    CREDITED_TO: Member,
    CUSTOMER: Customer,
    CUSTOMER_KIND: CustomerKind,
    GRADE: Grade,
    LIFECYCLE: LifecycleStage,
    PRODUCT: Product,
  } as never,
  team: Team as never,
  node: Opportunity as never,
  connection: OpportunityConnection,
  resolveFilter: async (ctx, filter) => ({
    where: prismaWhere(await resolveFilter(ctx, filter as never, 'COUNTED')),
  }),
  search: { description: SEARCH, resolve: (_ctx, text) => ({ where: searchWhere(text) }) },
});
