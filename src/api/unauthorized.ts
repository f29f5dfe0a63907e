import { GraphQLError } from 'graphql';
import type { Viewer } from '../database/viewer.ts';

/** Every scope holds or does not hold for a viewer as a whole; rights on one record are the service's. */
export const AUTH_SCOPES = {
  viewer: {
    description: 'Any valid token: of a member or of a display.',
    refusal: 'Sign in first.',
  },
  member: {
    description: 'A member of the organization: a session or an API token.',
    refusal: 'A display token may only watch its boards. Sign in as a member.',
  },
  manager: {
    description: 'A member whose role is MANAGER or ADMIN.',
    refusal: 'This needs the role MANAGER or ADMIN. Ask an administrator.',
  },
  admin: {
    description: 'A member whose role is ADMIN, with a token that has the grant ADMIN.',
    refusal: 'This needs the role ADMIN and a token with the grant ADMIN.',
  },
  read: {
    description: 'A token with the grant READ; a session has it.',
    refusal:
      'This token may not read. Make one with the grant READ; after a reset, change the password first.',
  },
  write: {
    description: 'A token with the grant WRITE; a session has it.',
    refusal:
      'This token may not write. Make one with the grant WRITE; after a reset, change the password first.',
  },
} as const;

export type AuthScope = keyof typeof AUTH_SCOPES;

export function scopesOf(viewer: Viewer | null): Record<AuthScope, boolean> {
  const member = viewer?.kind === 'member' ? viewer : null;
  // Read one by one: an answer for a group may ask for less than all of the viewer's rights.
  return {
    viewer: viewer !== null,
    member: member !== null,
    get manager() {
      return member?.role === 'MANAGER' || member?.role === 'ADMIN';
    },
    get admin() {
      return member?.role === 'ADMIN' && member.grants.has('ADMIN');
    },
    get read() {
      return viewer?.kind === 'display' || member?.grants.has('READ') === true;
    },
    get write() {
      return member?.grants.has('WRITE') === true;
    },
  };
}

export function unauthenticated(): GraphQLError {
  return new GraphQLError(
    'Sign in first: send the header "Authorization: Bearer <token>", over WebSocket in the payload of connection_init.',
    { extensions: { code: 'UNAUTHENTICATED' } },
  );
}

export function forbidden(scope: AuthScope | null): GraphQLError {
  const message = scope ? AUTH_SCOPES[scope].refusal : 'You may not do this.';
  return new GraphQLError(message, {
    extensions: { code: 'FORBIDDEN', ...(scope && { requires: scope.toUpperCase() }) },
  });
}
