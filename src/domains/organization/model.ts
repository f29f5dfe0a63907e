import type { HolidayCalendar } from '../../calendar/official-days.ts';
import type { CalendarSettings } from '../../calendar/settings.ts';

/** A company that uses Muster, as its row stands. */
export interface Organization extends CalendarSettings {
  id: string;
  key: string;
  name: string;
  /** ISO days of the week that are off, in order. */
  weekend: number[];
  holidayCalendar: HolidayCalendar;
  currency: string;
  locale: string;
  version: number;
}

/** What a new organization has unless it says otherwise. */
export const DEFAULT_ORGANIZATION = {
  timeZone: 'Asia/Shanghai',
  firstDayOfWeek: 1,
  fiscalMonthEnd: 31,
  fiscalYearStartMonth: 1,
  weekend: [6, 7] as number[],
  holidayCalendar: 'NONE',
  currency: 'CNY',
  locale: 'zh-CN',
} as const;

export const TOKEN_KINDS = ['SESSION', 'API', 'DISPLAY'] as const;
export type TokenKind = (typeof TOKEN_KINDS)[number];

/** Most days that one change of working days names. */
export const MAX_DAYS_AT_ONCE = 400;
/** Most days of one organization that are worked or off by exception. */
export const MAX_EXCEPTIONS = 2_000;

/** Most boards that one display token may name. */
export const MAX_DISPLAY_BOARDS = 20;
/** Most origins that one API token may name. */
export const MAX_ORIGINS = 20;
/** Most API and display tokens of one organization or member that are valid at a time. */
export const MAX_LIVE_TOKENS = 200;
