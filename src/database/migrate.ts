// Applies prisma/migrations without Prisma's engine, keeping its books, so that `prisma migrate deploy`
// works on the same database for those who have it.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { newId } from './ids.ts';

/** Where the migrations are: a folder `<stamp>_<name>` each, with its `migration.sql`. */
export const MIGRATIONS = fileURLToPath(new URL('../../prisma/migrations/', import.meta.url));

const OLDEST_SERVER = 15;
/** The key that Prisma locks too. */
const LOCK = 72_707_369;

/** Thrown when a database cannot be migrated; the message is one sentence for the operator. */
export class MigrationError extends Error {
  override name = 'MigrationError';
}

interface Migration {
  name: string;
  sql: string;
  checksum: string;
}

interface Applied {
  name: string;
  checksum: string;
  finished: boolean;
}

/**
 * Brings the database up to date, each migration in a transaction of its own, under a lock, so that
 * many nodes may do it at once. Answers the names that this call applied, none when there was nothing to do.
 *
 * Throws MigrationError for a server older than PostgreSQL 15 or not in UTF-8, for a migration that
 * was edited after it was applied, one that failed half-way, and one that this version does not know.
 */
export async function migrate(url: string, directory = MIGRATIONS): Promise<{ applied: string[] }> {
  return withClient(url, async (client) => {
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    await createBooks(client);
    const migrations = readMigrations(directory);
    const done = await readApplied(client);
    checkHistory(migrations, done);
    const applied: string[] = [];
    for (const migration of pending(migrations, done)) {
      await apply(client, migration);
      applied.push(migration.name);
    }
    return { applied };
  });
}

/** The names of the migrations that the database still lacks, in order. Changes nothing. */
export async function pendingMigrations(url: string, directory = MIGRATIONS): Promise<string[]> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ books: string | null }>(
      `select to_regclass('_prisma_migrations') as books`,
    );
    const done = rows[0]?.books ? await readApplied(client) : [];
    return pending(readMigrations(directory), done).map((migration) => migration.name);
  });
}

/** For who may not migrate. Throws MigrationError when the database lacks one of the migrations. */
export async function requireMigrated(url: string, directory = MIGRATIONS): Promise<void> {
  const [first, ...others] = await pendingMigrations(url, directory);
  if (first === undefined) return;
  const more = others.length > 0 ? ` and ${others.length} more` : '';
  throw new MigrationError(
    `The database ${describeUrl(url)} lacks the migration ${first}${more}: run "npm run migrate", or set MIGRATE=1.`,
  );
}

/** Host, port and database of a connection string, for messages: never its password. */
export function describeUrl(url: string): string {
  const { host, port, database } = new pg.Client({ connectionString: url });
  return `${host}:${port}/${database}`;
}

function readMigrations(directory: string): Migration[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .filter((name) => existsSync(path.join(directory, name, 'migration.sql')))
    .sort()
    .map((name) => {
      // A checkout may have changed the line ends; that is no other migration.
      const file = readFileSync(path.join(directory, name, 'migration.sql'), 'utf8');
      const sql = file.replaceAll('\r\n', '\n');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    });
}

function pending(migrations: readonly Migration[], done: readonly Applied[]): Migration[] {
  const names = new Set(done.filter((row) => row.finished).map((row) => row.name));
  return migrations.filter((migration) => !names.has(migration.name));
}

function checkHistory(migrations: readonly Migration[], done: readonly Applied[]): void {
  for (const row of done) {
    const migration = migrations.find(({ name }) => name === row.name);
    if (!migration) {
      throw new MigrationError(
        `The database has the migration ${row.name}, which this version does not know: it was ` +
          'migrated by a newer Muster.',
      );
    }
    if (!row.finished) {
      throw new MigrationError(
        `The migration ${row.name} was begun by "prisma migrate" and did not finish: settle it with ` +
          '"prisma migrate resolve".',
      );
    }
    if (row.checksum !== migration.checksum) {
      throw new MigrationError(
        `The migration ${row.name} was changed after it had been applied: restore the file and ` +
          'put the change into a new migration.',
      );
    }
  }
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('begin');
  try {
    await client.query(migration.sql);
    await client.query(
      `insert into _prisma_migrations
         (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       values ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [newId(), migration.checksum, migration.name],
    );
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw new MigrationError(
      `The migration ${migration.name} failed and changed nothing: ${messageOf(error)}.`,
      { cause: error },
    );
  }
}

async function createBooks(client: pg.Client): Promise<void> {
  await client.query(`
    create table if not exists _prisma_migrations (
      id varchar(36) primary key not null,
      checksum varchar(64) not null,
      finished_at timestamptz,
      migration_name varchar(255) not null,
      logs text,
      rolled_back_at timestamptz,
      started_at timestamptz not null default now(),
      applied_steps_count integer not null default 0
    )`);
}

async function readApplied(client: pg.Client): Promise<Applied[]> {
  const { rows } = await client.query<Applied>(`
    select migration_name as name, checksum, finished_at is not null as finished
    from _prisma_migrations where rolled_back_at is null order by started_at`);
  return rows;
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'muster migrate' });
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (error) {
    throw new MigrationError(
      `PostgreSQL at ${describeUrl(url)} does not answer: ${messageOf(error)}.`,
      {
        cause: error,
      },
    );
  }
  try {
    await checkServer(client, url);
    return await work(client);
  } finally {
    await client.end();
  }
}

async function checkServer(client: pg.Client, url: string): Promise<void> {
  const { rows } = await client.query<{ version: number; encoding: string }>(`
    select current_setting('server_version_num')::int / 10000 as version,
      current_setting('server_encoding') as encoding`);
  const { version = 0, encoding = '' } = rows[0] ?? {};
  if (version < OLDEST_SERVER) {
    throw new MigrationError(
      `PostgreSQL at ${describeUrl(url)} is version ${version}: Muster needs ${OLDEST_SERVER} or later.`,
    );
  }
  if (encoding !== 'UTF8') {
    throw new MigrationError(
      `The database ${describeUrl(url)} is encoded as ${encoding}: Muster needs UTF8.`,
    );
  }
}

function messageOf(error: unknown): string {
  // A refused connection to a name with several addresses has no message of its own.
  if (error instanceof AggregateError) return error.errors.map(messageOf).join(', ');
  return error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
}
