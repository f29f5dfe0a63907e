import { aggregateField } from '../../../api/aggregates/field.ts';
import { memberOf } from '../../../api/context.ts';
import { CustomerKind, Grade, LifecycleStage } from '../../customers/graphql/enums.ts';
import { Customer } from '../../customers/graphql/types.ts';
import { Opportunity } from '../../funnels/graphql/opportunity-type.ts';
import { Member, Team } from '../../people/graphql/types.ts';
import { taskDataset } from '../dataset.ts';
import { TaskDifficulty, TaskImportance, TaskPriority, TaskStatus } from './enums.ts';
import { whereOf } from './filter.ts';
import { TaskFilter } from './inputs.ts';
import { Task, TaskConnection } from './types.ts';

aggregateField({
  dataset: taskDataset,
  field: 'taskAggregate',
  plural: 'tasks',
  description:
    'Any question about the tasks that the caller may see: grouped, in runs of time, compared, ranked, with a filter for each figure.',
  periodOf: 'CREATED_AT',
  whereText: 'all of them.',
  filter: TaskFilter as never,
  shows: {
    STATUS: TaskStatus,
    PRIORITY: TaskPriority,
    DIFFICULTY: TaskDifficulty,
    IMPORTANCE: TaskImportance,
    ASSIGNEE: Member,
    CREATOR: Member,
    OPPORTUNITY: Opportunity,
    CUSTOMER: Customer,
    CUSTOMER_KIND: CustomerKind,
    GRADE: Grade,
    LIFECYCLE: LifecycleStage,
  } as never,
  team: Team as never,
  node: Task as never,
  connection: TaskConnection,
  resolveFilter: async (ctx, filter) => ({
    where: whereOf(filter as never, memberOf(ctx), await ctx.now()),
  }),
});
