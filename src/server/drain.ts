import { setTimeout as pause } from 'node:timers/promises';

/** Somebody who is to go. */
export interface Guest {
  readonly isGone: boolean;
  leave(): void;
}

const LOOK_MS = 50;

/**
 * Lets go of each, in an order and at moments of chance, but as many in every part of the window: those who come back
 * elsewhere come evenly. Waits for nobody who has gone already.
 */
export async function letGoEvenly(guests: readonly Guest[], windowMs: number): Promise<void> {
  const startedAt = performance.now();
  const width = windowMs / guests.length;
  for (const [at, guest] of shuffled(guests).entries()) {
    const turn = startedAt + (at + Math.random()) * width;
    while (performance.now() < turn && !guest.isGone) {
      await pause(Math.min(Math.max(turn - performance.now(), 1), LOOK_MS));
    }
    guest.leave();
  }
}

function shuffled<Item>(items: readonly Item[]): Item[] {
  return items
    .map((item) => ({ item, place: Math.random() }))
    .sort((one, other) => one.place - other.place)
    .map(({ item }) => item);
}
