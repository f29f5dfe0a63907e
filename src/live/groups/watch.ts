import type { Feed, Hold } from '../../events/feed.ts';
import type { LoggedEvent } from '../../events/logged-event.ts';
import type { Group } from './group.ts';
import type { Member } from './member.ts';
import { Once } from './once.ts';

/** One organization's log, as the groups there hear of what may change the rights of members. */
export class Watch<Value> {
  readonly groups = new Set<Group<Value>>();
  /** Resolves once what happens from now on is heard of. */
  readonly begun: Promise<unknown>;
  #members = 0;
  #hold: Promise<Hold>;
  #joining = new Map<Member<Value>, { isStale: boolean }>();
  #once: Once | null = null;

  constructor(feed: Feed, organizationId: string) {
    this.#hold = feed.follow(organizationId, {
      events: (events) => this.#heard(events),
      reset: () => this.#recheckAll(),
    });
    this.#hold.catch(() => {});
    this.begun = this.#hold;
  }

  get members(): number {
    return this.#members;
  }

  enter(): void {
    this.#members += 1;
  }

  /** Returns true when that was the last, and nothing is heard of any more. */
  leave(): boolean {
    this.#members -= 1;
    if (this.#members > 0) return false;
    this.#hold.then(
      (hold) => hold.release(),
      () => {},
    );
    return true;
  }

  /** Notes whether something comes that concerns a member until `joined`. */
  joins(member: Member<Value>): void {
    this.#joining.set(member, { isStale: false });
  }

  /** Returns whether the plan of the member has to be looked at again. */
  joined(member: Member<Value>): boolean {
    const isStale = this.#joining.get(member)?.isStale ?? false;
    this.#joining.delete(member);
    return isStale;
  }

  /** For all who join in this turn of the event loop, unless something is heard of before. */
  once(): Once {
    if (this.#once) return this.#once;
    const once = new Once();
    this.#once = once;
    setImmediate(() => {
      if (this.#once === once) this.#once = null;
    });
    return once;
  }

  #heard(events: readonly LoggedEvent[]): void {
    this.#once = null;
    // What one of the groups reads because of these events will do for the others.
    const once = new Once();
    for (const group of this.groups) {
      // Members of one group have asked the same, so one can speak for all.
      const concerned = concernOf(group.anyone, events);
      if (concerned) group.recheck(({ holder }) => concerned(holder), once);
    }
    for (const [member, joining] of this.#joining) {
      if (concernOf(member, events)) joining.isStale = true;
    }
  }

  #recheckAll(): void {
    this.#once = null;
    const once = new Once();
    for (const group of this.groups) group.recheck(() => true, once);
    for (const joining of this.#joining.values()) joining.isStale = true;
  }
}

/** Which holders events concern; null: none. Asked for every group and every event. */
function concernOf<Value>(
  member: Member<Value> | undefined,
  events: readonly LoggedEvent[],
): ((holder: string) => boolean) | null {
  const holders = new Set<string>();
  for (const event of member ? events : []) {
    const concern = member?.subscriber.concerns(event) ?? 'nobody';
    if (concern === 'everybody') return () => true;
    if (concern !== 'nobody') holders.add(concern.holder);
  }
  return holders.size > 0 ? (holder) => holders.has(holder) : null;
}
