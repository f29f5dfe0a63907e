import '../scope.ts';
import '../standard-metrics.ts';
import DataLoader from 'dataloader';
import { builder } from '../../../api/builder.ts';
import { type Context, viewerOf } from '../../../api/context.ts';
import type { MetricDefinition } from '../../../metrics/definition.ts';
import { scoringEvents } from '../../../metrics/scoring-events.ts';
import { readVersions, type VersionState } from '../../../metrics/store.ts';
import { MetricState } from './enums.ts';

const MetricCondition = builder.simpleObject('MetricCondition', {
  description: 'One comparison of a field of the event; all of a metric’s conditions must hold.',
  fields: (t) => ({
    field: t.string({ description: 'Name of the field.' }),
    in: t.stringList({ nullable: true, description: 'One of these.' }),
    notIn: t.stringList({ nullable: true, description: 'None of these.' }),
    gte: t.field({ type: 'Decimal', nullable: true, description: 'At least this.' }),
    lte: t.field({ type: 'Decimal', nullable: true, description: 'At most this.' }),
  }),
});

const MetricDefinitionType = builder.objectRef<MetricDefinition>('MetricDefinition').implement({
  description:
    'Which event scores, under which conditions, what it is worth, and what takes it back.',
  fields: (t) => ({
    event: t.exposeString('event', { description: 'The event that scores.' }),
    conditions: t.field({
      type: [MetricCondition],
      description: 'All of them must hold.',
      resolve: ({ conditions }) => conditions,
    }),
    valueField: t.string({
      nullable: true,
      description: 'The field of the event that is summed; null counts events.',
      resolve: ({ value }) => (value === 'COUNT' ? null : value.field),
    }),
    reversedBy: t.exposeStringList('reversedBy', {
      description: 'Events that take the score back.',
    }),
    restatedBy: t.exposeStringList('restatedBy', {
      description: 'Events that change it: the difference counts at the moment of the original.',
    }),
  }),
});

const loaders = new WeakMap<Context, DataLoader<string, VersionState | null>>();

/** The newest version that counts or is being built: for all metrics of an answer in one statement. */
function newestVersion(ctx: Context, metricId: string): Promise<VersionState | null> {
  const { organizationId } = viewerOf(ctx);
  const loader =
    loaders.get(ctx) ??
    new DataLoader<string, VersionState | null>(async (ids) => {
      const versions = await readVersions(ctx.db.pool, organizationId, ids);
      return ids.map((id) => versions.find((version) => version.metricId === id) ?? null);
    });
  loaders.set(ctx, loader);
  return loader.load(metricId);
}

export const Metric = builder.prismaNode('Metric', {
  description: 'What is counted or summed for scores: data, defined by an administrator.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  select: { id: true, retiredAt: true },
  fields: (t) => ({
    version: t.exposeInt('version', {
      description: 'Grows by one with every change; give it as expectedVersion.',
    }),
    key: t.exposeString('key', {
      description: 'Short name, unique in the organization: won-amount.',
    }),
    name: t.exposeString('name', { description: 'At most 200 characters.' }),
    description: t.exposeString('description', { nullable: true, description: 'What it is for.' }),
    state: t.field({
      type: MetricState,
      description: 'Whether it counts.',
      resolve: async (metric, _args, ctx) => {
        if (metric.retiredAt) return 'RETIRED';
        const newest = await newestVersion(ctx, metric.id);
        return newest?.state ?? 'BUILDING';
      },
    }),
    definition: t.field({
      type: MetricDefinitionType,
      description: 'The newest definition.',
      resolve: async (metric, _args, ctx) => {
        const newest = await newestVersion(ctx, metric.id);
        if (!newest) throw new Error(`metric ${metric.id} has no version`);
        return newest.definition;
      },
    }),
  }),
});

builder.queryField('metrics', (t) =>
  t.prismaField({
    type: ['Metric'],
    description: 'All metrics of the organization by key, the retired ones last. At most 100.',
    complexity: { field: 1, multiplier: 20 },
    resolve: (query, _root, _args, ctx) =>
      ctx.reader.metric.findMany({
        ...query,
        orderBy: [{ retiredAt: { sort: 'asc', nulls: 'first' } }, { key: 'asc' }],
        take: 100,
      }),
  }),
);

const ScoringFieldType = builder.simpleObject('ScoringField', {
  description: 'A field of a scoring event.',
  fields: (t) => ({
    name: t.string({ description: 'Its name.' }),
    kind: t.string({
      description:
        'amount, number, choice, id, text or boolean. Amounts and numbers can be summed.',
    }),
    description: t.string({ description: 'What it holds.' }),
  }),
});

const ScoringEventType = builder.simpleObject('ScoringEvent', {
  description: 'An event that a metric can be made of.',
  fields: (t) => ({
    type: t.string({ description: 'Its type: opportunity.won.' }),
    description: t.string({ description: 'What happened.' }),
    fields: t.field({
      type: [ScoringFieldType],
      description: 'What conditions and values may read.',
    }),
    reversedBy: t.stringList({ description: 'Events that take the score back.' }),
    restatedBy: t.stringList({ description: 'Events that change it.' }),
  }),
});

builder.queryField('scoringEvents', (t) =>
  t.field({
    type: [ScoringEventType],
    description: 'The events that metrics can be made of, with their fields.',
    resolve: () =>
      [...scoringEvents().values()].map((event) => ({
        type: event.type,
        description: event.description,
        reversedBy: [...event.reversedBy],
        restatedBy: [...event.restatedBy],
        fields: Object.entries(event.fields).map(([name, field]) => ({ name, ...field })),
      })),
  }),
);
