import { Decimal } from 'decimal.js';

export type StageKind = 'OPEN' | 'WON' | 'LOST';
export type OpportunityStatus = 'OPEN' | 'WON' | 'LOST';

/** What can be asked for before a stage is entered. */
export const REQUIRED_FIELDS = {
  CUSTOMER: 'The customer is known.',
  CONTACT: 'The customer has at least one contact.',
  PHONE: 'The customer, or one of its contacts, has a phone number.',
  PRODUCT: 'The product is known.',
  AMOUNT: 'The expected amount is known; for a winning, the won amount will do.',
  EXPECTED_CLOSE_ON: 'The day of the expected close is known.',
} as const;

export type RequiredField = keyof typeof REQUIRED_FIELDS;

export const MAX_NAME = 200;
export const MAX_TEXT = 10_000;
export const MAX_REASON = 1_000;
export const MAX_STAGES = 50;
export const MAX_LIMIT_DAYS = 3_650;
export const MAX_IMPORT_ROWS = 500;
export const MAX_IMPORT_STEPS = 100;

export interface Funnel {
  id: string;
  version: number;
  externalId: string | null;
  name: string;
  createdAt: Date;
  archivedAt: Date | null;
}

export interface Stage {
  id: string;
  funnelId: string;
  ordinal: number;
  name: string;
  kind: StageKind;
  /** 0 to 1, an exact decimal. */
  probability: string;
  /** Days after which a stay in this stage is too long; null: no limit. */
  limitDays: number | null;
  requiredFields: readonly RequiredField[];
  /** What is to be done in this stage, for people. */
  steps: string | null;
  archivedAt: Date | null;
}

/** What a transition has to know of the stage that it leads to. */
export type TargetStage = Pick<Stage, 'id' | 'name' | 'kind' | 'requiredFields'>;

/** An opportunity as it stands in its row; amounts are exact decimals without trailing zeros. */
export interface Opportunity {
  id: string;
  version: number;
  externalId: string | null;
  name: string;
  customerId: string | null;
  productId: string | null;
  ownerId: string;
  funnelId: string;
  stageId: string;
  status: OpportunityStatus;
  amount: string | null;
  wonAmount: string | null;
  /** YYYY-MM-DD in the organization's zone. */
  expectedCloseOn: string | null;
  openedAt: Date;
  stageEnteredAt: Date;
  closedAt: Date | null;
  lossReason: string | null;
  creditedToId: string | null;
  createdAt: Date;
  /** Of the last change; never goes back, so that history written at it cannot overlap. */
  updatedAt: Date;
  archivedAt: Date | null;
  archivedAsMistake: boolean;
}

/** What is known of an opportunity's customer, for stages that ask for it. */
export interface CustomerFacts {
  hasContact: boolean;
  hasPhone: boolean;
}

export const NO_FACTS: CustomerFacts = { hasContact: false, hasPhone: false };

const AMOUNT = /^\d{1,16}(\.\d{1,4})?$/;

/** Whether a text is an amount that a column takes: not negative, at most 16 digits before the point and 4 after. */
export const isAmount = (text: string): boolean => AMOUNT.test(text);

/** The one way to write a number: `100.5000` and `100.5` are both "100.5". */
export const plainDecimal = (text: string): string => new Decimal(text).toFixed();

export const sameAmount = (a: string | null, b: string | null): boolean =>
  a === b || (a !== null && b !== null && new Decimal(a).equals(b));

export const later = (a: Date, b: Date): Date => (a < b ? b : a);
