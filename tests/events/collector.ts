import type { FeedListener } from '../../src/events/feed.ts';
import type { LoggedEvent } from '../../src/events/logged-event.ts';

/** A listener that keeps what it gets and lets a test wait for it. */
export interface Collector extends FeedListener {
  readonly positions: number[];
  readonly received: LoggedEvent[];
  readonly resets: number[];
  /** Resolves when the condition holds; checked after every delivery. */
  until(condition: (collector: Collector) => boolean): Promise<void>;
  /** Resolves when everything up to this position has come. */
  reached(position: number): Promise<void>;
}

export function collector(): Collector {
  const waiting = new Set<() => void>();
  const self: Collector = {
    positions: [],
    received: [],
    resets: [],
    events(events) {
      for (const event of events) {
        self.positions.push(event.position);
        self.received.push(event);
      }
      for (const check of waiting) check();
    },
    reset(position) {
      self.resets.push(position);
      for (const check of waiting) check();
    },
    until(condition) {
      return new Promise((resolve) => {
        const check = () => {
          if (!condition(self)) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      });
    },
    reached: (position) => self.until(({ positions }) => (positions.at(-1) ?? 0) >= position),
  };
  return self;
}

/** The whole numbers from one to another. */
export const range = (from: number, through: number): number[] =>
  Array.from({ length: Math.max(0, through - from + 1) }, (_, index) => from + index);
