import type { Feed, Hold } from '../events/feed.ts';
import { judgeResume, type LogPlace, type ResumeWindow, readTail } from '../events/log.ts';
import type { LoggedEvent } from '../events/logged-event.ts';
import { Pause } from './alarm.ts';
import { history, Mailbox } from './mailbox.ts';
import { persist } from './persist.ts';
import type { ResetReason, Since } from './since.ts';

export interface FollowLogOptions<Item> {
  feed: Feed;
  organizationId: string;
  /** Where the reader stands; see `readSince`. */
  since: Since;
  /** Which events may matter at all, by their type or record. Called for every event: cheap, must not throw. */
  concerns: (event: LoggedEvent) => boolean;
  /**
   * What the reader gets of an event: nothing, or one or more items. Called when the reader is ready for it, one event
   * at a time, in order; rights are resolved here, anew for each. A NamedError thrown here ends the stream; anything
   * else is tried again for some seconds first. `isReplay`: it happened before the stream was opened.
   */
  items: (event: LoggedEvent, isReplay: boolean) => Promise<readonly Item[]> | readonly Item[];
  /** Most events that wait for a slow reader before they are dropped for a reset. Default 1,000. */
  limit?: number;
  /** How far back `since` may lie. Default 7 days and 100,000 events. */
  window?: ResumeWindow;
}

/** One thing that the reader of a history stream gets. */
export type LogFrame<Item> =
  | {
      kind: 'item';
      item: Item;
      event: LoggedEvent;
      /** For the cursor. Of several items of one event only the last has passed it: the others come again. */
      position: number;
      /** For the cursor: of such others which, from 1 on, so that each has a cursor of its own; 0 of the last. */
      part: number;
    }
  | {
      kind: 'reset';
      reason: ResetReason;
      /** Everything up to here is to be read again; what follows in the stream comes after it. */
      position: number;
    };

type Waiting =
  | { kind: 'event'; event: LoggedEvent }
  | { kind: 'reset'; reason: ResetReason; position: number };

const LIMIT = 1_000;
const PAGE = 200;

/**
 * A history stream: first what the log has after `since`, then what comes, in order, without gap or double. It is
 * attached when the promise resolves, not at the first `next()`. Where it cannot follow on, it says so by a reset and
 * goes on with what comes. `return()` leaves nothing behind, also while it replays.
 */
export async function followLog<Item>(
  options: FollowLogOptions<Item>,
): Promise<AsyncIterableIterator<LogFrame<Item>, undefined>> {
  const { feed, organizationId, since } = options;
  const hold = await feed.hold(organizationId);
  const stream = new LogStream(options, hold);
  try {
    await stream.begin(since);
  } catch (error) {
    await stream.return();
    throw error;
  }
  return stream;
}

class LogStream<Item> implements AsyncIterableIterator<LogFrame<Item>, undefined> {
  #options: FollowLogOptions<Item>;
  #hold: Hold;
  #mailbox: Mailbox<Waiting>;
  #pause = new Pause();
  #ready: LogFrame<Item>[] = [];
  #left = false;
  #openedAt: number;

  constructor(options: FollowLogOptions<Item>, hold: Hold) {
    this.#options = options;
    this.#hold = hold;
    this.#openedAt = hold.position;
    this.#mailbox = new Mailbox(
      history<Waiting>(options.limit ?? LIMIT, (newest) => ({
        kind: 'reset',
        reason: newest.kind === 'reset' ? newest.reason : 'MAILBOX_FULL',
        position: newest.kind === 'reset' ? newest.position : newest.event.position,
      })),
      () => {
        this.#pause.cancel();
        hold.release();
      },
    );
  }

  async begin(since: Since): Promise<void> {
    if (since === null) return this.#listen(this.#hold.position);
    if ('reset' in since) return this.#beginAfresh(since.reset);
    const { feed, organizationId, window } = this.#options;
    const verdict = await judgeResume(feed.db.pool, organizationId, since.position, {
      window,
      shiftMs: feed.db.clock.shiftMs,
    });
    if (verdict !== 'RESUMABLE') return this.#beginAfresh(verdict);
    this.#replay(since.position).catch((error) => this.#mailbox.end({ error }));
  }

  async next(): Promise<IteratorResult<LogFrame<Item>, undefined>> {
    for (;;) {
      const frame = this.#ready.shift();
      if (frame) return { value: frame, done: false };
      const { value, done } = await this.#mailbox.next();
      if (done) return { value: undefined, done: true };
      if (value.kind === 'reset') return { value, done: false };
      try {
        const frames = await this.#framesOf(value.event);
        if (!this.#left) this.#ready = frames;
      } catch (error) {
        if (this.#left) continue;
        await this.return();
        throw error;
      }
    }
  }

  async return(): Promise<IteratorResult<LogFrame<Item>, undefined>> {
    this.#left = true;
    this.#ready = [];
    await this.#mailbox.return();
    return { value: undefined, done: true };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #listen(after: number): void {
    this.#hold.listen(
      {
        events: (events) => this.#offer(events),
        reset: (position) =>
          this.#mailbox.offer({ kind: 'reset', reason: 'OTHER_EPOCH', position }),
      },
      after,
    );
  }

  #beginAfresh(reason: ResetReason): void {
    const { position } = this.#hold;
    this.#mailbox.offer({ kind: 'reset', reason, position });
    this.#listen(position);
  }

  /** Reads until the feed has delivered nothing that was not read: only then there is no await before listening. */
  async #replay(from: number): Promise<void> {
    const { feed, organizationId, limit = LIMIT } = this.#options;
    const { epoch } = feed;
    let place: LogPlace = { position: from, loggedAt: null };
    while (place.position < this.#hold.position) {
      const events = await persist(
        () => readTail(feed.db.pool, organizationId, place, Math.min(PAGE, limit)),
        this.#pause,
        () => this.#mailbox.closed,
      );
      const last = events.at(-1);
      if (feed.epoch !== epoch) break;
      if (!last) throw new Error(`the log of ${organizationId} ends before ${this.#hold.position}`);
      place = last;
      this.#offer(events);
      if (!(await this.#mailbox.emptied())) return;
    }
    if (this.#mailbox.closed) return;
    if (feed.epoch === epoch) this.#listen(place.position);
    else this.#beginAfresh('OTHER_EPOCH');
  }

  #offer(events: readonly LoggedEvent[]): void {
    for (const event of events) {
      if (this.#options.concerns(event)) this.#mailbox.offer({ kind: 'event', event });
    }
  }

  async #framesOf(event: LoggedEvent): Promise<LogFrame<Item>[]> {
    const items = await persist(
      () => this.#options.items(event, event.position <= this.#openedAt),
      this.#pause,
      () => this.#mailbox.closed,
    );
    return items.map((item, index) => {
      const isLast = index === items.length - 1;
      const position = isLast ? event.position : event.position - 1;
      return { kind: 'item', item, event, position, part: isLast ? 0 : index + 1 };
    });
  }
}
