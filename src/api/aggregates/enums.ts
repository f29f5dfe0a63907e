import type { InputRef } from '@pothos/core';
import type { Dataset } from '../../aggregates/dataset.ts';
import { builder } from '../builder.ts';
import { described } from '../described.ts';
import { SortDirection } from '../sort-direction.ts';
import { measureNames } from './plan.ts';
import { TimeGrain } from './shared-types.ts';

/** The names that a dataset brings into the schema. */
export function aggregateEnums(dataset: Dataset, plural: string) {
  const { name, times, keys, decimals, distinct } = dataset;
  const descriptionsOf = (all: Readonly<Record<string, { description: string }>>) =>
    Object.fromEntries(Object.entries(all).map(([one, { description }]) => [one, description]));
  return {
    times: builder.enumType(`${name}Time`, {
      description: `What a period of ${plural} can be about.`,
      values: described(descriptionsOf(times)),
    }),
    keys: builder.enumType(`${name}GroupByField`, {
      description: `What ${plural} can be grouped by.`,
      values: described({ ...descriptionsOf(keys), ...descriptionsOf(times) }),
    }),
    distinctFields: builder.enumType(`${name}DistinctField`, {
      description: `What of ${plural} can be counted once each.`,
      values: described(descriptionsOf(distinct)),
    }),
    measures: builder.enumType(`${name}Measure`, {
      description: `The figures of ${plural} that \`having\`, \`orderBy\`, \`share\`, \`running\` and \`rank\` can be about.`,
      values: described(
        Object.fromEntries(measureNames(dataset).map((one) => [one, measureText(one, decimals)])),
      ),
    }),
  };
}

export type AggregateEnums = ReturnType<typeof aggregateEnums>;

function measureText(name: string, decimals: Dataset['decimals']): string {
  if (name === 'COUNT') return '`count`.';
  if (name === 'RATIO') return '`ratio`: of `where` to `to`.';
  if (name.startsWith('DISTINCT_')) return `\`distinct(field: ${name.slice(9)})\`.`;
  const field = Object.keys(decimals).find((one) => name.startsWith(`${one}_`)) ?? '';
  const kind = name.slice(field.length + 1).toLowerCase();
  return `\`${decimals[field]?.field} { ${kind} }\`${kind === 'percentile' ? ', with `p`' : ''}.`;
}

/** The inputs of a question about a dataset. */
export function aggregateInputs(
  { name }: Dataset,
  plural: string,
  filter: InputRef<unknown>,
  enums: AggregateEnums,
) {
  const measures = enums.measures;
  const groupBy = builder.inputType(`${name}GroupBy`, {
    description: 'A key that groups are made by.',
    fields: (t) => ({
      field: t.field({ type: enums.keys, required: true, description: 'By what.' }),
      by: t.field({ type: TimeGrain, description: 'Of a time, and only of one: into which runs.' }),
      bands: t.field({
        type: ['Decimal'],
        description:
          'Of a number, and only of one: where each band but the lowest begins, ascending; at most 50.',
      }),
    }),
  });
  const having = builder.inputType(`${name}Having`, {
    description: 'A condition on a figure of a group: all bounds that are given must hold.',
    fields: (t) => ({
      measure: t.field({ type: measures, required: true, description: 'Which figure.' }),
      where: t.field({ type: filter, description: `Its filter: of which ${plural}.` }),
      to: t.field({ type: filter, description: 'Of a ratio: what is counted below the line.' }),
      p: t.float({ description: 'Of a percentile: which part, 0 to 1.' }),
      gt: t.field({ type: 'Decimal', description: 'Above this.' }),
      gte: t.field({ type: 'Decimal', description: 'At least this.' }),
      lt: t.field({ type: 'Decimal', description: 'Below this.' }),
      lte: t.field({ type: 'Decimal', description: 'At most this.' }),
    }),
  });
  const order = builder.inputType(`${name}AggregateOrder`, {
    description: 'One step of an order of groups: by a figure or by a key. The unknown is last.',
    fields: (t) => ({
      measure: t.field({ type: measures, description: 'By which figure.' }),
      where: t.field({ type: filter, description: `Its filter: of which ${plural}.` }),
      to: t.field({ type: filter, description: 'Of a ratio: what is counted below the line.' }),
      p: t.float({ description: 'Of a percentile: which part, 0 to 1.' }),
      key: t.field({ type: enums.keys, description: 'By which key: records by their names.' }),
      direction: t.field({ type: SortDirection, required: true, description: 'Which end first.' }),
    }),
  });
  return { groupBy, having, order };
}

export type AggregateInputs = ReturnType<typeof aggregateInputs>;
