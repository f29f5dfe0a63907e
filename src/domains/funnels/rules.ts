import { InvalidInput, NotFound, WrongState } from '../../database/errors.ts';
import { AmountUnknown, FieldsMissing, MomentOutOfRange } from './errors.ts';
import {
  type CustomerFacts,
  NO_FACTS,
  type Opportunity,
  type OpportunityStatus,
  type RequiredField,
  sameAmount,
  type TargetStage,
} from './model.ts';

// Every function takes an opportunity that is locked and gives the one that it becomes, or throws. `at` is the moment
// of the change: the transaction's time, or that of the last change where that is later.

type Patch = Partial<Omit<Opportunity, 'id' | 'version' | 'updatedAt'>>;

const next = (deal: Opportunity, at: Date, patch: Patch): Opportunity => ({
  ...deal,
  ...patch,
  version: deal.version + 1,
  updatedAt: at,
});

const SAID: Record<OpportunityStatus, string> = { OPEN: 'open', WON: 'won', LOST: 'lost' };

/** An archived opportunity is at rest; the other states are asked for by name. */
export function requireStatus(deal: Opportunity, ...allowed: OpportunityStatus[]): void {
  if (deal.archivedAt) {
    throw new WrongState('This opportunity is archived.', { data: { state: 'ARCHIVED' } });
  }
  if (allowed.length > 0 && !allowed.includes(deal.status)) {
    throw new WrongState(`This opportunity is ${SAID[deal.status]}.`, {
      data: { state: deal.status },
    });
  }
}

/** Which of these fields are empty. */
export function missing(
  deal: Opportunity,
  facts: CustomerFacts,
  required: readonly RequiredField[],
): RequiredField[] {
  const filled: Record<RequiredField, boolean> = {
    CUSTOMER: deal.customerId !== null,
    CONTACT: deal.customerId !== null && facts.hasContact,
    PHONE: deal.customerId !== null && facts.hasPhone,
    PRODUCT: deal.productId !== null,
    AMOUNT: deal.amount !== null || deal.wonAmount !== null,
    EXPECTED_CLOSE_ON: deal.expectedCloseOn !== null,
  };
  return required.filter((field) => !filled[field]);
}

/** The gate of a stage. */
export function requireFields(deal: Opportunity, facts: CustomerFacts, stage: TargetStage): void {
  const fields = missing(deal, facts, stage.requiredFields);
  if (fields.length > 0) {
    throw new FieldsMissing(
      `"${stage.name}" asks for what is still empty: ${fields.join(', ')}. Fill it and try again.`,
      { data: { stageId: stage.id, fields } },
    );
  }
}

export function requireKind(stage: TargetStage, ...kinds: OpportunityStatus[]): void {
  if (!kinds.includes(stage.kind)) {
    throw new InvalidInput(`"${stage.name}" is a stage of kind ${stage.kind}, not ${kinds}.`, {
      path: ['input', 'stageId'],
    });
  }
}

/** Where a new opportunity starts: in the given open stage, or the first. */
export function startingStage<S extends TargetStage>(stages: readonly S[], id: string | null): S {
  const stage = stages.find((one) => (id === null ? one.kind === 'OPEN' : one.id === id));
  if (!stage) {
    throw new NotFound('This funnel has no such stage.', { path: ['input', 'stageId'] });
  }
  requireKind(stage, 'OPEN');
  return stage;
}

/** Refuses a moment before what it follows, or after now. */
export function requireMoment(
  moment: Date,
  earliest: Date | null,
  latest: Date,
  path: readonly string[],
): void {
  if ((earliest && moment < earliest) || moment > latest) {
    const from = earliest ? `from ${earliest.toISOString()} ` : '';
    throw new MomentOutOfRange(`This can be dated ${from}through ${latest.toISOString()}.`, {
      path,
      data: { earliest: earliest?.toISOString() ?? null, latest: latest.toISOString() },
    });
  }
}

/** To another open stage, forward or back. */
export function move(
  deal: Opportunity,
  stage: TargetStage,
  facts: CustomerFacts,
  at: Date,
): Opportunity {
  requireStatus(deal, 'OPEN');
  requireKind(stage, 'OPEN');
  if (stage.id === deal.stageId) {
    throw new WrongState(`This opportunity is already in "${stage.name}".`, {
      data: { state: deal.status },
    });
  }
  requireFields(deal, facts, stage);
  return next(deal, at, { stageId: stage.id, stageEnteredAt: at });
}

export interface Winning {
  /** Default: the expected amount. */
  wonAmount?: string | null | undefined;
  /** Default: `at`. */
  closedAt?: Date | null | undefined;
  /** The owner at `closedAt`. */
  creditedToId: string;
}

export function win(
  deal: Opportunity,
  stage: TargetStage,
  facts: CustomerFacts,
  winning: Winning,
  at: Date,
): Opportunity {
  requireStatus(deal, 'OPEN');
  requireKind(stage, 'WON');
  const wonAmount = winning.wonAmount ?? deal.amount;
  if (wonAmount === null) {
    throw new AmountUnknown('Nothing is known of the amount: give `wonAmount`.', {
      path: ['input', 'wonAmount'],
    });
  }
  const closedAt = winning.closedAt ?? at;
  requireMoment(closedAt, deal.stageEnteredAt, at, ['input', 'closedAt']);
  requireFields({ ...deal, wonAmount }, facts, stage);
  return next(deal, at, {
    ...closed(stage, closedAt),
    wonAmount,
    creditedToId: winning.creditedToId,
  });
}

const closed = (stage: TargetStage, closedAt: Date): Patch => ({
  stageId: stage.id,
  status: stage.kind,
  stageEnteredAt: closedAt,
  closedAt,
});

export interface Losing {
  /** Null only where an import does not know it. */
  reason: string | null;
  /** Default: `at`. */
  closedAt?: Date | null | undefined;
}

export function lose(
  deal: Opportunity,
  stage: TargetStage,
  facts: CustomerFacts,
  losing: Losing,
  at: Date,
): Opportunity {
  requireStatus(deal, 'OPEN');
  requireKind(stage, 'LOST');
  const closedAt = losing.closedAt ?? at;
  requireMoment(closedAt, deal.stageEnteredAt, at, ['input', 'closedAt']);
  requireFields(deal, facts, stage);
  return next(deal, at, { ...closed(stage, closedAt), lossReason: losing.reason });
}

/** Back among the open ones; a winning is taken back whole. */
export function reopen(
  deal: Opportunity,
  stage: TargetStage,
  facts: CustomerFacts,
  at: Date,
): Opportunity {
  requireStatus(deal, 'WON', 'LOST');
  requireKind(stage, 'OPEN');
  const open = next(deal, at, {
    stageId: stage.id,
    status: 'OPEN',
    stageEnteredAt: at,
    closedAt: null,
    wonAmount: null,
    lossReason: null,
    creditedToId: null,
  });
  requireFields(open, facts, stage);
  return open;
}

/** `null` if nothing would change. Credit for a winning stays where it is. */
export function transfer(deal: Opportunity, ownerId: string, at: Date): Opportunity | null {
  requireStatus(deal);
  return deal.ownerId === ownerId ? null : next(deal, at, { ownerId });
}

export function archive(deal: Opportunity, asMistake: boolean, at: Date): Opportunity {
  requireStatus(deal);
  return next(deal, at, { archivedAt: at, archivedAsMistake: asMistake });
}

/** Undefined: leave as it is; null: clear. */
export interface Edit {
  name?: string | undefined;
  customerId?: string | null | undefined;
  productId?: string | null | undefined;
  amount?: string | null | undefined;
  expectedCloseOn?: string | null | undefined;
  wonAmount?: string | undefined;
  creditedToId?: string | undefined;
}

/** Of a won opportunity: what its score was made of. */
const SCORED = ['customerId', 'productId', 'wonAmount', 'creditedToId'] as const;
/** Only while it is open is there something to expect. */
const EXPECTED = ['amount', 'expectedCloseOn'] as const;

export interface Edited {
  after: Opportunity;
  changed: (keyof Edit)[];
  /** Whether the score of a winning has to be stated anew. */
  restates: boolean;
}

const CLEARS: Partial<Record<keyof Edit, readonly RequiredField[]>> = {
  customerId: ['CUSTOMER', 'CONTACT', 'PHONE'],
  productId: ['PRODUCT'],
  amount: ['AMOUNT'],
  expectedCloseOn: ['EXPECTED_CLOSE_ON'],
};

/** `null` if nothing would change. Refuses to clear what the present stage asks for. */
export function edit(deal: Opportunity, stage: TargetStage, given: Edit, at: Date): Edited | null {
  requireStatus(deal);
  const changed = (Object.keys(given) as (keyof Edit)[]).filter((key) =>
    differs(deal[key], given[key], key),
  );
  if (changed.length === 0) return null;
  if (EXPECTED.some((key) => changed.includes(key))) requireStatus(deal, 'OPEN');
  if (changed.includes('wonAmount') || changed.includes('creditedToId')) {
    requireStatus(deal, 'WON');
  }
  const after = next(deal, at, Object.fromEntries(changed.map((key) => [key, given[key]])));
  const cleared = changed.flatMap((key) => (given[key] === null ? (CLEARS[key] ?? []) : []));
  const requiredFields = stage.requiredFields.filter((field) => cleared.includes(field));
  requireFields(after, NO_FACTS, { ...stage, requiredFields });
  return {
    after,
    changed,
    restates: deal.status === 'WON' && SCORED.some((key) => changed.includes(key)),
  };
}

function differs(
  before: string | null,
  given: string | null | undefined,
  key: keyof Edit,
): boolean {
  if (given === undefined) return false;
  return key === 'amount' || key === 'wonAmount' ? !sameAmount(before, given) : before !== given;
}

const DAY_MS = 24 * 60 * 60 * 1_000;

/** The latest moment at which a stay that is now longer than its limit began. */
export const beyondLimit = (limitDays: number, now: Date): Date =>
  new Date(now.getTime() - limitDays * DAY_MS);

export const isOverLimit = (
  deal: Pick<Opportunity, 'status' | 'stageEnteredAt'>,
  limitDays: number | null,
  now: Date,
): boolean =>
  deal.status === 'OPEN' && limitDays !== null && deal.stageEnteredAt < beyondLimit(limitDays, now);
