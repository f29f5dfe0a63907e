import type { CalendarSettings } from '../../src/calendar/settings.ts';
import { type BoundedUnit, PERIOD_UNITS } from '../../src/calendar/units.ts';
import { fc } from '../support/properties.ts';

// What the calendar is checked against: the runtime's own formatter, and plain counting of days.

export const MS_PER_DAY = 86_400_000;
const MS_PER_MINUTE = 60_000;

/** Every zone that the runtime knows by its name of choice. */
export const ALL_ZONES = [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])];
export const UNITS = Object.keys(PERIOD_UNITS).filter(
  (unit) => unit !== 'ALL_TIME',
) as BoundedUnit[];

const formatters = new Map<string, Intl.DateTimeFormat>();

/** What the clock of a zone shows at an instant, "2017-11-05 01:30:00", as the runtime prints it. */
export function printed(timeZone: string, instant: number): string {
  let formatter = formatters.get(timeZone);
  if (!formatter) {
    const date = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
    const time = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
    formatter = new Intl.DateTimeFormat('sv-SE', { timeZone, ...date, ...time });
    formatters.set(timeZone, formatter);
  }
  return formatter.format(instant);
}

/** What the clock is ahead of UTC, in milliseconds; instants are whole seconds. */
export const offsetAt = (timeZone: string, instant: number): number =>
  Date.parse(`${printed(timeZone, instant).replace(' ', 'T')}Z`) - instant;

/**
 * The latest day that the zone's clock has shown up to an instant: where it was set back over midnight it shows the day
 * before once more, and that counts to the day that had begun.
 */
function zoneDay(timeZone: string, instant: number): string {
  const now = printed(timeZone, instant);
  let latest = now.slice(0, 10);
  const second = Math.floor(instant / 1_000) * 1_000;
  const isSetBack = () =>
    offsetAt(timeZone, second - 240 * MS_PER_MINUTE) > offsetAt(timeZone, second);
  if (now.slice(11) < '20:00:00' || !isSetBack()) return latest;
  for (let minutes = 1; minutes <= 240; minutes += 1) {
    const day = printed(timeZone, instant - minutes * MS_PER_MINUTE).slice(0, 10);
    if (day > latest) latest = day;
  }
  return latest;
}

/** The day of an instant: of the later zone as soon as its clock has come to the day of the change. */
export function oracleDay(settings: CalendarSettings, instant: number): string {
  const day = zoneDay(settings.timeZone, instant);
  const { earlier } = settings;
  if (!earlier || day >= earlier.before) return day;
  const before = oracleDay(earlier, instant);
  return before < earlier.before ? before : plus(earlier.before, -1);
}

export const plus = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * MS_PER_DAY).toISOString().slice(0, 10);

const month = (date: string) => Number(date.slice(5, 7));
const dayOfMonth = (date: string) => Number(date.slice(8));
const isLastOfMonth = (date: string) => month(plus(date, 1)) !== month(date);

/** Whether a new fiscal month begins on a day, told from the day before alone. */
const closed = (settings: CalendarSettings, date: string) => {
  const before = plus(date, -1);
  return (
    dayOfMonth(before) === settings.fiscalMonthEnd ||
    (isLastOfMonth(before) && dayOfMonth(before) < settings.fiscalMonthEnd)
  );
};
/** Which month of the fiscal year begins on a day that a fiscal month begins on, from 0. */
const fiscalMonth = (settings: CalendarSettings, date: string) => {
  const closing = dayOfMonth(date) === 1 ? month(date) : (month(date) % 12) + 1;
  return (closing - settings.fiscalYearStartMonth + 12) % 12;
};

/** Whether a period of a unit begins on a day: the definition of each unit, without any span arithmetic. */
const BEGINS: Record<BoundedUnit, (settings: CalendarSettings, date: string) => boolean> = {
  DAY: () => true,
  WEEK: (settings, date) =>
    new Date(`${date}T00:00:00Z`).getUTCDay() === settings.firstDayOfWeek % 7,
  TEN_DAYS: (_, date) => [1, 11, 21].includes(dayOfMonth(date)),
  MONTH: (_, date) => date.endsWith('-01'),
  QUARTER: (_, date) => /-(01|04|07|10)-01$/.test(date),
  HALF_YEAR: (_, date) => /-(01|07)-01$/.test(date),
  YEAR: (_, date) => date.endsWith('-01-01'),
  FISCAL_MONTH: closed,
  FISCAL_QUARTER: (settings, date) =>
    closed(settings, date) && fiscalMonth(settings, date) % 3 === 0,
  FISCAL_YEAR: (settings, date) => closed(settings, date) && fiscalMonth(settings, date) === 0,
};

/** The same under settings that change: up to the day of a change by the former, from it on by the latter. */
export function begins(settings: CalendarSettings, unit: BoundedUnit, date: string): boolean {
  const { earlier } = settings;
  if (earlier && date < earlier.before) return begins(earlier, unit, date);
  if (BEGINS[unit](settings, date)) return true;
  return earlier?.before === date && begins(earlier, unit, date);
}

/** Settings that have always held. */
export const anySettings: fc.Arbitrary<CalendarSettings> = fc.record({
  timeZone: fc.constantFrom(...ALL_ZONES),
  firstDayOfWeek: fc.integer({ min: 1, max: 7 }),
  fiscalMonthEnd: fc.integer({ min: 1, max: 31 }),
  fiscalYearStartMonth: fc.integer({ min: 1, max: 12 }),
});

/** From 1990 to 2040, and now and then from before the first summer times to beyond what anyone has rules for. */
export const anyDate = fc
  .oneof(
    { weight: 4, arbitrary: fc.integer({ min: 7_305, max: 25_932 }) },
    { weight: 1, arbitrary: fc.integer({ min: -20_000, max: 60_000 }) },
    // Around the ends of February.
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.integer({ min: 1990, max: 2040 }), fc.integer({ min: -3, max: 3 }))
        .map(([year, days]) => Date.UTC(year, 2, 1) / MS_PER_DAY + days),
    },
  )
  .map((day) => plus('1970-01-01', day));

/** Settings that changed up to three times, often from close days and by one setting only. */
export const changingSettings: fc.Arbitrary<CalendarSettings> = fc
  .tuple(
    anySettings,
    fc.uniqueArray(
      fc.tuple(
        fc.oneof(
          anyDate,
          fc.integer({ min: 0, max: 60 }).map((day) => plus('2024-01-25', day)),
        ),
        fc.oneof(
          anySettings,
          anySettings.map(({ timeZone }) => ({ timeZone })),
          anySettings.map(({ fiscalMonthEnd }) => ({ fiscalMonthEnd })),
          anySettings.map(({ firstDayOfWeek }) => ({ firstDayOfWeek })),
          anySettings.map(({ fiscalYearStartMonth }) => ({ fiscalYearStartMonth })),
        ),
      ),
      { selector: ([date]) => date, maxLength: 3 },
    ),
  )
  .map(([first, changes]) => {
    let settings = first;
    for (const [before, change] of changes.sort(([a], [b]) => (a < b ? -1 : 1))) {
      settings = { ...settings, ...change, earlier: { ...settings, before } };
    }
    return settings;
  });

/** A day near a change, where mistakes are made, as often as any. */
export const dayFor = (settings: CalendarSettings): fc.Arbitrary<string> => {
  const changes: string[] = [];
  for (let held = settings.earlier; held; held = held.earlier) changes.push(held.before);
  if (changes.length === 0) return anyDate;
  const near = fc
    .tuple(fc.constantFrom(...changes), fc.integer({ min: -40, max: 40 }))
    .map(([date, days]) => plus(date, days));
  return fc.oneof({ weight: 1, arbitrary: anyDate }, { weight: 3, arbitrary: near });
};

/** Settings, and a day that matters to them. */
export const settingsAndDay = fc
  .oneof({ weight: 1, arbitrary: anySettings }, { weight: 2, arbitrary: changingSettings })
  .chain((settings) => fc.tuple(fc.constant(settings), dayFor(settings)));

/** Settings, and an instant, often around a midnight somewhere. */
export const settingsAndInstant = settingsAndDay.chain(([settings, date]) =>
  fc
    .oneof(
      fc.integer({ min: -MS_PER_DAY, max: 2 * MS_PER_DAY }),
      fc
        .tuple(fc.integer({ min: -96, max: 192 }), fc.constantFrom(-1, 0, 1))
        .map(([quarter, nudge]) => quarter * 15 * MS_PER_MINUTE + nudge),
    )
    .map((shift): [CalendarSettings, Date] => [
      settings,
      new Date(Date.parse(`${date}T00:00:00Z`) + shift),
    ]),
);

export const anyUnit = fc.constantFrom(...UNITS);
