import type { Dataset, KeyDefinition } from '../../aggregates/dataset.ts';
import { builder, type Types } from '../builder.ts';
import type { Context } from '../context.ts';
import type { RowOptions } from './row-types.ts';
import { NumberBand, TimeBucket, TimeGrain } from './shared-types.ts';
import { bandView, bucketView, type RowView } from './view.ts';

type Fields = PothosSchemaTypes.ObjectFieldBuilder<Types, RowView>;

/** `OWNER_TEAM` is the field `ownerTeam`. */
export const camelCase = (name: string): string =>
  name.toLowerCase().replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** The typed key of a group: records as themselves, times as buckets. */
export function keyType(options: RowOptions) {
  const { dataset } = options;
  return builder.objectRef<RowView>(`${dataset.name}GroupKey`).implement({
    description:
      'What the records of a group have in common: null for a key that is unknown, and for what the row is not grouped by.',
    fields: (t) => ({ ...valueKeys(t, options), ...timeKeys(t, dataset) }),
  });
}

function valueKeys(t: Fields, options: RowOptions) {
  return Object.fromEntries(
    Object.entries(options.dataset.keys).map(([name, definition]) => [
      camelCase(name),
      valueKey(t, options, name, definition),
    ]),
  );
}

function valueKey(t: Fields, { shows, team }: RowOptions, name: string, key: KeyDefinition) {
  const common = { nullable: true as const, description: key.description };
  const textOf = (view: RowView): string | null => view.row.keys[indexOfField(view, name)] ?? null;
  if (key.kind === 'number') {
    return t.field({
      ...common,
      type: NumberBand,
      resolve: (view) => bandView(view, indexOfField(view, name)),
    });
  }
  const model = key.kind === 'team' ? 'Team' : 'model' in key ? key.model : null;
  const type = key.kind === 'team' ? team : (shows[name] ?? 'String');
  const resolve = model
    ? (view: RowView, _args: unknown, ctx: Context) => ctx.load(model as 'Team', textOf(view))
    : textOf;
  return t.field({ ...common, type, resolve } as never);
}

/** Where a key stands in the question; -1 for one that the row is not grouped by. */
function indexOfField({ row, of }: RowView, name: string, by?: string | null): number {
  const index = of.answer.question.keys.findIndex(
    (key) => key.field === name && (!by || key.by === by),
  );
  return index < (row.level ?? 0) ? index : -1;
}

function timeKeys(t: Fields, { times }: Dataset) {
  return Object.fromEntries(
    Object.entries(times).map(([name, { description }]) => [
      camelCase(name),
      t.field({
        type: TimeBucket,
        nullable: true,
        description,
        args: {
          by: t.arg({
            type: TimeGrain,
            description: 'Which, where it is grouped by in several ways. Default: the first.',
          }),
        },
        resolve: (view, { by }) => bucketView(view, indexOfField(view, name, by)),
      }),
    ]),
  );
}
