// What a board of all time must have shown, by its own arithmetic: whole numbers, equal scores share a rank, nobody else
// competes than the people of the company.
import { NOTHING_WRONG, type Verdict, type Write } from './model.ts';

export type Scored = Write & { worth: number };

const rankIn = (totals: ReadonlyMap<string, number>, memberId: string): number => {
  const own = totals.get(memberId) ?? 0;
  return 1 + [...totals.values()].filter((total) => total > own).length;
};

/** The score of every contestant after these writes. */
export function totalsOf(
  contestants: readonly string[],
  scored: readonly Scored[],
): Map<string, number> {
  const totals = new Map(contestants.map((id) => [id, 0]));
  for (const { memberId, worth } of scored) {
    totals.set(memberId, (totals.get(memberId) ?? 0) + worth);
  }
  return totals;
}

export const newsKey = (kind: string, worth: number): string => `${kind} ${worth}`;

/** The good news that won deals make, those of one deal in the order in which they are told. */
export function newsAfter(
  contestants: readonly string[],
  scored: readonly Scored[],
  after: number,
): string[] {
  const news: string[] = [];
  const totals = totalsOf(contestants, []);
  for (const { position, memberId, worth } of scored) {
    const before = new Map(totals);
    totals.set(memberId, (before.get(memberId) ?? 0) + worth);
    if (position <= after) continue;
    news.push(newsKey('WON', worth));
    if (before.get(memberId) === 0) news.push(newsKey('FIRST_DEAL', worth));
    const [was, is] = [rankIn(before, memberId), rankIn(totals, memberId)];
    const isOvertaken = (other: string) =>
      rankIn(totals, other) > is && rankIn(before, other) < was;
    if (contestants.some(isOvertaken)) news.push(newsKey('OVERTAKEN', worth));
  }
  return news;
}

/** An update of a board, as far as it is judged. */
export interface BoardUpdate {
  position: number;
  reset: string | null;
  /** There were more causes than are told. */
  moreCauses: boolean;
  scores: ReadonlyMap<string, number>;
  changes: readonly { name: string; before: number | null; causes: readonly number[] }[];
}

/** What follows on without a reset: every cause in it must have been told. */
interface Stretch {
  after: number;
  through: number;
  causes: number[];
}

/** What one screen has shown of a board. */
export class ShownBoard {
  #stretches: Stretch[] = [];
  #scores: ReadonlyMap<string, number> = new Map();
  #through = 0;
  #outOfOrder = 0;

  take({ position, reset, moreCauses, scores, changes }: BoardUpdate): void {
    if (position < this.#through) this.#outOfOrder += 1;
    const last = this.#stretches.at(-1);
    if (reset !== null || moreCauses || !last) {
      this.#stretches.push({ after: position, through: position, causes: [] });
    } else {
      for (const { name, before, causes } of changes) {
        // What was shown last is what the change begins with.
        if ((before ?? 0) !== (this.#scores.get(name) ?? 0)) this.#outOfOrder += 1;
        last.causes.push(...causes);
      }
      last.through = position;
    }
    this.#through = position;
    this.#scores = scores;
  }

  /** @param names of the contestants, by id */
  judge(names: ReadonlyMap<string, string>, scored: readonly Scored[]): Verdict {
    const verdict = { ...NOTHING_WRONG, outOfOrder: this.#outOfOrder };
    for (const { after, through, causes } of this.#stretches) {
      const due = scored.filter(({ position }) => position > after && position <= through);
      const worths = new Set(due.map(({ worth }) => worth));
      const told = new Set(causes);
      verdict.expected += due.length;
      verdict.missing += due.filter(({ worth }) => !told.has(worth)).length;
      verdict.doubled += causes.length - told.size;
      verdict.strange += [...told].filter((worth) => !worths.has(worth)).length;
    }
    const late = scored.filter(({ position }) => position > this.#through).length;
    verdict.expected += late;
    verdict.missing += late;
    const shown = scored.filter(({ position }) => position <= this.#through);
    for (const [id, total] of totalsOf([...names.keys()], shown)) {
      if (this.#scores.get(names.get(id) ?? '') !== total) verdict.strange += 1;
    }
    return verdict;
  }
}
