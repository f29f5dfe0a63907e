import { type AuthFailure, AuthScopeFailureType } from '@pothos/plugin-scope-auth';
import type { Context } from './context.ts';
import {
  AUTH_SCOPES,
  type AuthScope,
  forbidden,
  scopesOf,
  unauthenticated,
} from './unauthorized.ts';

function failedScope(failure: AuthFailure): AuthScope | null {
  if (failure.kind === AuthScopeFailureType.AuthScope) {
    return failure.scope in AUTH_SCOPES ? (failure.scope as AuthScope) : null;
  }
  const nested = 'failures' in failure ? failure.failures : [];
  return nested.map(failedScope).find((scope) => scope !== null) ?? null;
}

/** Default deny: the root types ask for `member`; a field widens or narrows that by name. */
export const authorization = {
  authScopes: (ctx: Context) => scopesOf(ctx.viewer),
  authorizeOnSubscribe: true,
  defaultStrategy: 'all' as const,
  unauthorizedError: (
    _parent: object,
    ctx: Context,
    _info: unknown,
    result: { failure: AuthFailure },
  ) => (ctx.viewer ? forbidden(failedScope(result.failure)) : unauthenticated()),
};
