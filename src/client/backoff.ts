export interface RetryOptions {
  /** The first pause at most, in ms. Default 500. */
  firstMs?: number;
  /** The longest pause at most, in ms: each is twice the one before until then. Default 20,000. */
  longestMs?: number;
}

/** Enough for those who were sent away together not to come together. */
const AT_ONCE_MS = 100;

/** Pauses that grow while nothing comes of trying again. Each is drawn anew, so that a herd spreads. */
export class Backoff {
  #options: RetryOptions;
  #tries = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: RetryOptions) {
    this.#options = options;
  }

  /** Something came of it: the next pause is a first one again. */
  reset(): void {
    this.#tries = 0;
  }

  /**
   * Calls after the next pause; only the last call counts. `atOnce`: there is no reason to wait, unless it comes again
   * and again.
   */
  schedule(again: () => void, atOnce = false): void {
    const { firstMs = 500, longestMs = 20_000 } = this.#options;
    const most = Math.min(firstMs * 2 ** this.#tries, longestMs);
    const pause = most * (0.25 + Math.random() * 0.75);
    const ms = atOnce && this.#tries === 0 ? Math.random() * Math.min(AT_ONCE_MS, firstMs) : pause;
    this.#tries += 1;
    this.cancel();
    this.#timer = setTimeout(again, ms);
  }

  cancel(): void {
    clearTimeout(this.#timer);
  }
}
