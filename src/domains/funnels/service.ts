import type { Database } from '../../database/database.ts';
import { AlreadyExists, checkVersion } from '../../database/errors.ts';
import { newId } from '../../database/ids.ts';
import { brokenConstraint, type Committed, transact } from '../../database/transact.ts';
import type { MemberViewer } from '../../database/viewer.ts';
import { refuseNull, requireCalendarMoment } from '../organization/limits.ts';
import {
  opportunityArchived,
  opportunityCreated,
  opportunityTransferred,
  opportunityUpdated,
  opportunityWonRestated,
} from './events.ts';
import { openFunnel } from './funnel-store.ts';
import { later, MAX_NAME, NO_FACTS, type Opportunity } from './model.ts';
import { requireCustomer, requireOwner, requireProduct } from './reference-store.ts';
import { requireManager, requireMayOwn } from './rights.ts';
import * as rules from './rules.ts';
import { insertOpportunity, lockOpportunity, saveOpportunity, stageOf } from './store.ts';
import { checkAmount, checkDay, checkName } from './values.ts';
import './metrics.ts';
import './scope.ts';

export interface OpportunityOutcome extends Record<string, unknown> {
  id: string;
  version: number;
}

export const outcomeOf = ({ id, version }: Opportunity): OpportunityOutcome => ({ id, version });

export interface CreateOpportunity {
  name: string;
  funnelId: string;
  /** An open stage; default: the first. */
  stageId?: string | null;
  /** Default: the viewer. */
  ownerId?: string | null;
  customerId?: string | null;
  productId?: string | null;
  amount?: string | null;
  expectedCloseOn?: string | null;
  /** Default: now; not in the future. */
  openedAt?: Date | null;
  externalId?: string | null;
  idempotencyKey?: string | null;
}

/**
 * Opens an opportunity in a stage of a funnel. Throws NotFound (funnel, stage, customer, product, owner), NotAllowed
 * (a member, for somebody else), InvalidInput, FieldsMissing, MomentOutOfRange, AlreadyExists (external id).
 */
export async function createOpportunity(
  db: Database,
  viewer: MemberViewer,
  input: CreateOpportunity,
): Promise<Committed<OpportunityOutcome>> {
  const ownerId = input.ownerId ?? viewer.memberId;
  requireMayOwn(viewer, ownerId);
  const name = checkName(input.name, MAX_NAME, ['input', 'name']);
  const amount = checkAmount(input.amount ?? null, ['input', 'amount']);
  const expectedCloseOn = checkDay(input.expectedCloseOn ?? null, ['input', 'expectedCloseOn']);
  const externalId = input.externalId
    ? checkName(input.externalId, MAX_NAME, ['input', 'externalId'])
    : null;
  return transact(db, viewer, 'createOpportunity', input, async (tx) => {
    const { customerId = null, productId = null } = input;
    const [stages, customer] = await Promise.all([
      openFunnel(tx, input.funnelId),
      customerId === null ? null : requireCustomer(tx, customerId, ['input', 'customerId']),
      productId === null ? null : requireProduct(tx, productId, ['input', 'productId']),
      requireOwner(tx, ownerId, ['input', 'ownerId']),
    ]);
    const stage = rules.startingStage(stages, input.stageId ?? null);
    const openedAt = input.openedAt ?? tx.now;
    rules.requireMoment(openedAt, null, tx.now, ['input', 'openedAt']);
    requireCalendarMoment(openedAt, 'openedAt');
    const deal: Opportunity = {
      id: newId(),
      version: 1,
      externalId,
      name,
      customerId,
      productId,
      ownerId,
      funnelId: input.funnelId,
      stageId: stage.id,
      status: 'OPEN',
      amount,
      wonAmount: null,
      expectedCloseOn,
      openedAt,
      stageEnteredAt: openedAt,
      closedAt: null,
      lossReason: null,
      creditedToId: null,
      createdAt: tx.now,
      updatedAt: tx.now,
      archivedAt: null,
      archivedAsMistake: false,
    };
    rules.requireFields(deal, customer ?? NO_FACTS, stage);
    await insertOpportunity(tx, deal).catch(asTaken);
    tx.event(opportunityCreated(deal));
    return outcomeOf(deal);
  });
}

function asTaken(error: unknown): never {
  if (brokenConstraint(error) === 'opportunity_organization_id_external_id_key') {
    throw new AlreadyExists('There is an opportunity with this external id.', {
      path: ['input', 'externalId'],
    });
  }
  throw error;
}

export interface UpdateOpportunity extends Omit<rules.Edit, 'name' | 'wonAmount' | 'creditedToId'> {
  id: string;
  /** These three cannot be cleared: null is refused. */
  name?: string | null | undefined;
  wonAmount?: string | null | undefined;
  creditedToId?: string | null | undefined;
  expectedVersion: number;
  idempotencyKey?: string | null;
}

/**
 * Changes what an opportunity says; what is undefined stays, null clears. The expected amount and close are changed
 * while it is open. Of a won one a manager or administrator may change customer, product, won amount and who is
 * credited: the score is stated anew, at its old moment.
 *
 * Throws NotFound, NotAllowed, Conflict, WrongState, InvalidInput, FieldsMissing.
 */
export async function updateOpportunity(
  db: Database,
  viewer: MemberViewer,
  input: UpdateOpportunity,
): Promise<Committed<OpportunityOutcome>> {
  const { id, expectedVersion, idempotencyKey: _key, ...rest } = input;
  const given = refuseNull(rest, 'name', 'wonAmount', 'creditedToId');
  const edit: rules.Edit = {
    ...given,
    ...(given.name !== undefined && { name: checkName(given.name, MAX_NAME, ['input', 'name']) }),
    amount: checkAmount(given.amount, ['input', 'amount']),
    wonAmount: checkAmount(given.wonAmount, ['input', 'wonAmount']),
    expectedCloseOn: checkDay(given.expectedCloseOn, ['input', 'expectedCloseOn']),
  };
  return transact(db, viewer, 'updateOpportunity', input, async (tx) => {
    const before = await lockOpportunity(tx, id);
    checkVersion('Opportunity', before, expectedVersion);
    const { customerId, productId, creditedToId } = edit;
    const [stage] = await Promise.all([
      stageOf(tx, before),
      customerId && customerId !== before.customerId
        ? requireCustomer(tx, customerId, ['input', 'customerId'])
        : null,
      productId && productId !== before.productId
        ? requireProduct(tx, productId, ['input', 'productId'])
        : null,
      creditedToId && creditedToId !== before.creditedToId
        ? requireOwner(tx, creditedToId, ['input', 'creditedToId'])
        : null,
    ]);
    const edited = rules.edit(before, stage, edit, later(tx.now, before.updatedAt));
    if (!edited) return outcomeOf(before);
    if (edited.restates) requireManager(viewer, 'change what a winning was worth');
    saveOpportunity(tx, before, edited.after);
    tx.event(opportunityUpdated(before, edited.after, edited.changed));
    if (edited.restates) tx.event(opportunityWonRestated(before, edited.after));
    return outcomeOf(edited.after);
  });
}

export interface TransferOpportunity {
  id: string;
  ownerId: string;
  expectedVersion?: number | null;
  idempotencyKey?: string | null;
}

/**
 * Gives an opportunity to another member inside the viewer's data scope; credit for a winning stays where it is.
 * Throws NotAllowed (for a member), NotFound, Conflict, WrongState (archived), InvalidInput.
 */
export async function transferOpportunity(
  db: Database,
  viewer: MemberViewer,
  input: TransferOpportunity,
): Promise<Committed<OpportunityOutcome>> {
  requireManager(viewer, 'transfer opportunities');
  return transact(db, viewer, 'transferOpportunity', input, async (tx) => {
    const [before] = await Promise.all([
      lockOpportunity(tx, input.id),
      requireOwner(tx, input.ownerId, ['input', 'ownerId']),
    ]);
    checkVersion('Opportunity', before, input.expectedVersion);
    const after = rules.transfer(before, input.ownerId, later(tx.now, before.updatedAt));
    if (!after) return outcomeOf(before);
    saveOpportunity(tx, before, after);
    tx.event(opportunityTransferred(before, after));
    return outcomeOf(after);
  });
}

export interface ArchiveOpportunity {
  id: string;
  /** It should never have been there: what it scored is taken back. */
  asMistake?: boolean | null;
  expectedVersion?: number | null;
  idempotencyKey?: string | null;
}

/** Puts an opportunity to rest. Throws NotFound, Conflict, WrongState (already archived). */
export async function archiveOpportunity(
  db: Database,
  viewer: MemberViewer,
  input: ArchiveOpportunity,
): Promise<Committed<OpportunityOutcome>> {
  return transact(db, viewer, 'archiveOpportunity', input, async (tx) => {
    const before = await lockOpportunity(tx, input.id);
    checkVersion('Opportunity', before, input.expectedVersion);
    const asMistake = input.asMistake ?? false;
    const after = rules.archive(before, asMistake, later(tx.now, before.updatedAt));
    saveOpportunity(tx, before, after);
    tx.event(opportunityArchived(before, after));
    return outcomeOf(after);
  });
}
