import {
  type CalendarDate,
  type DayNumber,
  dayNumber,
  formatDay,
  parseDay,
  requireInRange,
  weekday,
} from './days.ts';
import { InvalidWeekend } from './errors.ts';
import { type HolidayCalendar, officialDays } from './official-days.ts';
import { isBounded, type Period } from './periods.ts';

/** Which days an organization works. What comes first decides: its own exceptions, official days, the weekend. */
export interface WorkingDayRules {
  /** ISO days of the week that are off, 1 (Monday) to 7 (Sunday). */
  readonly weekend: readonly number[];
  readonly holidayCalendar: HolidayCalendar;
  /** What the organization itself has entered; at most one for a day. */
  readonly exceptions: readonly WorkingDayException[];
}

/** A day that is worked, or not, whatever the calendar says. */
export interface WorkingDayException {
  readonly day: CalendarDate;
  readonly isWorkingDay: boolean;
  /** What it is off or worked for. */
  readonly name: string | null;
}

/** Why a day is worked or not. */
export const DAY_REASONS = {
  WEEK: 'By its day of the week.',
  OFFICIAL: 'By the official holiday calendar.',
  EXCEPTION: 'By what the organization entered.',
} as const;

/** A day with what decides whether it is worked. */
export interface WorkingDay extends WorkingDayException {
  readonly reason: keyof typeof DAY_REASONS;
}

/** Saturday and Sunday. */
export const DEFAULT_WEEKEND: readonly number[] = [6, 7];

/**
 * Checks a weekend that came from outside and hands it back in order, without repetition.
 * @throws InvalidWeekend for what are not days of the week, and when no day is left to work
 */
export function checkWeekend(weekend: readonly number[]): number[] {
  const days = [...new Set(weekend)].sort((a, b) => a - b);
  const isWeek = days.every((day) => Number.isInteger(day) && day >= 1 && day <= 7);
  if (!isWeek || days.length > 6) throw new InvalidWeekend();
  return days;
}

/** The working days of an organization. Days are written YYYY-MM-DD. */
export class WorkingDays {
  readonly #weekend: ReadonlySet<number>;
  readonly #special = new Map<DayNumber, WorkingDay>();

  constructor({ weekend, holidayCalendar, exceptions }: WorkingDayRules) {
    this.#weekend = new Set(checkWeekend(weekend));
    for (const day of officialDays(holidayCalendar)) {
      this.#special.set(dayNumber(day.day), { ...day, reason: 'OFFICIAL' });
    }
    for (const { day, isWorkingDay, name } of exceptions) {
      this.#special.set(dayNumber(day), { day, isWorkingDay, name, reason: 'EXCEPTION' });
    }
  }

  /** @throws InvalidDate, DateOutOfRange */
  isWorkingDay(day: CalendarDate): boolean {
    return this.#isWorked(parseDay(day));
  }

  /** The same with its reason. @throws InvalidDate, DateOutOfRange */
  describe(day: CalendarDate): WorkingDay {
    const number = parseDay(day);
    const special = this.#special.get(number);
    return special ?? { day, isWorkingDay: this.#isWorked(number), name: null, reason: 'WEEK' };
  }

  /**
   * How many days of a run are worked, both ends included; 0 when it ends before it begins.
   * @throws InvalidDate, DateOutOfRange
   */
  count(from: CalendarDate, through: CalendarDate): number {
    const [first, last] = [parseDay(from), parseDay(through)];
    const length = Math.max(last - first + 1, 0);
    const weeks = Math.floor(length / 7);
    let count = weeks * (7 - this.#weekend.size);
    for (let day = first + 7 * weeks; day <= last; day += 1) {
      if (!this.#weekend.has(weekday(day))) count += 1;
    }
    for (const [day, { isWorkingDay }] of this.#special) {
      if (day < first || day > last) continue;
      count += Number(isWorkingDay) - Number(!this.#weekend.has(weekday(day)));
    }
    return count;
  }

  /** How many days of a period are worked; null for ALL_TIME. @throws DateOutOfRange */
  countIn(period: Period): number | null {
    return isBounded(period) ? this.count(period.from, period.through) : null;
  }

  /**
   * The day that lies as many working days after another, or before it for a negative count; the days themselves need
   * not be next to each other, and the first is never counted: one after Friday is Monday, also one after Saturday.
   * Zero is the day itself, worked or not.
   * @throws InvalidDate, DateOutOfRange also where the calendar ends before so many
   */
  add(day: CalendarDate, count: number): CalendarDate {
    const step = Math.sign(count);
    let at = parseDay(day);
    for (let left = Math.abs(count); left > 0; ) {
      at = requireInRange(at + step);
      if (this.#isWorked(at)) left -= 1;
    }
    return formatDay(at);
  }

  /** The first working day after a day. @throws InvalidDate, DateOutOfRange */
  next(day: CalendarDate): CalendarDate {
    return this.add(day, 1);
  }

  /** The last working day before a day. @throws InvalidDate, DateOutOfRange */
  previous(day: CalendarDate): CalendarDate {
    return this.add(day, -1);
  }

  #isWorked(day: DayNumber): boolean {
    return this.#special.get(day)?.isWorkingDay ?? !this.#weekend.has(weekday(day));
  }
}
