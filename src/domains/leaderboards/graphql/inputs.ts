import { builder } from '../../../api/builder.ts';
import { MeasureKind } from './enums.ts';

export const MetricConditionInput = builder.inputType('MetricConditionInput', {
  description: 'One comparison of a field of the event; at least one of in, notIn, gte and lte.',
  fields: (t) => ({
    field: t.string({ required: true, description: 'Name of the field; see `scoringEvents`.' }),
    in: t.stringList({ description: 'One of these; at most 100.' }),
    notIn: t.stringList({ description: 'None of these; at most 100.' }),
    gte: t.field({ type: 'Decimal', description: 'At least this, of an amount or number.' }),
    lte: t.field({ type: 'Decimal', description: 'At most this, of an amount or number.' }),
  }),
});

export const MetricDefinitionInput = builder.inputType('MetricDefinitionInput', {
  description:
    'Which event scores, under which conditions, what it is worth, and what takes it back.',
  fields: (t) => ({
    event: t.string({ required: true, description: 'An event of `scoringEvents`.' }),
    conditions: t.field({
      type: [MetricConditionInput],
      description: 'All of them must hold; at most 20. Default: none.',
    }),
    valueField: t.string({ description: 'The field that is summed. Default: events are counted.' }),
    reversedBy: t.stringList({
      description:
        'Events that take the score back, of those that the event declares. Default: all of them.',
    }),
  }),
});

export const LeaderboardMeasureInput = builder.inputType('LeaderboardMeasureInput', {
  description: 'What a leaderboard adds up.',
  fields: (t) => ({
    metricId: t.recordId({
      for: 'Metric',
      required: true,
      description: 'The metric; each at most once.',
    }),
    kind: t.field({ type: MeasureKind, description: 'Default VALUE.' }),
    weight: t.field({ type: 'Decimal', description: 'Default 1. With 0 it only decides ties.' }),
  }),
});
