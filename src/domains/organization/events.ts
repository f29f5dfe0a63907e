import type { CalendarDate } from '../../calendar/days.ts';
import { type CalendarSettings, settingsInTurn } from '../../calendar/settings.ts';
import type { EventDraft, Json } from '../../database/event-draft.ts';
import { declareUpcaster } from '../../events/upcasters.ts';
import type { Organization, TokenKind } from './model.ts';

const EVERYBODY = { before: null, after: null };

function onOrganization(
  type: string,
  id: string,
  recordVersion: number | null,
  payload: EventDraft['payload'],
  version = 1,
): EventDraft {
  const record = { recordType: 'Organization', recordId: id, recordVersion };
  return { type, version, ...record, payload, visibility: EVERYBODY };
}

const calendarOf = (settings: CalendarSettings): { [key: string]: Json } => {
  const { timeZone, firstDayOfWeek, fiscalMonthEnd, fiscalYearStartMonth } = settings;
  return { timeZone, firstDayOfWeek, fiscalMonthEnd, fiscalYearStartMonth };
};

/** With what held before, the last first. */
const historyOf = (settings: CalendarSettings): Json =>
  settingsInTurn(settings).map((one) => ({ from: one.from, ...calendarOf(one) }));

export const organizationCreated = (organization: Organization): EventDraft =>
  onOrganization('organization.created', organization.id, organization.version, {
    calendar: calendarOf(organization),
    currency: organization.currency,
    locale: organization.locale,
  });

/** `changed` names the settings; their values only where they are no text of people's own. */
export const organizationUpdated = (
  before: Organization,
  after: Organization,
  changed: readonly string[],
): EventDraft =>
  onOrganization(
    'organization.updated',
    after.id,
    after.version,
    {
      changed: [...changed],
      calendarBefore: historyOf(before),
      calendarAfter: historyOf(after),
      weekend: [...after.weekend],
      holidayCalendar: after.holidayCalendar,
      currency: after.currency,
      locale: after.locale,
    },
    2,
  );

// Before settings could change from a day, a change held for all days.
declareUpcaster('organization.updated', 1, ({ calendarBefore, calendarAfter, ...payload }) => ({
  ...payload,
  calendarBefore: [{ from: null, ...Object(calendarBefore) }],
  calendarAfter: [{ from: null, ...Object(calendarAfter) }],
  weekend: [6, 7],
  holidayCalendar: 'NONE',
}));

/** A day whose exception changed; null: it has none. Names of holidays stay in the rows. */
export interface ChangedDay {
  day: CalendarDate;
  isWorkingDay: boolean | null;
  isWorkingDayWas: boolean | null;
}

export const workingDaysChanged = (id: string, days: readonly ChangedDay[]): EventDraft =>
  onOrganization('working_days.changed', id, null, {
    days: days.map(({ day, isWorkingDay, isWorkingDayWas }) => ({
      day,
      isWorkingDay,
      isWorkingDayWas,
    })),
  });

export const periodClosed = (id: string, closedBefore: Date, before: Date | null): EventDraft =>
  onOrganization('period.closed', id, null, {
    closedBefore: closedBefore.toISOString(),
    closedBeforeWas: before?.toISOString() ?? null,
  });

export const periodReopened = (id: string, closedBefore: Date | null, before: Date): EventDraft =>
  onOrganization('period.reopened', id, null, {
    closedBefore: closedBefore?.toISOString() ?? null,
    closedBeforeWas: before.toISOString(),
  });

interface TokenFacts {
  id: string;
  kind: TokenKind;
  memberId: string | null;
}

/** A token's events are for its member and those who see everything. */
function onToken(type: string, { id, kind, memberId }: TokenFacts, more: EventDraft['payload']) {
  const owners = memberId === null ? [] : [memberId];
  return {
    type,
    version: 1,
    recordType: 'AccessToken',
    recordId: id,
    recordVersion: null,
    payload: { kind, memberId, ...more },
    visibility: { before: type === 'token.created' ? null : { owners }, after: { owners } },
  };
}

export const tokenCreated = (
  token: TokenFacts & { grants: readonly string[]; expiresAt: Date | null },
): EventDraft =>
  onToken('token.created', token, {
    grants: [...token.grants],
    expiresAt: token.expiresAt?.toISOString() ?? null,
  });

/** What open sockets are ended by, on every node. */
export const tokenRevoked = (token: TokenFacts): EventDraft => onToken('token.revoked', token, {});
