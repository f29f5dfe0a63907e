import { randomUUID } from 'node:crypto';
import type { Plugin } from 'graphql-yoga';

const ids = new WeakMap<object, string>();
const HEADER = 'x-request-id';

/** The id of an HTTP request: the caller's or a proxy's own when it is a harmless one, else a new one. */
export function requestIdOf(request: Request): string {
  const known = ids.get(request);
  if (known) return known;
  const given = request.headers.get(HEADER);
  const id = given && /^[\w-]{8,64}$/.test(given) ? given : randomUUID();
  ids.set(request, id);
  return id;
}

/** Every answer names its request id: the same stands in the log and in a masked error. */
export function useRequestId(): Plugin {
  return {
    onResponse({ request, response }) {
      response.headers.set(HEADER, requestIdOf(request));
    },
  };
}
