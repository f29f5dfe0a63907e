import { Backoff } from './backoff.ts';
import type { LogPlace } from './log.ts';
import type { LoggedEvent } from './logged-event.ts';

/** Gets one organization's events. Neither function may throw or wait: what takes time goes through a mailbox. */
export interface FeedListener {
  /** Events in the order of the log, none left out, none twice; never an empty list. */
  events(events: readonly LoggedEvent[]): void;
  /** The database was restored: positions known until now mean nothing, `position` is the new log's head. */
  reset(position: number): void;
}

/** What a tail needs of its feed. */
export interface TailSource {
  read(after: LogPlace): Promise<LoggedEvent[]>;
  /** A read that gives fewer events than this has reached the log's end. */
  pageSize: number;
  report(error: unknown): void;
}

/** One organization's log as this node follows it: one reader for however many listeners. */
export class OrganizationTail {
  /** How many hold it; the feed lets go of it when nobody does. */
  holders = 0;
  #source: TailSource;
  #place: LogPlace;
  #target: number;
  #behindSince: number | null = null;
  #reading = false;
  #backoff = new Backoff();
  #listeners = new Map<FeedListener, number>();
  #closed = false;

  constructor(source: TailSource, place: LogPlace) {
    this.#source = source;
    this.#place = place;
    this.#target = place.position;
  }

  /** Every listener has been given everything up to here. */
  get position(): number {
    return this.#place.position;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  /** How many events are known to exist and are not delivered yet. */
  get behind(): number {
    return Math.max(0, this.#target - this.position);
  }

  /** When it fell behind, by `performance.now()`; null when it is not. */
  get behindSince(): number | null {
    return this.#behindSince;
  }

  get timers(): number {
    return this.#backoff.pending ? 1 : 0;
  }

  /** From the next event after `after` on; what lies before the tail's own position can no longer be delivered. */
  listen(listener: FeedListener, after: number): void {
    if (after < this.position) throw new Error(`position ${after} has been delivered already`);
    this.#listeners.set(listener, after);
  }

  unlisten(listener: FeedListener): void {
    this.#listeners.delete(listener);
  }

  /** Something says that the log has come this far. */
  hint(position: number): void {
    if (position <= this.#target) return;
    this.#target = position;
    this.#behindSince ??= performance.now();
    void this.#drain();
  }

  /** The log was replaced by another: begins anew at its head. */
  restart(place: LogPlace): void {
    this.#place = place;
    this.#target = place.position;
    this.#behindSince = null;
    for (const listener of [...this.#listeners.keys()]) {
      this.#listeners.set(listener, place.position);
      this.#safely(() => listener.reset(place.position));
    }
  }

  close(): void {
    this.#closed = true;
    this.#backoff.cancel();
    this.#listeners.clear();
  }

  async #drain(): Promise<void> {
    if (this.#reading || this.#backoff.pending || this.#closed) return;
    this.#reading = true;
    try {
      while (this.behind > 0 && !this.#closed) await this.#readPage();
      this.#behindSince = null;
      this.#backoff.succeeded();
    } catch (error) {
      this.#source.report(error);
      if (!this.#closed) this.#backoff.retry(() => void this.#drain());
    } finally {
      this.#reading = false;
    }
  }

  async #readPage(): Promise<void> {
    const from = this.#place;
    const hinted = this.#target;
    const events = await this.#source.read(from);
    if (this.#closed || this.#place !== from) return; // Restarted while it read.
    const last = events.at(-1);
    if (last) {
      this.#place = { position: last.position, loggedAt: last.loggedAt };
      this.#deliver(events);
    }
    // A hint may have been wrong: what a later read does not find is not there.
    if (events.length < this.#source.pageSize && this.#target === hinted) {
      this.#target = this.position;
    }
  }

  #deliver(events: readonly LoggedEvent[]): void {
    for (const [listener, after] of [...this.#listeners]) {
      const first = events[0]?.position ?? 0;
      const due = after < first ? events : events.filter((event) => event.position > after);
      if (due.length > 0) this.#safely(() => listener.events(due));
    }
  }

  #safely(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#source.report(error);
    }
  }
}
