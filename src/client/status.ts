import type { MusterError } from './errors.ts';

/**
 * How a subscription stands, for the corner of a screen.
 *
 * - `catching up`: connected or about to be for the first time; what was missed is on its way.
 * - `live`: what is shown is what the server knows.
 * - `stale`: the connection broke and is being made again; everything up to `since`, the last sign of life
 *   from the server while it was live, is shown; null: nothing is.
 * - `ended`: nothing more will come; `error` is null when the subscription was closed on this side.
 */
export type Status =
  | { kind: 'catching up' }
  | { kind: 'live' }
  | { kind: 'stale'; since: Date | null }
  | { kind: 'ended'; error: MusterError | null };
