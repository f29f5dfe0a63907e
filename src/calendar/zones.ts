import { Temporal } from 'temporal-polyfill';
import { type DayNumber, formatDay, requireInRange, utcDay } from './days.ts';
import { DateOutOfRange, InvalidTimeZone } from './errors.ts';

/** Days whose beginning is remembered per zone (about 54 years); more than that and we begin anew. */
const REMEMBERED_DAYS = 20_000;

/** No zone is further than a day from UTC: instants beyond these are refused before any zone is asked. */
const LOWEST_INSTANT = Date.UTC(1899, 11, 30);
const HIGHEST_INSTANT = Date.UTC(2201, 0, 2);

/** A stretch of time in which the clock is neither put forward nor back. */
export interface ClockOffset {
  /** First instant, in milliseconds since 1970. */
  readonly start: number;
  /** What the clock is ahead of UTC, in milliseconds. */
  readonly offset: number;
}

/** Days as instants; each begins where the one before ends. Instants in milliseconds since 1970. */
export interface Clock {
  /** First instant of a day. */
  startOf(day: DayNumber): number;
  /**
   * The day that an instant lies in.
   * @throws DateOutOfRange outside the years 1900 to 2200, and for an invalid `Date`
   */
  dayAt(instant: Date): DayNumber;
  /** The instant at which the clock reads a time on a day; the first of two. */
  at(day: DayNumber, time: Temporal.PlainTime): number;
  /** What the clock reads at an instant. */
  timeAt(instant: number): Temporal.PlainTime;
  /** What the clock is ahead of UTC from one instant to another, in parts: the first begins at the first instant. */
  offsetsBetween(start: number, end: number): ClockOffset[];
}

/**
 * The days of one zone as instants. A day begins at its first instant: at 01:00 where the clock skips
 * midnight, and where the zone skipped the whole day (Apia, 2011-12-30) it is empty, beginning where
 * the next one does. Days therefore follow each other without gap or overlap even where a clock was
 * set back across midnight (St. John's until 2011): what the clock then read twice is the new day.
 */
export class Zone implements Clock {
  readonly #name: string;
  readonly #starts = new Map<DayNumber, number>();

  constructor(name: string) {
    if (!isTimeZone(name)) throw new InvalidTimeZone(name);
    this.#name = name;
  }

  startOf(day: DayNumber): number {
    const known = this.#starts.get(day);
    if (known !== undefined) return known;
    const start = plainDate(day).toZonedDateTime(this.#name).epochMilliseconds;
    if (this.#starts.size >= REMEMBERED_DAYS) this.#starts.clear();
    this.#starts.set(day, start);
    return start;
  }

  dayAt(instant: Date): DayNumber {
    const milliseconds = instant.getTime();
    if (!(milliseconds >= LOWEST_INSTANT && milliseconds <= HIGHEST_INSTANT)) {
      throw new DateOutOfRange(Number.isNaN(milliseconds) ? 'Invalid date' : instant.toISOString());
    }
    let day = utcDay(milliseconds);
    while (milliseconds < this.startOf(day)) day -= 1;
    while (milliseconds >= this.startOf(day + 1)) day += 1;
    return requireInRange(day);
  }

  at(day: DayNumber, plainTime: Temporal.PlainTime): number {
    return plainDate(day).toZonedDateTime({ timeZone: this.#name, plainTime }).epochMilliseconds;
  }

  timeAt(instant: number): Temporal.PlainTime {
    return this.#zoned(instant).toPlainTime();
  }

  offsetsBetween(start: number, end: number): ClockOffset[] {
    const offsets: ClockOffset[] = [];
    let at: Temporal.ZonedDateTime | null = this.#zoned(start);
    while (at && at.epochMilliseconds < end) {
      offsets.push({ start: at.epochMilliseconds, offset: at.offsetNanoseconds / 1e6 });
      at = at.getTimeZoneTransition('next');
    }
    return offsets;
  }

  #zoned(instant: number): Temporal.ZonedDateTime {
    return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(this.#name);
  }
}

const zones = new Map<string, Zone>();

/**
 * The zone of a name, made once per process. The names are bounded because only the exact ones are let in.
 * @throws InvalidTimeZone when the name is not that of an IANA zone
 */
export function zoneOf(name: string): Zone {
  let zone = zones.get(name);
  if (!zone) {
    zone = new Zone(name);
    zones.set(name, zone);
  }
  return zone;
}

/** Whether a text is the exact name of an IANA zone ("Asia/Shanghai", "UTC"); offsets such as "+08:00" are not. */
export function isTimeZone(name: string): boolean {
  if (typeof name !== 'string' || !/^[A-Za-z]/.test(name)) return false;
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId === name;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

const plainDate = (day: DayNumber): Temporal.PlainDate => Temporal.PlainDate.from(formatDay(day));
