import { Decimal } from 'decimal.js';
import type { Scored } from './standing-rows.ts';
import type { StandingRow } from './standings.ts';
import type { Page, Ranking } from './standings-page.ts';

interface Row extends Scored {
  /** Near enough to tell most rows apart; the exact text decides between equals. */
  near: number;
  nearTie: number;
}

/** What an older state of a board knows otherwise than the one after it. */
interface Newer {
  state: RankedRows;
  replaced: ReadonlyMap<string, Row | null>;
}

/**
 * The rows of a board in their order, of which pages are cut as `standingsSql` does. One state of it: a change makes
 * another, and both can be asked.
 */
export class RankedRows {
  #ranking: Ranking;
  #rows: readonly Row[];
  /** Of the newest state only; the others go by way of it. */
  #byId: Map<string, Row> | null;
  #newer: Newer | null = null;

  private constructor(ranking: Ranking, rows: readonly Row[], byId: Map<string, Row>) {
    this.#ranking = ranking;
    this.#rows = rows;
    this.#byId = byId;
  }

  static of(ranking: Ranking, scored: readonly Scored[]): RankedRows {
    const rows = scored.map(rowOf).sort(compare);
    return new RankedRows(ranking, rows, new Map(rows.map((row) => [row.contestantId, row])));
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
      for (let at = firstAt(this.#rows, row, byScore); at < this.#rows.length; at++) {
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

  /** The state with these in place of what `changed` had; who is not among them is on the board no more. */
  with(changed: readonly string[], scored: readonly Scored[]): RankedRows {
    const byId = this.#byId;
    if (!byId) throw new Error('this state of the board has been changed already');
    if (changed.length === 0) return this;
    const rows = [...this.#rows];
    const replaced = new Map<string, Row | null>();
    for (const id of changed) {
      const row = byId.get(id);
      replaced.set(id, row ?? null);
      if (!row) continue;
      rows.splice(firstAt(rows, row, compare), 1);
      byId.delete(id);
    }
    for (const one of scored) {
      const row = rowOf(one);
      rows.splice(firstAt(rows, row, compare), 0, row);
      byId.set(row.contestantId, row);
    }
    const state = new RankedRows(this.#ranking, rows, byId);
    this.#byId = null;
    this.#newer = { state, replaced };
    return state;
  }

  /** The standings of some; who is not on the board is left out. */
  standingsOf(ids: readonly string[]): StandingRow[] {
    return ids.flatMap((id) => {
      const row = this.#find(id);
      return row ? [this.#standing(row, firstAt(this.#rows, row, compare))] : [];
    });
  }

  #find(contestantId: string): Row | null {
    let state: RankedRows = this;
    while (state.#newer) {
      const row = state.#newer.replaced.get(contestantId);
      if (row !== undefined) return row;
      state = state.#newer.state;
    }
    return state.#byId?.get(contestantId) ?? null;
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
    const row = this.#find(contestantId);
    return row ? firstAt(this.#rows, row, compare) : null;
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
    const first = firstAt(this.#rows, row, byStanding);
    if (this.#ranking === 'STANDARD') return first + 1;
    let better = 0;
    for (let at = 0; at < first; at++) {
      const [one, next] = [this.#rows[at], this.#rows[at + 1]];
      if (one && next && byStanding(one, next) !== 0) better += 1;
    }
    return better + 1;
  }
}

/** The first place at which a row is not before this one. */
function firstAt(rows: readonly Row[], row: Row, order: (a: Row, b: Row) => number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = rows[middle];
    if (other && order(other, row) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
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
