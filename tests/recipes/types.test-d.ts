// What `npm run codegen` gives to a TypeScript client. The compiler checks it (npm run types); there is nothing to run.
import type { ResultOf, VariablesOf } from '@graphql-typed-document-node/core';
import { expectTypeOf, test } from 'vitest';
import type * as operations from '../../src/generated/operations.ts';

test('a document carries the types of its variables, its payload and every named error', () => {
  type Result = operations.CompleteTaskMutation['completeTask'];
  expectTypeOf<operations.CompleteTaskMutationVariables['input']['id']>().toEqualTypeOf<string>();
  expectTypeOf<Extract<Result, { __typename: 'Conflict' }>['currentVersion']>().toEqualTypeOf<
    number | null
  >();
  expectTypeOf<Result['__typename']>().toEqualTypeOf<
    | 'AlreadyExists'
    | 'CompleteTaskPayload'
    | 'Conflict'
    | 'IdempotencyKeyReused'
    | 'InvalidInput'
    | 'NotAllowed'
    | 'NotFound'
    | 'WrongState'
  >();
  type Document = typeof operations.CompleteTaskDocument;
  expectTypeOf<ResultOf<Document>>().toEqualTypeOf<operations.CompleteTaskMutation>();
  expectTypeOf<VariablesOf<Document>['input']>().toEqualTypeOf<operations.CompleteTaskInput>();
});
