import type { CalendarSettings } from '../../calendar/settings.ts';

/** A company that uses Muster, as its row stands. */
export interface Organization extends CalendarSettings {
  id: string;
  key: string;
  name: string;
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
  currency: 'CNY',
  locale: 'zh-CN',
} as const;

export const TOKEN_KINDS = ['SESSION', 'API', 'DISPLAY'] as const;
export type TokenKind = (typeof TOKEN_KINDS)[number];

/** Most boards that one display token may name. */
export const MAX_DISPLAY_BOARDS = 20;
/** Most origins that one API token may name. */
export const MAX_ORIGINS = 20;
/** Most API and display tokens of one organization or member that are valid at a time. */
export const MAX_LIVE_TOKENS = 200;
