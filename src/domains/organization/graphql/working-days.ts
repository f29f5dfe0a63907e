import { builder } from '../../../api/builder.ts';
import { connectionObject } from '../../../api/connection-object.ts';
import { keysetConnection } from '../../../api/connections.ts';
import type { Context } from '../../../api/context.ts';
import { described } from '../../../api/described.ts';
import { readPeriod } from '../../../api/period.ts';
import { formatDay } from '../../../calendar/days.ts';
import {
  HOLIDAY_CALENDARS,
  type HolidayCalendar,
  officialYears,
} from '../../../calendar/official-days.ts';
import { between, daysOf } from '../../../calendar/periods.ts';
import { DAY_REASONS, type WorkingDay, WorkingDays } from '../../../calendar/working-days.ts';
import { InvalidInput } from '../../../database/errors.ts';
import { MAX_DAYS_AT_ONCE } from '../model.ts';

export const HolidayCalendarEnum = builder.enumType('HolidayCalendar', {
  description: 'Whose official days, off and worked, an organization keeps.',
  values: described<HolidayCalendar>(HOLIDAY_CALENDARS),
});

/** The exceptions that hold now. */
const PRESENT = { supersededAt: null, NOT: { isWorkingDay: null } };

const known = new WeakMap<Context, { at: string | null; days: Promise<WorkingDays> }>();

/** The working days of the viewer's organization; read once per request, and again after a mutation of it. */
export function workingDaysOf(ctx: Context): Promise<WorkingDays> {
  const at = ctx.positions.highest();
  const found = known.get(ctx);
  if (found && found.at === at) return found.days;
  const days = readWorkingDays(ctx);
  known.set(ctx, { at, days });
  return days;
}

async function readWorkingDays({ reader }: Context): Promise<WorkingDays> {
  const [organization, exceptions] = await Promise.all([
    reader.organization.findFirstOrThrow({ select: { weekend: true, holidayCalendar: true } }),
    reader.workingDayException.findMany({
      where: PRESENT,
      select: { day: true, isWorkingDay: true, name: true },
    }),
  ]);
  return new WorkingDays({
    ...organization,
    exceptions: exceptions.map(({ day, isWorkingDay, name }) => ({
      day: day.toISOString().slice(0, 10),
      isWorkingDay: isWorkingDay === true,
      name,
    })),
  });
}

const DayReason = builder.enumType('DayReason', {
  description: 'Why a day is worked or not.',
  values: described<keyof typeof DAY_REASONS>(DAY_REASONS),
});

const CalendarDay = builder.objectRef<WorkingDay>('CalendarDay').implement({
  description: 'A day of the organization, worked or not.',
  fields: (t) => ({
    day: t.expose('day', { type: 'Date', description: 'The day.' }),
    isWorkingDay: t.exposeBoolean('isWorkingDay', { description: 'Whether it is worked.' }),
    name: t.exposeString('name', {
      nullable: true,
      description: 'The holiday that it is off or worked for; null for a plain day.',
    }),
    reason: t.expose('reason', { type: DayReason, description: 'What decides it.' }),
  }),
});

const Exception = builder.prismaNode('WorkingDayException', {
  description: 'A day that was entered as worked or not, whatever the calendar says.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  fields: (t) => ({
    day: t.expose('day', { type: 'Date', description: 'The day.' }),
    isWorkingDay: t.exposeBoolean('isWorkingDay', {
      nullable: true,
      description: 'Whether it is worked; null: what was entered before was taken back.',
    }),
    name: t.exposeString('name', {
      nullable: true,
      description: 'What for, at most 200 characters; or null.',
    }),
    setAt: t.expose('setAt', { type: 'DateTime', description: 'When it was entered.' }),
    supersededAt: t.expose('supersededAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When something else was entered for the day; null: it holds.',
    }),
  }),
});

const ExceptionConnection = connectionObject(Exception, {
  name: 'WorkingDayExceptionConnection',
  description: 'A page of days that were entered as worked or not.',
});

/** Throws InvalidInput for more days than one answer shows. */
function requireFew(from: string, through: string, days: number): void {
  if (days <= MAX_DAYS_AT_ONCE) return;
  throw new InvalidInput(
    `From ${from} through ${through} are more than ${MAX_DAYS_AT_ONCE} days.`,
    {
      path: ['through'],
    },
  );
}

builder.prismaObjectFields('Organization', (t) => ({
  weekend: t.exposeIntList('weekend', {
    description: 'ISO days of the week that are off, 1 (Monday) to 7 (Sunday).',
  }),
  holidayCalendar: t.expose('holidayCalendar', {
    type: HolidayCalendarEnum,
    description: 'Whose official days are kept.',
  }),
  officialDaysThrough: t.field({
    type: 'Date',
    nullable: true,
    description:
      'The last day whose official state is known; later ones count by the weekend until a new version of Muster knows them or they are entered. Null without a holiday calendar.',
    select: { holidayCalendar: true },
    resolve: ({ holidayCalendar }) => {
      const years = officialYears(holidayCalendar);
      return years && `${years.through}-12-31`;
    },
  }),
  days: t.field({
    type: [CalendarDay],
    description: `The days from one through another, each worked or not, with the reason; at most ${MAX_DAYS_AT_ONCE}.`,
    args: {
      from: t.arg({ type: 'Date', required: true, description: 'The first day.' }),
      through: t.arg({ type: 'Date', required: true, description: 'The last day, included.' }),
    },
    resolve: async (_organization, { from, through }, ctx) => {
      const calendar = await ctx.calendar();
      const span = daysOf(readPeriod(() => between(calendar, from, through), ['through']));
      const count = span.through - span.from + 1;
      requireFew(from, through, count);
      const days = await workingDaysOf(ctx);
      return Array.from({ length: count }, (_, index) =>
        days.describe(formatDay(span.from + index)),
      );
    },
  }),
  addWorkingDays: t.field({
    type: 'Date',
    description:
      'The day that lies as many working days after another, or before it: 1 after a Friday is the next worked day, 0 is the day itself.',
    args: {
      to: t.arg({
        type: 'Date',
        required: true,
        description: 'The day to count from; never counted.',
      }),
      count: t.arg.int({ required: true, description: 'How many; negative goes back.' }),
    },
    resolve: async (_organization, { to, count }, ctx) => {
      const days = await workingDaysOf(ctx);
      return readPeriod(() => days.add(to, count), ['count']);
    },
  }),
  workingDayExceptions: t.connection(
    {
      type: Exception,
      description:
        'The days that were entered as worked or not, the latest day first; with `history` also what was entered before and taken back.',
      args: {
        from: t.arg({ type: 'Date', description: 'Only from this day on.' }),
        through: t.arg({ type: 'Date', description: 'Only through this day.' }),
        history: t.arg.boolean({ description: 'With what no longer holds. Default: false.' }),
      },
      resolve: (_organization, { from, through, history, ...args }, ctx, info) => {
        return keysetConnection(ctx, info, {
          model: 'WorkingDayException',
          args,
          where: {
            AND: [
              ...(history ? [] : [PRESENT]),
              ...(from ? [{ day: { gte: new Date(from) } }] : []),
              ...(through ? [{ day: { lte: new Date(through) } }] : []),
            ],
          },
          orderBy: [
            { field: 'day', direction: 'DESC' },
            { field: 'setAt', direction: 'DESC' },
          ],
        });
      },
    },
    ExceptionConnection,
  ),
}));
