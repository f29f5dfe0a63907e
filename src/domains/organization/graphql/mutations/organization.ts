import { memberOf } from '../../../../api/context.ts';
import { mutationField } from '../../../../api/mutation.ts';
import { closePeriod, reopenPeriod } from '../../closing.ts';
import {
  CurrencyFixed,
  PeriodClosed,
  PeriodNotClosed,
  PeriodNotOver,
  UnknownCurrency,
  UnknownTimeZone,
} from '../../errors.ts';
import { refuseNull } from '../../limits.ts';
import { updateOrganization } from '../../service.ts';
import '../errors.ts';
import { Organization } from '../types.ts';
import { HolidayCalendarEnum } from '../working-days.ts';

const REASON = 'Why, at most 1,000 characters.';

mutationField('updateOrganization', {
  description:
    'Changes the settings; what is not given stays as it is. Zone, week and fiscal settings change from the day `calendarFrom` on, or for all days without one: boards and targets are then cut anew, and scores do not change. A change that would cut a closed period differently is refused.',
  auth: 'admin',
  errors: [UnknownTimeZone, UnknownCurrency, CurrencyFixed, PeriodClosed],
  input: (t) => ({
    expectedVersion: t.int({
      required: true,
      description: 'The version that the change was made from; another one is a Conflict.',
    }),
    name: t.string({ description: 'At most 200 characters.' }),
    timeZone: t.string({ description: 'Exact IANA name, such as Asia/Shanghai.' }),
    firstDayOfWeek: t.int({ description: 'ISO day, 1 (Monday) to 7 (Sunday).' }),
    fiscalMonthEnd: t.int({ description: 'Day that a fiscal month closes on, 1 to 31.' }),
    fiscalYearStartMonth: t.int({ description: 'Fiscal month that a year begins with, 1 to 12.' }),
    calendarFrom: t.field({
      type: 'Date',
      description:
        'The first day that the zone, week and fiscal settings hold on as they are after this change; it may lie in the past or to come. The days before keep what they have, and what was set from that day or a later one is gone. Default: a setting that is to be another is that for all days.',
    }),
    weekend: t.intList({
      description: 'ISO days of the week that are off, 1 (Monday) to 7 (Sunday); at most six.',
    }),
    holidayCalendar: t.field({
      type: HolidayCalendarEnum,
      description: 'Whose official days are kept.',
    }),
    currency: t.string({
      description: 'ISO 4217 code in capitals; refused once any amount is recorded.',
    }),
    locale: t.string({ description: 'BCP 47 tag, such as zh-CN.' }),
  }),
  resolve: (input, ctx) =>
    updateOrganization(
      ctx.db,
      memberOf(ctx),
      refuseNull(
        input,
        'name',
        'timeZone',
        'firstDayOfWeek',
        'fiscalMonthEnd',
        'fiscalYearStartMonth',
        'weekend',
        'holidayCalendar',
        'currency',
        'locale',
      ),
    ),
  payload: (t) => ({
    organization: t.field({
      type: Organization,
      nullable: true,
      description: 'The organization as it now is.',
      resolve: (_outcome, _args, ctx) => ctx.load('Organization', memberOf(ctx).organizationId),
    }),
  }),
});

mutationField('closePeriod', {
  description:
    'Closes the books through a day: nothing counts there any more, and later corrections count at the start of the open time, naming the original.',
  auth: 'admin',
  errors: [PeriodNotOver, PeriodClosed],
  input: (t) => ({
    through: t.field({
      type: 'Date',
      required: true,
      description: 'The last closed day: yesterday at the latest.',
    }),
    reason: t.string({ description: REASON }),
  }),
  resolve: (input, ctx) => closePeriod(ctx.db, memberOf(ctx), input),
  payload: (t) => ({
    organization: t.field({
      type: Organization,
      nullable: true,
      description: 'The organization, with the new bound in `closedBefore`.',
      resolve: (_outcome, _args, ctx) => ctx.load('Organization', memberOf(ctx).organizationId),
    }),
  }),
});

mutationField('reopenPeriod', {
  description:
    'Opens closed books again, from a day on or altogether. What was dated to the open time meanwhile stays there.',
  auth: 'admin',
  errors: [PeriodNotClosed],
  input: (t) => ({
    from: t.field({ type: 'Date', description: 'The first open day. Default: everything opens.' }),
    reason: t.string({ description: REASON }),
  }),
  resolve: (input, ctx) => reopenPeriod(ctx.db, memberOf(ctx), input),
  payload: (t) => ({
    organization: t.field({
      type: Organization,
      nullable: true,
      description: 'The organization, with the new bound in `closedBefore`.',
      resolve: (_outcome, _args, ctx) => ctx.load('Organization', memberOf(ctx).organizationId),
    }),
  }),
});
