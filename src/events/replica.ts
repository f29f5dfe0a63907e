import { createDatabase, type Database } from '../database/database.ts';
import { runText } from '../database/statements.ts';

/** How queries were divided since the start. */
export interface ReplicaFigures {
  /** Answered from the replica. */
  replica: number;
  /** The replica had not yet read all that was committed in their organization. */
  behind: number;
  /** The replica did not answer, or failed in the middle. */
  away: number;
}

export interface ReplicaOptions {
  url: string;
  size: number;
  pipeline: boolean;
  /** It does not answer; called once, until it has answered again. */
  onAway(error: unknown): void;
  onBack(): void;
}

/** An answer that takes longer is no help. */
const PATIENCE_MS = 1_000;
/** Longer than any statement may run on the server. */
const LONGEST_MS = 6_000;
/** How long it is left alone after it has failed, so that not every query waits for it. */
const REST_MS = 2_000;

const HEAD = `/* replica.head */ SELECT e.epoch, h.position FROM log_epoch e, log_head h WHERE h.organization_id = $1`;

interface Head {
  epoch: string;
  position: number;
}

/**
 * A streaming replica of the database: one server, not several behind one address, so that what it has shown once it
 * shows from then on. It is read from where it has caught up, and never else.
 */
export class Replica {
  readonly figures: ReplicaFigures = { replica: 0, behind: 0, away: 0 };
  readonly #primary: Database;
  readonly #db: Database;
  readonly #options: ReplicaOptions;
  #restsUntil = 0;
  #isAway = false;

  constructor(primary: Database, options: ReplicaOptions) {
    const { url, size, pipeline } = options;
    const timeouts = { connectMs: PATIENCE_MS, answerMs: LONGEST_MS };
    this.#primary = primary;
    this.#options = options;
    this.#db = { ...createDatabase({ url, size, pipeline, timeouts }), clock: primary.clock };
  }

  /**
   * The replica, if by now it holds everything that was committed in the organization when this was called; else null:
   * ask the primary. What is read afterwards is therefore never older than what the primary would have answered then.
   */
  async caughtUp(organizationId: string): Promise<Database | null> {
    if (performance.now() < this.#restsUntil) return this.#count('away');
    const [committed, shown] = await Promise.all([
      headOf(this.#primary, organizationId).catch(() => null),
      this.#ask(organizationId),
    ]);
    if (shown === 'AWAY') return this.#count('away');
    const hasAll =
      committed && shown && shown.epoch === committed.epoch && shown.position >= committed.position;
    if (!hasAll) return this.#count('behind');
    return this.#db;
  }

  /** A query was answered there. */
  answered(): void {
    this.figures.replica += 1;
  }

  /** A query has failed there, and is asked of the primary. */
  failed(error: unknown): void {
    this.#count('away');
    this.#rest(error);
  }

  close(): Promise<void> {
    return this.#db.close();
  }

  async #ask(organizationId: string): Promise<Head | null | 'AWAY'> {
    const { promise: late, resolve } = Promise.withResolvers<'LATE'>();
    const timer = setTimeout(() => resolve('LATE'), PATIENCE_MS);
    try {
      const answer = await Promise.race([headOf(this.#db, organizationId), late]);
      if (answer === 'LATE') throw new Error(`the replica took more than ${PATIENCE_MS} ms`);
      if (this.#isAway) this.#options.onBack();
      this.#isAway = false;
      return answer;
    } catch (error) {
      this.#rest(error);
      return 'AWAY';
    } finally {
      clearTimeout(timer);
    }
  }

  #rest(error: unknown): void {
    this.#restsUntil = performance.now() + REST_MS;
    if (!this.#isAway) this.#options.onAway(error);
    this.#isAway = true;
  }

  #count(where: 'behind' | 'away'): null {
    this.figures[where] += 1;
    return null;
  }
}

async function headOf({ pool }: Database, organizationId: string): Promise<Head | null> {
  const [head] = await runText<Head>(pool, HEAD, [organizationId]);
  return head ?? null;
}
