import { Once } from './once.ts';

type Who<Member> = (member: Member) => boolean;

/** Members whose rights are read at a time. */
const AT_A_TIME = 250;

/** Reads the rights of a group's members again, one pass at a time. */
export class Checks<Member> {
  #members: ReadonlySet<Member>;
  #check: (member: Member, once: Once) => Promise<void>;
  #wanted: Who<Member>[] = [];
  #once: Once | null = null;
  /** How many times a check was asked for, and how many of those have been dealt with. */
  #asked = 0;
  #done = 0;
  #pass: Promise<void> | null = null;

  /** @param check must not fail */
  constructor(members: ReadonlySet<Member>, check: (member: Member, once: Once) => Promise<void>) {
    this.#members = members;
    this.#check = check;
  }

  /** @param once what has been read since the reason came; default: nothing */
  ask(who: Who<Member>, once: Once | null = null): void {
    this.#wanted.push(who);
    this.#asked += 1;
    this.#once = once;
    if (!this.#pass) void this.#run();
  }

  /** Whether all that was asked for up to now has been dealt with. */
  get isDone(): boolean {
    return this.#done === this.#asked;
  }

  /** Resolves when it has; what is asked for meanwhile is not waited for, or a stream of events would stop the group. */
  async done(): Promise<void> {
    const asked = this.#asked;
    while (this.#done < asked) await this.#pass;
  }

  async #run(): Promise<void> {
    while (this.#done < this.#asked) {
      const asked = this.#asked;
      this.#pass = this.#checkAll(this.#wanted.splice(0), this.#once ?? new Once());
      await this.#pass;
      this.#done = asked;
    }
    this.#pass = null;
  }

  async #checkAll(wanted: readonly Who<Member>[], once: Once): Promise<void> {
    const members = [...this.#members].filter((member) => wanted.some((who) => who(member)));
    for (let at = 0; at < members.length; at += AT_A_TIME) {
      const some = members.slice(at, at + AT_A_TIME);
      await Promise.all(some.map((member) => this.#check(member, once)));
    }
  }
}
