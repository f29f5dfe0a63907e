import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { describeUrl, MIGRATIONS, migrate, pendingMigrations } from '../../src/database/migrate.ts';
import { emptyDatabase, testDatabase } from '../support/database.ts';

const ALL = readdirSync(MIGRATIONS, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort();

let url: string;
let folder: string;

beforeEach(async () => {
  url = await emptyDatabase();
  folder = mkdtempSync(path.join(tmpdir(), 'muster-migrations-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, sql: string): void {
  mkdirSync(path.join(folder, name), { recursive: true });
  writeFileSync(path.join(folder, name, 'migration.sql'), sql);
}

async function query<Row extends pg.QueryResultRow>(sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('migrate', () => {
  test('applies everything to an empty database, and nothing the second time', async () => {
    expect(await pendingMigrations(url)).toEqual(ALL);
    expect(await migrate(url)).toEqual({ applied: ALL });
    expect(await pendingMigrations(url)).toEqual([]);
    expect(await migrate(url)).toEqual({ applied: [] });
  });

  test('applies each migration once when many nodes start together', async () => {
    const results = await Promise.all(Array.from({ length: 5 }, () => migrate(url)));
    expect(results.flatMap((result) => result.applied)).toEqual(ALL);
  });

  test('goes in the order of the stamps and keeps Prisma’s books', async () => {
    write('20260102000000_second', 'insert into first values (2);');
    write('20260101000000_first', 'create table first (id int);');
    await migrate(url, folder);
    const books = await query(`
      select migration_name, length(checksum) as digits, finished_at is not null as finished,
        rolled_back_at, applied_steps_count from _prisma_migrations order by started_at`);
    const row = { digits: 64, finished: true, rolled_back_at: null, applied_steps_count: 1 };
    expect(books).toEqual([
      { migration_name: '20260101000000_first', ...row },
      { migration_name: '20260102000000_second', ...row },
    ]);
  });

  test('a failing migration changes nothing, and those before it stay', async () => {
    write('20260101000000_good', 'create table good (id int);');
    write('20260102000000_bad', 'create table half (id int); select 1 / 0;');
    await expect(migrate(url, folder)).rejects.toThrow(
      'The migration 20260102000000_bad failed and changed nothing: division by zero.',
    );
    expect(await pendingMigrations(url, folder)).toEqual(['20260102000000_bad']);
    expect(await query(`select to_regclass('good') as good, to_regclass('half') as half`)).toEqual([
      { good: 'good', half: null },
    ]);
  });

  test('refuses a migration that was edited after it had been applied', async () => {
    write('20260101000000_first', 'create table first (id int);');
    await migrate(url, folder);
    write('20260101000000_first', 'create table first (id bigint);');
    await expect(migrate(url, folder)).rejects.toThrow(
      'The migration 20260101000000_first was changed after it had been applied',
    );
  });

  test('other line ends are no edit', async () => {
    write('20260101000000_first', 'create table first\n(id int);\n');
    await migrate(url, folder);
    write('20260101000000_first', 'create table first\r\n(id int);\r\n');
    expect(await migrate(url, folder)).toEqual({ applied: [] });
  });

  test('refuses a database that a newer version has migrated', async () => {
    cpSync(MIGRATIONS, folder, { recursive: true });
    write('20990101000000_future', 'select 1;');
    await migrate(url, folder);
    await expect(migrate(url)).rejects.toThrow(
      'The database has the migration 20990101000000_future, which this version does not know',
    );
  });

  test('refuses what prisma migrate began and did not finish', async () => {
    write('20260101000000_first', 'create table first (id int);');
    await migrate(url, folder);
    await query('update _prisma_migrations set finished_at = null');
    await expect(migrate(url, folder)).rejects.toThrow('did not finish');
  });

  test('refuses a database that is not in UTF-8', async () => {
    await query(`create database "${nameOf(url)}_latin" template template0 encoding 'LATIN1'
      lc_collate 'C' lc_ctype 'C' ${await builtinLocale()}`);
    await expect(migrate(`${url}_latin`)).rejects.toThrow(
      'is encoded as LATIN1: Muster needs UTF8.',
    );
  });

  test('says where it looked, without the password, when nobody answers', async () => {
    const nowhere = 'postgresql://someone:s3cret@127.0.0.1:1/muster';
    await expect(migrate(nowhere)).rejects.toThrow(
      /^PostgreSQL at 127\.0\.0\.1:1\/muster does not/,
    );
    expect(describeUrl(nowhere)).toBe('127.0.0.1:1/muster');
    await expect(migrate(nowhere)).rejects.not.toThrow('s3cret');
  });
});

test('a test database is a migrated copy of its own', async () => {
  const [one, two] = await Promise.all([testDatabase(), testDatabase()]);
  expect(one).not.toBe(two);
  expect(await pendingMigrations(one)).toEqual([]);
});

function nameOf(connection: string): string {
  return new URL(connection).pathname.slice(1);
}

/** From PostgreSQL 17 on the template's own provider would insist on UTF-8. */
async function builtinLocale(): Promise<string> {
  const [row] = await query<{ version: number }>(
    `select current_setting('server_version_num')::int / 10000 as version`,
  );
  return (row?.version ?? 0) >= 17 ? 'locale_provider libc' : '';
}
