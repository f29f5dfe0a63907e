// What must be in the log, and what every screen must have shown, worked out from what the writers were told alone.

/** One write that a node has acknowledged. */
export interface Write {
  organizationId: string;
  /** As the answer's `extensions.position` said. */
  position: number;
  /** The type of the event that it must have left. */
  event: string;
  recordId: string;
  /** Of the record, after it. */
  version: number;
  /** Who did it, and whose it is. */
  memberId: string;
  /** What it adds to the member's score; different for every write of an organization. Null: nothing. */
  worth: number | null;
}

/** What was shown against what had to be. All but `expected` must be 0. */
export interface Verdict {
  expected: number;
  missing: number;
  outOfOrder: number;
  doubled: number;
  /** Shown although it never happened, or is somebody else's. */
  strange: number;
}

export const NOTHING_WRONG: Verdict = {
  expected: 0,
  missing: 0,
  outOfOrder: 0,
  doubled: 0,
  strange: 0,
};

export const isGood = ({ missing, outOfOrder, doubled, strange }: Verdict): boolean =>
  missing + outOfOrder + doubled + strange === 0;

export function sum(verdicts: readonly Verdict[]): Verdict {
  const total = { ...NOTHING_WRONG };
  for (const verdict of verdicts) {
    for (const key of Object.keys(total) as (keyof Verdict)[]) total[key] += verdict[key];
  }
  return total;
}

/** Compares a history as it was shown with what it had to be: every key once, in order. */
export function compareHistory(expected: readonly string[], shown: readonly string[]): Verdict {
  const verdict = { ...NOTHING_WRONG, expected: expected.length };
  const places = new Map(expected.map((key, place) => [key, place]));
  const seen = new Set<string>();
  let last = -1;
  for (const key of shown) {
    const place = places.get(key);
    if (place === undefined) verdict.strange += 1;
    else if (seen.has(key)) verdict.doubled += 1;
    else {
      if (place < last) verdict.outOfOrder += 1;
      last = Math.max(last, place);
    }
    seen.add(key);
  }
  verdict.missing = expected.filter((key) => !seen.has(key)).length;
  return verdict;
}

export const taskKey = (taskId: string, version: number): string => `${taskId}@${version}`;

/** Which tasks a screen shows: everything in the organization, or, with a member, what is theirs. */
export interface TaskView {
  organizationId: string;
  memberId: string | null;
  after: number;
}

/** The event of the log as it is read at the end. */
export interface LogRow {
  organizationId: string;
  position: number;
  type: string;
  recordId: string;
  version: number | null;
}

export class Model {
  #writes = new Map<string, Write[]>();
  #isSorted = true;
  #bases = new Map<string, number>();
  #count = 0;

  /** From this position on, nobody but the writers writes to the organization. */
  begin(organizationId: string, position: number): void {
    this.#bases.set(organizationId, position);
    this.#writes.set(organizationId, []);
  }

  get count(): number {
    return this.#count;
  }

  acknowledge(write: Write): void {
    this.#count += 1;
    this.#isSorted = false;
    this.#of(write.organizationId).push(write);
  }

  /** In the order of the log. */
  writes(organizationId: string): readonly Write[] {
    if (!this.#isSorted) {
      for (const writes of this.#writes.values()) writes.sort((a, b) => a.position - b.position);
      this.#isSorted = true;
    }
    return this.#of(organizationId);
  }

  tasks({ organizationId, memberId, after }: TaskView): string[] {
    return this.writes(organizationId)
      .filter(
        (write) =>
          write.position > after &&
          write.event.startsWith('task.') &&
          (memberId === null || write.memberId === memberId),
      )
      .map(({ recordId, version }) => taskKey(recordId, version));
  }

  /** What scored, oldest first. */
  scored(organizationId: string): (Write & { worth: number })[] {
    return this.writes(organizationId).filter(
      (write): write is Write & { worth: number } => write.worth !== null,
    );
  }

  /** Every acknowledged write must be in the log once, where its answer said, and nothing else may be there. */
  compareLog(rows: readonly LogRow[]): Verdict {
    const shown = new Map<string, string[]>();
    for (const { organizationId, position, type, recordId, version } of rows) {
      const base = this.#bases.get(organizationId);
      if (base === undefined || position <= base) continue;
      const entries = shown.get(organizationId) ?? [];
      shown.set(organizationId, entries);
      // By its place in the log as it is read: a gap moves everything after it.
      entries.push(`${base + entries.length + 1} ${type} ${recordId} ${version}`);
    }
    const verdicts = [...this.#writes.keys()].map((organizationId) => {
      const expected = this.writes(organizationId).map(
        ({ position, event, recordId, version }) => `${position} ${event} ${recordId} ${version}`,
      );
      return compareHistory(expected, shown.get(organizationId) ?? []);
    });
    return sum(verdicts);
  }

  #of(organizationId: string): Write[] {
    const writes = this.#writes.get(organizationId);
    if (!writes) throw new Error(`${organizationId} is no organization of the model.`);
    return writes;
  }
}
