import { sql } from 'kysely';
import { newId } from '../../database/ids.ts';
import type { Tx } from '../../database/transaction.ts';
import type { ImportPlan, Step } from './import-rules.ts';
import type { Opportunity } from './model.ts';
import { lockOpportunities } from './store.ts';

/** Those with these external ids, locked in the order of their ids; by external id. */
export async function lockByExternalId(
  tx: Tx,
  externalIds: readonly string[],
): Promise<Map<string, Opportunity>> {
  const rows = await lockOpportunities(
    tx,
    sql<boolean>`opportunity.external_id = ANY (${externalIds}::text[])`,
  );
  return new Map(rows.map((row) => [row.externalId ?? '', row]));
}

/** The stays of these opportunities so far, in order. */
export async function staysOf(tx: Tx, ids: readonly string[]): Promise<Map<string, Step[]>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.run(
    tx
      .selectFrom('stageChange')
      .select(['opportunityId', 'stageId', 'from as at'])
      .where(sql<boolean>`opportunity_id = ANY (${ids}::uuid[])`)
      .orderBy('from')
      .orderBy('until')
      .orderBy('id'),
  );
  const stays = new Map<string, Step[]>();
  for (const { opportunityId, stageId, at } of rows) {
    const own = stays.get(opportunityId) ?? [];
    own.push({ stageId, at });
    stays.set(opportunityId, own);
  }
  return stays;
}

const COLUMNS = `id, version, external_id, name, customer_id, product_id, owner_id, funnel_id, stage_id, status, amount,
  won_amount, expected_close_on, opened_at, stage_entered_at, closed_at, loss_reason, credited_to_id, created_at,
  updated_at`;

const ROWS = `jsonb_to_recordset($2::jsonb) AS n(id uuid, version integer, "externalId" text, name text,
  "customerId" uuid, "productId" uuid, "ownerId" uuid, "funnelId" uuid, "stageId" uuid, status "OpportunityStatus",
  amount numeric, "wonAmount" numeric, "expectedCloseOn" date, "openedAt" timestamptz, "stageEnteredAt" timestamptz,
  "closedAt" timestamptz, "lossReason" text, "creditedToId" uuid, "createdAt" timestamptz, "updatedAt" timestamptz)`;

const INSERT = `INSERT INTO opportunity (organization_id, ${COLUMNS})
SELECT $1, n.id, n.version, n."externalId", n.name, n."customerId", n."productId", n."ownerId", n."funnelId",
  n."stageId", n.status, n.amount, n."wonAmount", n."expectedCloseOn", n."openedAt", n."stageEnteredAt", n."closedAt",
  n."lossReason", n."creditedToId", n."createdAt", n."updatedAt"
FROM ${ROWS}`;

const UPDATE = `UPDATE opportunity o SET version = n.version, name = n.name, customer_id = n."customerId",
  product_id = n."productId", owner_id = n."ownerId", stage_id = n."stageId", status = n.status, amount = n.amount,
  won_amount = n."wonAmount", expected_close_on = n."expectedCloseOn", stage_entered_at = n."stageEnteredAt",
  closed_at = n."closedAt", loss_reason = n."lossReason", credited_to_id = n."creditedToId", updated_at = n."updatedAt"
FROM ${ROWS} WHERE o.organization_id = $1 AND o.id = n.id`;

const close = (table: string): string => `UPDATE ${table} h SET until = n.at
FROM jsonb_to_recordset($2::jsonb) AS n("opportunityId" uuid, at timestamptz)
WHERE h.organization_id = $1 AND h.opportunity_id = n."opportunityId" AND h.until IS NULL`;

const BEGIN_STAYS = `INSERT INTO stage_change (organization_id, id, opportunity_id, stage_id, status, "from", until,
  by_id, recorded_at)
SELECT $1, n.id, n."opportunityId", n."stageId", n.status, n."from", n.until, $3, $4
FROM jsonb_to_recordset($2::jsonb) AS n(id uuid, "opportunityId" uuid, "stageId" uuid, status "OpportunityStatus",
  "from" timestamptz, until timestamptz)`;

const BEGIN_AMOUNTS = `INSERT INTO opportunity_amount (organization_id, id, opportunity_id, amount, "from", by_id)
SELECT $1, n.id, n."opportunityId", n.amount, n."from", $3
FROM jsonb_to_recordset($2::jsonb) AS n(id uuid, "opportunityId" uuid, amount numeric, "from" timestamptz)`;

const BEGIN_OWNERSHIPS = `INSERT INTO opportunity_ownership (organization_id, id, opportunity_id, member_id, "from",
  by_id)
SELECT $1, n.id, n."opportunityId", n."memberId", n."from", $3
FROM jsonb_to_recordset($2::jsonb) AS n(id uuid, "opportunityId" uuid, "memberId" uuid, "from" timestamptz)`;

/** Writes a batch: every row and all the history that follows, each table in one or two statements. */
export async function savePlans(tx: Tx, plans: readonly ImportPlan[]): Promise<void> {
  const by = tx.viewer.memberId;
  const made = plans.filter(({ before }) => before === null);
  const changed = plans.filter(({ before }) => before !== null);
  const moved = changed.filter(({ stays }) => stays.length > 0);
  const amounts = plans.filter(({ before, after }) => before?.amount !== after.amount);
  const owners = plans.filter(({ before, after }) => before?.ownerId !== after.ownerId);
  const ends = (some: readonly ImportPlan[], at: (plan: ImportPlan) => Date | undefined) =>
    some
      .filter(({ before }) => before !== null)
      .map((plan) => ({ opportunityId: plan.after.id, at: at(plan) }));
  const since = ({ before, after }: ImportPlan) => (before ? after.updatedAt : after.openedAt);

  await Promise.all([
    write(
      tx,
      INSERT,
      made.map(({ after }) => after),
    ),
    write(
      tx,
      UPDATE,
      changed.map(({ after }) => after),
    ),
    write(
      tx,
      close('stage_change'),
      ends(moved, ({ stays }) => stays[0]?.at),
    ),
    write(tx, BEGIN_STAYS, plans.flatMap(stayRows), by, tx.now),
    write(tx, close('opportunity_amount'), ends(amounts, since)),
    write(
      tx,
      BEGIN_AMOUNTS,
      amounts.map((plan) => ({
        ...historyRow(plan),
        amount: plan.after.amount,
        from: since(plan),
      })),
      by,
    ),
    write(tx, close('opportunity_ownership'), ends(owners, since)),
    write(
      tx,
      BEGIN_OWNERSHIPS,
      owners.map((plan) => ({
        ...historyRow(plan),
        memberId: plan.after.ownerId,
        from: since(plan),
      })),
      by,
    ),
  ]);
}

const historyRow = ({ after }: ImportPlan) => ({ id: newId(), opportunityId: after.id });

const stayRows = (plan: ImportPlan) =>
  plan.stays.map(({ stageId, status, at }, index) => ({
    ...historyRow(plan),
    stageId,
    status,
    from: at,
    until: plan.stays[index + 1]?.at ?? null,
  }));

async function write(
  tx: Tx,
  text: string,
  rows: readonly object[],
  ...more: unknown[]
): Promise<void> {
  if (rows.length > 0) await tx.text(text, [tx.organizationId, JSON.stringify(rows), ...more]);
}
