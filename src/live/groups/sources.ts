import { Alarm } from '../alarm.ts';

/** A value of a source, and its number: from 1, without gaps. */
export interface Numbered<Value> {
  number: number;
  value: Value;
}

type Result<Value> = IteratorResult<Numbered<Value>, undefined>;

/** How long a source waits for a reader that is not ready, before it goes on for the others. */
const PATIENCE_MS = 250;

/**
 * Sources of state that several groups read: what is the same for all of them is computed once. A source goes on when
 * all its readers are ready, so that what comes meanwhile is merged for all; a reader that keeps the others waiting for
 * too long misses values, as their numbers say.
 */
export class Sources<Value> {
  #known = new Map<string, Promise<Source<Value>>>();

  get size(): number {
    return this.#known.size;
  }

  /** A reader of the source of this key, which is opened for the first; it begins with the newest value. */
  async read(
    key: string,
    open: () => Promise<AsyncIterableIterator<Value, undefined>>,
  ): Promise<Reader<Value>> {
    for (;;) {
      const source = await this.#open(key, open);
      // Who waited for it with us may have left it again.
      if (!source.isOver) return new Reader(source);
    }
  }

  #open(
    key: string,
    open: () => Promise<AsyncIterableIterator<Value, undefined>>,
  ): Promise<Source<Value>> {
    const known = this.#known.get(key);
    if (known) return known;
    const forget = () => {
      if (this.#known.get(key) === opening) this.#known.delete(key);
    };
    const opening = open().then(
      (values) => new Source(values, forget),
      (error) => {
        forget();
        throw error;
      },
    );
    this.#known.set(key, opening);
    return opening;
  }
}

class Source<Value> {
  latest: Numbered<Value> | null = null;
  #values: AsyncIterableIterator<Value, undefined>;
  #readers = new Set<Reader<Value>>();
  #patience = new Alarm();
  #isPulling = false;
  #onOver: () => void;
  isOver = false;

  constructor(values: AsyncIterableIterator<Value, undefined>, onOver: () => void) {
    this.#values = values;
    this.#onOver = onOver;
  }

  add(reader: Reader<Value>): void {
    this.#readers.add(reader);
  }

  delete(reader: Reader<Value>): void {
    if (!this.#readers.delete(reader) || this.isOver) return;
    if (this.#readers.size > 0) {
      this.look();
      return;
    }
    this.#end();
    // What fails while it is let go of has nobody left to tell.
    void Promise.resolve(this.#values.return?.()).catch(() => {});
  }

  /** Goes on if it may. */
  look(): void {
    if (this.#isPulling || this.isOver) return;
    const waiting = [...this.#readers].filter(({ isWaiting }) => isWaiting).length;
    if (waiting === 0) return;
    if (waiting === this.#readers.size) void this.#pull();
    else this.#patience.set(PATIENCE_MS, () => void this.#pull());
  }

  async #pull(): Promise<void> {
    this.#patience.clear();
    this.#isPulling = true;
    try {
      const { value, done } = await this.#values.next();
      this.#isPulling = false;
      if (this.isOver) return;
      if (done) return this.#finish(null);
      this.latest = { number: (this.latest?.number ?? 0) + 1, value };
      for (const reader of [...this.#readers]) reader.tell();
      this.look();
    } catch (error) {
      if (!this.isOver) this.#finish({ error });
    }
  }

  #finish(failure: { error: unknown } | null): void {
    this.#end();
    for (const reader of this.#readers) reader.end(failure);
  }

  #end(): void {
    this.isOver = true;
    this.#patience.clear();
    this.#onOver();
  }
}

/** One reader of a source: the newest value that it has not had. */
export class Reader<Value> implements AsyncIterableIterator<Numbered<Value>, undefined> {
  #source: Source<Value>;
  #number = 0;
  #waiting: PromiseWithResolvers<Result<Value>> | null = null;
  #ending: { failure: { error: unknown } | null } | null = null;

  constructor(source: Source<Value>) {
    this.#source = source;
    source.add(this);
  }

  get isWaiting(): boolean {
    return this.#waiting !== null;
  }

  next(): Promise<Result<Value>> {
    this.#waiting = Promise.withResolvers();
    const { promise } = this.#waiting;
    this.tell();
    this.#source.look();
    return promise;
  }

  /** There may be something to read. */
  tell(): void {
    const { latest } = this.#source;
    if (!this.#waiting) return;
    if (latest && latest.number > this.#number) {
      this.#number = latest.number;
      this.#settle({ value: latest, done: false });
    } else if (this.#ending) {
      const { failure } = this.#ending;
      if (failure) this.#waiting.reject(failure.error);
      this.#settle({ value: undefined, done: true });
    }
  }

  end(failure: { error: unknown } | null): void {
    this.#ending = { failure };
    this.tell();
  }

  return(): Promise<Result<Value>> {
    this.#source.delete(this);
    this.end(null);
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #settle(result: Result<Value>): void {
    this.#waiting?.resolve(result);
    this.#waiting = null;
  }
}
