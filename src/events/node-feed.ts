import type { Database } from '../database/database.ts';
import type { Feed, FeedCounts, FeedLag, FeedOptions, Hold, WakeupFigures } from './feed.ts';
import { KnownHeads } from './known-heads.ts';
import { type LogPlace, readMovedHeads, readTail } from './log.ts';
import { type FeedListener, OrganizationTail } from './organization-tail.ts';
import { processWakeups, type Wakeups } from './wakeups.ts';

/** The feed of one node; what it promises stands at the interface. */
export class NodeFeed implements Feed {
  readonly db: Database;
  #wakeups: Wakeups;
  #pollMs: number;
  #pageSize: number;
  #report: (error: unknown) => void;
  #heads = new KnownHeads();
  #tails = new Map<string, Promise<OrganizationTail> | OrganizationTail>();
  #epoch = '';
  #timer: NodeJS.Timeout | null = null;
  #polling: Promise<void> = Promise.resolve();
  #nextPoll: Promise<void> | null = null;
  #unansweredSince: number | null = null;
  #stopListening: (() => void)[] = [];
  #heard = 0;
  #started = false;

  constructor(db: Database, options: FeedOptions) {
    this.db = db;
    this.#wakeups = options.wakeups ?? processWakeups();
    this.#pollMs = options.pollMs ?? 500;
    this.#pageSize = options.pageSize ?? 500;
    this.#report = options.onError ?? (() => {});
  }

  get epoch(): string {
    if (!this.#epoch) throw new Error('the feed has not started');
    return this.#epoch;
  }

  async start(): Promise<void> {
    const { epoch } = await readMovedHeads(this.db.pool, new Map());
    this.#epoch = epoch;
    this.#started = true;
    await this.#wakeups.start?.();
    const onCommit = (organizationId: string, position: number) => {
      this.#heads.advance(organizationId, position);
      this.#hint(organizationId, position);
      this.#wakeups.publish(organizationId, position);
    };
    this.db.commitListeners.add(onCommit);
    this.#stopListening = [
      () => this.db.commitListeners.delete(onCommit),
      this.#wakeups.subscribe((organizationId, position) => {
        this.#heard += 1;
        this.#hint(organizationId, position);
      }),
    ];
    this.#pollLater();
  }

  async stop(): Promise<void> {
    this.#started = false;
    for (const stop of this.#stopListening.splice(0)) stop();
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#heads.close();
    for (const tail of this.#open()) tail.close();
    this.#tails.clear();
    await this.#wakeups.stop?.();
    await this.#polling;
  }

  async hold(organizationId: string): Promise<Hold> {
    if (!this.#started) throw new Error('the feed is not running');
    const tail = await this.#tailOf(organizationId);
    tail.holders += 1;
    let listening: FeedListener | null = null;
    let released = false;
    return {
      organizationId,
      get position() {
        return tail.position;
      },
      listen: (listener, after = tail.position) => {
        if (released || listening) throw new Error('a hold listens once, before its release');
        tail.listen(listener, after);
        listening = listener;
      },
      release: () => {
        if (released) return;
        released = true;
        if (listening) tail.unlisten(listening);
        tail.holders -= 1;
        if (tail.holders === 0) this.#letGo(organizationId, tail);
      },
    };
  }

  async follow(organizationId: string, listener: FeedListener): Promise<Hold> {
    const hold = await this.hold(organizationId);
    hold.listen(listener);
    return hold;
  }

  head(organizationId: string): number | undefined {
    return this.#heads.get(organizationId);
  }

  async waitFor(organizationId: string, position: number, timeoutMs: number): Promise<boolean> {
    if ((this.head(organizationId) ?? -1) >= position) return true;
    const waited = this.#heads.waitFor(organizationId, position, timeoutMs);
    // What another node committed is known to nobody here yet: look once, then leave it to the poll.
    await this.#poll().catch(this.#report);
    return waited;
  }

  lag(): FeedLag {
    const now = performance.now();
    let events = 0;
    let since = this.#unansweredSince ?? now;
    for (const tail of this.#open()) {
      events += tail.behind;
      since = Math.min(since, tail.behindSince ?? now);
    }
    return { events, milliseconds: Math.round(now - since) };
  }

  wakeups(): WakeupFigures {
    return { connected: this.#wakeups.isConnected?.() ?? true, heard: this.#heard };
  }

  counts(): FeedCounts {
    const counts = {
      organizations: this.#tails.size,
      listeners: 0,
      waiters: this.#heads.waiters,
      timers: this.#timer ? 1 : 0,
    };
    for (const tail of this.#open()) {
      counts.listeners += tail.listeners;
      counts.timers += tail.timers;
    }
    return counts;
  }

  #open(): OrganizationTail[] {
    return [...this.#tails.values()].filter((tail) => tail instanceof OrganizationTail);
  }

  async #tailOf(organizationId: string): Promise<OrganizationTail> {
    for (;;) {
      const known = this.#tails.get(organizationId) ?? this.#openTail(organizationId);
      if (known instanceof OrganizationTail) return known;
      const tail = await known;
      if (!this.#started) throw new Error('the feed is not running');
      // Others who waited for it may have let it go again by now.
      if (this.#tails.get(organizationId) === tail) return tail;
    }
  }

  #openTail(organizationId: string): Promise<OrganizationTail> {
    const opening = this.#readHead(organizationId).then(
      (place) => {
        const tail = new OrganizationTail(
          {
            read: async (after) => {
              const events = await readTail(this.db.pool, organizationId, after, this.#pageSize);
              this.#heads.advance(organizationId, events.at(-1)?.position ?? 0);
              return events;
            },
            pageSize: this.#pageSize,
            report: this.#report,
          },
          place,
        );
        if (this.#started) this.#tails.set(organizationId, tail);
        // What was committed while the head was being read.
        tail.hint(this.head(organizationId) ?? 0);
        return tail;
      },
      (error) => {
        this.#tails.delete(organizationId);
        throw error;
      },
    );
    this.#tails.set(organizationId, opening);
    return opening;
  }

  #letGo(organizationId: string, tail: OrganizationTail): void {
    tail.close();
    if (this.#tails.get(organizationId) === tail) this.#tails.delete(organizationId);
  }

  #hint(organizationId: string, position: number): void {
    const tail = this.#tails.get(organizationId);
    if (tail instanceof OrganizationTail) tail.hint(position);
  }

  async #readHead(organizationId: string): Promise<LogPlace> {
    const { epoch, moved } = await readMovedHeads(this.db.pool, new Map([[organizationId, -1]]));
    if (epoch !== this.#epoch) await this.#beginAnew(epoch);
    const [head] = moved;
    if (head) this.#heads.advance(organizationId, head.position);
    return head ?? { position: 0, loggedAt: null };
  }

  #pollLater(): void {
    if (!this.#started || this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#poll()
        .catch(this.#report)
        .then(() => this.#pollLater());
    }, this.#pollMs);
    this.#timer.unref();
  }

  /** One poll at a time; all who ask during one share the next. */
  #poll(): Promise<void> {
    if (this.#nextPoll) return this.#nextPoll;
    const next = this.#polling.then(() => {
      this.#nextPoll = null;
      return this.#pollOnce();
    });
    this.#nextPoll = next;
    this.#polling = next.catch(() => {});
    return next;
  }

  async #pollOnce(): Promise<void> {
    const known = new Map<string, number>();
    for (const organizationId of this.#heads.awaited()) {
      known.set(organizationId, this.head(organizationId) ?? -1);
    }
    for (const [organizationId, tail] of this.#tails) {
      if (tail instanceof OrganizationTail) known.set(organizationId, tail.position);
    }
    if (known.size === 0) {
      this.#unansweredSince = null;
      return;
    }
    const asked = performance.now();
    try {
      const { epoch, moved } = await readMovedHeads(this.db.pool, known);
      this.#unansweredSince = null;
      if (epoch !== this.#epoch) return await this.#beginAnew(epoch);
      for (const { organizationId, position } of moved) {
        this.#heads.advance(organizationId, position);
        this.#hint(organizationId, position);
      }
    } catch (error) {
      this.#unansweredSince ??= asked;
      throw error;
    }
  }

  /** The database was restored from a backup: nothing that is known of its log still holds. */
  async #beginAnew(epoch: string): Promise<void> {
    this.#heads.forget();
    const open = [...this.#tails].filter(([, tail]) => tail instanceof OrganizationTail);
    const { moved } = await readMovedHeads(this.db.pool, new Map(open.map(([id]) => [id, -1])));
    this.#epoch = epoch;
    const places = new Map(moved.map((head) => [head.organizationId, head]));
    for (const [organizationId, tail] of open) {
      const place = places.get(organizationId) ?? { position: 0, loggedAt: null };
      this.#heads.advance(organizationId, place.position);
      if (tail instanceof OrganizationTail) tail.restart(place);
    }
  }
}
