import type { Stream, StreamResult } from '../support/client.ts';

/** A stream, with everything that has come. */
export class Following {
  readonly results: StreamResult<unknown>[] = [];
  /** What ended it, if it has ended. */
  end: string | null = null;
  readonly #stream: Stream<unknown>;
  #waiting: (() => void)[] = [];

  constructor(stream: Stream<unknown>) {
    this.#stream = stream;
    stream.ended.then(
      () => this.#over('complete'),
      (error: unknown) => this.#over(String(error)),
    );
    void this.#collect();
  }

  /** Waits until more than `count` results have come, it has ended, or the time is over. */
  moreThan(count: number, expireMs: number): Promise<void> {
    return this.#until(() => this.results.length > count, expireMs);
  }

  /** Waits until this text has come in a result, it has ended, or the time is over. */
  said(text: string, expireMs: number): Promise<void> {
    return this.#until(() => JSON.stringify(this.results).includes(text), expireMs);
  }

  /** Waits until it has ended, or the time is over. */
  ended(expireMs: number): Promise<void> {
    return this.#until(() => false, expireMs);
  }

  async #until(isThere: () => boolean, expireMs: number): Promise<void> {
    const until = Date.now() + expireMs;
    while (!isThere() && this.end === null && Date.now() < until) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, until - Date.now());
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  /** Codes of the errors that came, whether as results or as the end. */
  codes(): string[] {
    const said = `${JSON.stringify(this.results.map(({ errors }) => errors))} ${this.end}`;
    return [...new Set([...said.matchAll(/"code":"(\w+)"/g)].map(([, code]) => code ?? ''))];
  }

  close(): Promise<void> {
    return this.#stream.close();
  }

  async #collect(): Promise<void> {
    try {
      for (;;) {
        this.results.push(await this.#stream.next(60_000));
        this.#wake();
      }
    } catch {
      // It has ended, which `ended` says.
    }
  }

  #over(by: string): void {
    this.end = by;
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
