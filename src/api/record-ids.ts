import SchemaBuilder, {
  BasePlugin,
  InputFieldBuilder,
  type InputFieldsMapping,
  type InputOrArgRef,
  mapInputFields,
  type PothosOutputFieldConfig,
  type SchemaTypes,
} from '@pothos/core';
import type { GraphQLFieldResolver } from 'graphql';
import { InvalidInput } from '../database/errors.ts';
import { decodeGlobalId } from './global-ids.ts';

const pluginName = 'recordIds';

export interface RecordRef {
  type: string;
  id: string;
}

interface RecordIdOptions<Required extends boolean> {
  /** The type names whose ids are taken; another type's id is InvalidInput, naming the path. */
  for: string;
  description: string;
  required?: Required;
}

interface RecordRefOptions<Required extends boolean>
  extends Omit<RecordIdOptions<Required>, 'for'> {
  for: readonly string[];
}

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      recordIds: RecordIdsPlugin<Types>;
    }

    export interface InputFieldBuilder<
      Types extends SchemaTypes,
      Kind extends 'Arg' | 'InputObject',
    > {
      /** A global id of one type; the resolver gets the plain uuid. */
      recordId: <Req extends boolean = false>(
        options: RecordIdOptions<Req>,
      ) => InputOrArgRef<Types, Req extends true ? string : string | null | undefined, Kind>;
      /** At most `limit` (100) global ids of one type; the resolver gets plain uuids. */
      recordIdList: <Req extends boolean = false>(
        options: RecordIdOptions<Req>,
      ) => InputOrArgRef<Types, Req extends true ? string[] : string[] | null | undefined, Kind>;
      /** A global id of one of several types; the resolver gets `{ type, id }`. */
      recordRef: <Req extends boolean = false>(
        options: RecordRefOptions<Req>,
      ) => InputOrArgRef<Types, Req extends true ? RecordRef : RecordRef | null | undefined, Kind>;
    }
  }
}

type DefaultSchemaTypes = PothosSchemaTypes.ExtendDefaultTypes<Record<never, never>>;
const builderPrototype = InputFieldBuilder.prototype as PothosSchemaTypes.InputFieldBuilder<
  DefaultSchemaTypes,
  'Arg' | 'InputObject'
>;

interface Wanted {
  types: readonly string[];
  withType: boolean;
}

builderPrototype.recordId = function recordId({ for: type, ...options }) {
  const wanted: Wanted = { types: [type], withType: false };
  return this.id({ ...options, extensions: { recordIds: wanted } }) as never;
};

builderPrototype.recordIdList = function recordIdList({ for: type, ...options }) {
  const wanted: Wanted = { types: [type], withType: false };
  return this.idList({ ...options, extensions: { recordIds: wanted } } as never) as never;
};

builderPrototype.recordRef = function recordRef({ for: types, ...options }) {
  const wanted: Wanted = { types, withType: true };
  return this.id({ ...options, extensions: { recordIds: wanted } }) as never;
};

const LIST_LIMIT = 100;

function decode(value: unknown, { types, withType }: Wanted, path: string[]): unknown {
  if (value === null || value === undefined) return value;
  if (Array.isArray(value)) {
    if (value.length > LIST_LIMIT) {
      throw new InvalidInput(`At most ${LIST_LIMIT} ids at a time; ${value.length} came.`, {
        path,
      });
    }
    return value.map((item, index) => decode(item, { types, withType }, [...path, String(index)]));
  }
  const decoded = decodeGlobalId(String(value));
  if (!decoded) {
    throw new InvalidInput(`"${String(value).slice(0, 60)}" is not an id of this server.`, {
      path,
    });
  }
  if (!types.includes(decoded.typename)) {
    throw new InvalidInput(
      `This id is a ${decoded.typename}'s; it must be a ${types.join("'s or a ")}'s.`,
      { path },
    );
  }
  return withType ? { type: decoded.typename, id: decoded.id } : decoded.id;
}

function decodeAll<Types extends SchemaTypes>(
  values: Record<string, unknown>,
  mapping: InputFieldsMapping<Types, Wanted>,
  path: string[],
): Record<string, unknown> {
  const decoded = { ...values };
  for (const [name, field] of mapping) {
    const value = values[name];
    if (value === null || value === undefined) continue;
    const here = [...path, name];
    if (field.kind !== 'InputObject') {
      decoded[name] = decode(value, field.value, here);
    } else if (field.fields.map) {
      const { map } = field.fields;
      const one = (item: unknown, at: string[]) =>
        item === null ? null : decodeAll(item as Record<string, unknown>, map, at);
      decoded[name] = Array.isArray(value)
        ? value.map((item, index) => one(item, [...here, String(index)]))
        : one(value, here);
    }
  }
  return decoded;
}

type Decode = (args: Record<string, unknown>) => Record<string, unknown>;

const decoders = new Map<string, Decode>();

/**
 * The arguments of a field as its resolver gets them, for a field above it that reads the selection.
 * Throws InvalidInput as the field itself would.
 */
export const decodeArguments = (
  parent: string,
  field: string,
  args: Record<string, unknown>,
): Record<string, unknown> => decoders.get(`${parent}.${field}`)?.(args) ?? args;

/**
 * Decodes global ids inside the resolver, after authorisation and inside the error union: a wrong or
 * unreadable id is the named error InvalidInput, never "any record" and never a masked failure.
 */
export class RecordIdsPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolve: GraphQLFieldResolver<unknown, Types['Context'], object>,
    fieldConfig: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    return this.#wrap(resolve, fieldConfig);
  }

  override wrapSubscribe(
    subscribe: GraphQLFieldResolver<unknown, Types['Context'], object> | undefined,
    fieldConfig: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> | undefined {
    return subscribe && this.#wrap(subscribe, fieldConfig);
  }

  #wrap(
    resolve: GraphQLFieldResolver<unknown, Types['Context'], object>,
    fieldConfig: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    const mapping = mapInputFields(
      fieldConfig.args,
      this.buildCache,
      (field) => (field.extensions?.recordIds as Wanted | undefined) ?? null,
    );
    if (!mapping) return resolve;
    const { parentType, name } = fieldConfig;
    decoders.set(`${parentType}.${name}`, (args) => decodeAll(args, mapping, []));
    return (source, args, context, info) =>
      resolve(source, decodeAll(args as Record<string, unknown>, mapping, []), context, info);
  }
}

SchemaBuilder.registerPlugin(pluginName, RecordIdsPlugin);
