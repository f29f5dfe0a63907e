import { aggregateField } from '../../../api/aggregates/field.ts';
import { builder } from '../../../api/builder.ts';
import { memberOf } from '../../../api/context.ts';
import { rowScope } from '../../../database/row-scope.ts';
import type { MemberViewer } from '../../../database/viewer.ts';
import { Member, Team } from '../../people/graphql/types.ts';
import { compiledFilter, compiledSearch } from '../aggregate-store.ts';
import { activityDataset, customerDataset } from '../dataset.ts';
import { checkFilter, type CustomerFilter as Filter } from '../list.ts';
import { searchTerms } from '../search-text.ts';
import { ActivityKind, CustomerKind, Grade, LifecycleStage } from './enums.ts';
import { CustomerFilter } from './inputs.ts';
import { Activity, ActivityConnection, Customer, CustomerConnection } from './types.ts';

const CUSTOMER = { CUSTOMER_KIND: CustomerKind, GRADE: Grade, LIFECYCLE: LifecycleStage };

aggregateField({
  dataset: customerDataset,
  field: 'customerAggregate',
  plural: 'customers',
  description:
    'Any question about the customers that the caller may see: grouped, in runs of time, compared, ranked, with a filter for each figure.',
  periodOf: 'CREATED_AT',
  whereText: 'all live ones.',
  filter: CustomerFilter as never,
  shows: { ...CUSTOMER, OWNER: Member, PARENT: Customer } as never,
  team: Team as never,
  node: Customer as never,
  connection: CustomerConnection,
  resolveFilter: async (ctx, filter) => ({
    compiled: compiledFilter(memberOf(ctx), checkFilter((filter ?? {}) as Filter)),
  }),
  search: {
    description: 'What the search of `customers` finds with this.',
    resolve: (ctx, text) => ({
      compiled: compiledSearch(memberOf(ctx).organizationId, searchTerms(text)),
    }),
  },
});

const ActivityKindCondition = builder.inputType('ActivityKindCondition', {
  description: 'A condition on the kind of an activity.',
  fields: (t) => ({
    in: t.field({ type: [ActivityKind], required: true, description: 'One of these.' }),
  }),
});

const idCondition = (type: string, description: string) =>
  builder.inputType(`Activity${type}Condition`, {
    description,
    fields: (t) => ({
      in: t.recordIdList({ for: type, required: true, description: 'One of these; at most 100.' }),
    }),
  });

const ActivityTimeCondition = builder.inputType('ActivityTimeCondition', {
  description: 'A time between two moments.',
  fields: (t) => ({
    from: t.field({ type: 'DateTime', description: 'From this moment on.' }),
    until: t.field({ type: 'DateTime', description: 'Before this moment.' }),
  }),
});

const ActivityFilter = builder.inputType('ActivityFilter', {
  description: 'Which activities: those that meet everything given.',
  fields: (t) => ({
    kind: t.field({ type: ActivityKindCondition, description: 'How.' }),
    author: t.field({ type: idCondition('Member', 'Which members.'), description: 'Who.' }),
    customer: t.field({
      type: idCondition('Customer', 'Which customers that the caller may see.'),
      description: 'About which customers.',
    }),
    happenedAt: t.field({ type: ActivityTimeCondition, description: 'When.' }),
  }),
});

aggregateField({
  dataset: activityDataset,
  field: 'activityAggregate',
  plural: 'activities',
  description:
    'Any question about what was done about customers, as far as the caller may see it: about customers in the data scope, or by members in it. Wrong entries count nowhere.',
  periodOf: 'HAPPENED_AT',
  whereText: 'all of them.',
  filter: ActivityFilter as never,
  shows: { ...CUSTOMER, KIND: ActivityKind, AUTHOR: Member, CUSTOMER: Customer } as never,
  team: Team as never,
  node: Activity as never,
  connection: ActivityConnection,
  resolveFilter: async (ctx, filter) => ({
    where: activityWhere(memberOf(ctx), (filter ?? {}) as typeof ActivityFilter.$inferInput),
  }),
});

/** A customer out of sight is none to filter by. */
function activityWhere(
  viewer: MemberViewer,
  { kind, author, customer, happenedAt }: typeof ActivityFilter.$inferInput,
) {
  const seen = rowScope('Customer')(viewer);
  return {
    AND: [
      { retractedAt: null },
      ...(kind ? [{ kind: { in: kind.in } }] : []),
      ...(author ? [{ authorId: { in: author.in } }] : []),
      ...(customer ? [{ customerId: { in: customer.in }, ...(seen && { customer: seen }) }] : []),
      ...(happenedAt?.from ? [{ happenedAt: { gte: happenedAt.from } }] : []),
      ...(happenedAt?.until ? [{ happenedAt: { lt: happenedAt.until } }] : []),
    ],
  };
}
