import { InvalidInput } from '../../database/errors.ts';
import { cleanName, cleanOptionalName, cleanText } from '../organization/limits.ts';
import { cleanAmount, cleanNames, cleanNumber } from './fields.ts';
import {
  type ContactPatch,
  type CustomerPatch,
  EARLIEST_YEAR,
  EMAIL_LENGTH,
  EMAILS_LIMIT,
  EMPLOYEES_LIMIT,
  PHONE_LENGTH,
  PHONES_LIMIT,
  TAG_LENGTH,
  TAGS_LIMIT,
} from './model.ts';
import { foldPhone } from './search-text.ts';

const PHONE = /^[+\d][\d\s()./-]*(?:\s*(?:ext\.?|x|#|转)\s*\d{1,6})?$/iu;
const EMAIL = /^[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>]+$/u;

/** Throws InvalidInput. `now`: no company is founded after it. */
export function cleanCustomer<Given extends CustomerPatch>(given: Given, now: Date): CustomerPatch {
  const { kind, grade, lifecycle, parentId } = given;
  return {
    kind,
    grade,
    lifecycle,
    parentId,
    name: given.name === undefined ? undefined : cleanName(given.name, 'name'),
    externalId: cleanOptionalName(given.externalId, 'externalId'),
    industry: cleanOptionalName(given.industry, 'industry'),
    region: cleanOptionalName(given.region, 'region'),
    source: cleanOptionalName(given.source, 'source'),
    tags: given.tags === undefined ? undefined : cleanTags(given.tags),
    phones: given.phones === undefined ? undefined : cleanPhones(given.phones),
    emails: given.emails === undefined ? undefined : cleanEmails(given.emails),
    address: given.address === undefined ? undefined : cleanText(given.address, 'address'),
    foundedYear: cleanNumber(
      given.foundedYear,
      'foundedYear',
      EARLIEST_YEAR,
      now.getUTCFullYear() + 1,
    ),
    employees: cleanNumber(given.employees, 'employees', 0, EMPLOYEES_LIMIT),
    annualRevenue: cleanAmount(given.annualRevenue, 'annualRevenue'),
  };
}

/** Throws InvalidInput. */
export function cleanContact(given: ContactPatch): ContactPatch {
  return {
    name: given.name === undefined ? undefined : cleanName(given.name, 'name'),
    post: cleanOptionalName(given.post, 'post'),
    role: cleanOptionalName(given.role, 'role'),
    phones: given.phones === undefined ? undefined : cleanPhones(given.phones),
    emails: given.emails === undefined ? undefined : cleanEmails(given.emails),
    externalId: cleanOptionalName(given.externalId, 'externalId'),
  };
}

/** A tag as it is kept and compared: width and case folded, single spaces, no leading #. */
export const foldTag = (tag: string): string =>
  tag.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim().replace(/^#+/, '').trim();

/** Each tag once, sorted. */
function cleanTags(tags: readonly string[]): string[] {
  return cleanNames(tags.map(foldTag), 'tags', TAGS_LIMIT, undefined, TAG_LENGTH).sort();
}

function cleanPhones(phones: readonly string[]): string[] {
  const cleaned = cleanNames(
    phones.map((phone) => phone.normalize('NFKC')),
    'phones',
    PHONES_LIMIT,
    foldPhone,
    PHONE_LENGTH,
  );
  for (const phone of cleaned) {
    if (!PHONE.test(phone) || foldPhone(phone).length < 3) {
      throw new InvalidInput(`"${phone}" is not a phone number.`, { path: ['input', 'phones'] });
    }
  }
  return cleaned;
}

function cleanEmails(emails: readonly string[]): string[] {
  const cleaned = cleanNames(
    emails,
    'emails',
    EMAILS_LIMIT,
    (email) => email.toLowerCase(),
    EMAIL_LENGTH,
  );
  for (const email of cleaned) {
    if (!EMAIL.test(email)) {
      throw new InvalidInput(`"${email}" is not an e-mail address.`, { path: ['input', 'emails'] });
    }
  }
  return cleaned;
}
