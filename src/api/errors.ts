import type { FieldMap } from '@pothos/core';
import {
  AlreadyExists,
  Conflict,
  IdempotencyKeyReused,
  InvalidInput,
  type NamedError,
  NotAllowed,
  NotFound,
  WrongState,
} from '../database/errors.ts';
import { builder, type Types } from './builder.ts';

export type NamedErrorClass<Failure extends NamedError = NamedError> = new (
  ...args: never[]
) => Failure;

const userError = builder.interfaceRef<NamedError>('UserError').implement({
  description:
    'A failure that the caller can act on. Anything else arrives as a top-level error with a code.',
  fields: (t) => ({
    code: t.exposeString('code', {
      description: 'Stable name of the failure in capitals, such as NOT_FOUND.',
    }),
    message: t.exposeString('message', {
      description: 'What is wrong and what to do, in English, for people.',
    }),
    path: t.field({
      type: ['String'],
      nullable: true,
      description: 'Where in the arguments the cause stands, such as ["input", "amount"].',
      resolve: (error) => (error.inputPath ? [...error.inputPath] : null),
    }),
  }),
});

interface ErrorTypeOptions<Failure extends NamedError> {
  /** When it is met and what the caller can do. */
  description: string;
  /** Facts beyond code, message and path; most stand in `error.data`. */
  fields?: (t: PothosSchemaTypes.ObjectFieldBuilder<Types, Failure>) => FieldMap;
}

const registered = new Set<NamedErrorClass>();

/** Makes an object type of an error class, so that mutations can name it in `errors`. Once per class. */
export function errorType<Failure extends NamedError>(
  errorClass: NamedErrorClass<Failure>,
  { description, fields }: ErrorTypeOptions<Failure>,
): NamedErrorClass<Failure> {
  builder.objectType(errorClass, {
    name: errorClass.name,
    description,
    interfaces: [userError] as never,
    fields: (t) => fields?.(t as never) ?? {},
  });
  registered.add(errorClass);
  return errorClass;
}

export function assertRegistered(errorClass: NamedErrorClass, where: string): void {
  if (!registered.has(errorClass)) {
    throw new Error(`${where} names ${errorClass.name}, which has no errorType(...) yet.`);
  }
}

errorType(NotFound, {
  description:
    'There is no such record for the caller: it does not exist, or is outside what the caller may see.',
});
errorType(NotAllowed, {
  description: "The caller's role or data scope does not allow this. Nothing was changed.",
});
errorType(InvalidInput, {
  description: 'A value is malformed, out of range, or does not fit the others; `path` says which.',
});
errorType(WrongState, {
  description: 'The state of the record does not allow this step.',
  fields: (t) => ({
    state: t.string({
      nullable: true,
      description: 'The present state; null when the message says it better.',
      resolve: (error) => (typeof error.data.state === 'string' ? error.data.state : null),
    }),
  }),
});
errorType(AlreadyExists, {
  description: 'A value that must be unique in the organization is taken; `path` says which.',
});
errorType(IdempotencyKeyReused, {
  description: 'The idempotency key was used before, by the same caller, for another input.',
});
errorType(Conflict, {
  description:
    'Somebody changed the record first: `expectedVersion` is stale. Read `current` and repeat the change.',
  fields: (t) => ({
    current: t.node({
      description: 'The record as it is now; null when it has left the view of the caller.',
      id: ({ data }) =>
        typeof data.type === 'string' && typeof data.id === 'string'
          ? { type: data.type, id: data.id }
          : null,
    }),
    currentVersion: t.int({
      nullable: true,
      description: 'Its present version, for `expectedVersion`.',
      resolve: ({ data }) => (typeof data.currentVersion === 'number' ? data.currentVersion : null),
    }),
  }),
});

/** What any mutation may meet; in every result union. */
export const COMMON_ERRORS: readonly NamedErrorClass[] = [
  NotFound,
  NotAllowed,
  InvalidInput,
  Conflict,
  WrongState,
  AlreadyExists,
  IdempotencyKeyReused,
];
