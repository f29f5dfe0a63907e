import type { FieldMap, InputFieldMap, InputShapeFromFields } from '@pothos/core';
import type { GraphQLFieldResolver, GraphQLResolveInfo } from 'graphql';
import { InvalidInput, NamedError } from '../database/errors.ts';
import { builder, type Types } from './builder.ts';
import type { Context } from './context.ts';
import { assertRegistered, COMMON_ERRORS, type NamedErrorClass } from './errors.ts';
import type { AuthScope } from './unauthorized.ts';

type InputBuilder = PothosSchemaTypes.InputFieldBuilder<Types, 'InputObject'>;
type PayloadBuilder<Outcome> = PothosSchemaTypes.ObjectFieldBuilder<Types, Outcome>;

interface WithKey {
  idempotencyKey?: string | null | undefined;
}

interface Given<Fields extends InputFieldMap> {
  input: InputShapeFromFields<Fields> & WithKey;
}

export interface MutationOptions<Fields extends InputFieldMap, Outcome extends object> {
  /** Units, limits, defaults, effects. */
  description: string;
  /**
   * Scopes beyond `member` and `write`; `'public'` for what comes before a sign-in, `'signedIn'` for what a member's
   * token may do without any grant: end itself, change the password.
   */
  auth?: AuthScope | readonly AuthScope[] | 'public' | 'signedIn';
  /** Named errors beyond COMMON_ERRORS; each needs an `errorType`. */
  errors?: readonly NamedErrorClass[];
  input: (t: InputBuilder) => Fields;
  /** Calls one service function. Stands before `payload`, which gets its type from what this returns. */
  resolve: (
    input: InputShapeFromFields<Fields> & WithKey,
    ctx: Context,
    info: GraphQLResolveInfo,
  ) => Promise<Outcome>;
  /** The outcome's parent is what `resolve` returned; records are read again with present rights. */
  payload: (t: PayloadBuilder<Outcome>) => FieldMap;
}

const KEY_LENGTH = 200;

function authOptions(auth: MutationOptions<InputFieldMap, object>['auth']) {
  if (auth === undefined) return {};
  if (auth === 'public') return { skipTypeScopes: true };
  if (auth === 'signedIn') return { skipTypeScopes: true, authScopes: { member: true } };
  const scopes = typeof auth === 'string' ? [auth] : auth;
  return { authScopes: Object.fromEntries(scopes.map((scope) => [scope, true])) };
}

/**
 * One mutation `name(input: <Name>Input!): <Name>Result!`. The result is a union of `<Name>Payload`
 * and the named errors; a log position in the outcome goes into `extensions.position` of the answer.
 */
export function mutationField<Fields extends InputFieldMap, Outcome extends object>(
  name: string,
  options: MutationOptions<Fields, Outcome>,
): void {
  const { description, auth, errors = [], input, resolve, payload } = options;
  const typeName = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const types = [...new Set([...COMMON_ERRORS, ...errors])];
  for (const type of types) assertRegistered(type, `Mutation.${name}`);

  const payloadType = builder.objectRef<Outcome>(`${typeName}Payload`).implement({
    description: `What \`${name}\` did.`,
    fields: payload as never,
  });
  const inputType = builder.inputType(`${typeName}Input`, {
    description: `The input of \`${name}\`.`,
    fields: (t) => ({
      ...input(t),
      idempotencyKey: t.string({
        required: false,
        description: `Makes a retry safe: the same key, from the same caller, for the same mutation and input has one effect and the same answer for 24 hours. At most ${KEY_LENGTH} characters.`,
      }),
    }),
  });

  builder.mutationField(name, (t) =>
    t.field({
      description,
      type: payloadType,
      ...authOptions(auth),
      args: { input: t.arg({ type: inputType, required: true, description: 'The one argument.' }) },
      errors: {
        types: types as never,
        union: { name: `${typeName}Result`, description: `\`${name}\` succeeds or says why not.` },
      },
      resolve: (async (_root: unknown, args: Given<Fields>, ctx: Context, info) => {
        const outcome: Outcome & { position?: unknown } = await noting(ctx, () => {
          assertKey(args.input.idempotencyKey);
          return resolve(args.input, ctx, info);
        });
        const { position } = outcome;
        if (typeof position === 'string' || typeof position === 'number') {
          ctx.positions.note(position);
        }
        return outcome;
      }) satisfies GraphQLFieldResolver<unknown, Context, Given<Fields>> as never,
    }),
  );
}

/** The log line of the operation names the refusals that reach the client as data. */
async function noting<Outcome>(ctx: Context, work: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof NamedError) ctx.errorCodes.push(error.code);
    throw error;
  }
}

function assertKey(key: string | null | undefined): void {
  if (typeof key !== 'string') return;
  if (key === '' || key.length > KEY_LENGTH) {
    throw new InvalidInput(`An idempotency key has 1 to ${KEY_LENGTH} characters.`, {
      path: ['input', 'idempotencyKey'],
    });
  }
}
