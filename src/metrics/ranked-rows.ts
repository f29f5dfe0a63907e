import { Decimal } from 'decimal.js';
import type { Scored } from './standing-rows.ts';
import type { StandingRow } from './standings.ts';
import type { Page, Ranking } from './standings-page.ts';

interface Row extends Scored {
  /** Near enough to tell most rows apart; the exact text decides between equals. */
  near: number;
  nearTie: number;
}

/** The rows of a board in their order, of which pages are cut as `standingsSql` does. */
export class RankedRows {
  #rows: Row[] = [];
  #byId = new Map<string, Row>();
  #ranking: Ranking;

  constructor(ranking: Ranking, rows: readonly Scored[]) {
    this.#ranking = ranking;
    this.#rows = rows.map(rowOf).sort(compare);
    for (const row of this.#rows) this.#byId.set(row.contestantId, row);
  }

  get size(): number {
    return this.#rows.length;
  }

  /** Those who are alone with a score that one of `others` has now, and whose tie was left open. */
  openTies(others: readonly Scored[]): string[] {
    const found = others.flatMap((other) => {
      if (other.score === null) return [];
      const row = rowOf(other);
      const open: string[] = [];
      for (let at = this.#firstAt(row, byScore); at < this.#rows.length; at++) {
        const candidate = this.#rows[at];
        if (!candidate || byScore(candidate, row) !== 0) break;
        if (candidate.tieIsOpen && candidate.contestantId !== row.contestantId) {
          open.push(candidate.contestantId);
        }
      }
      return open;
    });
    return [...new Set(found)];
  }

  /** Puts these in place of what `changed` had; who is not among them is on the board no more. */
  replace(changed: readonly string[], rows: readonly Scored[]): void {
    for (const id of changed) {
      const row = this.#byId.get(id);
      if (!row) continue;
      this.#rows.splice(this.#firstAt(row, compare), 1);
      this.#byId.delete(id);
    }
    for (const scored of rows) {
      const row = rowOf(scored);
      this.#rows.splice(this.#firstAt(row, compare), 0, row);
      this.#byId.set(row.contestantId, row);
    }
  }

  page({ first, after, around }: Page): StandingRow[] {
    const start = around
      ? this.#startAround(around, first)
      : after
        ? this.#startAfter(after.contestantId, after.place)
        : 0;
    return this.#rows
      .slice(start, start + first)
      .map((row, index) => this.#standing(row, start + index));
  }

  /** The page slides inwards at both ends; who is not on the board stands behind its end. */
  #startAround(contestantId: string, first: number): number {
    const above = this.#indexOf(contestantId) ?? this.size;
    return Math.max(Math.min(above - Math.floor(first / 2), this.size - first), 0);
  }

  #startAfter(contestantId: string, place: number): number {
    const index = this.#indexOf(contestantId);
    return index === null ? place : index + 1;
  }

  #indexOf(contestantId: string): number | null {
    const row = this.#byId.get(contestantId);
    return row ? this.#firstAt(row, compare) : null;
  }

  #standing(row: Row, index: number): StandingRow {
    const { contestantId, present, score, amounts, progress } = row;
    return {
      contestantId,
      place: index + 1,
      rank: this.#rankAt(row, index),
      score,
      amounts,
      progress,
      gapToNext: gap(this.#rows[index - 1]?.score ?? null, score),
      gapToLeader: gap(this.#rows[0]?.score ?? null, score),
      left: !present,
    };
  }

  #rankAt(row: Row, index: number): number {
    if (this.#ranking === 'ORDINAL') return index + 1;
    const first = this.#firstAt(row, byStanding);
    if (this.#ranking === 'STANDARD') return first + 1;
    let better = 0;
    for (let at = 0; at < first; at++) {
      const [one, next] = [this.#rows[at], this.#rows[at + 1]];
      if (one && next && byStanding(one, next) !== 0) better += 1;
    }
    return better + 1;
  }

  /** The first place at which a row is not before this one. */
  #firstAt(row: Row, order: (a: Row, b: Row) => number): number {
    let low = 0;
    let high = this.#rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#rows[middle];
      if (other && order(other, row) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const rowOf = (scored: Scored): Row => ({
  ...scored,
  near: scored.score === null ? Number.NEGATIVE_INFINITY : Number(scored.score),
  nearTie: Number(scored.tie),
});

function exactly(near: number, otherNear: number, text: string, other: string): number {
  if (near !== otherNear) return near < otherNear ? -1 : 1;
  if (text === other || !Number.isFinite(near)) return 0;
  return new Decimal(text).comparedTo(other);
}

/** Higher scores first; none at all last. */
const byScore = (a: Row, b: Row): number => exactly(b.near, a.near, b.score ?? '', a.score ?? '');

const byStanding = (a: Row, b: Row): number =>
  byScore(a, b) || exactly(a.nearTie, b.nearTie, a.tie, b.tie);

const compare = (a: Row, b: Row): number =>
  byStanding(a, b) ||
  (a.contestantId < b.contestantId ? -1 : Number(a.contestantId > b.contestantId));

/** With as many decimals as PostgreSQL gives a difference. */
function gap(above: string | null, score: string | null): string | null {
  if (above === null || score === null) return null;
  return new Decimal(above).minus(score).toFixed(Math.max(decimals(above), decimals(score)));
}

function decimals(text: string): number {
  const point = text.indexOf('.');
  return point < 0 ? 0 : text.length - point - 1;
}
