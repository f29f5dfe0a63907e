import { Temporal } from 'temporal-polyfill';
import { type DayNumber, dayNumber } from './days.ts';
import type { CalendarSettings } from './settings.ts';
import { type Clock, type ClockOffset, type Zone, zoneOf } from './zones.ts';

/** The days of an organization: of one zone, or of several, one after the other. */
export function clockOf(settings: CalendarSettings): Clock {
  const zone = zoneOf(settings.timeZone);
  const { earlier } = settings;
  if (!earlier || hasOneZone(settings)) return zone;
  return new ChangedClock(clockOf(earlier), zone, dayNumber(earlier.before));
}

/** Noon of a day; of a day that was skipped, of the next one. */
export const noonOn = (clock: Clock, day: DayNumber): number =>
  clock.at(day, Temporal.PlainTime.from('12:00'));

/**
 * Days of one clock before a day, of another from it on. That day begins where the later clock says: the one before it
 * is shorter or longer by what lies between the two, and empty where they are more than a day apart.
 */
class ChangedClock implements Clock {
  readonly #earlier: Clock;
  readonly #later: Zone;
  readonly #day: DayNumber;
  readonly #change: number;

  constructor(earlier: Clock, later: Zone, day: DayNumber) {
    this.#earlier = earlier;
    this.#later = later;
    this.#day = day;
    this.#change = later.startOf(day);
  }

  startOf(day: DayNumber): number {
    if (day >= this.#day) return this.#later.startOf(day);
    return Math.min(this.#earlier.startOf(day), this.#change);
  }

  dayAt(instant: Date): DayNumber {
    // Not "before the change": an invalid date is for the zone to refuse.
    if (!(instant.getTime() < this.#change)) return this.#later.dayAt(instant);
    return Math.min(this.#earlier.dayAt(instant), this.#day - 1);
  }

  /** On the last day of the earlier clock no time comes after its end. */
  at(day: DayNumber, time: Temporal.PlainTime): number {
    if (day >= this.#day) return this.#later.at(day, time);
    const there = Math.min(this.#earlier.at(day, time), this.#change - 1);
    return Math.max(there, this.startOf(day));
  }

  timeAt(instant: number): Temporal.PlainTime {
    return (instant < this.#change ? this.#earlier : this.#later).timeAt(instant);
  }

  offsetsBetween(start: number, end: number): ClockOffset[] {
    return [
      ...this.#earlier.offsetsBetween(start, Math.min(end, this.#change)),
      ...this.#later.offsetsBetween(Math.max(start, this.#change), end),
    ];
  }
}

const hasOneZone = ({ timeZone, earlier }: CalendarSettings): boolean =>
  !earlier || (earlier.timeZone === timeZone && hasOneZone(earlier));
