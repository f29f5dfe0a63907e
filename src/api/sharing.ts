import SchemaBuilder, {
  BasePlugin,
  type FieldNullability,
  type InputFieldMap,
  type PothosOutputFieldConfig,
  type SchemaTypes,
  type TypeParam,
} from '@pothos/core';
import type { LoggedEvent } from '../events/logged-event.ts';
import type { Beginning, GroupReset } from '../live/groups/plan.ts';
import type { Context } from './context.ts';

const pluginName = 'sharing';

/** The arguments as GraphQL has them: global ids are not decoded. */
export type SharedArgs = Readonly<Record<string, unknown>>;

/**
 * How a subscription to a state is computed once for all who ask the same and may see the same. The field's own
 * `subscribe` then runs with a context that stands for all of them (`isGroup`) and without the argument `apart`: its
 * values are for whoever gives the same arguments, and only the resolvers may depend on more of who asks.
 */
export interface Sharing<Value, Subject = unknown, Place = unknown> {
  /** The argument that says where one subscriber stands, such as `since`; a text. */
  apart: string;
  /** Where one subscriber stands, JSON, by what it gave as `apart`. Throws what is told to the client. */
  place(apart: string, ctx: Context): Place;
  /** What `authorize` needs to know, by its state of now: read once for all who ask the same. Throws as it does. */
  subject(args: SharedArgs, ctx: Context): Promise<Subject>;
  /**
   * Authorises one subscriber by its rights of now, at the start and whenever they may have changed: throws what ends
   * its stream. Returns which conditions of `dependsOn` hold for it; one that is not named holds.
   */
  authorize(
    subject: Subject,
    args: SharedArgs,
    ctx: Context,
  ): Promise<Readonly<Record<string, boolean>>>;
  /** Whether an event may change what `authorize` says, beside those of members, teams and tokens. */
  concerns(event: LoggedEvent, args: SharedArgs): boolean;
  /** The same state for one who does not know the one before. */
  reset(value: Value, reason: GroupReset): Value;
  /** The group's present state for those who resume from a place; runs with the group's context. */
  begin(value: Value, place: Place, args: SharedArgs, ctx: Context): Promise<Beginning<Value>>;
}

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      sharing: SharingPlugin<Types>;
    }

    export interface SubscriptionFieldOptions<
      Types extends SchemaTypes,
      Type extends TypeParam<Types>,
      Nullable extends FieldNullability<Type>,
      Args extends InputFieldMap,
      ResolveShape,
      ResolveReturnShape,
    > {
      /** Makes groups of subscribers; without it each has a stream of its own. */
      sharing?: Sharing<ResolveShape>;
    }
  }
}

/** Keeps `sharing` in the extensions of the field, for the server to find. */
export class SharingPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(fieldConfig: PothosOutputFieldConfig<Types>) {
    const { sharing } = fieldConfig.pothosOptions as { sharing?: Sharing<unknown> };
    if (!sharing) return fieldConfig;
    return { ...fieldConfig, extensions: { ...fieldConfig.extensions, sharing } };
  }
}

SchemaBuilder.registerPlugin(pluginName, SharingPlugin);

export const sharingOf = (extensions: Readonly<Record<string, unknown>>): Sharing<unknown> | null =>
  (extensions.sharing as Sharing<unknown> | undefined) ?? null;
