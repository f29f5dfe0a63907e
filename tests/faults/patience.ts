import { setTimeout as sleep } from 'node:timers/promises';

/** How long nothing may move before we give up; a slow machine that gets on is never given up. */
const STANDSTILL_MS = 60_000;

/** Waits for a condition, however long; fails when it has not held for so long. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  patienceMs = STANDSTILL_MS,
): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`In vain waited for: ${what}.`);
    await sleep(50);
  }
}

/** Waits until a number has come down to 0; resolves to what is left once it has stood still for too long. */
export async function untilNothingLeft(
  left: () => number,
  standstillMs = STANDSTILL_MS,
): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  let movedAt = performance.now();
  for (;;) {
    const began = performance.now();
    const now = left();
    const cost = performance.now() - began;
    if (now === 0) return 0;
    if (now < least) {
      least = now;
      movedAt = performance.now();
    }
    if (performance.now() - movedAt > standstillMs) return now;
    // Counting must not take the time of what is counted.
    await sleep(Math.max(100, 4 * cost));
  }
}
