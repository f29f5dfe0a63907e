import { InvalidInput } from '../../database/errors.ts';
import type { EventDraft } from '../../database/event-draft.ts';
import { newId } from '../../database/ids.ts';
import { HistoryDiffers } from './errors.ts';
import {
  opportunityCreated,
  opportunityLost,
  opportunityMoved,
  opportunityReopened,
  opportunityTransferred,
  opportunityUpdated,
  opportunityWon,
  opportunityWonRestated,
} from './events.ts';
import {
  type CustomerFacts,
  later,
  type Opportunity,
  type OpportunityStatus,
  type Stage,
} from './model.ts';
import * as rules from './rules.ts';

/** Entering a stage. */
export interface Step {
  stageId: string;
  at: Date;
}

/** An opportunity as another system tells it. */
export interface ImportedOpportunity {
  /** What it is called there; unique in the organization. */
  externalId: string;
  name: string;
  funnelId: string;
  /** Whose it is; credited, if it was won. */
  ownerId: string;
  customerId: string | null;
  productId: string | null;
  /** Expected; of one that exists and is closed in the row, it is not looked at. */
  amount: string | null;
  /** YYYY-MM-DD; as for `amount`. */
  expectedCloseOn?: string | null;
  /** Of a won one; default: `amount`. */
  wonAmount?: string | null;
  lossReason?: string | null;
  /** Every stage that it is known to have entered, in order: the first is where it was opened, the last where it is. */
  path: readonly Step[];
}

/** A stay in a stage, as history keeps it. */
export interface Stay extends Step {
  status: OpportunityStatus;
}

/** What importing a row does. */
export interface ImportPlan {
  before: Opportunity | null;
  after: Opportunity;
  /** Stays that begin, in order; the first ends the present one. */
  stays: Stay[];
  events: EventDraft[];
}

export interface ImportFacts {
  stages: ReadonlyMap<string, Stage>;
  customer: CustomerFacts;
  now: Date;
}

/** What becomes of a row that is not there yet. Throws what the rules refuse. */
export function planNew(row: ImportedOpportunity, facts: ImportFacts): ImportPlan {
  const [first, ...rest] = checkedPath(row, facts);
  const { stage } = first;
  let deal: Opportunity = {
    id: newId(),
    version: 1,
    externalId: row.externalId,
    name: row.name,
    customerId: row.customerId,
    productId: row.productId,
    ownerId: row.ownerId,
    funnelId: row.funnelId,
    stageId: stage.id,
    status: 'OPEN',
    amount: row.amount,
    wonAmount: null,
    expectedCloseOn: row.expectedCloseOn ?? null,
    openedAt: first.at,
    stageEnteredAt: first.at,
    closedAt: null,
    lossReason: null,
    creditedToId: null,
    createdAt: facts.now,
    updatedAt: first.at,
    archivedAt: null,
    archivedAsMistake: false,
  };
  const events = [{ ...opportunityCreated(deal), occurredAt: first.at }];
  if (stage.kind === 'OPEN') rules.requireFields(deal, facts.customer, stage);
  else deal = take(deal, first, row, facts, events);
  const stays = [stayOf(first)];
  for (const step of rest) {
    deal = take(deal, step, row, facts, events);
    stays.push(stayOf(step));
  }
  return { before: null, after: { ...deal, updatedAt: facts.now }, stays, events };
}

/**
 * What becomes of a row that is there, by the rules that the API goes by; null: nothing. `recorded`: its stays so far,
 * in order. Throws what the rules refuse, and HistoryDiffers.
 */
export function planChange(
  row: ImportedOpportunity,
  before: Opportunity,
  recorded: readonly Step[],
  facts: ImportFacts,
): ImportPlan | null {
  const path = checkedPath(row, facts);
  if (row.funnelId !== before.funnelId) {
    throw new InvalidInput('An opportunity never changes its funnel.', {
      path: ['input', 'funnelId'],
    });
  }
  const steps = remaining(row, before, recorded, path);
  const at = later(facts.now, before.updatedAt);
  const events: EventDraft[] = [];
  let deal = before;
  const transferred = row.ownerId === deal.ownerId ? null : rules.transfer(deal, row.ownerId, at);
  if (transferred) {
    events.push(opportunityTransferred(deal, transferred));
    deal = transferred;
  }
  const edited = rules.edit(deal, stageOf(deal, facts), editOf(row, deal, path), at);
  if (edited) {
    events.push(opportunityUpdated(deal, edited.after, edited.changed));
    if (edited.restates) events.push(opportunityWonRestated(deal, edited.after));
    deal = edited.after;
  }
  for (const step of steps) deal = take(deal, step, row, facts, events);
  if (deal === before) return null;
  return { before, after: { ...deal, updatedAt: at }, stays: steps.map(stayOf), events };
}

interface KnownStep extends Step {
  stage: Stage;
}

const stayOf = ({ stage, stageId, at }: KnownStep): Stay => ({ stageId, at, status: stage.kind });

function stageOf(deal: Opportunity, { stages }: ImportFacts): Stage {
  const stage = stages.get(deal.stageId);
  if (!stage) throw new Error(`opportunity ${deal.id} is in a stage that is not there`);
  return stage;
}

function checkedPath(
  row: ImportedOpportunity,
  { stages, now }: ImportFacts,
): [KnownStep, ...KnownStep[]] {
  let earliest: Date | null = null;
  const steps = row.path.map((step) => {
    const stage = stages.get(step.stageId);
    if (!stage || stage.funnelId !== row.funnelId) {
      throw new InvalidInput('The funnel has no such stage.', { path: ['input', 'path'] });
    }
    rules.requireMoment(step.at, earliest, now, ['input', 'path']);
    earliest = step.at;
    return { ...step, stage };
  });
  const [first, ...rest] = steps;
  if (!first) {
    throw new InvalidInput('An opportunity is in some stage.', { path: ['input', 'path'] });
  }
  if (row.wonAmount != null && steps.at(-1)?.stage.kind !== 'WON') {
    throw new InvalidInput('Only what is won has a won amount.', { path: ['input', 'wonAmount'] });
  }
  return [first, ...rest];
}

/** Enters the next stage, by the transition that leads to its kind. */
function take(
  deal: Opportunity,
  { stage, at }: KnownStep,
  row: ImportedOpportunity,
  { customer }: ImportFacts,
  events: EventDraft[],
): Opportunity {
  const [after, told] = ((): [Opportunity, EventDraft] => {
    if (stage.kind === 'WON') {
      const { wonAmount = null, ownerId } = row;
      const winning = { wonAmount: wonAmount ?? row.amount, closedAt: at, creditedToId: ownerId };
      const won = rules.win(deal, stage, customer, winning, at);
      return [won, opportunityWon(deal, won)];
    }
    if (stage.kind === 'LOST') {
      const losing = { reason: row.lossReason ?? null, closedAt: at };
      const lost = rules.lose(deal, stage, customer, losing, at);
      return [lost, opportunityLost(deal, lost)];
    }
    if (deal.status === 'OPEN') {
      const moved = rules.move(deal, stage, customer, at);
      return [moved, opportunityMoved(deal, moved)];
    }
    const reopened = rules.reopen(deal, stage, customer, at);
    return [reopened, opportunityReopened(deal, reopened)];
  })();
  events.push({ ...told, occurredAt: at });
  return after;
}

/** What a row says anew. What is expected is taken from open rows only: a closed one has no use for it. */
function editOf(
  row: ImportedOpportunity,
  deal: Opportunity,
  path: readonly KnownStep[],
): rules.Edit {
  const kind = path.at(-1)?.stage.kind;
  const { name, customerId, productId, amount, expectedCloseOn } = row;
  const staysWon = deal.status === 'WON' && kind === 'WON';
  return {
    name,
    customerId,
    productId,
    ...(kind === 'OPEN' && deal.status === 'OPEN' && { amount, expectedCloseOn }),
    ...(staysWon && { wonAmount: row.wonAmount ?? amount ?? undefined }),
  };
}

const sameStep = (a: Step | undefined, b: Step | undefined): boolean =>
  a?.stageId === b?.stageId && a?.at.getTime() === b?.at.getTime();

/** The steps of a row that are not recorded yet. */
function remaining(
  row: ImportedOpportunity,
  deal: Opportunity,
  recorded: readonly Step[],
  path: readonly KnownStep[],
): readonly KnownStep[] {
  if (recorded.every((step, index) => sameStep(step, path[index]))) {
    return path.slice(recorded.length);
  }
  // It went other ways here: what counts is where it stands.
  const last = path.at(-1);
  if (sameStep(last, { stageId: deal.stageId, at: deal.stageEnteredAt })) return [];
  if (last?.stageId === deal.stageId && deal.status === 'OPEN') return [];
  if (last && last.stageId !== deal.stageId && last.at >= deal.stageEnteredAt) return [last];
  throw new HistoryDiffers(
    `What is recorded of this opportunity, last at ${deal.stageEnteredAt.toISOString()}, contradicts the import.`,
    { path: ['input', 'path'], data: { externalId: row.externalId } },
  );
}
