import { z } from 'zod';
import { memberOf } from '../../../../api/context.ts';
import { mutationField } from '../../../../api/mutation.ts';
import { refuseNull } from '../../../organization/limits.ts';
import { defineMetric, retireMetric, updateMetric } from '../../metric-service.ts';
import { MetricDefinitionInput } from '../inputs.ts';

const VERSION = 'Refuse with Conflict unless the metric is at this version.';

mutationField('defineMetric', {
  description:
    'Adds a metric. Its scores are built from all that ever happened while writes go on; boards with it say BUILDING until then.',
  auth: 'admin',
  input: (t) => ({
    key: t.string({
      required: true,
      description: 'Lower-case letters, digits and hyphens, at most 60; unique.',
    }),
    name: t.string({
      required: true,
      validate: z.string().trim().min(1).max(200),
      description: 'At most 200 characters.',
    }),
    description: t.string({
      validate: z.string().max(10_000),
      description: 'What it is for; at most 10,000 characters.',
    }),
    definition: t.field({
      type: MetricDefinitionInput,
      required: true,
      description: 'What it counts.',
    }),
  }),
  resolve: ({ definition, ...input }, ctx) =>
    defineMetric(ctx.db, memberOf(ctx), { ...input, ...plain(definition) }),
  payload: (t) => ({
    metric: t.prismaField({
      type: 'Metric',
      nullable: true,
      description: 'The metric, being built.',
      resolve: (query, outcome, _args, ctx) =>
        ctx.reader.metric.findUnique({ ...query, where: { id: outcome.id } }),
    }),
  }),
});

mutationField('updateMetric', {
  description:
    'Renames a metric, or gives it a new definition, which is built beside the old one and then replaces it.',
  auth: 'admin',
  input: (t) => ({
    id: t.recordId({ for: 'Metric', required: true, description: 'The metric.' }),
    expectedVersion: t.int({ required: true, description: VERSION }),
    name: t.string({
      validate: z.string().trim().min(1).max(200),
      description: 'At most 200 characters.',
    }),
    description: t.string({
      validate: z.string().max(10_000),
      description: 'At most 10,000 characters; null clears it.',
    }),
    definition: t.field({
      type: MetricDefinitionInput,
      description: 'What it counts from now on, the past included.',
    }),
  }),
  resolve: (input, ctx) => {
    const { definition, ...given } = refuseNull(input, 'name', 'definition');
    return updateMetric(ctx.db, memberOf(ctx), {
      ...given,
      definition: definition ? plain(definition) : null,
    });
  },
  payload: (t) => ({
    metric: t.prismaField({
      type: 'Metric',
      nullable: true,
      description: 'The metric as it now is.',
      resolve: (query, outcome, _args, ctx) =>
        ctx.reader.metric.findUnique({ ...query, where: { id: outcome.id } }),
    }),
  }),
});

mutationField('retireMetric', {
  description:
    'Takes a metric out of use. Its scores and boards stay; it takes no corrections and no new boards.',
  auth: 'admin',
  input: (t) => ({
    id: t.recordId({ for: 'Metric', required: true, description: 'The metric.' }),
    expectedVersion: t.int({ description: VERSION }),
  }),
  resolve: (input, ctx) => retireMetric(ctx.db, memberOf(ctx), input),
  payload: (t) => ({
    metric: t.prismaField({
      type: 'Metric',
      nullable: true,
      description: 'The metric as it now is.',
      resolve: (query, outcome, _args, ctx) =>
        ctx.reader.metric.findUnique({ ...query, where: { id: outcome.id } }),
    }),
  }),
});

interface GivenDefinition {
  event: string;
  conditions?:
    | readonly {
        field: string;
        in?: string[] | null;
        notIn?: string[] | null;
        gte?: string | null;
        lte?: string | null;
      }[]
    | null;
  valueField?: string | null;
  reversedBy?: string[] | null;
}

/** What was not given is left out, so that definitions of equal meaning are equal. */
function plain({ event, conditions, valueField, reversedBy }: GivenDefinition) {
  return {
    event,
    valueField,
    reversedBy,
    conditions: conditions?.map((condition) => ({
      field: condition.field,
      ...(condition.in && { in: condition.in }),
      ...(condition.notIn && { notIn: condition.notIn }),
      ...(condition.gte && { gte: condition.gte }),
      ...(condition.lte && { lte: condition.lte }),
    })),
  };
}
