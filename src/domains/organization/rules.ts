import { CalendarError } from '../../calendar/errors.ts';
import { HOLIDAY_CALENDARS } from '../../calendar/official-days.ts';
import type { PlainSettings } from '../../calendar/settings.ts';
import { checkWeekend } from '../../calendar/working-days.ts';
import { isTimeZone } from '../../calendar/zones.ts';
import { InvalidInput, NotAllowed } from '../../database/errors.ts';
import type { Grant, MemberViewer } from '../../database/viewer.ts';
import { PeriodClosed, UnknownCurrency, UnknownTimeZone } from './errors.ts';
import { MAX_ORIGINS, type Organization } from './model.ts';

/** An administrator; by an API token only when that has the grant ADMIN. */
export const isAdmin = (viewer: MemberViewer): boolean =>
  viewer.role === 'ADMIN' && viewer.grants.has('ADMIN');

export const seesAllTokens = isAdmin;

/** Throws NotAllowed unless the viewer is an administrator who may act as one. */
export function requireAdmin(viewer: MemberViewer): void {
  if (isAdmin(viewer)) return;
  throw new NotAllowed(
    'Only an administrator may do this, by a session or a token with the grant ADMIN.',
  );
}

/** Throws NotAllowed unless the token may write. */
export function requireWrite(viewer: MemberViewer): void {
  if (!viewer.grants.has('WRITE')) throw new NotAllowed('This token may not write.');
}

const BOUNDS: Record<Exclude<keyof PlainSettings, 'timeZone'>, number> = {
  firstDayOfWeek: 7,
  fiscalMonthEnd: 31,
  fiscalYearStartMonth: 12,
};

const currencies = new Set(Intl.supportedValuesOf('currency'));

export type Settings = Omit<Organization, 'id' | 'key' | 'name' | 'version' | 'earlier'>;

/** Throws UnknownTimeZone, UnknownCurrency or InvalidInput for what cannot be an organization's setting. */
export function checkSettings(settings: Partial<Settings>): void {
  const { timeZone, currency, locale, weekend, holidayCalendar } = settings;
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    throw new UnknownTimeZone(
      `"${timeZone.slice(0, 60)}" is not an IANA time zone; give its exact name, such as Asia/Shanghai.`,
      { path: ['input', 'timeZone'], data: { timeZone: timeZone.slice(0, 60) } },
    );
  }
  for (const [name, most] of Object.entries(BOUNDS)) {
    const value = settings[name as keyof typeof BOUNDS];
    if (value !== undefined && !(Number.isInteger(value) && value >= 1 && value <= most)) {
      throw new InvalidInput(`${name} is a whole number from 1 to ${most}.`, {
        path: ['input', name],
      });
    }
  }
  if (weekend !== undefined) readInput(() => checkWeekend(weekend), ['input', 'weekend']);
  if (holidayCalendar !== undefined && !Object.hasOwn(HOLIDAY_CALENDARS, holidayCalendar)) {
    throw new InvalidInput('There is no such holiday calendar.', {
      path: ['input', 'holidayCalendar'],
    });
  }
  if (currency !== undefined && !currencies.has(currency)) {
    throw new UnknownCurrency(
      `"${currency.slice(0, 20)}" is not an ISO 4217 currency; give its code in capitals, such as CNY.`,
      { path: ['input', 'currency'], data: { currency: currency.slice(0, 20) } },
    );
  }
  if (locale !== undefined && !isLocale(locale)) {
    throw new InvalidInput('locale is a BCP 47 language tag, such as zh-CN or en.', {
      path: ['input', 'locale'],
    });
  }
}

/** Runs a function of the calendar on a caller's value: what it refuses is InvalidInput. */
export function readInput<T>(read: () => T, path: readonly string[]): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof CalendarError) throw new InvalidInput(error.message, { path });
    throw error;
  }
}

function isLocale(locale: string): boolean {
  try {
    return locale.length <= 35 && Intl.getCanonicalLocales(locale)[0] === locale;
  } catch {
    return false;
  }
}

const KEY = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;

/** The key as it is kept; people may type it in capitals. Throws InvalidInput. */
export function cleanKey(key: string): string {
  const cleaned = key.trim().toLowerCase();
  if (!KEY.test(cleaned)) {
    throw new InvalidInput(
      'key has 1 to 40 letters a to z, digits and hyphens, and neither begins nor ends with a hyphen.',
      { path: ['input', 'key'] },
    );
  }
  return cleaned;
}

const GRANTS: readonly Grant[] = ['READ', 'WRITE', 'ADMIN'];

/** A token gives at most what its maker's own token gives. Throws InvalidInput, NotAllowed. */
export function checkGrants(viewer: MemberViewer, grants: readonly Grant[]): Grant[] {
  const path = ['input', 'grants'];
  if (grants.length === 0) throw new InvalidInput('A token needs at least one grant.', { path });
  const beyond = grants.find((grant) => !viewer.grants.has(grant));
  if (beyond) {
    throw new NotAllowed(`Your own token has no grant ${beyond}, so that it cannot give one.`, {
      path,
    });
  }
  return GRANTS.filter((grant) => grants.includes(grant));
}

/** Origins as browsers send them, without path or trailing slash. Throws InvalidInput. */
export function checkOrigins(origins: readonly string[]): string[] {
  const path = ['input', 'origins'];
  if (origins.length > MAX_ORIGINS) {
    throw new InvalidInput(`A token names at most ${MAX_ORIGINS} origins.`, { path });
  }
  for (const origin of origins) {
    const isOrigin = /^https?:\/\//.test(origin) && URL.canParse(origin);
    if (!isOrigin || new URL(origin).origin !== origin) {
      throw new InvalidInput(
        `"${origin.slice(0, 60)}" is not an origin; write it as browsers do, such as https://wall.example.com.`,
        { path },
      );
    }
  }
  return [...new Set(origins)];
}

/** Throws InvalidInput for a moment that is over. */
export function checkExpiry(expiresAt: Date | null, now: Date): void {
  if (expiresAt !== null && expiresAt <= now) {
    throw new InvalidInput('expiresAt lies in the past.', { path: ['input', 'expiresAt'] });
  }
}

/** Throws PeriodClosed when a change would be dated into a closed period. */
export function requireOpen(moment: Date, closedBefore: Date | null, field: string): void {
  if (closedBefore === null || moment >= closedBefore) return;
  throw new PeriodClosed(
    `The books are closed before ${closedBefore.toISOString()}: nothing may be dated earlier.`,
    { path: ['input', field], data: { closedBefore: closedBefore.toISOString() } },
  );
}
