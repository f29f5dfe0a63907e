import type { Tx } from '../../database/transaction.ts';
import type { AgendaPoint, MeetingKind, Rhythm } from './model.ts';

type Row = Omit<MeetingKind, 'rhythm' | 'agenda'> & { rhythm: string | null; agenda: unknown };

// The two columns that the database knows less of are written by this file only.
const kindOf = (row: Row): MeetingKind => ({
  ...row,
  rhythm: row.rhythm as Rhythm | null,
  agenda: row.agenda as AgendaPoint[],
});

export async function findKind(tx: Tx, id: string): Promise<MeetingKind | null> {
  const row = await tx.first(tx.selectFrom('meetingKind').where('id', '=', id).selectAll());
  return row && kindOf(row);
}

export async function lockKind(tx: Tx, id: string): Promise<MeetingKind | null> {
  const row = await tx.first(
    tx.selectFrom('meetingKind').where('id', '=', id).selectAll().forNoKeyUpdate(),
  );
  return row && kindOf(row);
}

/** The place after the last kind. */
export async function nextOrdinal(tx: Tx): Promise<number> {
  const row = await tx.first(
    tx.selectFrom('meetingKind').select(({ fn }) => fn.max<number | null>('ordinal').as('last')),
  );
  return (row?.last ?? 0) + 1;
}

/** Gives the keys that were free; a kind whose key is taken is left out. */
export async function insertKinds(tx: Tx, kinds: readonly MeetingKind[]): Promise<string[]> {
  const rows = await tx.run(
    tx
      .insertInto(
        'meetingKind',
        kinds.map((kind) => ({
          ...kind,
          agenda: JSON.stringify(kind.agenda),
          createdAt: tx.now,
        })),
      )
      .onConflict((conflict) => conflict.columns(['organizationId', 'key']).doNothing())
      .returning('key'),
  );
  return rows.map(({ key }) => key);
}

export function saveKind(tx: Tx, kind: MeetingKind): void {
  const { id, key: _, ...changed } = kind;
  tx.send(
    tx
      .updateTable('meetingKind')
      .where('id', '=', id)
      .set({ ...changed, agenda: JSON.stringify(changed.agenda) }),
  );
}

export async function keyOfKind(tx: Tx, id: string): Promise<string> {
  const row = await tx.first(tx.selectFrom('meetingKind').where('id', '=', id).select('key'));
  if (!row) throw new Error(`meeting kind ${id} is gone`);
  return row.key;
}
