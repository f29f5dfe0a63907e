import '../scope.ts';
import { builder } from '../../../api/builder.ts';
import { connectionObject } from '../../../api/connection-object.ts';
import { keysetConnection } from '../../../api/connections.ts';
import { settingsInTurn } from '../../../calendar/settings.ts';
import { CALENDAR, CalendarSettingsType, calendarOf, settingsToday } from './calendar-settings.ts';

const Closing = builder.prismaNode('PeriodClosing', {
  description: 'A closing of the books, or their reopening.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  fields: (t) => ({
    closedBefore: t.expose('closedBefore', {
      type: 'DateTime',
      nullable: true,
      description:
        'From then on nothing could be dated before this moment; null: everything was open.',
    }),
    reason: t.exposeString('reason', {
      nullable: true,
      description: 'Why, at most 1,000 characters; or null.',
    }),
    at: t.expose('at', { type: 'DateTime', description: 'When it was done.' }),
  }),
});

const ClosingConnection = connectionObject(Closing, {
  name: 'PeriodClosingConnection',
  description: 'A page of closings of the books.',
});

/** A display sees the name and nothing else. */
export const Organization = builder.prismaNode('Organization', {
  description:
    'A company that uses Muster: what everything else belongs to. A display sees its name only.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  authScopes: { member: true },
  fields: (t) => ({
    name: t.exposeString('name', {
      skipTypeScopes: true,
      authScopes: { viewer: true },
      description: 'At most 200 characters.',
    }),
    key: t.exposeString('key', { description: 'What people type at sign-in; it never changes.' }),
    version: t.exposeInt('version', {
      description: 'Grows by one with every change of the settings; give it as `expectedVersion`.',
    }),
    timeZone: t.string({
      select: CALENDAR,
      description: 'IANA name of the zone that days begin and end in now, such as Asia/Shanghai.',
      resolve: async (row, _args, ctx) => (await settingsToday(ctx, row)).timeZone,
    }),
    firstDayOfWeek: t.int({
      select: CALENDAR,
      description: 'ISO day that weeks begin on now: 1 is Monday, 7 is Sunday.',
      resolve: async (row, _args, ctx) => (await settingsToday(ctx, row)).firstDayOfWeek,
    }),
    fiscalMonthEnd: t.int({
      select: CALENDAR,
      description:
        'Day that a fiscal month closes on now, 1 to 31; a shorter month closes on its last.',
      resolve: async (row, _args, ctx) => (await settingsToday(ctx, row)).fiscalMonthEnd,
    }),
    fiscalYearStartMonth: t.int({
      select: CALENDAR,
      description: 'Fiscal month, 1 to 12, that a fiscal year begins with now.',
      resolve: async (row, _args, ctx) => (await settingsToday(ctx, row)).fiscalYearStartMonth,
    }),
    calendarHistory: t.field({
      type: [CalendarSettingsType],
      select: CALENDAR,
      description:
        'The zone, week and fiscal settings of all days, the last first: what holds, what held before, and what is to hold from a day to come. At most 21.',
      resolve: (row) => [...settingsInTurn(calendarOf(row))],
    }),
    currency: t.exposeString('currency', {
      description: 'ISO 4217 code of the one currency of all amounts, such as CNY.',
    }),
    locale: t.exposeString('locale', {
      description: 'BCP 47 tag of the language that screens begin in, such as zh-CN.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    closedBefore: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'The books are closed before this moment: nothing may be dated earlier. Null: they are open.',
      resolve: async ({ id }, _args, ctx) =>
        (await ctx.db.prisma.logHead.findUnique({ where: { organizationId: id } }))?.closedBefore,
    }),
    closings: t.connection(
      {
        type: Closing,
        description: 'Each closing and reopening of the books, newest first.',
        resolve: (_organization, args, ctx, info) =>
          keysetConnection(ctx, info, {
            model: 'PeriodClosing',
            args,
            orderBy: [{ field: 'at', direction: 'DESC' }],
          }),
      },
      ClosingConnection,
    ),
  }),
});

export const Grant = builder.enumType('Grant', {
  description: 'What a token may be used for, within the rights of its member.',
  values: {
    READ: { description: 'Queries and subscriptions.' },
    WRITE: { description: 'Mutations.' },
    ADMIN: { description: 'What only administrators may do, and making further tokens.' },
  } as const,
});

export const TokenKind = builder.enumType('TokenKind', {
  description: 'What a token stands for.',
  values: {
    SESSION: { description: 'A sign-in; ends by itself.' },
    API: { description: 'A program that acts as its member.' },
    DISPLAY: { description: 'A screen that watches boards and does nothing else.' },
  } as const,
});

export const AccessToken = builder.prismaNode('AccessToken', {
  description:
    'A way in. Members see their own, administrators all of them. The secret itself is shown once, when the token is made.',
  id: { field: 'id', description: 'Global id.' },
  nullable: true,
  fields: (t) => ({
    kind: t.expose('kind', { type: TokenKind, description: 'What it stands for.' }),
    name: t.exposeString('name', { description: 'What it is for, at most 200 characters.' }),
    grants: t.field({
      type: [Grant],
      description: 'What it may be used for.',
      resolve: ({ grants }) => grants as ('READ' | 'WRITE' | 'ADMIN')[],
    }),
    origins: t.exposeStringList('origins', {
      description: 'Browser origins that may use it; empty: any, and programs.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it ends by itself; null: when it is revoked.',
    }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was last used, to the minute; null: never.',
    }),
    revokedAt: t.expose('revokedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was revoked; null for those that were not.',
    }),
  }),
});

export const AccessTokenConnection = connectionObject(AccessToken, {
  name: 'AccessTokenConnection',
  description: 'A page of tokens.',
});
