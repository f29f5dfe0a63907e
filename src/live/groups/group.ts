import { Alarm } from '../alarm.ts';
import { Checks } from './checks.ts';
import type { GroupFigures } from './counts.ts';
import type { Entry, Member, MemberGroup, Step } from './member.ts';
import type { Once } from './once.ts';
import type { GroupReset, GroupWork, Plan } from './plan.ts';
import type { Numbered, Reader } from './sources.ts';

export interface GroupOptions<Value> {
  key: string;
  work: GroupWork<Value>;
  figures: GroupFigures;
  /** A member belongs elsewhere by its present rights. */
  move(member: Member<Value>, plan: Plan<Value>): void;
  /** Nobody is left, or the source has ended. */
  onClose(): void;
  /** The time that `endsAt` is compared with. */
  now(): number;
}

/** Members that are handed an answer before others get their turn of the event loop; some 2 ms. */
const SLICE = 256;
/** Answers that one who begins slowly can follow on. */
const RECENT = 32;
/** The database's clock, which decides, may be behind ours: how soon to ask it again. */
const ENDED_AGAIN_MS = 100;

/**
 * Subscribers who get the same answers: for every value of their source one execution and one serialisation.
 * Nothing is handed over while the rights of members are in question.
 */
export class Group<Value> implements MemberGroup<Value> {
  readonly key: string;
  #options: GroupOptions<Value>;
  #source: Reader<Value>;
  /** How far it has read. */
  #sourceNumber = 0;
  #members = new Set<Member<Value>>();
  #latest: { value: Value; step: Step } | null = null;
  /** What has come while somebody begins, so that it follows on without a gap. */
  #recent: Step[] = [];
  #beginning = 0;
  /** What was made of the latest besides, by its reason or its place. */
  #beginnings = new Map<string, Promise<Step>>();
  #checks: Checks<Member<Value>>;
  #nextEnd = Number.POSITIVE_INFINITY;
  #endAlarm = new Alarm();
  #isClosed = false;

  constructor(source: Reader<Value>, options: GroupOptions<Value>) {
    this.key = options.key;
    this.#options = options;
    this.#source = source;
    this.#checks = new Checks(this.#members, (member, once) => this.#check(member, once));
    void this.#run();
  }

  get size(): number {
    return this.#members.size;
  }

  get anyone(): Member<Value> | undefined {
    const [first] = this.#members;
    return first;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  add(member: Member<Value>, plan: Plan<Value>): void {
    member.hold(plan);
    this.#members.add(member);
    if (plan.endsAt !== null && plan.endsAt < this.#nextEnd) this.#setEnd(plan.endsAt);
    member.enter(this);
  }

  leave(member: Member<Value>): void {
    if (this.#members.delete(member)) this.closeIfEmpty();
  }

  closeIfEmpty(): void {
    if (this.#members.size === 0) this.#close();
  }

  after(number: number, entry: Entry | null): Step | Promise<Step> | null {
    const latest = this.#latest;
    if (!latest || (!entry && number >= latest.step.number)) return null;
    if (entry && 'place' in entry) return this.#begin(entry.place);
    if (entry) return this.#reset(entry.reset);
    const next =
      latest.step.number === number + 1
        ? latest.step
        : this.#recent.find((step) => step.number === number + 1);
    if (next) return this.#checks.isDone ? next : this.#whenChecked(next);
    return this.#reset(number === 0 ? 'FIRST' : 'SKIPPED');
  }

  /** Rights of members may have changed: reads them again before anything more is handed over. */
  recheck(who: (member: Member<Value>) => boolean, once: Once): void {
    this.#checks.ask(who, once);
  }

  async #run(): Promise<void> {
    let failure: { error: unknown } | null = null;
    try {
      for (;;) {
        const { value, done } = await this.#source.next();
        if (done || this.#isClosed) break;
        await this.#publish(this.#inOrder(value));
      }
    } catch (error) {
      failure = { error };
    }
    await this.#checks.done();
    const members = [...this.#members];
    this.#close();
    for (const member of members) member.finish(failure);
  }

  /** What does not follow on what the group had last is for all of it as for one who was too slow. */
  #inOrder({ number, value }: Numbered<Value>): Value {
    const follows = number === this.#sourceNumber + 1;
    this.#sourceNumber = number;
    return follows ? value : this.#options.work.reset(value, this.#latest ? 'SKIPPED' : 'FIRST');
  }

  async #publish(value: Value): Promise<void> {
    const payload = await this.#answer(value);
    this.#checkEnded();
    await this.#checks.done();
    const step = { number: (this.#latest?.step.number ?? 0) + 1, payload };
    this.#latest = { value, step };
    this.#recent = this.#beginning > 0 ? [...this.#recent.slice(1 - RECENT), step] : [];
    this.#beginnings.clear();
    let handed = 0;
    for (const member of [...this.#members]) {
      if (this.#members.has(member)) member.advance();
      handed += 1;
      if (handed % SLICE > 0) continue;
      await new Promise((resolve) => setImmediate(resolve));
      await this.#checks.done();
    }
  }

  #answer(value: Value) {
    this.#options.figures.executions += 1;
    return this.#options.work.answer(value);
  }

  #reset(reason: GroupReset): Promise<Step> | null {
    return this.#makeBeginning(reason, async ({ value }) => ({
      value: this.#options.work.reset(value, reason),
      follows: true,
    }));
  }

  #begin(place: unknown): Promise<Step> | null {
    const step = this.#makeBeginning(JSON.stringify(place), ({ value }) =>
      this.#options.work.begin(value, place),
    );
    if (!step) return null;
    this.#beginning += 1;
    return step.finally(() => {
      this.#beginning -= 1;
    });
  }

  /** One execution for all who come into the present state for the same reason. */
  #makeBeginning(
    key: string,
    make: (latest: { value: Value }) => Promise<{ value: Value; follows: boolean }>,
  ): Promise<Step> | null {
    const latest = this.#latest;
    if (!latest) return null;
    let made = this.#beginnings.get(key);
    if (!made) {
      made = make(latest).then(async ({ value, follows }) => ({
        payload: await this.#answer(value),
        number: latest.step.number + (follows ? 0 : 0.5),
      }));
      this.#beginnings.set(key, made);
      // Whoever asks after a failure may have better luck.
      made.catch(() => this.#beginnings.delete(key));
    }
    return made.then((step) => this.#whenChecked(step));
  }

  async #whenChecked(step: Step): Promise<Step> {
    await this.#checks.done();
    return step;
  }

  async #check(member: Member<Value>, once: Once): Promise<void> {
    this.#options.figures.checks += 1;
    try {
      const plan = await member.subscriber.plan(once);
      if (member.isOver) return;
      member.hold(plan);
      if (plan.key === this.key) return;
      this.#members.delete(member);
      member.exit();
      this.#options.move(member, plan);
      this.closeIfEmpty();
    } catch (error) {
      member.drop({ error });
    }
  }

  /** Rights end by time too: a token expires. */
  #checkEnded(): void {
    const now = this.#options.now();
    if (this.#nextEnd > now) return;
    this.#checks.ask(({ endsAt }) => endsAt !== null && endsAt <= now);
    void this.#checks.done().then(() => {
      let next = Number.POSITIVE_INFINITY;
      for (const { endsAt } of this.#members) if (endsAt !== null) next = Math.min(next, endsAt);
      this.#setEnd(next);
    });
  }

  #setEnd(at: number): void {
    this.#nextEnd = at;
    this.#endAlarm.clear();
    if (this.#isClosed || at === Number.POSITIVE_INFINITY) return;
    const ms = Math.max(at - this.#options.now(), ENDED_AGAIN_MS);
    this.#endAlarm.set(ms, () => {
      // Timers may ring early.
      if (this.#options.now() < at) this.#setEnd(at);
      else this.#checkEnded();
    });
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#endAlarm.clear();
    this.#options.onClose();
    void this.#source.return();
  }
}
