// What an organization has in the database, whole: every table that says whose its rows are.
import type pg from 'pg';

export type Rows = ReadonlyMap<string, readonly string[]>;

/** Tables that belong to nobody: what is in them, and why no organization can be read or changed through them. */
const OF_NOBODY = new Map([
  ['log_epoch', 'one random id of the database'],
  ['_prisma_migrations', 'the migrations that have run'],
]);

/** What an operation of anybody may change: see the reason. */
const NOT_COMPARED = new Map([['sign_in_failure', 'everybody may try to sign in anywhere']]);

export async function tablesOf(pool: pg.Pool): Promise<{ owned: string[]; unknown: string[] }> {
  const { rows } = await pool.query<{ table: string; owned: boolean }>(
    `select c.relname as table, exists (
       select from pg_attribute a where a.attrelid = c.oid and a.attname = 'organization_id'
     ) or c.relname = 'organization' as owned
     from pg_class c where c.relkind in ('r', 'p') and not c.relispartition
       and c.relnamespace = 'public'::regnamespace order by 1`,
  );
  return {
    owned: rows.filter(({ owned }) => owned).map(({ table }) => table),
    unknown: rows
      .filter(({ table, owned }) => !owned && !OF_NOBODY.has(table) && !NOT_COMPARED.has(table))
      .map(({ table }) => table),
  };
}

/** All rows of an organization as JSON text, sorted, by table. When a token was last used is left out. */
export async function rowsOf(pool: pg.Pool, organizationId: string): Promise<Rows> {
  const { owned } = await tablesOf(pool);
  const result = new Map<string, readonly string[]>();
  for (const table of owned) {
    if (NOT_COMPARED.has(table)) continue;
    const column = table === 'organization' ? 'id' : 'organization_id';
    const { rows } = await pool.query<{ row: string }>(
      `select (to_jsonb(t) - 'last_used_at')::text as row from "${table}" t
       where t.${column} = $1 order by 1`,
      [organizationId],
    );
    result.set(
      table,
      rows.map(({ row }) => row),
    );
  }
  return result;
}

/** The present version of every record of an organization, by id. */
export async function versionsOf(
  pool: pg.Pool,
  organizationId: string,
): Promise<ReadonlyMap<string, number>> {
  const { rows: tables } = await pool.query<{ table: string }>(
    `select table_name as table from information_schema.columns
     where table_schema = 'public' and column_name in ('id', 'version', 'organization_id')
     group by 1 having count(*) = 3`,
  );
  const parts = tables.map(
    ({ table }) => `select id, version from "${table}" where organization_id = $1`,
  );
  const { rows } = await pool.query<{ id: string; version: number }>(
    `${parts.join(' union all ')} union all select id, version from organization where id = $1`,
    [organizationId],
  );
  return new Map(rows.map(({ id, version }) => [id, version]));
}

/** What is in one and not in the other, by table; empty when nothing has changed. */
export function changesBetween(before: Rows, after: Rows): Record<string, string[]> {
  const changes: Record<string, string[]> = {};
  for (const table of new Set([...before.keys(), ...after.keys()])) {
    const old = new Set(before.get(table));
    const now = new Set(after.get(table));
    const lines = [
      ...[...old].filter((row) => !now.has(row)).map((row) => `- ${row}`),
      ...[...now].filter((row) => !old.has(row)).map((row) => `+ ${row}`),
    ];
    if (lines.length > 0) changes[table] = lines;
  }
  return changes;
}
