import { expect } from 'vitest';
import { type Stream, subscribe, type Transport } from '../support/client.ts';
import type { DeliveredItem, DeliveryAdapter } from './adapter.ts';

/** A subscriber of a plain client, which tries nothing again and remembers nothing but what came. */
export class Collector {
  readonly items: DeliveredItem[] = [];
  readonly problems: string[] = [];
  #stream: Stream<unknown>;
  #reading: Promise<void>;
  #isOver = false;
  #end = '';

  constructor(
    adapter: DeliveryAdapter,
    over: Transport,
    options: { since: string; url?: string | undefined; token?: string; document?: string },
  ) {
    const { since, url = adapter.urls[0] ?? '', token = adapter.token } = options;
    const { document = adapter.document } = options;
    this.#stream = subscribe<unknown>(url, document, { since }, { token, over });
    this.#reading = this.#read(adapter);
    this.#stream.ended.then(
      () => {
        this.#end = 'completed';
      },
      (error: Error) => {
        this.#end = error.message;
      },
    );
  }

  get keys(): (string | null)[] {
    return this.items.map(({ key }) => key);
  }

  get cursor(): string {
    return this.items.at(-1)?.cursor ?? '';
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** How the stream ended, as far as it has: `completed`, or what was wrong with the connection. */
  get end(): string {
    return this.#end;
  }

  /** Waits until so many have come. */
  async until(count: number): Promise<void> {
    await expect
      .poll(() => this.items.length, { timeout: 30_000, interval: 10 })
      .toBeGreaterThanOrEqual(count);
  }

  /** Leaves; nothing comes any more when it resolves. */
  async close(): Promise<void> {
    await this.#stream.close();
    await this.#reading;
  }

  async #read(adapter: DeliveryAdapter): Promise<void> {
    try {
      for (;;) {
        const { data, errors = [] } = await this.#stream.next(60_000);
        this.problems.push(...errors.map(({ extensions }) => String(extensions?.code)));
        if (data) this.items.push(adapter.read(data));
      }
    } catch {
      this.#isOver = true;
    }
  }
}
