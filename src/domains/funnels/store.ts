import { type Expression, sql } from 'kysely';
import { NotFound } from '../../database/errors.ts';
import { newId } from '../../database/ids.ts';
import type { Tx } from '../../database/transaction.ts';
import { covers } from '../../database/viewer.ts';
import {
  type CustomerFacts,
  type Opportunity,
  plainDecimal,
  type RequiredField,
  type StageKind,
  type TargetStage,
} from './model.ts';
import { customerFacts } from './reference-store.ts';

const COLUMNS = [
  'opportunity.id',
  'opportunity.version',
  'opportunity.externalId',
  'opportunity.name',
  'opportunity.customerId',
  'opportunity.productId',
  'opportunity.ownerId',
  'opportunity.funnelId',
  'opportunity.stageId',
  'opportunity.status',
  'opportunity.amount',
  'opportunity.wonAmount',
  'opportunity.openedAt',
  'opportunity.stageEnteredAt',
  'opportunity.closedAt',
  'opportunity.lossReason',
  'opportunity.creditedToId',
  'opportunity.createdAt',
  'opportunity.updatedAt',
  'opportunity.archivedAt',
  'opportunity.archivedAsMistake',
] as const;

// The driver hands days over as text, which Kysely's types do not know.
const expectedCloseOn = sql<string | null>`opportunity.expected_close_on`.as('expectedCloseOn');

const plain = (amount: string | null): string | null => amount && plainDecimal(amount);

function opportunityOf<Row extends Opportunity>(row: Row): Row {
  return { ...row, amount: plain(row.amount), wonAmount: plain(row.wonAmount) };
}

/** Which stage a transition leads to: a given one of the opportunity's funnel, or the first of a kind. */
export type Target = { id: string } | { kind: StageKind };

export interface Locked {
  deal: Opportunity;
  stage: TargetStage;
  facts: CustomerFacts;
}

const NO_SUCH = 'There is no such opportunity.';

const refuseHidden = (tx: Tx, row: Opportunity | null): Opportunity => {
  if (!row || !covers(tx.viewer, row.ownerId)) {
    throw new NotFound(NO_SUCH, { path: ['input', 'id'] });
  }
  return row;
};

const lockingAll = (tx: Tx) =>
  tx
    .selectFrom('opportunity')
    .select(COLUMNS)
    .select(expectedCloseOn)
    .forNoKeyUpdate('opportunity');

const locking = (tx: Tx, id: string) => lockingAll(tx).where('opportunity.id', '=', id);

/** Locked in the order of their ids; whatever the viewer's data scope. */
export async function lockOpportunities(
  tx: Tx,
  where: Expression<boolean>,
): Promise<Opportunity[]> {
  const rows = await tx.run(lockingAll(tx).where(where).orderBy('opportunity.id'));
  return rows.map(opportunityOf);
}

/** Locked, whatever the viewer's data scope; null when there is none. */
export async function findOpportunity(tx: Tx, id: string): Promise<Opportunity | null> {
  const row = await tx.first(locking(tx, id));
  return row && opportunityOf(row);
}

/** Throws NotFound for what is outside the viewer's data scope. */
export async function lockOpportunity(tx: Tx, id: string): Promise<Opportunity> {
  return refuseHidden(tx, await findOpportunity(tx, id));
}

/** The opportunity, the stage that it is to enter, and what that stage may ask for: in one statement. */
export async function lockForStage(tx: Tx, id: string, target: Target): Promise<Locked> {
  const wanted =
    'id' in target
      ? sql<boolean>`s.id = ${target.id} AND s.funnel_id = opportunity.funnel_id`
      : sql<boolean>`s.id = (SELECT t.id FROM stage t WHERE t.funnel_id = opportunity.funnel_id
          AND t.kind = ${target.kind} AND t.archived_at IS NULL ORDER BY t.ordinal LIMIT 1)`;
  const row = await tx.first(
    locking(tx, id)
      .leftJoin('stage as s', (join) => join.on(wanted).on('s.archivedAt', 'is', null))
      .select([
        's.id as toId',
        's.name as toName',
        's.kind as toKind',
        's.requiredFields as toFields',
      ])
      .select([customerFacts.hasContact.as('hasContact'), customerFacts.hasPhone.as('hasPhone')]),
  );
  refuseHidden(tx, row);
  if (!row?.toId || row.toName === null || !row.toKind) {
    throw new NotFound('The funnel of this opportunity has no such stage.', {
      path: ['input', 'stageId'],
    });
  }
  const { toId, toName, toKind, toFields, hasContact, hasPhone, ...deal } = row;
  return {
    deal: opportunityOf(deal),
    stage: {
      id: toId,
      name: toName,
      kind: toKind,
      requiredFields: (toFields ?? []) as RequiredField[],
    },
    facts: { hasContact, hasPhone },
  };
}

/** The stage that the opportunity is in. */
export async function stageOf(tx: Tx, deal: Opportunity): Promise<TargetStage> {
  const [stage] = await tx.run(
    tx
      .selectFrom('stage')
      .select(['id', 'name', 'kind', 'requiredFields'])
      .where('id', '=', deal.stageId),
  );
  if (!stage) throw new Error(`opportunity ${deal.id} is in a stage that is not there`);
  return { ...stage, requiredFields: stage.requiredFields as RequiredField[] };
}

/** The stage that an open opportunity is in, or a closed one was in last; null if that is archived. */
export async function lastOpenStage(tx: Tx, deal: Opportunity): Promise<string | null> {
  const row = await tx.first(
    tx
      .selectFrom('stageChange')
      .innerJoin('stage', 'stage.id', 'stageChange.stageId')
      .select('stage.id')
      .where('stageChange.opportunityId', '=', deal.id)
      .where('stageChange.status', '=', 'OPEN')
      .where('stage.archivedAt', 'is', null)
      .orderBy('stageChange.from', 'desc')
      .orderBy('stageChange.until', 'desc')
      .orderBy('stageChange.id', 'desc')
      .limit(1),
  );
  return row?.id ?? null;
}

/** Whose it was at a moment. */
export async function ownerAt(tx: Tx, deal: Opportunity, moment: Date): Promise<string> {
  const row = await tx.first(
    tx
      .selectFrom('opportunityOwnership')
      .select('memberId')
      .where('opportunityId', '=', deal.id)
      .where('from', '<=', moment)
      .where((at) => at.or([at('until', '>', moment), at('until', 'is', null)])),
  );
  return row?.memberId ?? deal.ownerId;
}

const valuesOf = (deal: Opportunity) => {
  const { id: _id, createdAt: _createdAt, ...values } = deal;
  return values;
};

/**
 * Writes a new opportunity and the beginnings of its history. Resolves with the row itself, so that an external id
 * that is taken can be told from other failures.
 */
export async function insertOpportunity(tx: Tx, deal: Opportunity): Promise<void> {
  const inserted = tx.run(tx.insertInto('opportunity', [deal]));
  openStay(tx, deal);
  openAmount(tx, deal, deal.openedAt);
  openOwnership(tx, deal, deal.openedAt);
  await inserted;
}

/** Writes what an opportunity has become, and the history that follows from the difference. Sent, not awaited. */
export function saveOpportunity(tx: Tx, before: Opportunity, after: Opportunity): void {
  tx.send(tx.updateTable('opportunity').set(valuesOf(after)).where('id', '=', after.id));
  const at = after.updatedAt;
  if (before.stageId !== after.stageId || before.status !== after.status) {
    tx.send(
      tx
        .updateTable('stageChange')
        .set({ until: after.stageEnteredAt })
        .where('opportunityId', '=', after.id)
        .where('until', 'is', null),
    );
    openStay(tx, after);
  }
  if (before.amount !== after.amount) {
    tx.send(
      tx
        .updateTable('opportunityAmount')
        .set({ until: at })
        .where('opportunityId', '=', after.id)
        .where('until', 'is', null),
    );
    openAmount(tx, after, at);
  }
  if (before.ownerId !== after.ownerId) {
    tx.send(
      tx
        .updateTable('opportunityOwnership')
        .set({ until: at })
        .where('opportunityId', '=', after.id)
        .where('until', 'is', null),
    );
    openOwnership(tx, after, at);
  }
}

const historyRow = (tx: Tx, deal: Opportunity) => ({
  id: newId(),
  opportunityId: deal.id,
  until: null,
  byId: tx.viewer.memberId,
});

function openStay(tx: Tx, deal: Opportunity): void {
  const { stageId, status, stageEnteredAt: from } = deal;
  const row = { ...historyRow(tx, deal), stageId, status, from, recordedAt: tx.now };
  tx.send(tx.insertInto('stageChange', [row]));
}

function openAmount(tx: Tx, deal: Opportunity, from: Date): void {
  const row = { ...historyRow(tx, deal), amount: deal.amount, from };
  tx.send(tx.insertInto('opportunityAmount', [row]));
}

function openOwnership(tx: Tx, deal: Opportunity, from: Date): void {
  const row = { ...historyRow(tx, deal), memberId: deal.ownerId, from };
  tx.send(tx.insertInto('opportunityOwnership', [row]));
}

/** Whether any opportunity has, or had, an amount. */
export async function hasAmounts(tx: Tx): Promise<boolean> {
  const [row] = await tx.text<{ found: boolean }>(
    `SELECT EXISTS (SELECT FROM opportunity_amount WHERE organization_id = $1 AND amount IS NOT NULL)
       OR EXISTS (SELECT FROM opportunity WHERE organization_id = $1 AND won_amount IS NOT NULL) AS found`,
    [tx.organizationId],
  );
  return row?.found === true;
}
