import type { EventDraft, Json, Visibility } from '../../database/event-draft.ts';
import type { Funnel, Opportunity, Stage } from './model.ts';
import type { Edit } from './rules.ts';

const owners = (deal: Opportunity): Visibility => ({ owners: [deal.ownerId] });

function dealEvent(
  type: string,
  before: Opportunity | null,
  after: Opportunity,
  payload: { [key: string]: Json },
): EventDraft {
  return {
    type,
    version: 1,
    recordType: 'Opportunity',
    recordId: after.id,
    recordVersion: after.version,
    payload,
    visibility: { before: before && owners(before), after: owners(after) },
  };
}

/** Whose opening it was and when it counts, for metrics that count openings. */
export const opportunityCreated = (deal: Opportunity): EventDraft =>
  dealEvent('opportunity.created', null, deal, {
    memberId: deal.ownerId,
    countsAt: deal.openedAt.toISOString(),
    customerId: deal.customerId,
    productId: deal.productId,
    funnelId: deal.funnelId,
    stageId: deal.stageId,
    amount: deal.amount,
    expectedCloseOn: deal.expectedCloseOn,
  });

/** Names, being personal text, are only said to have changed. */
export function opportunityUpdated(
  before: Opportunity,
  after: Opportunity,
  changed: readonly (keyof Edit)[],
): EventDraft {
  const told = changed.filter((key) => key !== 'name');
  return dealEvent('opportunity.updated', before, after, {
    changed: [...changed],
    from: Object.fromEntries(told.map((key) => [key, before[key]])),
    to: Object.fromEntries(told.map((key) => [key, after[key]])),
  });
}

export const opportunityMoved = (before: Opportunity, after: Opportunity): EventDraft =>
  dealEvent('opportunity.moved', before, after, {
    from: before.stageId,
    to: after.stageId,
    at: after.stageEnteredAt.toISOString(),
  });

/** What a winning is worth. */
const scored = (deal: Opportunity): { [key: string]: Json } => ({
  memberId: deal.creditedToId,
  countsAt: deal.closedAt?.toISOString() ?? null,
  amount: deal.wonAmount,
  productId: deal.productId,
  customerId: deal.customerId,
  funnelId: deal.funnelId,
  stageId: deal.stageId,
});

export const opportunityWon = (before: Opportunity, after: Opportunity): EventDraft =>
  dealEvent('opportunity.won', before, after, { ...scored(after), from: before.stageId });

export const opportunityWonRestated = (before: Opportunity, after: Opportunity): EventDraft =>
  dealEvent('opportunity.won_restated', before, after, scored(after));

export const opportunityLost = (before: Opportunity, after: Opportunity): EventDraft =>
  dealEvent('opportunity.lost', before, after, {
    from: before.stageId,
    to: after.stageId,
    at: after.closedAt?.toISOString() ?? null,
  });

export const opportunityReopened = (before: Opportunity, after: Opportunity): EventDraft =>
  dealEvent('opportunity.reopened', before, after, {
    from: before.stageId,
    to: after.stageId,
    status: before.status,
  });

export const opportunityTransferred = (before: Opportunity, after: Opportunity): EventDraft =>
  dealEvent('opportunity.transferred', before, after, {
    from: before.ownerId,
    to: after.ownerId,
  });

export const opportunityArchived = (before: Opportunity, after: Opportunity): EventDraft =>
  dealEvent(
    after.archivedAsMistake ? 'opportunity.archived_as_mistake' : 'opportunity.archived',
    before,
    after,
    { status: after.status },
  );

function funnelEvent(type: string, funnel: Funnel, stages: readonly Stage[]): EventDraft {
  const live = stages.filter((stage) => stage.archivedAt === null);
  return {
    type,
    version: 1,
    recordType: 'Funnel',
    recordId: funnel.id,
    recordVersion: funnel.version,
    payload: {
      archived: funnel.archivedAt !== null,
      stages: live.map(({ id, kind, probability }) => ({ id, kind, probability })),
    },
    visibility: { before: null, after: null },
  };
}

export const funnelCreated = (funnel: Funnel, stages: readonly Stage[]): EventDraft =>
  funnelEvent('funnel.created', funnel, stages);

export const funnelUpdated = (funnel: Funnel, stages: readonly Stage[]): EventDraft =>
  funnelEvent('funnel.updated', funnel, stages);
