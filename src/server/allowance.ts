/** Seconds of quiet that may be saved up: what a client does all at once when it connects. */
const SAVED_SECONDS = 10;

/** So many a second in the long run: a bucket of tokens that fills by itself. */
export class Allowance {
  #perSecond: number;
  #left: number;
  #at = performance.now();

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
    this.#left = perSecond * SAVED_SECONDS;
  }

  /** Takes one; false when there is none. */
  take(): boolean {
    const now = performance.now();
    const most = this.#perSecond * SAVED_SECONDS;
    this.#left = Math.min(most, this.#left + ((now - this.#at) / 1_000) * this.#perSecond);
    this.#at = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
