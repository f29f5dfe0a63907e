import './auth-directives.ts';
import './identity-class.ts';
import './plain-columns.ts';
import './plain-text.ts';
import './record-ids.ts';
import './sharing.ts';
import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import DataloaderPlugin from '@pothos/plugin-dataloader';
import ErrorsPlugin from '@pothos/plugin-errors';
import PrismaPlugin from '@pothos/plugin-prisma';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import SimpleObjectsPlugin from '@pothos/plugin-simple-objects';
import ValidationPlugin from '@pothos/plugin-validation';
import type PrismaTypes from '../generated/pothos-prisma-types.ts';
import { getDatamodel } from '../generated/pothos-prisma-types.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';
import { authorization } from './builder-auth.ts';
import { relay } from './builder-relay.ts';
import type { ConnectionExtras } from './connection-types.ts';
import type { Context } from './context.ts';
import * as scalars from './scalars.ts';
import type { AuthScope } from './unauthorized.ts';
import { toInvalidInput } from './validation.ts';

/** The types behind the schema, named so that a type error reads as `PothosTypes` and not as its body. */
export interface PothosTypes {
  Context: Context;
  PrismaTypes: PrismaTypes;
  AuthScopes: Record<AuthScope, boolean>;
  DefaultAuthStrategy: 'all';
  DefaultFieldNullability: false;
  DefaultEdgesNullability: false;
  Connection: ConnectionExtras;
  Scalars: {
    ID: { Input: string; Output: string | number | bigint };
    Decimal: { Input: string; Output: string | scalars.PrintsFixed };
    DateTime: { Input: Date; Output: Date | string };
    Date: { Input: string; Output: Date | string };
    Cursor: { Input: string; Output: string };
  };
}

/** With the defaults filled in: what helpers outside this file name as `Types`. */
export type Types = PothosSchemaTypes.ExtendDefaultTypes<PothosTypes>;

/**
 * First plugin = outermost. Relay before ScopeAuth, so that auth functions get parsed ids; ScopeAuth
 * before Errors, so that a refusal stays a top-level error with a code and never becomes union data.
 */
export const builder = new SchemaBuilder<PothosTypes>({
  plugins: [
    RelayPlugin,
    ScopeAuthPlugin,
    ErrorsPlugin,
    DataloaderPlugin,
    'plainColumns',
    PrismaPlugin,
    'plainColumnsInside',
    ValidationPlugin,
    ComplexityPlugin,
    SimpleObjectsPlugin,
    'plainText',
    'recordIds',
    'authDirectives',
    'identityClass',
    'sharing',
  ],
  defaultFieldNullability: false,
  relay,
  scopeAuth: authorization,
  // Never the base class Error: it would hand every unforeseen failure to the client as data. Only
  // NamedErrors are in unions, so reading input errors into them reveals no refusal of rights.
  errors: { defaultTypes: [], directResult: true, unsafelyHandleInputErrors: true },
  prisma: {
    // Its types ask for a whole client; it uses what a reader has.
    client: (ctx) => ctx.reader as unknown as PrismaClient,
    dmmf: getDatamodel(),
    maxConnectionSize: 100,
    defaultConnectionSize: 20,
    filterConnectionTotalCount: true,
    onUnusedQuery: process.env.NODE_ENV === 'production' ? null : 'error',
  },
  validation: { validationError: toInvalidInput },
  // `limits.ts` computes the cost before anything runs; this plugin supplies the field option.
  complexity: { disabled: true },
});

builder.queryType({
  description: 'Everything that can be read, as far as the caller may see it.',
  authScopes: { member: true, read: true },
});
builder.mutationType({
  description:
    'Everything that can be changed. Each takes one `input` and returns a union of its payload and the named errors it can meet; `extensions.position` of the answer is the place in the log up to which the change is written.',
  authScopes: { member: true, write: true },
});
builder.subscriptionType({
  description:
    'Live updates, over WebSocket (graphql-ws) and server-sent events on the same path. Rights are checked again for every event.',
  authScopes: { member: true, read: true },
});

builder.scalarType('Decimal', {
  description:
    'An exact decimal number as a string, such as "1153214.5": at most 16 digits before and 4 after the point, printed without exponent and without trailing zeros. Strings and integers are taken as input; floats are refused.',
  serialize: scalars.printDecimal,
  parseValue: scalars.parseDecimal,
  parseLiteral: (node) => scalars.parseDecimal(scalars.literalText(node)),
});
builder.scalarType('DateTime', {
  description:
    'A moment in RFC 3339, such as "2026-03-01T09:30:00.000Z". Printed in UTC with milliseconds; input must name its zone, and fractions below a millisecond are cut off.',
  serialize: scalars.printDateTime,
  parseValue: scalars.parseDateTime,
  parseLiteral: (node) => scalars.parseDateTime(scalars.literalText(node)),
});
builder.scalarType('Date', {
  description: 'A calendar day in the organization\'s time zone, such as "2026-03-01".',
  serialize: scalars.printDate,
  parseValue: scalars.parseDate,
  parseLiteral: (node) => scalars.parseDate(scalars.literalText(node)),
});
builder.scalarType('Cursor', {
  description:
    'A place in the event log: opaque, valid on every node, checked against the present rights of the caller when used. Not a page cursor: `after` and `before` take those.',
  serialize: (value) => value,
  parseValue: scalars.parseCursor,
  parseLiteral: (node) => scalars.parseCursor(scalars.literalText(node)),
});
