import type { Feed, Hold } from '../../events/feed.ts';
import { Group } from './group.ts';
import { Member } from './member.ts';
import type { Plan, Subscriber } from './plan.ts';

/** What is open, for metrics and for tests that prove that nothing is left. */
export interface HubCounts {
  groups: number;
  members: number;
}

interface Watch<Value> {
  hold: Promise<Hold>;
  members: number;
  groups: Set<Group<Value>>;
  /** Grows with every batch of events: says whether some came while somebody was joining. */
  batches: number;
}

/** All groups of one node. Knows no schema and no transport. */
export class Hub<Value> {
  #feed: Feed;
  #groups = new Map<string, Promise<Group<Value>>>();
  #watches = new Map<string, Watch<Value>>();

  constructor(feed: Feed) {
    this.#feed = feed;
  }

  counts(): HubCounts {
    let members = 0;
    for (const watch of this.#watches.values()) members += watch.members;
    return { groups: this.#groups.size, members };
  }

  /**
   * Authorises a subscriber and puts it into its group, which is opened if it is the first. It gets nothing before
   * `attach()`; `leave()` has to be called. Throws what `plan` or the opening of the source throws, with nothing left.
   */
  async join(subscriber: Subscriber<Value>): Promise<Member<Value>> {
    const { organizationId } = subscriber;
    const watch = this.#watch(organizationId);
    const member = new Member(subscriber, () => this.#unwatch(organizationId, watch));
    try {
      // Rights are read once changes of them are heard of, so that none falls between.
      await watch.hold;
      const { batches } = watch;
      const plan = await subscriber.plan();
      await this.#enter(member, plan, watch);
      if (watch.batches !== batches) for (const group of watch.groups) group.recheck();
      return member;
    } catch (error) {
      member.drop(null);
      throw error;
    }
  }

  async #enter(member: Member<Value>, plan: Plan<Value>, watch: Watch<Value>): Promise<void> {
    for (;;) {
      const group = await this.#open(plan, watch);
      if (member.isOver) return group.closeIfEmpty();
      if (group.isClosed) continue;
      member.endsAt = plan.endsAt;
      return group.add(member);
    }
  }

  #open({ key, work }: Plan<Value>, watch: Watch<Value>): Promise<Group<Value>> {
    const known = this.#groups.get(key);
    if (known) return known;
    const forget = () => {
      if (this.#groups.get(key) === opening) this.#groups.delete(key);
    };
    const opening = work.open().then(
      (source) => {
        const group: Group<Value> = new Group(source, {
          key,
          work,
          move: (member, plan) => {
            this.#enter(member, plan, watch).catch((error: unknown) => member.drop({ error }));
          },
          onClose: () => {
            watch.groups.delete(group);
            forget();
          },
          now: () => Date.now() + this.#feed.db.clock.shiftMs,
        });
        watch.groups.add(group);
        return group;
      },
      (error) => {
        forget();
        throw error;
      },
    );
    this.#groups.set(key, opening);
    return opening;
  }

  #watch(organizationId: string): Watch<Value> {
    const known = this.#watches.get(organizationId);
    if (known) {
      known.members += 1;
      return known;
    }
    const watch: Watch<Value> = {
      members: 1,
      groups: new Set(),
      batches: 0,
      hold: this.#feed.follow(organizationId, {
        events: (events) => {
          watch.batches += 1;
          for (const group of watch.groups) group.heard(events);
        },
        reset: () => {
          watch.batches += 1;
          for (const group of watch.groups) group.recheck();
        },
      }),
    };
    watch.hold.catch(() => {});
    this.#watches.set(organizationId, watch);
    return watch;
  }

  #unwatch(organizationId: string, watch: Watch<Value>): void {
    watch.members -= 1;
    if (watch.members > 0) return;
    if (this.#watches.get(organizationId) === watch) this.#watches.delete(organizationId);
    watch.hold.then(
      (hold) => hold.release(),
      () => {},
    );
  }
}
