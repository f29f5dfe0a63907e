import type { Database } from '../../database/database.ts';
import { checkVersion, NotFound } from '../../database/errors.ts';
import { type Committed, transact } from '../../database/transact.ts';
import type { MemberViewer } from '../../database/viewer.ts';
import {
  opportunityLost,
  opportunityMoved,
  opportunityReopened,
  opportunityWon,
} from './events.ts';
import { later, MAX_REASON } from './model.ts';
import * as rules from './rules.ts';
import { type OpportunityOutcome, outcomeOf } from './service.ts';
import { lastOpenStage, lockForStage, lockOpportunity, ownerAt, saveOpportunity } from './store.ts';
import { checkAmount, checkText } from './values.ts';

interface Transition {
  id: string;
  expectedVersion?: number | null;
  idempotencyKey?: string | null;
}

export interface MoveOpportunity extends Transition {
  stageId: string;
}

/**
 * Moves an open opportunity to another open stage of its funnel, forward or back.
 * Throws NotFound, Conflict, WrongState, InvalidInput (a closing stage), FieldsMissing.
 */
export async function moveOpportunity(
  db: Database,
  viewer: MemberViewer,
  input: MoveOpportunity,
): Promise<Committed<OpportunityOutcome>> {
  return transact(db, viewer, 'moveOpportunity', input, async (tx) => {
    const { deal, stage, facts } = await lockForStage(tx, input.id, { id: input.stageId });
    checkVersion('Opportunity', deal, input.expectedVersion);
    const after = rules.move(deal, stage, facts, later(tx.now, deal.updatedAt));
    saveOpportunity(tx, deal, after);
    tx.event(opportunityMoved(deal, after));
    return outcomeOf(after);
  });
}

export interface WinOpportunity extends Transition {
  /** Default: the expected amount. */
  wonAmount?: string | null;
  /** Default: now; not before the last change of stage, not in the future. */
  closedAt?: Date | null;
}

/**
 * Wins an open opportunity; its owner at the closing time is credited.
 * Throws NotFound, Conflict, WrongState, AmountUnknown, MomentOutOfRange, FieldsMissing, InvalidInput.
 */
export async function winOpportunity(
  db: Database,
  viewer: MemberViewer,
  input: WinOpportunity,
): Promise<Committed<OpportunityOutcome>> {
  const wonAmount = checkAmount(input.wonAmount, ['input', 'wonAmount']);
  return transact(db, viewer, 'winOpportunity', input, async (tx) => {
    const { deal, stage, facts } = await lockForStage(tx, input.id, { kind: 'WON' });
    checkVersion('Opportunity', deal, input.expectedVersion);
    const { closedAt } = input;
    const creditedToId = closedAt ? await ownerAt(tx, deal, closedAt) : deal.ownerId;
    const winning = { wonAmount, closedAt, creditedToId };
    const after = rules.win(deal, stage, facts, winning, later(tx.now, deal.updatedAt));
    saveOpportunity(tx, deal, after);
    tx.event(opportunityWon(deal, after));
    return outcomeOf(after);
  });
}

export interface LoseOpportunity extends Transition {
  /** 1 to 1,000 characters. */
  reason: string;
  /** Which of the funnel's LOST stages; default: the first. */
  stageId?: string | null;
  /** Default: now; not before the last change of stage, not in the future. */
  closedAt?: Date | null;
}

/** Gives up an open opportunity. Throws NotFound, Conflict, WrongState, MomentOutOfRange, FieldsMissing, InvalidInput. */
export async function loseOpportunity(
  db: Database,
  viewer: MemberViewer,
  input: LoseOpportunity,
): Promise<Committed<OpportunityOutcome>> {
  const reason = checkText(input.reason, MAX_REASON, ['input', 'reason']);
  return transact(db, viewer, 'loseOpportunity', input, async (tx) => {
    const target = input.stageId ? { id: input.stageId } : { kind: 'LOST' as const };
    const { deal, stage, facts } = await lockForStage(tx, input.id, target);
    checkVersion('Opportunity', deal, input.expectedVersion);
    const losing = { reason, closedAt: input.closedAt };
    const after = rules.lose(deal, stage, facts, losing, later(tx.now, deal.updatedAt));
    saveOpportunity(tx, deal, after);
    tx.event(opportunityLost(deal, after));
    return outcomeOf(after);
  });
}

export interface ReopenOpportunity extends Transition {
  /** An open stage of its funnel; default: the open stage that it was in last. */
  stageId?: string | null;
}

/**
 * Takes a closed opportunity up again; what its winning scored is taken back.
 * Throws NotFound, Conflict, WrongState, FieldsMissing, InvalidInput (not an open stage).
 */
export async function reopenOpportunity(
  db: Database,
  viewer: MemberViewer,
  input: ReopenOpportunity,
): Promise<Committed<OpportunityOutcome>> {
  return transact(db, viewer, 'reopenOpportunity', input, async (tx) => {
    const locked = await lockOpportunity(tx, input.id);
    checkVersion('Opportunity', locked, input.expectedVersion);
    rules.requireStatus(locked, 'WON', 'LOST');
    const stageId = input.stageId ?? (await lastOpenStage(tx, locked));
    if (!stageId) {
      throw new NotFound('The stage that this opportunity was in last is archived: name another.', {
        path: ['input', 'stageId'],
      });
    }
    const { deal, stage, facts } = await lockForStage(tx, input.id, { id: stageId });
    const after = rules.reopen(deal, stage, facts, later(tx.now, deal.updatedAt));
    saveOpportunity(tx, deal, after);
    tx.event(opportunityReopened(deal, after));
    return outcomeOf(after);
  });
}
