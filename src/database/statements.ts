import { createHash } from 'node:crypto';
import {
  CamelCasePlugin,
  type Compilable,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely';
import pg from 'pg';
import type { Tables } from '../generated/kysely/types.ts';

/** Compiles statements and sends none: what it makes is run by `run`, named, on the shared pool. */
export const kysely = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
  plugins: [new CamelCasePlugin()],
});

/** Anything that can send a statement: the pool, or one client inside a transaction. */
export interface Connection {
  query(config: pg.QueryConfig): Promise<pg.QueryResult>;
}

/**
 * How values come back: `numeric` and `date` as text, exact; `bigint` as a number (positions and counts stay far
 * below 2^53); moments as Date.
 */
const types = {
  getTypeParser(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
    if (oid === pg.types.builtins.DATE) return (value) => value;
    if (oid === pg.types.builtins.INT8) return Number;
    return format === 'binary' ? (value) => value : pg.types.getTypeParser(oid, 'text');
  },
};

/**
 * A statement's name is stable per text and the number of names is bounded, as the server keeps each plan. What comes
 * when all are given goes without.
 */
function namesFor(most: number): (text: string) => string | undefined {
  const names = new Map<string, string>();
  return (text) => {
    let name = names.get(text);
    if (name === undefined && names.size < most) {
      name = createHash('sha1').update(text).digest('base64url');
      names.set(text, name);
    }
    return name;
  };
}

const nameOf = namesFor(2_000);
// Clients make new texts of reads as they please: those take no names away from what transactions send.
const nameOfRead = namesFor(1_000);

const camelKeys = new Map<string, string>();

function camel(key: string): string {
  let name = camelKeys.get(key);
  if (name === undefined) {
    name = key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    camelKeys.set(key, name);
  }
  return name;
}

function camelRow<T>(row: Record<string, unknown>): T {
  const result: Record<string, unknown> = {};
  for (const key in row) result[camel(key)] = row[key];
  return result as T;
}

/**
 * A kept plan takes a list for ten values. What is asked of a thousand members is planned for a thousand, each time:
 * whether their rows are looked up or the whole order is walked makes all the difference.
 */
const isLong = (value: unknown): boolean => Array.isArray(value) && value.length > 10;

const asText = { getTypeParser: () => (value: string) => value };

/** Runs a statement of the reader's: each row an array of what PostgreSQL printed. */
export async function runRows(
  connection: Connection,
  text: string,
  parameters: readonly unknown[],
): Promise<(string | null)[][]> {
  const config: pg.QueryArrayConfig & { name?: string | undefined } = {
    name: parameters.some(isLong) ? undefined : nameOfRead(text),
    text,
    values: [...parameters],
    rowMode: 'array',
    types: asText,
  };
  return (await connection.query(config as pg.QueryConfig)).rows;
}

/** Runs a statement that Kysely compiled; rows have camel-case keys. */
export async function run<T>(connection: Connection, query: Compilable<T>): Promise<T[]> {
  const { sql, parameters } = query.compile();
  return runText(connection, sql, parameters);
}

/** Runs a statement written by hand; rows have camel-case keys. Only stores and the rooms below the domains do. */
export async function runText<T>(
  connection: Connection,
  text: string,
  parameters: readonly unknown[] = [],
): Promise<T[]> {
  const result = await connection.query({
    name: nameOf(text),
    text,
    values: [...parameters],
    types,
  });
  return result.rows.map((row) => camelRow<T>(row));
}
