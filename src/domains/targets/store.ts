import { sql } from 'kysely';
import type { CalendarDate } from '../../calendar/days.ts';
import type { PeriodUnit } from '../../calendar/units.ts';
import { newId } from '../../database/ids.ts';
import type { Tx } from '../../database/transaction.ts';
import type { Contestant, Target, TargetKey } from './model.ts';

/** The target of a key, locked; null: none is set. */
export async function lock(tx: Tx, key: TargetKey): Promise<Target | null> {
  const row = await tx.first(
    tx
      .selectFrom('target')
      .where('metricId', '=', key.metricId)
      .where('unit', '=', key.unit)
      .where('bucket', '=', sql<Date>`${key.bucket}::date`)
      .where('contestantId', '=', key.contestant.id)
      .select(['id', 'version', 'value'])
      .forNoKeyUpdate(),
  );
  return row && { ...key, ...row };
}

/** Gives null when somebody else has set one for the same key meanwhile: waits for him to commit first. */
export async function insert(tx: Tx, key: TargetKey, value: string): Promise<Target | null> {
  const { metricId, contestant, unit, bucket } = key;
  const row = await tx.first(
    tx
      .insertInto('target', [
        {
          id: newId(),
          version: 1,
          metricId,
          ...columnsOf(contestant),
          unit,
          bucket,
          value,
          setById: tx.viewer.memberId,
          setAt: tx.now,
        },
      ])
      .onConflict((conflict) =>
        conflict
          .columns(['organizationId', 'metricId', 'unit', 'bucket', 'contestantId'])
          .doNothing(),
      )
      .returning(['id', 'version', 'value']),
  );
  return row && { ...key, ...row };
}

export function save(tx: Tx, target: Target, value: string): void {
  tx.send(
    tx
      .updateTable('target')
      .where('id', '=', target.id)
      .set({ value, version: target.version + 1, setById: tx.viewer.memberId, setAt: tx.now }),
  );
}

export function remove(tx: Tx, target: Target): void {
  tx.send(tx.deleteFrom('target').where('id', '=', target.id));
}

const columnsOf = ({ type, id }: Contestant) => ({
  contestantId: id,
  memberId: type === 'Member' ? id : null,
  teamId: type === 'Team' ? id : null,
});

export interface Bucket {
  unit: PeriodUnit;
  bucket: CalendarDate;
}

/** The periods of these units that targets are set for. */
export const bucketsOf = (tx: Tx, units: readonly PeriodUnit[]): Promise<Bucket[]> =>
  tx.text<Bucket>(
    `SELECT DISTINCT unit::text, bucket FROM target
     WHERE organization_id = $1 AND unit::text = ANY ($2::text[])`,
    [tx.organizationId, units],
  );

const TAKE_OUT = `/* targets.take_out */
WITH gone AS (
  DELETE FROM target t USING unnest($2::text[], $3::date[], $4::date[]) AS m (unit, bucket, new_bucket)
  WHERE t.organization_id = $1 AND t.unit::text = m.unit AND t.bucket = m.bucket
  RETURNING to_jsonb(t) || jsonb_build_object('bucket', m.new_bucket) AS target, t.set_at
)
SELECT coalesce(jsonb_agg(target ORDER BY set_at DESC), '[]')::text AS targets FROM gone`;

// Where two come together, the one that was set last is there first.
const PUT_BACK = `/* targets.put_back */
INSERT INTO target SELECT * FROM jsonb_populate_recordset(NULL::target, $1::jsonb) ON CONFLICT DO NOTHING`;

/** Moves targets to other periods. Out and in again: a target may go to where another is about to leave. */
export async function moveBuckets(
  tx: Tx,
  moves: readonly (Bucket & { to: CalendarDate })[],
): Promise<void> {
  const [row] = await tx.text<{ targets: string }>(TAKE_OUT, [
    tx.organizationId,
    moves.map(({ unit }) => unit),
    moves.map(({ bucket }) => bucket),
    moves.map(({ to }) => to),
  ]);
  await tx.text(PUT_BACK, [row?.targets ?? '[]']);
}
