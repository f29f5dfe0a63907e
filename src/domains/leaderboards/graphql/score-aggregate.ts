import '../scope.ts';
import { aggregateField } from '../../../api/aggregates/field.ts';
import { builder } from '../../../api/builder.ts';
import { Member, Team } from '../../people/graphql/types.ts';
import { scoreDataset } from '../dataset.ts';
import { Metric } from './metric.ts';

const idCondition = (type: string) =>
  builder.inputType(`Score${type}Condition`, {
    description: `Which ${type.toLowerCase()}s, by id.`,
    fields: (t) => ({
      in: t.recordIdList({ for: type, required: true, description: 'One of these; at most 100.' }),
    }),
  });

const ScoreFilter = builder.inputType('ScoreFilter', {
  description: 'Which entries of the ledger: those that meet everything given.',
  fields: (t) => ({
    metric: t.field({ type: idCondition('Metric'), description: 'What was measured.' }),
    member: t.field({ type: idCondition('Member'), description: 'Whose scores.' }),
    reversal: t.boolean({
      description: 'Only what takes back another entry (true), or not (false).',
    }),
  }),
});

type Filter = typeof ScoreFilter.$inferInput;

const whereOf = ({ metric, member, reversal }: Filter) => ({
  AND: [
    { metricVersion: { state: 'ACTIVE' } },
    ...(metric ? [{ metricVersion: { metricId: { in: metric.in } } }] : []),
    ...(member ? [{ memberId: { in: member.in } }] : []),
    ...(reversal === true ? [{ NOT: { reversesPosition: null } }] : []),
    ...(reversal === false ? [{ reversesPosition: null }] : []),
  ],
});

aggregateField({
  dataset: scoreDataset,
  field: 'scoreAggregate',
  plural: 'entries of the score ledger',
  description:
    'Any question about scores of members whom the data scope of the caller covers, by the present definitions of the metrics. Leaderboards rank the same entries, of everybody who competes.',
  periodOf: 'COUNTS_AT',
  recordedAt: 'recordedAt',
  whereText: 'all of them.',
  filter: ScoreFilter as never,
  shows: { METRIC: Metric, MEMBER: Member } as never,
  team: Team as never,
  resolveFilter: async (_ctx, filter) => ({ where: whereOf((filter ?? {}) as Filter) }),
});
