import SchemaBuilder, {
  BasePlugin,
  type PothosOutputFieldConfig,
  type SchemaTypes,
} from '@pothos/core';
import type { GraphQLFieldResolver } from 'graphql';
import { InvalidInput } from '../database/errors.ts';

const pluginName = 'plainText';

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      plainText: PlainTextPlugin<Types>;
    }
  }
}

type Resolver<Types extends SchemaTypes> = GraphQLFieldResolver<unknown, Types['Context'], object>;

/**
 * Refuses, in every argument and input field, what PostgreSQL's text and jsonb cannot hold: the character NUL and
 * halves of surrogate pairs. It is the named error InvalidInput with its path, inside the error union.
 */
export class PlainTextPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolve: Resolver<Types>,
    fieldConfig: PothosOutputFieldConfig<Types>,
  ): Resolver<Types> {
    return this.#wrap(resolve, fieldConfig);
  }

  override wrapSubscribe(
    subscribe: Resolver<Types> | undefined,
    fieldConfig: PothosOutputFieldConfig<Types>,
  ): Resolver<Types> | undefined {
    return subscribe && this.#wrap(subscribe, fieldConfig);
  }

  #wrap(resolve: Resolver<Types>, { args }: PothosOutputFieldConfig<Types>): Resolver<Types> {
    if (Object.keys(args).length === 0) return resolve;
    return (source, given, context, info) => {
      refuseUnstorable(given, []);
      return resolve(source, given, context, info);
    };
  }
}

const LONE_SURROGATE = /\p{Surrogate}/u;

function refuseUnstorable(value: unknown, path: readonly string[]): void {
  if (typeof value === 'string') {
    if (!value.includes('\u0000') && !LONE_SURROGATE.test(value)) return;
    throw new InvalidInput('A text has neither NUL characters nor halves of surrogate pairs.', {
      path,
    });
  }
  if (value === null || typeof value !== 'object' || value instanceof Date) return;
  for (const [key, inner] of Object.entries(value)) refuseUnstorable(inner, [...path, key]);
}

SchemaBuilder.registerPlugin(pluginName, PlainTextPlugin);
