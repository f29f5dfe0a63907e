import type { Selectable } from 'kysely';
import { NotFound } from '../../database/errors.ts';
import type { Tx } from '../../database/transaction.ts';
import type { Stage as StageRow } from '../../generated/kysely/types.ts';
import { type Funnel, plainDecimal, type RequiredField, type Stage } from './model.ts';

const FUNNEL = ['id', 'version', 'externalId', 'name', 'createdAt', 'archivedAt'] as const;

const STAGE = [
  'id',
  'funnelId',
  'ordinal',
  'name',
  'kind',
  'probability',
  'limitDays',
  'requiredFields',
  'steps',
  'archivedAt',
] as const;

const stageOf = (row: Omit<Selectable<StageRow>, 'organizationId'>): Stage => ({
  ...row,
  probability: plainDecimal(row.probability),
  requiredFields: row.requiredFields as RequiredField[],
});

/** Throws NotFound. */
export async function lockFunnel(tx: Tx, id: string): Promise<Funnel> {
  const funnel = await tx.first(
    tx.selectFrom('funnel').select(FUNNEL).where('id', '=', id).forNoKeyUpdate(),
  );
  if (!funnel) throw new NotFound('There is no such funnel.', { path: ['input', 'id'] });
  return funnel;
}

export async function stagesOf(tx: Tx, funnelId: string): Promise<Stage[]> {
  const rows = await tx.run(
    tx.selectFrom('stage').select(STAGE).where('funnelId', '=', funnelId).orderBy('ordinal'),
  );
  return rows.map(stageOf);
}

/** Every stage of the organization by its id. */
export async function allStages(tx: Tx): Promise<Map<string, Stage>> {
  const rows = await tx.run(tx.selectFrom('stage').select(STAGE));
  return new Map(rows.map((row) => [row.id, stageOf(row)]));
}

/** A funnel that takes new opportunities, with its stages in order. Throws NotFound for others. */
export async function openFunnel(tx: Tx, id: string): Promise<Stage[]> {
  const [funnel, stages] = await Promise.all([
    tx.first(
      tx.selectFrom('funnel').select('id').where('id', '=', id).where('archivedAt', 'is', null),
    ),
    stagesOf(tx, id),
  ]);
  if (!funnel) throw new NotFound('There is no such funnel.', { path: ['input', 'funnelId'] });
  return stages.filter((stage) => stage.archivedAt === null);
}

/** Awaited, as a name or external id that is taken has to be told from other failures. */
export async function insertFunnel(tx: Tx, funnel: Funnel): Promise<void> {
  await tx.run(tx.insertInto('funnel', [funnel]));
}

export async function updateFunnelRow(tx: Tx, funnel: Funnel): Promise<void> {
  const { id, version, name, archivedAt } = funnel;
  await tx.run(tx.updateTable('funnel').set({ version, name, archivedAt }).where('id', '=', id));
}

/** Sent, not awaited. `existing`: ids of the stages that are there already. */
export function saveStages(tx: Tx, stages: readonly Stage[], existing: ReadonlySet<string>): void {
  for (const stage of stages) {
    const { id, funnelId: _funnelId, kind: _kind, ...values } = stage;
    const requiredFields = [...stage.requiredFields];
    tx.send(
      existing.has(id)
        ? tx
            .updateTable('stage')
            .set({ ...values, requiredFields })
            .where('id', '=', id)
        : tx.insertInto('stage', [{ ...stage, requiredFields }]),
    );
  }
}
