import { builder } from '../../../api/builder.ts';
import { connectionObject } from '../../../api/connection-object.ts';
import { PeriodType } from '../../../api/period.ts';
import { periodContaining } from '../../../calendar/periods.ts';
import { Member } from '../../people/graphql/types.ts';
import '../scope.ts';

export const Target = builder.prismaNode('Target', {
  select: { id: true },
  description:
    'What a member or a team is to reach of a metric in a period. Seen by those whose data scope covers the member, or one who belongs to the team or leads it.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  fields: (t) => ({
    version: t.exposeInt('version', {
      description: 'Grows by one with every change; give it as expectedVersion.',
    }),
    metric: t.relation('metric', { description: 'What is counted.' }),
    member: t.relation('member', {
      nullable: true,
      description: 'Whose it is; null for the target of a team.',
    }),
    team: t.relation('team', {
      nullable: true,
      description: 'Whose it is; null for the target of a member.',
    }),
    period: t.field({
      type: PeriodType,
      description: 'The whole period that it is for.',
      select: { unit: true, bucket: true },
      resolve: async ({ unit, bucket }, _args, ctx) =>
        periodContaining(await ctx.calendar(), unit, bucket.toISOString().slice(0, 10)),
    }),
    value: t.expose('value', {
      type: 'Decimal',
      description: 'How much is to be reached, at least 0, in the unit of the metric.',
    }),
    setAt: t.expose('setAt', { type: 'DateTime', description: 'When it was last set.' }),
    setBy: t.field({
      type: Member,
      nullable: true,
      description: 'Who set it last; null for what came with an import.',
      select: { setById: true },
      resolve: ({ setById }, _args, ctx) => ctx.load('Member', setById),
    }),
  }),
});

export const TargetConnection = connectionObject(Target, {
  name: 'TargetConnection',
  description: 'A page of targets.',
});
