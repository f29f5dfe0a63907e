import { InvalidInput, NotFound } from '../../database/errors.ts';
import { brokenConstraint } from '../../database/transact.ts';
import type { Tx } from '../../database/transaction.ts';
import { covers } from '../../database/viewer.ts';
import {
  attempt,
  type ImportResult,
  overtaken,
  refused,
  requireBatch,
} from '../customers/import-result.ts';
import { allStages } from './funnel-store.ts';
import {
  type ImportedOpportunity,
  type ImportPlan,
  planChange,
  planNew,
  type Step,
} from './import-rules.ts';
import { lockByExternalId, savePlans, staysOf } from './import-store.ts';
import { MAX_IMPORT_STEPS, MAX_NAME, MAX_REASON, NO_FACTS, type Opportunity } from './model.ts';
import {
  type CustomerReference,
  customersById,
  membersById,
  productsById,
} from './reference-store.ts';
import { checkAmount, checkDay, checkName, checkText } from './values.ts';
import './metrics.ts';
import './scope.ts';

export type { ImportedOpportunity } from './import-rules.ts';

/**
 * Takes in up to 500 opportunities by their external ids, in one transaction: call inside `transact`, as an
 * administrator. What happened gets its history and events at the times when it happened; what is new about a row
 * that is there already goes by the same rules as the API, and an equal row writes nothing. A refused row leaves
 * nothing behind, the others go in; results are in the order of the rows.
 *
 * Throws InvalidInput for a batch that is too large.
 */
export async function importOpportunities(
  tx: Tx,
  rows: readonly ImportedOpportunity[],
): Promise<ImportResult[]> {
  requireBatch(rows);
  const seen = new Set<string>();
  const cleaned = rows.map((row) => attempt(() => clean(row, seen)));
  const valid = cleaned.filter((row) => 'externalId' in row);
  const world = await readWorld(tx, valid);
  const plans: ImportPlan[] = [];
  const results = cleaned.map((row): ImportResult => {
    if (!('externalId' in row)) return refused(row);
    const plan = attempt(() => planOf(tx, row, world));
    if (plan === null)
      return { outcome: 'UNCHANGED', id: world.known.get(row.externalId)?.id ?? '' };
    if (!('after' in plan)) return refused(plan);
    plans.push(plan);
    return { outcome: plan.before ? 'UPDATED' : 'CREATED', id: plan.after.id };
  });
  await savePlans(tx, plans).catch((error: unknown) => {
    const taken = brokenConstraint(error) === 'opportunity_organization_id_external_id_key';
    throw taken ? overtaken('an opportunity') : error;
  });
  for (const { events } of plans) for (const event of events) tx.event(event);
  return results;
}

interface World {
  known: ReadonlyMap<string, Opportunity>;
  stays: ReadonlyMap<string, Step[]>;
  stages: Awaited<ReturnType<typeof allStages>>;
  customers: ReadonlyMap<string, CustomerReference>;
  members: ReadonlyMap<string, unknown>;
  products: ReadonlyMap<string, unknown>;
}

async function readWorld(tx: Tx, rows: readonly ImportedOpportunity[]): Promise<World> {
  const ids = (key: 'customerId' | 'productId' | 'ownerId'): string[] => [
    ...new Set(rows.flatMap((row) => row[key] ?? [])),
  ];
  const [known, stages, customers, members, products] = await Promise.all([
    lockByExternalId(
      tx,
      rows.map(({ externalId }) => externalId),
    ),
    allStages(tx),
    customersById(tx, ids('customerId')),
    membersById(tx, ids('ownerId')),
    productsById(tx, ids('productId')),
  ]);
  const stays = await staysOf(
    tx,
    [...known.values()].map(({ id }) => id),
  );
  return { known, stays, stages, customers, members, products };
}

function planOf(tx: Tx, row: ImportedOpportunity, world: World): ImportPlan | null {
  const customer = row.customerId === null ? NO_FACTS : world.customers.get(row.customerId);
  const require = (found: unknown, what: string, field: string) => {
    if (!found) throw new NotFound(`There is no such ${what}.`, { path: ['input', field] });
  };
  require(customer, 'customer', 'customerId');
  require(covers(tx.viewer, row.ownerId) && world.members.has(row.ownerId), 'member', 'ownerId');
  require(row.productId === null || world.products.has(row.productId), 'product', 'productId');
  const facts = { stages: world.stages, customer: customer ?? NO_FACTS, now: tx.now };
  const before = world.known.get(row.externalId);
  if (!before) return planNew(row, facts);
  require(covers(tx.viewer, before.ownerId), 'opportunity', 'externalId');
  return planChange(row, before, world.stays.get(before.id) ?? [], facts);
}

function clean(row: ImportedOpportunity, seen: Set<string>): ImportedOpportunity {
  const at = (field: keyof ImportedOpportunity) => ['input', field];
  const externalId = checkName(row.externalId, MAX_NAME, at('externalId'));
  if (seen.has(externalId)) {
    throw new InvalidInput(`"${externalId}" comes twice.`, { path: at('externalId') });
  }
  seen.add(externalId);
  if (row.path.length > MAX_IMPORT_STEPS) {
    throw new InvalidInput(`At most ${MAX_IMPORT_STEPS} stages can be entered in an import.`, {
      path: at('path'),
    });
  }
  return {
    ...row,
    externalId,
    name: checkName(row.name, MAX_NAME, at('name')),
    amount: checkAmount(row.amount, at('amount')),
    wonAmount: checkAmount(row.wonAmount, at('wonAmount')),
    expectedCloseOn: checkDay(row.expectedCloseOn, at('expectedCloseOn')),
    lossReason: row.lossReason ? checkText(row.lossReason, MAX_REASON, at('lossReason')) : null,
  };
}
