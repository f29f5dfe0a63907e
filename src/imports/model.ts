// What a mapping file says, as `schema/import-mapping.schema.json` describes it in full.
// Glossary: a *source* is one file read as one kind of record; a *value* says how a field is got from a line of it.

/** A column's name, or one of: column, value, template, firstOf, lookup; with what is done to the text after. */
export type Value = string | ValueObject;

export interface ValueObject {
  column?: string;
  value?: string;
  template?: string;
  firstOf?: Value[];
  lookup?: Lookup;
  aliases?: Record<string, string>;
  unknown?: string[];
  default?: string;
  dates?: string[];
  scale?: string;
  split?: string;
  reportUnknown?: boolean;
}

/** A value found in the lines of another file that agree with this one. */
export interface Lookup {
  file: string;
  /** Column there: column here. */
  where: Record<string, string>;
  column: string;
  choose: 'FIRST' | 'MOST_FREQUENT' | 'LEAST' | 'GREATEST';
}

export interface Format {
  encoding?: 'utf-8' | 'gb18030' | 'utf-16le';
  delimiter?: string;
  /** Texts that mean "not known", besides the empty one. */
  unknown?: string[];
  dates?: string[];
  decimalMark?: '.' | ',';
  groupMark?: string;
}

export interface Source extends Format {
  file: string;
  /** Several lines may speak of one record; those that agree count once. */
  distinct?: boolean;
}

export interface TeamSource extends Source {
  externalId: Value;
  name: Value;
  parent?: Value;
  leader?: Value;
}

export interface MemberSource extends Source {
  externalId: Value;
  name: Value;
  employeeNumber?: Value;
  employeeNumbers?: { prefix: string; digits: number };
  title?: Value;
  hiredOn?: Value;
  role?: Value;
  dataScope?: Value;
  team?: Value;
}

export interface ProductSource extends Source {
  externalId: Value;
  name: Value;
  series?: Value;
  listPrice?: Value;
  aliases?: Value;
}

export interface CustomerSource extends Source {
  externalId: Value;
  name: Value;
  kind?: Value;
  industry?: Value;
  region?: Value;
  source?: Value;
  grade?: Value;
  lifecycle?: Value;
  tags?: Value;
  phones?: Value;
  emails?: Value;
  address?: Value;
  foundedYear?: Value;
  employees?: Value;
  annualRevenue?: Value;
  parent?: Value;
  owner?: Value;
  createdOn?: Value;
}

export interface ContactSource extends Source {
  externalId: Value;
  customer: Value;
  name: Value;
  post?: Value;
  role?: Value;
  phones?: Value;
  emails?: Value;
}

export interface StageMapping {
  name: string;
  kind: 'OPEN' | 'WON' | 'LOST';
  /** 0 to 1. */
  probability: string;
  limitDays?: number;
}

export interface FunnelMapping {
  externalId: string;
  name: string;
  stages: StageMapping[];
}

/** What a status in the file means: the stages that were entered, in order, and the amounts. */
export interface StatusMapping {
  enters: { stage: string; on: Value }[];
  amount?: Value;
  wonAmount?: Value;
  lossReason?: Value;
}

export interface OpportunitySource extends Source {
  externalId: Value;
  name: Value;
  funnel: Value;
  owner: Value;
  customer?: Value;
  product?: Value;
  expectedCloseOn?: Value;
  status: Value;
  statuses: Record<string, StatusMapping>;
}

/** Made when the mapping names it and it does not exist. */
export interface OrganizationMapping {
  key: string;
  name: string;
  timeZone: string;
  locale?: string;
  administrator: { employeeNumber: string; name: string };
}

export interface Mapping extends Format {
  description?: string;
  organization?: OrganizationMapping;
  /** ISO 4217: of every amount in the files. */
  currency: string;
  /** From when the imported teams, memberships and leaders are in force. */
  membersFrom?: string;
  teams?: TeamSource[];
  members?: MemberSource[];
  products?: ProductSource[];
  customers?: CustomerSource[];
  contacts?: ContactSource[];
  funnels?: FunnelMapping[];
  opportunities?: OpportunitySource[];
}

export const SOURCE_KINDS = [
  'teams',
  'members',
  'products',
  'customers',
  'contacts',
  'opportunities',
] as const;

export type SourceKind = (typeof SOURCE_KINDS)[number];
/** What the summary counts. */
export type Kind = SourceKind | 'funnels';

/** Why nothing could be done at all. `message` may have several lines. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
}
