// The CRM data set through the importer: customers, people, products and 8,800 opportunities with history, events and
// ledger. Beside it the same rows, all that the import wrote, by bare INSERTs of pg in one transaction.
//
//   npm run bench -- import <folder of the data set>
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { loadMapping } from '../src/imports/mapping.ts';
import { runImport } from '../src/imports/run.ts';
import { type Spent, spent } from './cpu.ts';
import { median, openDatabase, ROUNDS, report, withServer } from './support.ts';
// What every room gives to a new organization.
import '../src/schema.ts';

const BATCH = 1_000;
const MAPPING = new URL('../src/imports/mappings/crm-sales-opportunities.json', import.meta.url);

interface TableRows {
  table: string;
  rows: unknown[];
}

/** Every row of every table, in an order that foreign keys allow. */
async function readRows(url: string): Promise<TableRows[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT c.relname AS name FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
         AND NOT c.relispartition AND c.relname NOT IN ('_prisma_migrations', 'log_epoch')`,
    );
    const { rows: keys } = await client.query<{ child: string; parent: string }>(
      `SELECT conrelid::regclass::text AS child, confrelid::regclass::text AS parent FROM pg_constraint
       WHERE contype = 'f' AND conrelid <> confrelid`,
    );
    const written: TableRows[] = [];
    const left = new Set(tables.map(({ name }) => name));
    while (left.size > 0) {
      const free = [...left].find(
        (name) => !keys.some(({ child, parent }) => child === name && left.has(parent)),
      );
      if (!free) throw new Error('foreign keys in a circle');
      left.delete(free);
      const { rows } = await client.query<{ row: unknown }>(
        `SELECT to_jsonb(t)::text AS row FROM "${free}" t`,
      );
      if (rows.length > 0) written.push({ table: free, rows: rows.map(({ row }) => row) });
    }
    return written;
  } finally {
    await client.end();
  }
}

async function insertRows(url: string, tables: readonly TableRows[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('BEGIN');
  for (const { table, rows } of tables) {
    for (let from = 0; from < rows.length; from += BATCH) {
      await client.query({
        name: table,
        text: `INSERT INTO "${table}" SELECT * FROM jsonb_populate_recordset(NULL::"${table}", $1::jsonb)`,
        values: [`[${rows.slice(from, from + BATCH).join(',')}]`],
      });
    }
  }
  await client.query('COMMIT');
  await client.end();
}

async function measure(folder: string): Promise<void> {
  await withServer(async (server) => {
    const mapping = loadMapping(fileURLToPath(MAPPING));
    const costs = { ours: [] as Spent[], bare: [] as Spent[], again: [] as Spent[] };
    let tables: TableRows[] = [];
    let opportunities = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const url = await server.fresh();
      const db = openDatabase(url);
      const run = () => runImport(db, { folder, mapping, dryRun: false });
      costs.ours.push(await spent(server.pid, run));
      costs.again.push(await spent(server.pid, run));
      opportunities = await db.prisma.opportunity.count();
      await db.close();
      tables = await readRows(url);
      const other = await server.fresh();
      costs.bare.push(await spent(server.pid, () => insertRows(other, tables)));
    }
    const rows = tables.reduce((sum, table) => sum + table.rows.length, 0);
    const of = (name: keyof typeof costs, key: keyof Spent) =>
      median(costs[name].map((cost) => cost[key]));
    report('import', {
      opportunities,
      'rows of all tables': rows,
      seconds: of('ours', 'wall') / 1_000,
      'opportunities a second': (opportunities * 1_000) / of('ours', 'wall'),
      'bare INSERTs, seconds': of('bare', 'wall') / 1_000,
      ratio: of('ours', 'wall') / of('bare', 'wall'),
      'CPU of Node, ms an opportunity': of('ours', 'node') / opportunities,
      'CPU of PostgreSQL, ms an opportunity': of('ours', 'postgres') / opportunities,
      'bare: CPU of PostgreSQL': of('bare', 'postgres') / opportunities,
      'again, without a change, seconds': of('again', 'wall') / 1_000,
    });
  });
}

const folder = process.argv[2] ?? '../shared/data/crm-sales-opportunities';
if (existsSync(join(folder, 'sales_pipeline.csv'))) {
  // The importer writes its reports beside the files.
  const copy = mkdtempSync(join(tmpdir(), 'muster-bench-data-'));
  cpSync(folder, copy, { recursive: true });
  await measure(copy);
  rmSync(copy, { recursive: true, force: true });
} else {
  console.log(
    `import: skipped, as ${folder} has no sales_pipeline.csv. Name the data set's folder.`,
  );
}
