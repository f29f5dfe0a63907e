import { builder } from '../../../api/builder.ts';
import { ComparisonEnum, PeriodInputType, PeriodType, readPeriod } from '../../../api/period.ts';
import { comparedPeriod } from '../../../calendar/counterparts.ts';
import { resolvePeriod } from '../../../calendar/named-periods.ts';
import { ALL_TIME, isBounded } from '../../../calendar/periods.ts';
import { inTimeZone } from '../../../calendar/settings.ts';
import { workingDaysOf } from './working-days.ts';

builder.objectField(PeriodType, 'workingDays', (t) =>
  t.int({
    nullable: true,
    authScopes: { member: true },
    description:
      'How many of its days are worked, by the weekend, the holiday calendar and what was entered; null for all of time. Not for displays.',
    resolve: async (period, _args, ctx) =>
      isBounded(period) ? (await workingDaysOf(ctx)).countIn(period) : null,
  }),
);

builder.queryField('period', (t) =>
  t.field({
    type: PeriodType,
    description:
      'The period that a name, a unit or days stand for now, or the one that it is compared with.',
    args: {
      period: t.arg({ type: PeriodInputType, required: true, description: 'Which.' }),
      timeZone: t.arg.string({
        description:
          "Exact name of the IANA zone whose days they are. Default: the organization's.",
      }),
      comparedBy: t.arg({
        type: ComparisonEnum,
        description:
          'Gives the period that it is compared with instead; of all time that is itself.',
      }),
    },
    resolve: async (_root, { period: asked, timeZone, comparedBy }, ctx) => {
      const calendar = await ctx.calendar();
      const now = await ctx.now();
      const settings = timeZone
        ? readPeriod(() => inTimeZone(calendar, timeZone), ['timeZone'])
        : calendar;
      return readPeriod(() => {
        const period = resolvePeriod(settings, asked, now);
        if (!comparedBy) return period;
        return isBounded(period) ? comparedPeriod(settings, period, comparedBy) : ALL_TIME;
      });
    },
  }),
);
