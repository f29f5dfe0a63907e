import type { IncomingMessage } from 'node:http';

/**
 * The address that a request comes from. With `trustedProxies` reverse proxies before us, it is what
 * the outermost of them wrote into X-Forwarded-For; without any, that header is not believed.
 */
export function addressOf(request: IncomingMessage, trustedProxies: number): string | null {
  const own = request.socket.remoteAddress ?? null;
  if (trustedProxies === 0) return own;
  const header = request.headers['x-forwarded-for'];
  const hops = String(header ?? '')
    .split(',')
    .map((hop) => hop.trim())
    .filter((hop) => hop !== '');
  return hops.at(-trustedProxies) ?? own;
}

/** Browsers name the page that opens a socket; other clients name none, and carry no cookies that could be abused. */
export function isAllowedOrigin(
  request: IncomingMessage,
  allowedOrigins: readonly string[],
): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return true;
  if (allowedOrigins.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
