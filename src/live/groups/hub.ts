import type { Feed } from '../../events/feed.ts';
import { type GroupFigures, type HubCounts, noFigures } from './counts.ts';
import { Group } from './group.ts';
import { Member } from './member.ts';
import type { Plan, Subscriber } from './plan.ts';
import { Sources } from './sources.ts';
import { Watch } from './watch.ts';

/** How often a group may close while a member is on its way into it. */
const TRIES = 5;

/** All groups of one node. Knows no schema and no transport. */
export class Hub<Value> {
  #feed: Feed;
  #groups = new Map<string, Promise<Group<Value>>>();
  #sources = new Sources<Value>();
  #watches = new Map<string, Watch<Value>>();
  #figures: GroupFigures = noFigures();

  constructor(feed: Feed) {
    this.#feed = feed;
  }

  /** How many members each group has. */
  sizes(): number[] {
    const watches = [...this.#watches.values()];
    return watches.flatMap(({ groups }) => [...groups].map(({ size }) => size));
  }

  counts(): HubCounts {
    const watches = [...this.#watches.values()];
    return {
      groups: this.#groups.size,
      sources: this.#sources.size,
      members: watches.reduce((sum, { members }) => sum + members, 0),
      largest: this.sizes().reduce((most, size) => Math.max(most, size), 0),
      ...this.#figures,
    };
  }

  /**
   * Authorises a subscriber and puts it into its group, which is opened if it is the first; null when it can share with
   * nobody. It gets nothing before `attach()`; `leave()` has to be called. Throws what `plan` or the opening of the
   * source throws, with nothing left.
   */
  async join(subscriber: Subscriber<Value>): Promise<Member<Value> | null> {
    const { organizationId } = subscriber;
    const watch = this.#watch(organizationId);
    const member: Member<Value> = new Member(subscriber, this.#figures, () => {
      watch.joined(member);
      if (watch.leave() && this.#watches.get(organizationId) === watch) {
        this.#watches.delete(organizationId);
      }
    });
    try {
      // Rights are read once changes of them are heard of, so that none falls between.
      await watch.begun;
      watch.joins(member);
      const plan = await subscriber.plan(watch.once());
      if (!plan.isOwn) {
        await this.#enter(member, plan, watch);
        return member;
      }
    } catch (error) {
      member.drop(null);
      throw error;
    }
    member.drop(null);
    return null;
  }

  async #enter(member: Member<Value>, plan: Plan<Value>, watch: Watch<Value>): Promise<void> {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const group = await this.#open(plan, watch);
      if (member.isOver) return group.closeIfEmpty();
      if (group.isClosed) continue;
      group.add(member, plan);
      if (watch.joined(member)) group.recheck((other) => other === member, watch.once());
      return;
    }
    throw new Error('A group ends as soon as it is opened.');
  }

  #open({ key, work }: Plan<Value>, watch: Watch<Value>): Promise<Group<Value>> {
    const known = this.#groups.get(key);
    if (known) return known;
    const forget = () => {
      if (this.#groups.get(key) === opening) this.#groups.delete(key);
    };
    const opening = this.#sources
      .read(work.source, () => work.open())
      .then(
        (source) => {
          const group: Group<Value> = new Group(source, {
            key,
            work,
            figures: this.#figures,
            move: (member, plan) => {
              watch.joins(member);
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
    const watch = this.#watches.get(organizationId) ?? new Watch(this.#feed, organizationId);
    this.#watches.set(organizationId, watch);
    watch.enter();
    return watch;
  }
}
