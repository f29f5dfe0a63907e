import { type CalendarDate, dayNumber, formatDay } from './days.ts';

/** Whose official days an organization keeps. */
export const HOLIDAY_CALENDARS = {
  NONE: 'No official days: only the weekend and what the organization enters itself.',
  CHINA:
    "The public holidays of mainland China with the days that are worked for them (调休), by the State Council's yearly notices for 2024, 2025 and 2026.",
} as const;

/** The name of a set of official days. */
export type HolidayCalendar = keyof typeof HOLIDAY_CALENDARS;

/** A day that is off, or worked, whatever its weekday. */
export interface OfficialDay {
  readonly day: CalendarDate;
  readonly isWorkingDay: boolean;
  /** The holiday that it belongs to, in the language of the notice. */
  readonly name: string;
}

interface OfficialYear {
  readonly year: number;
  /** Each with its first and last day off, and the days that are worked for it. */
  readonly holidays: readonly (readonly [
    name: string,
    from: CalendarDate,
    through: CalendarDate,
    worked: readonly CalendarDate[],
  ])[];
}

// 国务院办公厅关于2024年部分节假日安排的通知, 国办发明电〔2023〕7号, 2023-10-25.
const CHINA_2024: OfficialYear = {
  year: 2024,
  holidays: [
    ['元旦', '2024-01-01', '2024-01-01', []],
    ['春节', '2024-02-10', '2024-02-17', ['2024-02-04', '2024-02-18']],
    ['清明节', '2024-04-04', '2024-04-06', ['2024-04-07']],
    ['劳动节', '2024-05-01', '2024-05-05', ['2024-04-28', '2024-05-11']],
    ['端午节', '2024-06-10', '2024-06-10', []],
    ['中秋节', '2024-09-15', '2024-09-17', ['2024-09-14']],
    ['国庆节', '2024-10-01', '2024-10-07', ['2024-09-29', '2024-10-12']],
  ],
};

// 国务院办公厅关于2025年部分节假日安排的通知, 国办发明电〔2024〕12号, 2024-11-12.
const CHINA_2025: OfficialYear = {
  year: 2025,
  holidays: [
    ['元旦', '2025-01-01', '2025-01-01', []],
    ['春节', '2025-01-28', '2025-02-04', ['2025-01-26', '2025-02-08']],
    ['清明节', '2025-04-04', '2025-04-06', []],
    ['劳动节', '2025-05-01', '2025-05-05', ['2025-04-27']],
    ['端午节', '2025-05-31', '2025-06-02', []],
    ['国庆节、中秋节', '2025-10-01', '2025-10-08', ['2025-09-28', '2025-10-11']],
  ],
};

// 国务院办公厅关于2026年部分节假日安排的通知, 2025-11-04.
const CHINA_2026: OfficialYear = {
  year: 2026,
  holidays: [
    ['元旦', '2026-01-01', '2026-01-03', ['2026-01-04']],
    ['春节', '2026-02-15', '2026-02-23', ['2026-02-14', '2026-02-28']],
    ['清明节', '2026-04-04', '2026-04-06', []],
    ['劳动节', '2026-05-01', '2026-05-05', ['2026-05-09']],
    ['端午节', '2026-06-19', '2026-06-21', []],
    ['中秋节', '2026-09-25', '2026-09-27', []],
    ['国庆节', '2026-10-01', '2026-10-07', ['2026-09-20', '2026-10-10']],
  ],
};

const YEARS: { readonly [Name in HolidayCalendar]: readonly OfficialYear[] } = {
  NONE: [],
  CHINA: [CHINA_2024, CHINA_2025, CHINA_2026],
};

const official = new Map<HolidayCalendar, readonly OfficialDay[]>();

/** All official days that are known, in time order. */
export function officialDays(calendar: HolidayCalendar): readonly OfficialDay[] {
  let days = official.get(calendar);
  if (!days) {
    days = YEARS[calendar]
      .flatMap(({ holidays }) => holidays.flatMap(daysOf))
      .sort((a, b) => (a.day < b.day ? -1 : 1));
    official.set(calendar, days);
  }
  return days;
}

/**
 * The years whose official days are known: outside them a holiday calendar is silent, and days count by the weekend
 * alone. Null for a calendar without official days.
 */
export function officialYears(calendar: HolidayCalendar): { from: number; through: number } | null {
  const years = YEARS[calendar].map(({ year }) => year);
  return years.length > 0 ? { from: Math.min(...years), through: Math.max(...years) } : null;
}

function daysOf([name, from, through, worked]: OfficialYear['holidays'][number]): OfficialDay[] {
  const days: OfficialDay[] = worked.map((day) => ({ day, isWorkingDay: true, name }));
  for (let day = dayNumber(from); day <= dayNumber(through); day += 1) {
    days.push({ day: formatDay(day), isWorkingDay: false, name });
  }
  return days;
}
