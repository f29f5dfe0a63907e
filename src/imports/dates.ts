import { type CalendarDate, isCalendarDate } from '../calendar/days.ts';
import { instantOn, noonOf } from '../calendar/periods.ts';
import type { CalendarSettings } from '../calendar/settings.ts';

/** A day, and what the clock read where the text says so. */
export interface WrittenDate {
  day: CalendarDate;
  time: string | null;
}

const TOKENS: Record<string, string> = {
  YYYY: '(?<year>\\d{4})',
  MM: '(?<month>\\d{2})',
  DD: '(?<day>\\d{2})',
  M: '(?<month>\\d{1,2})',
  D: '(?<day>\\d{1,2})',
  HH: '(?<hour>\\d{2})',
  H: '(?<hour>\\d{1,2})',
  mm: '(?<minute>\\d{2})',
  ss: '(?<second>\\d{2})',
};

const patterns = new Map<string, RegExp>();

function patternOf(format: string): RegExp {
  let pattern = patterns.get(format);
  if (!pattern) {
    const source = format.replace(
      /YYYY|MM|DD|HH|mm|ss|M|D|H|[^YMDHms]+|./g,
      (part) => TOKENS[part] ?? part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
    );
    pattern = new RegExp(`^${source}$`);
    patterns.set(format, pattern);
  }
  return pattern;
}

/** Reads a text by the first format that fits and gives an existing day and time; null: none does. */
export function readDate(text: string, formats: readonly string[]): WrittenDate | null {
  for (const format of formats) {
    const parts = patternOf(format).exec(text)?.groups;
    if (!parts?.year || !parts.month || !parts.day) continue;
    const day = `${parts.year}-${parts.month.padStart(2, '0')}-${parts.day.padStart(2, '0')}`;
    if (!isCalendarDate(day)) continue;
    if (parts.hour === undefined) return { day, time: null };
    const clock = [parts.hour, parts.minute ?? '0', parts.second ?? '0'].map(Number);
    if ((clock[0] ?? 0) > 23 || (clock[1] ?? 0) > 59 || (clock[2] ?? 0) > 59) continue;
    return { day, time: clock.map((part) => String(part).padStart(2, '0')).join(':') };
  }
  return null;
}

/** The moment that is meant in the organization's zone: noon of a day without a time. */
export function momentOf(settings: CalendarSettings, { day, time }: WrittenDate): Date {
  return time === null ? noonOf(settings, day) : instantOn(settings, day, time);
}
