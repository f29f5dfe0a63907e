import type { Tx } from '../../database/transaction.ts';

/** Writes rows of one table, one or five hundred in one statement, which travels as one parameter of JSON. */
export interface BatchTable<Row> {
  /** How many went in: fewer where a unique value was taken. */
  insert(tx: Tx, rows: readonly Row[]): Promise<number>;
  /** Every column of rows that are locked. */
  update(tx: Tx, rows: readonly Row[]): Promise<void>;
}

const columnOf = (field: string): string =>
  `"${field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}"`;

/** `columns`: the SQL type of each field that is written; `organization_id` is added. */
export function batchTable<Row extends { id: string }>(
  table: string,
  columns: { [Field in keyof Row]: string },
): BatchTable<Row> {
  const fields = Object.entries<string>(columns);
  const shape = fields.map(([field, type]) => `"${field}" ${type}`).join(', ');
  const rows = `jsonb_to_recordset($2::jsonb) AS n(${shape})`;
  const names = fields.map(([field]) => columnOf(field)).join(', ');
  const values = fields.map(([field]) => `n."${field}"`).join(', ');
  const changed = fields.filter(([field]) => field !== 'id');
  const assigned = changed.map(([field]) => `${columnOf(field)} = n."${field}"`).join(', ');

  const inserting = `INSERT INTO ${table} (organization_id, ${names}) SELECT $1, ${values} FROM ${rows}
    ON CONFLICT DO NOTHING RETURNING id`;
  const updating = `UPDATE ${table} t SET ${assigned} FROM ${rows} WHERE t.id = n.id AND t.organization_id = $1`;
  return {
    insert: async (tx, inserted) =>
      inserted.length === 0
        ? 0
        : (await tx.text(inserting, [tx.organizationId, JSON.stringify(inserted)])).length,
    update: async (tx, updated) => {
      if (updated.length === 0) return;
      await tx.text(updating, [tx.organizationId, JSON.stringify(updated)]);
    },
  };
}
