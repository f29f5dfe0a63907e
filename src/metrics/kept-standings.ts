import { sharedRun } from '../database/shared-run.ts';
import type { Connection } from '../database/statements.ts';
import { RankedRows } from './ranked-rows.ts';
import { type ReadAt, readAllRows, readChangedRows } from './standing-rows.ts';
import { readStandings, type StandingRow, type Standings } from './standings.ts';
import type { Page } from './standings-page.ts';
import type { BoardQuestion } from './standings-sql.ts';

/** Rows of all boards that a process keeps: some 500 bytes each. */
const MOST_ROWS = 100_000;
/** Boards whose use is remembered. */
const MOST_BOARDS = 1_000;
/** States of a board that can still be asked, for who stood where before a change. */
const MOST_STATES = 16;
/** After a tie has come up that was left open, so many more looks, then everything anew. */
const MOST_LOOKS = 3;

/**
 * Boards of members that are read again and again are kept in memory, and brought up to date by reading only those who
 * have had an entry since. Every answer is still that of one snapshot of the database, taken after it was asked for.
 */
class StandingsKeeper {
  #connection: Connection;
  /** The least recently used first. */
  #boards = new Map<string, KeptBoard>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async read(question: BoardQuestion, page: Page): Promise<Standings> {
    if (!canBeKept(question) || page.only) return readStandings(this.#connection, question, page);
    const key = JSON.stringify(question);
    const known = this.#boards.get(key);
    this.#boards.delete(key);
    this.#boards.set(key, known ?? new KeptBoard(this.#connection, question));
    // Who asks once needs one page; all rows are worth their reading from the second time on.
    const answer = await (known
      ? known.read(page)
      : readStandings(this.#connection, question, page));
    this.#makeRoom();
    return answer;
  }

  rowsAt(question: BoardQuestion, position: number, ids: readonly string[]): StandingRow[] | null {
    return this.#boards.get(JSON.stringify(question))?.rowsAt(position, ids) ?? null;
  }

  #makeRoom(): void {
    let rows = 0;
    for (const board of this.#boards.values()) rows += board.size;
    for (const [key, board] of this.#boards) {
      if (rows <= MOST_ROWS && this.#boards.size <= MOST_BOARDS) return;
      rows -= board.size;
      this.#boards.delete(key);
    }
  }
}

/** Roll-ups alone, as they are now: of the past nobody asks twice. */
const canBeKept = (question: BoardQuestion): boolean =>
  question.contestants === 'MEMBERS' &&
  question.recordedBy === null &&
  question.throughPosition === null &&
  question.sources.every(({ slices, buckets }) => slices.length === 0 && buckets.length > 0);

class KeptBoard {
  #connection: Connection;
  #question: BoardQuestion;
  #state: { at: ReadAt; rows: RankedRows } | null = null;
  /** By position, the oldest first; the present one is the last. */
  #states = new Map<number, RankedRows>();
  #refreshed = sharedRun(() => this.#refresh());

  constructor(connection: Connection, question: BoardQuestion) {
    this.#connection = connection;
    this.#question = question;
  }

  get size(): number {
    return this.#state?.rows.size ?? 0;
  }

  async read(page: Page): Promise<Standings> {
    await this.#refreshed();
    // A later reading has failed meanwhile.
    if (!this.#state) return readStandings(this.#connection, this.#question, page);
    const { at, rows } = this.#state;
    return {
      position: at.position,
      loggedAt: at.loggedAt,
      total: rows.size,
      rows: rows.page(page),
    };
  }

  rowsAt(position: number, ids: readonly string[]): StandingRow[] | null {
    return this.#states.get(position)?.standingsOf(ids) ?? null;
  }

  async #refresh(): Promise<void> {
    try {
      if (!(await this.#followOn())) {
        const { rows, ...at } = await readAllRows(this.#connection, this.#question);
        this.#states.clear();
        this.#accept(at, RankedRows.of(this.#question.ranking, rows));
      }
    } catch (error) {
      this.#state = null;
      this.#states.clear();
      throw error;
    }
  }

  #accept(at: ReadAt, rows: RankedRows): void {
    this.#state = { at, rows };
    this.#states.set(at.position, rows);
    const [oldest] = this.#states.keys();
    if (oldest !== undefined && this.#states.size > MOST_STATES) this.#states.delete(oldest);
  }

  /** False when everything has to be read. */
  async #followOn(): Promise<boolean> {
    if (!this.#state) return false;
    const { at: since, rows } = this.#state;
    let also: string[] = [];
    for (let look = 0; look < MOST_LOOKS; look++) {
      const found = await readChangedRows(this.#connection, this.#question, since, also);
      if (!found.changed) return false;
      const asked = new Set(found.changed);
      const open = rows.openTies(found.rows).filter((id) => !asked.has(id));
      if (open.length === 0) {
        const { position, loggedAt, epoch } = found;
        this.#accept({ position, loggedAt, epoch }, rows.with(found.changed, found.rows));
        return true;
      }
      also = [...also, ...open];
    }
    return false;
  }
}

const keepers = new WeakMap<Connection, StandingsKeeper>();

function keeperOf(connection: Connection): StandingsKeeper {
  const keeper = keepers.get(connection) ?? new StandingsKeeper(connection);
  keepers.set(connection, keeper);
  return keeper;
}

/** As `readStandings`, at a fraction of its cost for a board that is watched. */
export const readKeptStandings = (
  connection: Connection,
  question: BoardQuestion,
  page: Page,
): Promise<Standings> => keeperOf(connection).read(question, page);

/** Who of some stood where at a position at which the board was read not long ago; null when that is not kept. */
export const keptRowsAt = (
  connection: Connection,
  question: BoardQuestion,
  position: number,
  ids: readonly string[],
): StandingRow[] | null => keeperOf(connection).rowsAt(question, position, ids);
