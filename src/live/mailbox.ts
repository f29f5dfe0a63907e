import { count } from './counts.ts';

/** What became of an item that nobody was waiting for: it waits, it was merged with what waits, or all was dropped. */
export type Fate = 'KEPT' | 'CONFLATED' | 'RESET';

/** How a mailbox keeps what its reader has not taken yet. Changes `kept`, which stays bounded. */
export type Policy<Item> = (kept: Item[], item: Item) => Fate;

/** All mailboxes of this process: what waits in them now, and what became of items since the start. */
export interface MailboxFigures {
  waiting: number;
  deepest: number;
  conflated: number;
  resets: number;
}

const open = new Set<{ readonly size: number }>();
const fates: Record<Fate, number> = { KEPT: 0, CONFLATED: 0, RESET: 0 };

export function mailboxFigures(): MailboxFigures {
  let waiting = 0;
  let deepest = 0;
  for (const { size } of open) {
    waiting += size;
    deepest = Math.max(deepest, size);
  }
  return { waiting, deepest, conflated: fates.CONFLATED, resets: fates.RESET };
}

/**
 * For state, where only the present counts: keeps one item. `merge` makes one of the kept and the new; by default
 * the new one replaces the kept.
 */
export function state<Item>(
  merge: (kept: Item, newer: Item) => Item = (_, newer) => newer,
): Policy<Item> {
  return (kept, item) => {
    const [older] = kept;
    kept[0] = older === undefined ? item : merge(older, item);
    return older === undefined ? 'KEPT' : 'CONFLATED';
  };
}

/**
 * For history, where every item counts: keeps the order. When `limit` items wait and one more comes, all of them are
 * dropped in favour of the one that `reset` makes of the newest; what comes later follows it.
 */
export function history<Item>(limit: number, reset: (newest: Item) => Item): Policy<Item> {
  return (kept, item) => {
    if (kept.length >= limit) {
      kept.splice(0, kept.length, reset(item));
      return 'RESET';
    }
    kept.push(item);
    return 'KEPT';
  };
}

type Result<Item> = IteratorResult<Item, undefined>;

interface Reader<Item> {
  resolve: (result: Result<Item>) => void;
  reject: (error: unknown) => void;
}

/**
 * Between one writer that never waits and one reader that may be slow. It exists, and keeps what it is offered, from
 * its making on, not from the first `next()`. Whoever makes one sees to it that `return()` is called.
 */
export class Mailbox<Item> implements AsyncIterableIterator<Item, undefined> {
  #policy: Policy<Item>;
  #onClose: () => void;
  #kept: Item[] = [];
  #readers: Reader<Item>[] = [];
  #emptied: ((isOpen: boolean) => void)[] = [];
  #failure: { error: unknown } | null = null;
  #closed = false;

  /** @param onClose called once, when the reader leaves or the writer ends */
  constructor(policy: Policy<Item>, onClose: () => void = () => {}) {
    this.#policy = policy;
    this.#onClose = onClose;
    count('mailboxes', 1);
    open.add(this);
  }

  /** How many items wait. */
  get size(): number {
    return this.#kept.length;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Puts an item in; dropped when the mailbox is closed. */
  offer(item: Item): void {
    if (this.#closed) return;
    const reader = this.#readers.shift();
    if (reader) reader.resolve({ value: item, done: false });
    else fates[this.#policy(this.#kept, item)] += 1;
  }

  /** Takes what waits, without waiting for more. */
  take(): Item | undefined {
    const item = this.#kept.shift();
    if (this.#kept.length === 0) this.#settleEmptied(true);
    return item;
  }

  /** Resolves when nothing waits any more: true to go on writing, false when the mailbox is closed. */
  emptied(): Promise<boolean> {
    if (this.#closed) return Promise.resolve(false);
    if (this.#kept.length === 0) return Promise.resolve(true);
    return new Promise((resolve) => this.#emptied.push(resolve));
  }

  /** The writer ends: what waits can still be read, then the reader is done, or meets the error. */
  end(failure?: { error: unknown }): void {
    if (this.#closed) return;
    this.#failure = failure ?? null;
    this.#close();
    for (const reader of this.#readers.splice(0)) this.#finish(reader);
  }

  next(): Promise<Result<Item>> {
    const value = this.take();
    if (value !== undefined) return Promise.resolve({ value, done: false });
    return new Promise((resolve, reject) => {
      if (this.#closed) this.#finish({ resolve, reject });
      else this.#readers.push({ resolve, reject });
    });
  }

  /** The reader leaves: nothing is kept, a waiting `next()` is done at once. */
  return(): Promise<Result<Item>> {
    this.#kept = [];
    this.end();
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #close(): void {
    this.#closed = true;
    count('mailboxes', -1);
    open.delete(this);
    this.#settleEmptied(false);
    this.#onClose();
  }

  #finish({ resolve, reject }: Reader<Item>): void {
    const failure = this.#failure;
    this.#failure = null;
    if (failure) reject(failure.error);
    else resolve({ value: undefined, done: true });
  }

  #settleEmptied(isOpen: boolean): void {
    for (const settle of this.#emptied.splice(0)) settle(isOpen);
  }
}
