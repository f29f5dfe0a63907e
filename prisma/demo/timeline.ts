import { dayOf, startOfDay } from '../../src/calendar/periods.ts';
import type { CalendarSettings } from '../../src/calendar/settings.ts';
import type { Database } from '../../src/database/database.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

type Step = () => Promise<unknown>;

/**
 * What is to be done, and when it was done: steps run in the order of their moments, each with the database's time
 * shifted there, so that history, events and scores are as if people had worked all along.
 */
export class Timeline {
  readonly now: Date;
  readonly settings: CalendarSettings;
  /** The database at the moment of the step that runs. */
  readonly db: Database;
  #steps: { at: Date; step: Step }[] = [];

  constructor(db: Database, settings: CalendarSettings, now: Date) {
    this.db = { ...db, clock: { shiftMs: 0 } };
    this.settings = settings;
    this.now = now;
  }

  /** A moment of the working day so many days ago; of today, that part of the time that has passed. */
  moment(daysAgo: number, part: number): Date {
    const day = dayOf(this.settings, new Date(this.now.getTime() - daysAgo * DAY));
    const start = startOfDay(this.settings, day).getTime();
    if (daysAgo === 0) {
      return new Date(start + part * Math.max(0, this.now.getTime() - MINUTE - start));
    }
    return new Date(start + 9 * 60 * MINUTE + part * 9 * 60 * MINUTE);
  }

  /** A moment so many days and hours from now. */
  ahead(days: number, hours = 0): Date {
    return new Date(this.now.getTime() + days * DAY + hours * 60 * MINUTE);
  }

  at(moment: Date, step: Step): void {
    this.#steps.push({ at: moment, step });
  }

  /** Does something at a moment, at once. */
  async act<T>(moment: Date, work: () => Promise<T>): Promise<T> {
    // Never ahead of the time: the database's clock and ours may differ a little.
    this.db.clock.shiftMs = Math.min(0, moment.getTime() - Date.now());
    try {
      return await work();
    } finally {
      this.db.clock.shiftMs = 0;
    }
  }

  /** Runs all steps. A step may not add others. */
  async run(): Promise<void> {
    const steps = this.#steps.sort((a, b) => a.at.getTime() - b.at.getTime());
    this.#steps = [];
    for (const { at, step } of steps) await this.act(at, step);
  }
}
