/** What a caller brought along to say who it is. Never logged. */
export interface Session {
  /** The bearer token; null when none came. */
  token: string | null;
  /** The page that asks, as the browser says; null outside browsers. */
  origin: string | null;
  /** The caller's address, for slowing down guesses. */
  address: string | null;
}

const BEARER = /^Bearer +([\w.~+/=-]{1,500})$/i;

/** The token in `Authorization: Bearer <token>`; null for anything else. */
export function bearerToken(header: unknown): string | null {
  return typeof header === 'string' ? (BEARER.exec(header.trim())?.[1] ?? null) : null;
}
