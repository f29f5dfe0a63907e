import { databaseNow } from '../events/clock.ts';
import type { Feed, Hold } from '../events/feed.ts';
import type { LoggedEvent } from '../events/logged-event.ts';
import { Alarm, Pause } from './alarm.ts';
import { Mailbox, state } from './mailbox.ts';
import { persist } from './persist.ts';

/** Why a state is computed. Several may have come together since the last one. */
export interface StateCause {
  /** The database's time of this computation: what is relative to "now" is reckoned from it. */
  asOf: Date;
  first: boolean;
  /** The boundary that the last state was valid until has passed. */
  boundary: boolean;
  /** The database was restored from a backup: nothing computed before can be compared. */
  restored: boolean;
  /** The events since the last one, in order, at most `maxEvents`. */
  events: readonly LoggedEvent[];
  /** There were more events than these. */
  moreEvents: boolean;
}

export interface FollowStateOptions<State> {
  feed: Feed;
  organizationId: string;
  /** Which events may change the state. Called for every event of the organization: cheap, must not throw. */
  topics: (event: LoggedEvent) => boolean;
  /**
   * Computes the state anew. Never two at a time, and only when the reader has taken the last one, so that a slow
   * reader costs nothing and gets the newest. A NamedError ends the stream; anything else is tried again for some
   * seconds first.
   */
  compute: (cause: StateCause) => Promise<State>;
  /** The next moment at which the state changes by time alone; null: never. */
  boundary?: (state: State, asOf: Date) => Date | null;
  /** The log position that a state was read at: events up to there are no reason to compute again. */
  position?: (state: State) => number;
  /** After quiet a state comes at once, and then the next at the earliest this much later. Default 50. */
  windowMs?: number;
  /** Default 200. */
  maxEvents?: number;
}

type Change = Omit<StateCause, 'asOf'>;

const NOTHING: Change = {
  first: false,
  boundary: false,
  restored: false,
  events: [],
  moreEvents: false,
};

/**
 * A state stream: the state as it is, then again whenever an event or the clock has changed it. It is attached to the
 * log when the promise resolves, before the first state is read, so that no change is missed. `return()` leaves
 * nothing behind, also while it computes.
 */
export async function followState<State>(
  options: FollowStateOptions<State>,
): Promise<AsyncIterableIterator<State, undefined>> {
  const hold = await options.feed.hold(options.organizationId);
  return new StateStream(options, hold);
}

class StateStream<State> implements AsyncIterableIterator<State, undefined> {
  #options: FollowStateOptions<State>;
  #changes: Mailbox<Change>;
  #pause = new Pause();
  #boundary = new Alarm();
  #boundaryAt: Date | null = null;
  #startedAt = Number.NEGATIVE_INFINITY;
  #position = 0;
  #left = false;

  constructor(options: FollowStateOptions<State>, hold: Hold) {
    this.#options = options;
    const { topics, maxEvents = 200 } = options;
    const merge = (kept: Change, newer: Change) => mergeChanges(kept, newer, maxEvents);
    this.#changes = new Mailbox(state(merge), () => {
      this.#pause.cancel();
      this.#boundary.clear();
      hold.release();
    });
    this.#changes.offer({ ...NOTHING, first: true });
    hold.listen({
      events: (events) => {
        const relevant = events.filter(topics);
        if (relevant.length > 0) {
          this.#changes.offer(mergeChanges(NOTHING, { ...NOTHING, events: relevant }, maxEvents));
        }
      },
      reset: () => this.#changes.offer({ ...NOTHING, restored: true }),
    });
  }

  async next(): Promise<IteratorResult<State, undefined>> {
    try {
      for (;;) {
        const { value: change, done } = await this.#changes.next();
        if (done) break;
        const cause = await this.#causeOf(change);
        if (!cause) continue;
        const value = await this.#compute(cause);
        if (this.#left) break;
        this.#accept(value, cause.asOf);
        return { value, done: false };
      }
    } catch (error) {
      if (!this.#left) {
        await this.return();
        throw error;
      }
    }
    return { value: undefined, done: true };
  }

  async return(): Promise<IteratorResult<State, undefined>> {
    this.#left = true;
    await this.#changes.return();
    return { value: undefined, done: true };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Waits for the window to pass, takes what came meanwhile, and leaves out what the last state shows already. */
  async #causeOf(change: Change): Promise<StateCause | null> {
    const { windowMs = 50, maxEvents = 200, feed } = this.#options;
    const known = this.#withoutKnown(change);
    if (!known) return null;
    await this.#pause.wait(this.#startedAt + windowMs - performance.now());
    if (this.#left) return null;
    const later = this.#changes.take();
    const merged = later ? mergeChanges(known, later, maxEvents) : known;
    this.#startedAt = performance.now();
    const asOf = await this.#persist(() => databaseNow(feed.db));
    const boundary = this.#boundaryAt !== null && asOf >= this.#boundaryAt;
    // Timers run by another clock than the database's, and may ring early.
    if (merged.boundary && !boundary && isOnlyBoundary(merged)) {
      this.#setBoundary(asOf);
      return null;
    }
    return { ...merged, boundary, asOf };
  }

  #withoutKnown(change: Change): Change | null {
    if (change.restored) this.#position = 0;
    const events = change.events.filter(({ position }) => position > this.#position);
    const isEmpty = events.length === 0 && !change.first && !change.boundary && !change.restored;
    return isEmpty ? null : { ...change, events };
  }

  #compute(cause: StateCause): Promise<State> {
    return this.#persist(() => this.#options.compute(cause));
  }

  #persist<Result>(work: () => Promise<Result>): Promise<Result> {
    return persist(work, this.#pause, () => this.#left);
  }

  #accept(value: State, asOf: Date): void {
    const { position, boundary } = this.#options;
    if (position) this.#position = position(value);
    this.#boundaryAt = boundary?.(value, asOf) ?? null;
    this.#setBoundary(asOf);
  }

  /** `asOf` was read when this computation began, which is what the rest is counted from. */
  #setBoundary(asOf: Date): void {
    this.#boundary.clear();
    if (!this.#boundaryAt) return;
    const ms = this.#boundaryAt.getTime() - asOf.getTime() - (performance.now() - this.#startedAt);
    this.#boundary.set(Math.max(ms, 1), () => this.#changes.offer({ ...NOTHING, boundary: true }));
  }
}

const isOnlyBoundary = ({ first, restored, events }: Change): boolean =>
  !first && !restored && events.length === 0;

function mergeChanges(kept: Change, newer: Change, maxEvents: number): Change {
  const events = [...kept.events, ...newer.events];
  return {
    first: kept.first || newer.first,
    boundary: kept.boundary || newer.boundary,
    restored: kept.restored || newer.restored,
    events: events.slice(0, maxEvents),
    moreEvents: kept.moreEvents || newer.moreEvents || events.length > maxEvents,
  };
}
