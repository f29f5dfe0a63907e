import type { LoggedEvent } from '../../events/logged-event.ts';
import type { Entry, Member, MemberGroup, Step } from './member.ts';
import type { GroupReset, GroupWork, Plan } from './plan.ts';

export interface GroupOptions<Value> {
  key: string;
  work: GroupWork<Value>;
  /** A member belongs elsewhere by its present rights. */
  move(member: Member<Value>, plan: Plan<Value>): void;
  /** Nobody is left, or the source has ended. */
  onClose(): void;
  /** The time that `endsAt` is compared with. */
  now(): number;
}

/** Members that are handed an answer before others get their turn of the event loop. */
const SLICE = 256;
/** Members whose rights are read again at a time. */
const CHECKS = 16;

/**
 * Subscribers who get the same answers: one source, and for every value of it one execution and one serialisation.
 * Nothing is handed over while the rights of members are in question.
 */
export class Group<Value> implements MemberGroup<Value> {
  readonly key: string;
  #options: GroupOptions<Value>;
  #source: AsyncIterableIterator<Value, undefined>;
  #members = new Set<Member<Value>>();
  #latest: { value: Value; step: Step } | null = null;
  #resets = new Map<GroupReset, Promise<Step>>();
  #checking: Promise<void> | null = null;
  #isCheckWanted = false;
  #isClosed = false;

  constructor(source: AsyncIterableIterator<Value, undefined>, options: GroupOptions<Value>) {
    this.key = options.key;
    this.#options = options;
    this.#source = source;
    void this.#run();
  }

  get size(): number {
    return this.#members.size;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  add(member: Member<Value>): void {
    this.#members.add(member);
    member.enter(this);
  }

  leave(member: Member<Value>): void {
    if (this.#members.delete(member)) this.closeIfEmpty();
  }

  closeIfEmpty(): void {
    if (this.#members.size === 0) this.#close();
  }

  after(number: number, entry: Entry<Value> | null): Step | Promise<Step> | null {
    const latest = this.#latest;
    if (!latest || (!entry && latest.step.number === number)) return null;
    if (entry && 'begin' in entry) {
      return this.#settled(latest.step.number, entry.begin(latest.value));
    }
    if (entry) return this.#reset(entry.reset);
    if (latest.step.number === number + 1) {
      return this.#checking ? this.#whenChecked(latest.step) : latest.step;
    }
    return this.#reset(number === 0 ? 'FIRST' : 'SKIPPED');
  }

  /** An event came that may change what members may see: reads their rights again before anything is handed over. */
  heard(events: readonly LoggedEvent[]): void {
    const [first] = this.#members;
    // Members of one group were asked the same, so one can speak for all.
    if (first && events.some((event) => first.subscriber.concerns(event))) this.recheck();
  }

  recheck(): void {
    this.#isCheckWanted = true;
    this.#checking ??= this.#check().finally(() => {
      this.#checking = null;
    });
  }

  async #run(): Promise<void> {
    let failure: { error: unknown } | null = null;
    try {
      for (;;) {
        const { value, done } = await this.#source.next();
        if (done || this.#isClosed) break;
        await this.#publish(value);
      }
    } catch (error) {
      failure = { error };
    }
    await this.#checked();
    const members = [...this.#members];
    this.#isClosed = true;
    for (const member of members) member.finish(failure);
    this.#options.onClose();
  }

  async #publish(value: Value): Promise<void> {
    const payload = await this.#options.work.answer(value);
    const now = this.#options.now();
    if ([...this.#members].some(({ endsAt }) => endsAt !== null && endsAt <= now)) this.recheck();
    await this.#checked();
    this.#latest = { value, step: { number: (this.#latest?.step.number ?? 0) + 1, payload } };
    this.#resets.clear();
    let handed = 0;
    for (const member of [...this.#members]) {
      if (this.#members.has(member)) member.advance();
      handed += 1;
      if (handed % SLICE > 0) continue;
      await new Promise((resolve) => setImmediate(resolve));
      await this.#checked();
    }
  }

  #reset(reason: GroupReset): Promise<Step> | null {
    const latest = this.#latest;
    if (!latest) return null;
    const known = this.#resets.get(reason);
    if (known) return known.then((step) => this.#whenChecked(step));
    const { value, step } = latest;
    const made = this.#settled(
      step.number,
      Promise.resolve(this.#options.work.reset(value, reason)),
    );
    this.#resets.set(reason, made);
    return made;
  }

  async #settled(number: number, value: Promise<Value>): Promise<Step> {
    const payload = await this.#options.work.answer(await value);
    return this.#whenChecked({ number, payload });
  }

  async #whenChecked(step: Step): Promise<Step> {
    await this.#checked();
    return step;
  }

  async #checked(): Promise<void> {
    while (this.#checking) await this.#checking;
  }

  async #check(): Promise<void> {
    while (this.#isCheckWanted) {
      this.#isCheckWanted = false;
      const members = [...this.#members];
      for (let at = 0; at < members.length; at += CHECKS) {
        await Promise.all(members.slice(at, at + CHECKS).map((member) => this.#checkOne(member)));
      }
    }
  }

  async #checkOne(member: Member<Value>): Promise<void> {
    try {
      const plan = await member.subscriber.plan();
      if (member.isOver) return;
      member.endsAt = plan.endsAt;
      if (plan.key === this.key) return;
      this.#members.delete(member);
      member.exit();
      this.#options.move(member, plan);
      this.closeIfEmpty();
    } catch (error) {
      member.drop({ error });
    }
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#options.onClose();
    // What fails while it is let go of has nobody left to tell.
    void Promise.resolve(this.#source.return?.()).catch(() => {});
  }
}
