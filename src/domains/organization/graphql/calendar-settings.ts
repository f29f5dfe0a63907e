import { builder } from '../../../api/builder.ts';
import type { Context } from '../../../api/context.ts';
import { dayNumber } from '../../../calendar/days.ts';
import { dayOf } from '../../../calendar/periods.ts';
import {
  type CalendarSettings,
  type EarlierSettings,
  type PlainSettings,
  plainSettings,
  type SettingsFrom,
  settingsOn,
} from '../../../calendar/settings.ts';

/** The columns that a calendar is made of. */
export const CALENDAR = {
  timeZone: true,
  firstDayOfWeek: true,
  fiscalMonthEnd: true,
  fiscalYearStartMonth: true,
  earlierCalendar: true,
} as const;

type Columns = PlainSettings & { earlierCalendar: unknown };

/** Only this room writes what held before. */
export const calendarOf = (row: Columns): CalendarSettings => ({
  ...plainSettings(row),
  earlier: row.earlierCalendar as EarlierSettings | null,
});

/** What holds on the present day; the row has what was set last, which may hold from a day to come. */
export async function settingsToday(ctx: Context, row: Columns): Promise<PlainSettings> {
  const settings = calendarOf(row);
  if (!settings.earlier) return settings;
  return settingsOn(settings, dayNumber(dayOf(settings, await ctx.now())));
}

export const CalendarSettingsType = builder.objectRef<SettingsFrom>('CalendarSettings').implement({
  description: 'How the organization counts its time from a day on.',
  fields: (t) => ({
    from: t.expose('from', {
      type: 'Date',
      nullable: true,
      description: 'The first day that they hold on, until the next settings; null: since ever.',
    }),
    timeZone: t.exposeString('timeZone', {
      description: 'IANA name of the zone that days begin and end in.',
    }),
    firstDayOfWeek: t.exposeInt('firstDayOfWeek', {
      description: 'ISO day that weeks begin on: 1 is Monday, 7 is Sunday.',
    }),
    fiscalMonthEnd: t.exposeInt('fiscalMonthEnd', {
      description: 'Day that a fiscal month closes on, 1 to 31.',
    }),
    fiscalYearStartMonth: t.exposeInt('fiscalYearStartMonth', {
      description: 'Fiscal month, 1 to 12, that a fiscal year begins with.',
    }),
  }),
});
