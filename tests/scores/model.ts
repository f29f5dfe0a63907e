// A company's scores as plain arrays and loops: what the ledger, the roll-ups and the boards promise, told once more
// by other means. Nothing of `src/` is used here. Moments are milliseconds, amounts are whole ten-thousandths.

/** Somebody in a team, or a team under another, for a time. `until` is NEVER for what still holds. */
export interface Stay {
  of: string;
  at: string;
  from: number;
  until: number;
}

export const NEVER = Number.POSITIVE_INFINITY;

export interface Person {
  id: string;
  since: number;
  /** When the person left the company; NEVER for who works here. */
  until: number;
  competes: boolean;
}

export interface Entry {
  metric: string;
  subject: string;
  member: string;
  /** The member's team and those above it, at the moment that was asked for. */
  chain: string[];
  amount: number;
  /** When it counts, and when it would have counted if that had not been closed. */
  at: number;
  asked: number;
}

/** What a subject is worth from now on: to whom, how much, and when it counts. */
export interface Worth {
  member: string;
  at: number;
  amount: number;
}

export class Model {
  people: Person[] = [];
  teams: { id: string; since: number }[] = [];
  memberships: Stay[] = [];
  parents: Stay[] = [];
  entries: Entry[] = [];
  /** Nothing counts before it. */
  closedBefore = Number.NEGATIVE_INFINITY;

  /** Ends where it was and begins where it is (null: nowhere). Somewhere for no time at all is nowhere. */
  move(stays: Stay[], of: string, at: string | null, moment: number): void {
    const present = stays.find((stay) => stay.of === of && stay.until === NEVER);
    if (present) present.until = moment;
    if (present?.from === moment) stays.splice(stays.indexOf(present), 1);
    if (at !== null) stays.push({ of, at, from: moment, until: NEVER });
  }

  /** The last moment at which it came or went. */
  lastMove(stays: Stay[], of: string): number {
    const moments = stays
      .filter((stay) => stay.of === of)
      .map(({ from, until }) => (until === NEVER ? from : until));
    return Math.max(Number.NEGATIVE_INFINITY, ...moments);
  }

  /** A team and all above it at a moment; at the end of time as things are now. */
  teamsFrom(team: string | undefined, moment: number): string[] {
    const chain: string[] = [];
    for (let at = team; at !== undefined && !chain.includes(at); ) {
      chain.push(at);
      at = placeOf(this.parents, at, moment);
    }
    return chain;
  }

  chainOf(member: string, moment: number): string[] {
    return this.teamsFrom(placeOf(this.memberships, member, moment), moment);
  }

  /**
   * A subject is worth something else from now on. What it was worth to another member, or at another moment, is taken
   * back where it stands; a changed amount is added to where it stands; and what would count in closed books counts
   * when they open.
   */
  worth(metric: string, subject: string, worth: Worth | null): void {
    const own = this.entries.filter(
      (entry) => entry.metric === metric && entry.subject === subject,
    );
    let standing: Entry[] = [];
    for (const account of groups(own, (entry) => `${entry.member} ${entry.asked}`)) {
      if (sum(account) === 0) continue;
      if (account[0]?.member === worth?.member && account[0]?.asked === worth?.at) {
        standing = account;
        continue;
      }
      const places = groups(
        account.map((entry) => ({ ...entry, at: Math.max(entry.at, this.closedBefore) })),
        (entry) => `${entry.chain} ${entry.at}`,
      );
      for (const place of places) {
        const [first] = place;
        if (first && sum(place) !== 0) this.entries.push({ ...first, amount: -sum(place) });
      }
    }
    if (!worth || worth.amount === sum(standing)) return;
    const { member, at: asked } = worth;
    const stands = groups(standing, (entry) => `${entry.chain} ${entry.at}`).find(
      (place) => sum(place) !== 0,
    );
    const chain = stands?.[0]?.chain ?? this.chainOf(member, asked);
    const at = Math.max(stands?.[0]?.at ?? asked, this.closedBefore);
    const amount = worth.amount - sum(standing);
    this.entries.push({ metric, subject, member, chain, amount, at, asked });
  }

  /** When the last score counts, or was asked to, that a member earned or that was earned in or below a team. */
  lastScore(earned: (entry: Entry) => boolean): number {
    return Math.max(
      Number.NEGATIVE_INFINITY,
      ...this.entries.filter(earned).map(({ asked }) => asked),
    );
  }
}

const placeOf = (stays: Stay[], of: string, moment: number): string | undefined =>
  stays.find(
    (stay) =>
      stay.of === of && stay.from <= moment && (moment < stay.until || stay.until === NEVER),
  )?.at;

export const sum = (entries: readonly { amount: number }[]): number =>
  entries.reduce((total, { amount }) => total + amount, 0);

/** In the order of their first members. */
export function groups<T>(all: readonly T[], key: (one: T) => string): T[][] {
  const found = new Map<string, T[]>();
  for (const one of all) found.set(key(one), [...(found.get(key(one)) ?? []), one]);
  return [...found.values()];
}
