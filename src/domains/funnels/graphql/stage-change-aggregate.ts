import { aggregateField } from '../../../api/aggregates/field.ts';
import { builder } from '../../../api/builder.ts';
import { Product } from '../../catalog/graphql/types.ts';
import { CustomerKind, Grade, LifecycleStage } from '../../customers/graphql/enums.ts';
import { Customer } from '../../customers/graphql/types.ts';
import { Member, Team } from '../../people/graphql/types.ts';
import { stageChangeDataset } from '../dataset.ts';
import { prismaWhere } from '../filter.ts';
import { OpportunityStatus } from './enums.ts';
import { OpportunityFilterInput, StageFilter, StatusFilter } from './inputs.ts';
import { resolveFilter } from './listing.ts';
import { StageChange, StageChangeConnection } from './opportunity-type.ts';
import { Funnel, Stage } from './types.ts';

const StageChangeFilter = builder.inputType('StageChangeFilter', {
  description: 'Which stays in stages: all conditions that are given must hold.',
  fields: (t) => ({
    stage: t.field({ type: StageFilter, description: 'By where they stayed.' }),
    status: t.field({ type: StatusFilter, description: 'By what they were during the stay.' }),
    ended: t.boolean({ description: 'Only those that have ended (true) or last (false).' }),
    opportunity: t.field({ type: OpportunityFilterInput, description: 'By the opportunity.' }),
  }),
});

type Filter = typeof StageChangeFilter.$inferInput;

const values = (given: { in?: unknown; notIn?: unknown } | null | undefined) => [
  ...(given?.in ? [{ in: given.in }] : []),
  ...(given?.notIn ? [{ notIn: given.notIn }] : []),
];

aggregateField({
  dataset: stageChangeDataset,
  field: 'stageChangeAggregate',
  plural: 'stays in stages',
  description:
    'Any question about the stays of opportunities in stages, of those opportunities that the caller may see. Those of opportunities archived as a mistake count nowhere.',
  periodOf: 'ENTERED_AT',
  whereText: 'all of them.',
  filter: StageChangeFilter as never,
  shows: {
    STAGE: Stage,
    STATUS: OpportunityStatus,
    FUNNEL: Funnel,
    OWNER: Member,
    MOVED_BY: Member,
    PRODUCT: Product,
    CUSTOMER: Customer,
    CUSTOMER_KIND: CustomerKind,
    GRADE: Grade,
    LIFECYCLE: LifecycleStage,
  } as never,
  team: Team as never,
  node: StageChange as never,
  connection: StageChangeConnection,
  resolveFilter: async (ctx, filter) => {
    const { stage, status, ended, opportunity } = (filter ?? {}) as Filter;
    const conditions = await resolveFilter(ctx, opportunity, 'COUNTED');
    const isEnded = typeof ended === 'boolean';
    return {
      where: {
        AND: [
          ...values(stage).map((stageId) => ({ stageId })),
          ...values(status).map((one) => ({ status: one })),
          ...(isEnded ? [ended ? { NOT: { until: null } } : { until: null }] : []),
          { opportunity: prismaWhere(conditions) },
        ],
      },
    };
  },
});
