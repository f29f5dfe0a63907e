import { type CalendarDate, type DayNumber, dayNumber, FIRST_DATE, parseDay } from './days.ts';
import { InvalidCalendarSetting, InvalidTimeZone, TooManyChanges } from './errors.ts';
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
  /** What held before these settings did; null or left out: they have always held. */
  readonly earlier?: EarlierSettings | null;
}

/** Settings that held until others took their place. */
export interface EarlierSettings extends CalendarSettings {
  /** The first day that they did not hold on any more: the settings after them hold from it on. */
  readonly before: CalendarDate;
}

/** The settings without what held before them. */
export type PlainSettings = Omit<CalendarSettings, 'earlier'>;

/** Most times that an organization's settings change from a day. */
export const MAX_CHANGES = 20;

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
 * @throws InvalidDate, DateOutOfRange for the day of a change
 */
export function checkCalendarSettings(settings: CalendarSettings): CalendarSettings {
  const plain = plainSettings(settings);
  const { timeZone, ...numbers } = plain;
  if (!isTimeZone(timeZone)) throw new InvalidTimeZone(String(timeZone));
  for (const [setting, [lowest, highest]] of Object.entries(BOUNDS)) {
    const value = numbers[setting as keyof typeof BOUNDS];
    if (!Number.isInteger(value) || value < lowest || value > highest) {
      throw new InvalidCalendarSetting(setting, lowest, highest, value);
    }
  }
  const { earlier } = settings;
  if (!earlier) return Object.freeze(plain);
  parseDay(earlier.before);
  const checked = { ...checkCalendarSettings(earlier), before: earlier.before };
  return Object.freeze({ ...plain, earlier: Object.freeze(checked) });
}

/** The four settings as they are now, and nothing else. */
export const plainSettings = ({
  timeZone,
  firstDayOfWeek,
  fiscalMonthEnd,
  fiscalYearStartMonth,
}: CalendarSettings): PlainSettings => ({
  timeZone,
  firstDayOfWeek,
  fiscalMonthEnd,
  fiscalYearStartMonth,
});

/**
 * The settings with others from a day on; the days before it keep what they have, and what was set from that day or
 * from a later one is gone. From the first day of the calendar on: as though it had always been so.
 * @throws TooManyChanges beyond `MAX_CHANGES`
 * @throws InvalidDate, DateOutOfRange
 */
export function changedFrom(
  settings: CalendarSettings,
  changed: PlainSettings,
  from: CalendarDate,
): CalendarSettings {
  const day = parseDay(from);
  let held = settings;
  while (held.earlier && dayNumber(held.earlier.before) >= day) held = held.earlier;
  const plain = plainSettings(changed);
  if (from === FIRST_DATE) return plain;
  // The same settings need no change between them.
  const kept = { ...plainSettings(held), ...(held.earlier && { earlier: held.earlier }) };
  if (sameCalendar(plainSettings(held), plain)) return kept;
  const after = { ...plain, earlier: { ...kept, before: from } };
  if (changesOf(after).length > MAX_CHANGES) throw new TooManyChanges(MAX_CHANGES);
  return after;
}

/** The same settings in another zone, on all days: for a question that names one. Throws InvalidTimeZone. */
export function inTimeZone(settings: CalendarSettings, timeZone: string): CalendarSettings {
  if (!isTimeZone(timeZone)) throw new InvalidTimeZone(timeZone);
  const { earlier } = settings;
  return {
    ...plainSettings(settings),
    timeZone,
    ...(earlier && { earlier: { ...inTimeZone(earlier, timeZone), before: earlier.before } }),
  };
}

/** Settings and the first day that they hold on; null: since ever. */
export interface SettingsFrom extends PlainSettings {
  readonly from: CalendarDate | null;
}

/** All that ever held or will hold, the last first. */
export function settingsInTurn(settings: CalendarSettings): readonly SettingsFrom[] {
  const { earlier } = settings;
  const own = { ...plainSettings(settings), from: earlier?.before ?? null };
  return earlier ? [own, ...settingsInTurn(earlier)] : [own];
}

/** The settings that hold on a day. */
export function settingsOn(settings: CalendarSettings, day: DayNumber): PlainSettings {
  const { earlier } = settings;
  return earlier && day < dayNumber(earlier.before) ? settingsOn(earlier, day) : settings;
}

/** Whether two calendars cut all of time alike. */
export const sameCalendar = (a: CalendarSettings, b: CalendarSettings): boolean =>
  a.timeZone === b.timeZone &&
  a.firstDayOfWeek === b.firstDayOfWeek &&
  a.fiscalMonthEnd === b.fiscalMonthEnd &&
  a.fiscalYearStartMonth === b.fiscalYearStartMonth &&
  (a.earlier && b.earlier
    ? a.earlier.before === b.earlier.before && sameCalendar(a.earlier, b.earlier)
    : !a.earlier && !b.earlier);

const changesOf = (settings: CalendarSettings) => settingsInTurn(settings).slice(1);
