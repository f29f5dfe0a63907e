import type { GroupFigures } from './counts.ts';
import type { Payload } from './payload.ts';
import type { GroupReset, Plan, Subscriber } from './plan.ts';

/** An answer and its number in the group: the one that follows on it has the next number. */
export interface Step {
  /** Not whole for a state between two of the group's: nothing follows on it. */
  number: number;
  payload: Payload;
}

/** How a subscriber comes into a group, until it has its first answer there. */
export type Entry = { place: unknown } | { reset: GroupReset };

/** The group as its members see it. */
export interface MemberGroup<Value> {
  /** What follows on the answer with this number, or on nothing yet; null while there is nothing. */
  after(number: number, entry: Entry | null): Step | Promise<Step> | null;
  leave(member: Member<Value>): void;
}

/** One subscriber in a group: hands it answers one at a time, and the newest when it was slow. */
export class Member<Value> {
  readonly subscriber: Subscriber<Value>;
  /** See `Plan`. */
  holder = '';
  endsAt: number | null = null;
  /** Answers that it was handed. */
  shown = 0;
  #figures: GroupFigures;
  #group: MemberGroup<Value> | null = null;
  #entry: Entry | null;
  #number = 0;
  // Until the transport is ready for the first answer.
  #isBusy = true;
  #ending: { failure: { error: unknown } | null } | null = null;
  #isOver = false;
  #end = Promise.withResolvers<void>();
  #onOver: () => void;

  constructor(subscriber: Subscriber<Value>, figures: GroupFigures, onOver: () => void) {
    this.subscriber = subscriber;
    this.#figures = figures;
    this.#entry = subscriber.place === null ? null : { place: subscriber.place };
    this.#onOver = onOver;
    this.#end.promise.catch(() => {});
  }

  /** Resolves when the stream has ended, after the last answer; fails with what ended it. */
  get ended(): Promise<void> {
    return this.#end.promise;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** The transport takes answers from now on. */
  attach(): void {
    this.#isBusy = false;
    this.advance();
  }

  /** What its rights hang on, as they were read last. */
  hold({ holder, endsAt }: Plan<Value>): void {
    this.holder = holder;
    this.endsAt = endsAt;
  }

  /** Its rights have changed: it gets nothing until it is in another group, and there the state anew. */
  exit(): void {
    this.#group = null;
    if (this.#number > 0) this.#entry = { reset: 'RIGHTS_CHANGED' };
    this.#number = 0;
  }

  enter(group: MemberGroup<Value>): void {
    this.#group = group;
    this.advance();
  }

  /** Looks whether there is something to hand over. */
  advance(): void {
    while (!this.#isBusy && !this.#isOver) {
      const step = this.#group?.after(this.#number, this.#entry) ?? null;
      if (step === null) {
        if (this.#ending) this.#settle(this.#ending.failure);
        return;
      }
      if (step instanceof Promise) this.#wait(step, this.#group);
      else this.#show(step);
    }
  }

  /** The group has ended: the subscriber gets what it has not got yet, then the end. */
  finish(failure: { error: unknown } | null): void {
    this.#ending = { failure };
    this.advance();
  }

  /** Ends it at once, without what it has not got yet. */
  drop(failure: { error: unknown } | null): void {
    this.#settle(failure);
  }

  /** The client has left. */
  leave(): void {
    this.#settle(null);
  }

  #wait(step: Promise<Step>, group: MemberGroup<Value> | null): void {
    this.#isBusy = true;
    step.then(
      (ready) => {
        this.#isBusy = false;
        // It may have been moved meanwhile: what the other group made is not for it any more.
        if (this.#group === group && !this.#isOver) this.#show(ready);
        this.advance();
      },
      (error: unknown) => {
        if (this.#group === group) return this.#settle({ error });
        this.#isBusy = false;
        this.advance();
      },
    );
  }

  #show({ number, payload }: Step): void {
    this.#count(number, payload);
    this.#number = number;
    this.#entry = null;
    const taken = this.subscriber.show(payload);
    if (!taken) return;
    this.#isBusy = true;
    taken.then(
      () => {
        this.#isBusy = false;
        this.advance();
      },
      () => this.leave(),
    );
  }

  #count(number: number, payload: Payload): void {
    const figures = this.#figures;
    this.shown += 1;
    figures.frames += 1;
    figures.bytes += payload.bytes;
    if (this.#entry && 'reset' in this.#entry) figures.rightsChanged += 1;
    else if (this.#number > 0 && number > this.#number + 1) {
      figures.conflated += Math.floor(number - this.#number - 1);
      figures.skipped += 1;
    }
  }

  #settle(failure: { error: unknown } | null): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#group?.leave(this);
    this.#onOver();
    if (failure) this.#end.reject(failure.error);
    else this.#end.resolve();
  }
}
