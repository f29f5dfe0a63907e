import { newId } from '../../database/ids.ts';
import type { Tx } from '../../database/transaction.ts';
import type { Customer } from './model.ts';

/** The two dated histories: whose a customer was, and where in its life. */
const HISTORIES = {
  ownership: { table: 'customer_ownership', value: 'member_id', type: 'uuid' },
  lifecycle: { table: 'lifecycle_change', value: 'stage', type: '"LifecycleStage"' },
} as const;

type History = keyof typeof HISTORIES;

interface Stay {
  id: string;
  customerId: string;
  value: string;
  from: Date;
}

const stayOf = (history: History, customer: Customer, from: Date): Stay => ({
  id: newId(),
  customerId: customer.id,
  value: history === 'ownership' ? customer.ownerId : customer.lifecycle,
  from,
});

async function insertStays(tx: Tx, history: History, stays: readonly Stay[]): Promise<void> {
  const { table, value, type } = HISTORIES[history];
  await tx.text(
    `INSERT INTO ${table} (id, organization_id, customer_id, ${value}, "from", by_id)
     SELECT n.id, $1, n."customerId", n.value, n."from", $3
     FROM jsonb_to_recordset($2::jsonb) AS n(id uuid, "customerId" uuid, value ${type}, "from" timestamptz)`,
    [tx.organizationId, JSON.stringify(stays), tx.viewer.memberId],
  );
}

/** Ends what is present at the moment of the change; a stay that would have lasted no time is taken out. */
async function endStays(tx: Tx, history: History, stays: readonly Stay[]): Promise<void> {
  const { table } = HISTORIES[history];
  const parameters = [tx.organizationId, JSON.stringify(stays)];
  const ended = `FROM jsonb_to_recordset($2::jsonb) AS n("customerId" uuid, "from" timestamptz)`;
  const present = 't.organization_id = $1 AND t.customer_id = n."customerId" AND t.until IS NULL';
  await tx.text(
    `DELETE FROM ${table} t USING ${ended.slice('FROM '.length)} WHERE ${present} AND t."from" >= n."from"`,
    parameters,
  );
  await tx.text(`UPDATE ${table} t SET until = n."from" ${ended} WHERE ${present}`, parameters);
}

/** Of new customers: both begin with them. */
export async function beginHistories(tx: Tx, customers: readonly Customer[]): Promise<void> {
  const begun = (history: History) =>
    customers.map((customer) => stayOf(history, customer, customer.createdAt));
  await Promise.all([
    insertStays(tx, 'ownership', begun('ownership')),
    insertStays(tx, 'lifecycle', begun('lifecycle')),
  ]);
}

/** Of locked customers whose owner, or whose life-cycle stage, is another one from `updatedAt` on. */
export async function continueHistory(
  tx: Tx,
  history: History,
  customers: readonly Customer[],
): Promise<void> {
  if (customers.length === 0) return;
  const stays = customers.map((customer) => stayOf(history, customer, customer.updatedAt));
  await endStays(tx, history, stays);
  await insertStays(tx, history, stays);
}
