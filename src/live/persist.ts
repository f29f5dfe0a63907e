import { NamedError } from '../database/errors.ts';
import type { Pause } from './alarm.ts';

const WAITS_MS = [50, 100, 200, 400, 800, 1_600];

/**
 * Tries again, for some three seconds, what fails unforeseen (a database that restarts, a connection that is cut),
 * so that a short outage ends no stream. A NamedError is an answer, not a failure, and passes at once.
 */
export async function persist<Result>(
  work: () => Promise<Result> | Result,
  pause: Pause,
  isOver: () => boolean,
): Promise<Result> {
  for (const wait of WAITS_MS) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof NamedError || isOver()) throw error;
      await pause.wait(wait * (0.5 + Math.random() / 2));
    }
  }
  return work();
}
