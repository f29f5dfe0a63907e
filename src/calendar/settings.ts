import { InvalidCalendarSetting, InvalidTimeZone } from './errors.ts';
import { isTimeZone } from './zones.ts';

/** How an organization counts its time. Every function of this room takes it as its first argument. */
export interface CalendarSettings {
  /** Exact name of an IANA zone, such as "Asia/Shanghai". */
  readonly timeZone: string;
  /** ISO day of the week that weeks begin on: 1 is Monday, 7 is Sunday. */
  readonly firstDayOfWeek: number;
  /** Day of the month that a fiscal month closes on, 1 to 31; a shorter month closes on its last day. */
  readonly fiscalMonthEnd: number;
  /** The fiscal month, 1 to 12, that a fiscal year begins with. */
  readonly fiscalYearStartMonth: number;
}

/** Weeks from Monday and fiscal periods that are the calendar's own, in UTC. */
export const DEFAULT_CALENDAR_SETTINGS: CalendarSettings = Object.freeze({
  timeZone: 'UTC',
  firstDayOfWeek: 1,
  fiscalMonthEnd: 31,
  fiscalYearStartMonth: 1,
});

const BOUNDS = {
  firstDayOfWeek: [1, 7],
  fiscalMonthEnd: [1, 31],
  fiscalYearStartMonth: [1, 12],
} as const;

/**
 * Checks settings that came from outside and hands back a frozen copy with nothing else in it. The other
 * functions of this room trust their settings; pass these through here once, where they are stored or read.
 * @throws InvalidTimeZone when the zone is not the exact name of an IANA zone
 * @throws InvalidCalendarSetting when a number is not whole or lies outside its bounds
 */
export function checkCalendarSettings(settings: CalendarSettings): CalendarSettings {
  const { timeZone, firstDayOfWeek, fiscalMonthEnd, fiscalYearStartMonth } = settings;
  if (!isTimeZone(timeZone)) throw new InvalidTimeZone(String(timeZone));
  const numbers = { firstDayOfWeek, fiscalMonthEnd, fiscalYearStartMonth };
  for (const [setting, [lowest, highest]] of Object.entries(BOUNDS)) {
    const value = numbers[setting as keyof typeof BOUNDS];
    if (!Number.isInteger(value) || value < lowest || value > highest) {
      throw new InvalidCalendarSetting(setting, lowest, highest, value);
    }
  }
  return Object.freeze({ timeZone, ...numbers });
}
