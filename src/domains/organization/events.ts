import type { CalendarSettings } from '../../calendar/settings.ts';
import type { EventDraft, Json } from '../../database/event-draft.ts';
import type { Organization, TokenKind } from './model.ts';

const EVERYBODY = { before: null, after: null };

function onOrganization(
  type: string,
  id: string,
  recordVersion: number | null,
  payload: EventDraft['payload'],
): EventDraft {
  const record = { recordType: 'Organization', recordId: id, recordVersion };
  return { type, version: 1, ...record, payload, visibility: EVERYBODY };
}

const calendarOf = (settings: CalendarSettings): { [key: string]: Json } => ({
  timeZone: settings.timeZone,
  firstDayOfWeek: settings.firstDayOfWeek,
  fiscalMonthEnd: settings.fiscalMonthEnd,
  fiscalYearStartMonth: settings.fiscalYearStartMonth,
});

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
  onOrganization('organization.updated', after.id, after.version, {
    changed: [...changed],
    calendarBefore: calendarOf(before),
    calendarAfter: calendarOf(after),
    currency: after.currency,
    locale: after.locale,
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
