export type CustomerKind = 'COMPANY' | 'PERSON';
export type Grade = 'A' | 'B' | 'C' | 'D';
export type LifecycleStage =
  | 'POTENTIAL'
  | 'DEVELOPING'
  | 'FIRST_DEAL'
  | 'ACTIVE'
  | 'LOYAL'
  | 'AT_RISK'
  | 'LOST';
export type ActivityKind = 'CALL' | 'VISIT' | 'MESSAGE' | 'MEETING' | 'NOTE';

export const CUSTOMER_KINDS: readonly CustomerKind[] = ['COMPANY', 'PERSON'];
export const GRADES: readonly Grade[] = ['A', 'B', 'C', 'D'];
export const LIFECYCLE_STAGES: readonly LifecycleStage[] = [
  'POTENTIAL',
  'DEVELOPING',
  'FIRST_DEAL',
  'ACTIVE',
  'LOYAL',
  'AT_RISK',
  'LOST',
];

/** Where customers customarily come from. A source may be any text; events tell these apart, and call others OTHER. */
export const CUSTOMER_SOURCES = [
  'Referral',
  'Campaign',
  'Exhibition',
  'Website',
  'Cold call',
  "Partner's customer",
  'Industry agent',
  'Commercial intermediary',
  'Media feedback',
  'Public body',
  'Open publication',
] as const;

export const TAGS_LIMIT = 50;
export const TAG_LENGTH = 50;
export const PHONES_LIMIT = 20;
export const PHONE_LENGTH = 40;
export const EMAILS_LIMIT = 20;
export const EMAIL_LENGTH = 254;
export const CONTACTS_LIMIT = 200;
export const EMPLOYEES_LIMIT = 100_000_000;
export const EARLIEST_YEAR = 1_000;
/** How far an activity may lie in the future, for clocks that are not quite right. */
export const FUTURE_MS = 5 * 60_000;

/** What can be said of a customer. Unless noted, texts have at most 200 characters. */
export interface CustomerFields {
  kind: CustomerKind;
  name: string;
  externalId: string | null;
  industry: string | null;
  region: string | null;
  source: string | null;
  grade: Grade | null;
  lifecycle: LifecycleStage;
  tags: string[];
  phones: string[];
  emails: string[];
  /** At most 10,000 characters. */
  address: string | null;
  foundedYear: number | null;
  employees: number | null;
  /** In the organization's currency; an exact decimal, 0 or more. */
  annualRevenue: string | null;
  parentId: string | null;
}

export interface Customer extends CustomerFields {
  id: string;
  version: number;
  ownerId: string;
  createdAt: Date;
  /** Of the last change; never goes back, so that history that is written at it cannot overlap. */
  updatedAt: Date;
  lastActivityAt: Date | null;
  archivedAt: Date | null;
  archivedAsMistake: boolean;
  /** What contacts add to the search is in it too; see search-text.ts. */
  searchText: string;
}

/** Undefined leaves a field as it is, null clears it. */
export type Patch<Fields> = { [F in keyof Fields]?: Fields[F] | undefined };
export type CustomerPatch = Patch<CustomerFields>;

export interface ContactFields {
  name: string;
  /** Where in the customer's organization: head of purchasing. */
  post: string | null;
  /** What in the purchase: decides, recommends, uses. */
  role: string | null;
  phones: string[];
  emails: string[];
  externalId: string | null;
}

export interface Contact extends ContactFields {
  id: string;
  version: number;
  customerId: string;
  archivedAt: Date | null;
}

export type ContactPatch = Patch<ContactFields>;

export interface Activity {
  id: string;
  customerId: string;
  contactId: string | null;
  authorId: string;
  kind: ActivityKind;
  method: string | null;
  result: string | null;
  body: string | null;
  happenedAt: Date;
  nextFollowUpAt: Date | null;
  retractedAt: Date | null;
}
