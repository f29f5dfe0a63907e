import SchemaBuilder, {
  BasePlugin,
  type PothosOutputFieldConfig,
  PothosSchemaError,
  type SchemaTypes,
} from '@pothos/core';
import {
  DirectiveLocation,
  GraphQLDirective,
  GraphQLEnumType,
  GraphQLList,
  GraphQLNonNull,
} from 'graphql';
import { AUTH_SCOPES } from './unauthorized.ts';

const pluginName = 'authDirectives';

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      authDirectives: AuthDirectivesPlugin<Types>;
    }
  }
}

/** Printed where a root field leaves the default rights of its root type without naming others. */
const ANYONE = 'ANYONE';
/** Printed where a function decides, record by record; the description says how. */
const RECORD = 'RECORD';

const authScopeEnum = new GraphQLEnumType({
  name: 'AuthScope',
  description: 'What a caller must be or hold. Rights on a single record come on top of it.',
  values: {
    ...Object.fromEntries(
      Object.entries(AUTH_SCOPES).map(([name, { description }]) => [
        name.toUpperCase(),
        { description },
      ]),
    ),
    [ANYONE]: { description: 'Everyone, also without a sign-in.' },
    [RECORD]: { description: 'Decided for each record; the description of the field says how.' },
  },
});

export const authDirective = new GraphQLDirective({
  name: 'auth',
  description:
    'Who may use the field or type: all of what is listed must hold. Without it the rights of the type around it are enough.',
  locations: [DirectiveLocation.OBJECT, DirectiveLocation.FIELD_DEFINITION],
  args: {
    requires: {
      description: 'Every scope that must hold.',
      type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(authScopeEnum))),
    },
  },
});

/** The printed scopes of one `authScopes` option; only plain scopes have a faithful print. */
function scopeNames(scopes: unknown, where: string): string[] {
  if (typeof scopes === 'function') return [RECORD];
  if (typeof scopes !== 'object' || scopes === null) return [];
  return Object.entries(scopes).flatMap(([name, wanted]) => {
    if (name in AUTH_SCOPES) return wanted === true ? [name.toUpperCase()] : [];
    throw new PothosSchemaError(
      `${where} has the scope "${name}", which @auth cannot print: add a named scope to src/api/unauthorized.ts.`,
    );
  });
}

/** Keeps the scopes of every field and type in its extensions, for `print.ts` to write as `@auth`. */
export class AuthDirectivesPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(fieldConfig: PothosOutputFieldConfig<Types>) {
    const parent = this.buildCache.getTypeConfig(fieldConfig.parentType);
    const where = `${parent.name}.${fieldConfig.name}`;
    const options = fieldConfig.pothosOptions as {
      authScopes?: unknown;
      skipTypeScopes?: boolean;
    };
    const own = scopeNames(options.authScopes, where);
    const isRoot =
      parent.kind === 'Query' || parent.kind === 'Mutation' || parent.kind === 'Subscription';
    const inherited =
      isRoot && !options.skipTypeScopes
        ? scopeNames((parent.pothosOptions as { authScopes?: unknown }).authScopes, parent.name)
        : [];
    const requires = [...new Set([...inherited, ...own])];
    if (isRoot && requires.length === 0) requires.push(ANYONE);
    if (requires.length === 0) return fieldConfig;
    return { ...fieldConfig, extensions: { ...fieldConfig.extensions, auth: requires } };
  }

  override onTypeConfig(
    typeConfig: Parameters<BasePlugin<Types>['onTypeConfig']>[0],
  ): ReturnType<BasePlugin<Types>['onTypeConfig']> {
    if (typeConfig.kind !== 'Object') return typeConfig;
    const options = typeConfig.pothosOptions as { authScopes?: unknown };
    const requires = scopeNames(options.authScopes, typeConfig.name);
    if (requires.length === 0) return typeConfig;
    return { ...typeConfig, extensions: { ...typeConfig.extensions, auth: requires } };
  }
}

SchemaBuilder.registerPlugin(pluginName, AuthDirectivesPlugin);
