import { count } from './counts.ts';

const LONGEST_MS = 2 ** 31 - 1;

/** One timer that can be set, moved and put off; it keeps no process alive. */
export class Alarm {
  #timer: NodeJS.Timeout | null = null;

  /** Rings once after `ms`, in place of whatever was set. Beyond 24 days it rings early: look at the clock then. */
  set(ms: number, ring: () => void): void {
    this.clear();
    count('timers', 1);
    this.#timer = setTimeout(
      () => {
        this.clear();
        ring();
      },
      Math.min(Math.max(ms, 0), LONGEST_MS),
    );
    this.#timer.unref();
  }

  clear(): void {
    if (!this.#timer) return;
    clearTimeout(this.#timer);
    this.#timer = null;
    count('timers', -1);
  }
}

/** A wait that ends by time or, earlier, by `cancel`. */
export class Pause {
  #alarm = new Alarm();
  #resume: (() => void) | null = null;

  wait(ms: number): Promise<void> {
    if (ms <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#resume = resolve;
      this.#alarm.set(ms, () => this.cancel());
    });
  }

  cancel(): void {
    this.#alarm.clear();
    this.#resume?.();
    this.#resume = null;
  }
}
