// A hub whose log, source, rights and screens are in the hands of a test.
import type { Feed, FeedListener } from '../../../src/events/feed.ts';
import type { LoggedEvent } from '../../../src/events/logged-event.ts';
import { Hub } from '../../../src/live/groups/hub.ts';
import type { Member } from '../../../src/live/groups/member.ts';
import type { Once } from '../../../src/live/groups/once.ts';
import { Payload } from '../../../src/live/groups/payload.ts';
import type { GroupWork, Plan } from '../../../src/live/groups/plan.ts';
import { Mailbox, state } from '../../../src/live/mailbox.ts';

export interface Value {
  n: number;
  from: string | null;
}

export interface Screen {
  member: Member<Value>;
  shown: Value[];
  /** Takes nothing more until the promise resolves. */
  busy: Promise<void> | null;
}

/** What an event concerns, in a test: everybody, a holder by its name, or nobody. */
export const event = (recordId: string): LoggedEvent =>
  ({ type: 'x', recordType: 'X', recordId, position: 1 }) as unknown as LoggedEvent;

export class World {
  readonly listeners = new Set<FeedListener>();
  readonly clock = { shiftMs: 0 };
  readonly counts = { opened: 0, open: 0, answers: 0, begun: 0, reads: 0 };
  readonly sources = new Map<string, Mailbox<Value>>();
  /** By token: which class it belongs to now, and until when; null: it has no rights. */
  readonly rights = new Map<
    string,
    { group: string; source?: string; endsAt?: number; isOwn?: boolean } | null
  >();
  /** How far the clock that decides is behind the one that we go by. */
  lagMs = 0;
  /** Called when rights have been read, and before that is known to who asked. */
  onRead: () => Promise<void> | void = () => {};
  onAnswer: () => Promise<void> | void = () => {};
  onBegin: () => Promise<boolean> | boolean = () => true;
  readonly hub: Hub<Value>;
  #turns = 0;

  constructor() {
    const { clock, listeners } = this;
    const follow = async (_organizationId: string, listener: FeedListener) => {
      listeners.add(listener);
      return { release: () => listeners.delete(listener) };
    };
    this.hub = new Hub<Value>({ db: { clock }, follow } as unknown as Feed);
  }

  /** An event arrives. */
  hear(...recordIds: string[]): void {
    for (const { events } of [...this.listeners]) events(recordIds.map(event));
  }

  /** Everything of a source changes. */
  turn(source = 'a'): number {
    this.#turns += 1;
    this.sources.get(source)?.offer({ n: this.#turns, from: null });
    return this.#turns;
  }

  /** Joins by a token; not attached yet. */
  async join(token: string, place: unknown = null): Promise<Screen | null> {
    const screen: Omit<Screen, 'member'> = { shown: [], busy: null };
    const member = await this.hub.join({
      organizationId: 'org',
      place,
      plan: (once) => this.#plan(token, once),
      concerns: ({ recordId }) =>
        recordId === 'everybody' || recordId === 'nobody' ? recordId : { holder: recordId },
      show: ({ json }) => {
        screen.shown.push(JSON.parse(json) as Value);
        return screen.busy;
      },
    });
    return member && Object.assign(screen, { member });
  }

  async show(token: string, place: unknown = null): Promise<Screen> {
    const screen = await this.join(token, place);
    if (!screen) throw new Error('nothing to share');
    screen.member.attach();
    return screen;
  }

  #plan(token: string, once: Once): Promise<Plan<Value>> {
    return once.get(this, token, async () => {
      this.counts.reads += 1;
      const right = this.rights.get(token);
      const endsAt = right?.endsAt ?? null;
      const isOver = endsAt !== null && endsAt <= Date.now() + this.clock.shiftMs - this.lagMs;
      await this.onRead();
      if (!right || isOver) throw new Error(`${token} has no rights`);
      const { group, source = group, isOwn = false } = right;
      return { key: group, work: this.#work(source), isOwn, holder: token, endsAt };
    });
  }

  #work(source: string): GroupWork<Value> {
    const { counts, sources } = this;
    return {
      source,
      async open() {
        counts.opened += 1;
        counts.open += 1;
        const values = new Mailbox<Value>(state(), () => {
          counts.open -= 1;
          if (sources.get(source) === values) sources.delete(source);
        });
        sources.set(source, values);
        return values;
      },
      answer: async (value) => {
        counts.answers += 1;
        await this.onAnswer();
        return new Payload(JSON.stringify(value));
      },
      reset: (value, from) => ({ ...value, from }),
      begin: async (value, place) => {
        counts.begun += 1;
        const follows = await this.onBegin();
        return { value: { ...value, from: `since ${String(place)}` }, follows };
      },
    };
  }
}
