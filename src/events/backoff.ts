const FIRST_MS = 50;
const LONGEST_MS = 2_000;

/** Tries again after failures: later each time, up to two seconds, with jitter. Keeps no process alive. */
export class Backoff {
  #failures = 0;
  #timer: NodeJS.Timeout | null = null;

  get pending(): boolean {
    return this.#timer !== null;
  }

  get failures(): number {
    return this.#failures;
  }

  retry(work: () => void): void {
    this.cancel();
    const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** this.#failures);
    this.#failures += 1;
    this.#timer = setTimeout(
      () => {
        this.#timer = null;
        work();
      },
      longest * (0.5 + Math.random() / 2),
    );
    this.#timer.unref();
  }

  succeeded(): void {
    this.#failures = 0;
  }

  cancel(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
